# shellcheck shell=bash
# Calls and habits that are not allowed in C, and why: each line of `banned` is a regexp of code
# (comments and strings blanked), a TAB and what to do instead.

banned=(
	'(strcpy|strcat|strncpy|strncat|stpcpy|gets|wcscpy|wcscat)[[:space:]]*\('$'\t''no length: use struct str, buf_…() or memcpy'
	'(sprintf|vsprintf)[[:space:]]*\('$'\t''no limit: use snprintf or buf_printf'
	'(strtok|asctime|ctime|localtime|gmtime|tmpnam|mktemp|tempnam)[[:space:]]*\('$'\t''hidden state: use the _r form, mkstemp or O_TMPFILE'
	'(atoi|atol|atoll|atof|scanf|fscanf)[[:space:]]*\('$'\t''no error: use strtol and look at the end'
	'setlocale[[:space:]]*\('$'\t''the C locale keeps the decimal point'
	'(alloca|__builtin_alloca)[[:space:]]*\('$'\t''the stack has no limit to check: use the arena'
	'(rand|srand|random|srandom|drand48)[[:space:]]*\('$'\t''use getrandom, or a seeded generator of our own'
	'(system|popen)[[:space:]]*\('$'\t''a shell reads it: use posix_spawn'
	'typedef[[:space:]]+(struct|union|enum)[^()]*[{;]'$'\t''no typedef for structs, unions and enums'
)

c_files()
{
	git ls-files '*.c' '*.h'
}

check_banned()
{
	local code entry

	code=$(c_files | xargs -r awk -f tests/checks/c_code.awk)
	for entry in "${banned[@]}"; do
		grep -E "^[^:]*:[0-9]+:(.*[^A-Za-z0-9_.>])?${entry%%$'\t'*}" <<<"$code" |
			sed "s|\$|  (${entry##*$'\t'})|" || true
	done
	grep -E '[^A-Za-z0-9_]PQexec(Params)?[[:space:]]*\(' <<<"$code" | grep -v '^server/db/' |
		sed 's/$/  (only server\/db speaks to PostgreSQL)/' || true
}

# SQL stands in .sql files beside the C that uses it, except what server/db itself says.
check_sql_in_c()
{
	c_files | { grep -vE '^(server/db|tests)/' || true; } |
		xargs -r grep -nHE '"[[:space:]]*(select|insert into|update [a-z_.]+ set|delete from|with [a-z_]+ as|create (table|index|schema)|alter|drop) ' |
		sed 's/$/  (SQL belongs in a .sql file)/' || true
}

check_headers()
{
	git ls-files '*.h' | xargs -r grep -L '^#pragma once$' | sed 's/$/: no #pragma once/'
}

# A function fits a screen: from a line that is `{` to the next that is `}`.
check_function_length()
{
	git ls-files '*.c' | xargs -r awk '
		/^\{/ { from = FNR }
		/^\}/ && from { if (FNR - from - 1 > 70) print FILENAME ":" from ": function of " FNR - from - 1 " lines (at most 70)"; from = 0 }'
}

check_format()
{
	local said

	said=$(c_files | xargs -r clang-format --dry-run -Werror 2>&1) ||
		grep -E 'error:|clang-format' <<<"$said"
}
