# shellcheck shell=bash
# Who may include whom (docs/architecture.md, «Folders»), and which folder alone knows a library.

features="register cases plans leases documents notify connect jobs"

# The folders that a folder may include from, besides itself, into `allowed`. Fails for a folder nobody has placed.
layer_may_use()
{
	case "$1" in
	server/base) allowed="" ;;
	server/db | server/http) allowed="server/base" ;;
	server/auth) allowed="server/base server/db server/http" ;;
	geo) allowed="server/base server/db server/http server/auth" ;;
	fieldapi) allowed="server/base server/db server/http server/auth server/documents" ;;
	importers) allowed="server/base server/db server/http server/auth geo" ;;
	server/*)
		[[ " $features " == *" ${1#server/} "* ]] || return 1
		allowed="server/base server/db server/http server/auth"
		;;
	*) return 1 ;;
	esac
}

# The folder of the table that a file belongs to, into `layer`.
layer_of()
{
	layer=${1%%/*}
	[[ $1 != server/*/* ]] || layer=${1#server/} layer=server/${layer%%/*}
}

# Where an included name is found, into `found`: beside the file, under the root, or under server/. Empty for what is made at build.
layer_find()
{
	for found in "${1%/*}/$2" "$2" "server/$2"; do
		[ ! -e "$found" ] || return 0
	done
	found=
}

# Without a process for each line: there are thousands.
check_layers()
{
	local file line name found layer from allowed

	# shellcheck disable=SC2016 # awk's fields
	while IFS=$'\t' read -r file line name; do
		[ "$file" = server/main.c ] && continue # the one file that knows them all
		layer_of "$file"
		from=$layer
		layer_may_use "$from" || {
			echo "$file: folder $from has no place in the table of layers"
			continue
		}
		layer_find "$file" "$name"
		[ -n "$found" ] || continue
		layer_of "$found"
		[ "$layer" = "$from" ] || [[ " $allowed " == *" $layer "* ]] ||
			echo "$file:$line: $from may not include from $layer ($name)"
	done < <(git ls-files 'server/*.[ch]' 'geo/*.[ch]' 'fieldapi/*.[ch]' 'importers/*.[ch]' |
		xargs -r awk -F'"' '/^[ \t]*#[ \t]*include[ \t]*"/ { print FILENAME "\t" FNR "\t" $2 }')
}

# A table of routes that main.c does not list is lost without a word.
check_routes()
{
	git ls-files 'server/*.h' 'geo/*.h' 'fieldapi/*.h' 'importers/*.h' |
		{ xargs -r grep -ohE '^extern const struct route [a-z_]+\[\]' || true; } | sed -E 's/.* ([a-z_]+)\[\]/\1/' |
		while read -r table; do
			grep -qw "$table" server/main.c || echo "server/main.c: $table is not served"
		done
}

# Header (extended regexp), and the files that alone may include it.
libraries=(
	'microhttpd\.h ^server/http/'
	'libpq-fe\.h ^server/db/'
	'(zlib|zstd)\.h ^server/base/pack\.c:'
	'jwt\.h ^server/auth/token\.[ch]:'
	'(gdal|ogr_|cpl_)[a-z_]*\.h ^importers/reader[a-z_]*\.c:'
	'proj\.h ^geo/proj\.[ch]:'
	'sqlite3\.h ^geo/gpkg\.[ch]:'
	'(libical/)?ical\.h ^server/plans/'
	'libxml/[A-Za-z0-9]*\.h ^importers/reader_xml\.c:'
	'seccomp\.h ^importers/reader_lockdown\.c:'
	'qrencode\.h ^server/base/qr\.c:'
)

check_libraries()
{
	local entry header home

	for entry in "${libraries[@]}"; do
		read -r header home <<<"$entry"
		# shellcheck disable=SC2016 # sed's end of line
		git grep -nE "#[[:space:]]*include[[:space:]]*[<\"]${header}[>\"]" -- '*.[ch]' ':!tests/' |
			grep -vE "$home" | sed "s|\$|  (only ${home#^} may)|" || true
	done
}
