# shellcheck shell=bash
# What every tracked file keeps to, whatever its language.

# Migrations are append-only, data is data, and the theme is written by Designsystemet's own tool.
check_file_length()
{
	git ls-files '*.c' '*.h' '*.sql' '*.ts' '*.tsx' '*.css' '*.awk' '*.sh' 'bin/*' |
		{ grep -vE '(^|/)(migrations|data)/|^web/shared/theme.css$' || true; } |
		xargs -r awk 'FNR == 501 { print FILENAME ": more than 500 lines; two subjects in one file?" }'
}

check_whitespace()
{
	git grep -nIP '[ \t]+$|\r$' -- . ':!*.csv' ':!*.patch' ':!tests/**/data/' ':!tests/fuzz/corpus/' ':!LICENSE' \
		':!web/shared/theme.css' | cut -c1-120 || true
	git ls-files '*.c' '*.h' | xargs -r grep -nHP '^ {8}' || true
}

# Nothing unfinished is kept.
check_unfinished()
{
	git grep -nIwE 'TODO|FIXME|XXX|HACK' -- . ':!tests/checks/' ':!*package-lock.json' || true
}

registry_hosts()
{
	# shellcheck disable=SC2016 # apt's own variable, not the shell's
	{
		apt-get indextargets --format '$(REPO_URI)' 2>/dev/null
		npm config get registry 2>/dev/null
	} | sed -nE 's,^[a-z+]+://([^/@]*@)?([^/:]+).*,\2,p' | sort -u
}

# Where this machine fetches packages, and where this copy lies, is nobody else's business.
check_addresses()
{
	local host here

	for host in ${CHECKS_HOSTS:-$(registry_hosts)}; do
		git grep -nIF -e "$host" -- . ':!tests/checks/' || true
	done
	here=$(git rev-parse --show-toplevel | sed 's/[.[\*^$]/\\&/g')
	git grep -nIE "(^|[^A-Za-z0-9_./-])$here/" -- . ':!tests/checks/' || true
	git ls-files '*package-lock.json' | xargs -r grep -nHE '"resolved": *"[a-z]+:' | head -n 5 || true
}

check_scripts()
{
	git ls-files | xargs -r grep -slE '^#!.*\b(bash|sh)$|^# shellcheck shell=' --max-count=1 |
		xargs -r shellcheck -x -f gcc || true
}

check_presets()
{
	node -e 'JSON.parse(require("fs").readFileSync("CMakePresets.json", "utf8"))' 2>&1 | tail -n 1
}
