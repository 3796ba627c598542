# shellcheck shell=bash
# Shared by the scripts in bin/ and tests/: where things are and how they speak. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
first_node=$root/build/node/node_modules/.bin # see first_node()
machine_path=$PATH
npm_version=10.9.4
export PATH="$root/web/node_modules/.bin:$first_node:/usr/lib/postgresql/15/bin:$PATH"

say()
{
	printf '%s\n' "$*" >&2
}

die()
{
	say "$(basename "$0"): $*"
	exit 1
}

# Configures a preset once; afterwards ninja notices by itself what changed. With targets only those are made: `build release fdvu`.
build()
{
	local preset=$1 log="$root/build/$1.log"

	shift
	mkdir -p "$root/build"
	{
		[ -e "$root/build/$preset/build.ninja" ] || (cd "$root" && cmake --preset "$preset")
		(cd "$root" && cmake --build --preset "$preset" -j "${FDVU_JOBS:-2}" ${1:+--target "$@"})
	} >"$log" 2>&1 && return
	grep -vE '^(\[[0-9]+/[0-9]+\]|--) ' "$log" | tail -n 60 >&2
	return 1
}

# A Node and npm new enough to install the rest, where the machine's are older: npm leaves out
# without a word every optional package that asks for a newer Node, and Vite's core is one.
first_node()
{
	local version

	[ "$(PATH=$machine_path node -p 'process.versions.node.split(".")[0]')" -lt 22 ] || return 0
	[ ! -x "$first_node/npm" ] || return 0
	version=$(node -p "require('$root/web/package-lock.json').packages['node_modules/node'].version")
	mkdir -p "$root/build/node"
	echo '{ "private": true }' >"$root/build/node/package.json"
	(cd "$root/build/node" && PATH=$machine_path timeout 300 npm install --no-audit --no-fund \
		--loglevel=error --no-package-lock "node@$version" "npm@$npm_version") >/dev/null
}

# Not with the Node that is among what it replaces, but with the machine's settings and the
# certificates that the machine trusts: an own mirror may need both, and this npm knows neither.
npm_ci()
{
	local global certificates=/etc/ssl/certs/ca-certificates.crt

	first_node || return
	global=$(PATH=$machine_path npm config get globalconfig 2>/dev/null)
	[ ! -e "$certificates" ] || export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$certificates}
	(cd "$root/web" && PATH=$first_node:$machine_path timeout 300 npm ci --globalconfig "$global" \
		--no-audit --no-fund --loglevel=error --fetch-timeout=60000 --fetch-retries=3)
}

# What npm's lock file asks for, installed once for each state of the lock file. Gives Node 22 too.
node_modules()
{
	local want have

	want=$(sha256sum <"$root/web/package-lock.json")
	have=$(cat "$root/web/node_modules/.installed" 2>/dev/null || true)
	[ "$want" = "$have" ] && return
	say "Installing what the web pages are built with (npm ci)…"
	# A registry that stalls (seen: connections open, nothing coming) is asked once more.
	npm_ci || npm_ci || return
	printf '%s\n' "$want" >"$root/web/node_modules/.installed"
}

# Builds the pages when one of their sources is newer than what was built.
pages()
{
	local built="$root/web/dist/.built"

	node_modules || return
	[ -e "$built" ] && [ -z "$(find "$root/web" \( -name node_modules -o -name dist \) -prune \
		-o -type f -newer "$built" ! -name '*.gen.ts' -print -quit)" ] && return
	say "Building the web pages…"
	(cd "$root/web" && npm run --silent build) >"$root/build/web.log" 2>&1 || {
		tail -n 40 "$root/build/web.log" >&2
		return 1
	}
	touch "$built"
}
