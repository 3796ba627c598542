# shellcheck shell=bash
# Who may include whom (docs/architecture.md, «Folders»), and which folder alone knows a library.

features="register cases plans leases documents notify connect jobs"

# The folders that a folder may include from, besides itself. Fails for a folder nobody has placed.
layer_may_use()
{
	case "$1" in
	server/base) echo "" ;;
	server/db | server/http) echo "server/base" ;;
	server/auth) echo "server/base server/db server/http" ;;
	geo) echo "server/base server/db server/http server/auth" ;;
	fieldapi) echo "server/base server/db server/http server/auth server/documents" ;;
	importers) echo "server/base server/db server/http server/auth geo" ;;
	server/*)
		[[ " $features " == *" ${1#server/} "* ]] || return 1
		echo "server/base server/db server/http server/auth"
		;;
	*) return 1 ;;
	esac
}

# The folder of the table that a file belongs to.
layer_of()
{
	case "$1" in
	server/*/*) cut -d/ -f1,2 <<<"$1" ;;
	*) cut -d/ -f1 <<<"$1" ;;
	esac
}

# Where an included name is found: beside the file, under the root, or under server/. Nothing for
# what is made at build.
layer_find()
{
	local candidate

	for candidate in "$(dirname "$1")/$2" "$2" "server/$2"; do
		[ -e "$candidate" ] && {
			echo "$candidate"
			return
		}
	done
	return 0
}

check_layers()
{
	local file line name found from to allowed

	# shellcheck disable=SC2016 # awk's fields
	while IFS=$'\t' read -r file line name; do
		[ "$file" = server/main.c ] && continue # the one file that knows them all
		from=$(layer_of "$file")
		allowed=$(layer_may_use "$from") || {
			echo "$file: folder $from has no place in the table of layers"
			continue
		}
		found=$(layer_find "$file" "$name")
		[ -n "$found" ] || continue
		to=$(layer_of "$found")
		[ "$to" = "$from" ] || [[ " $allowed " == *" $to "* ]] ||
			echo "$file:$line: $from may not include from $to ($name)"
	done < <(git ls-files 'server/*.[ch]' 'geo/*.[ch]' 'fieldapi/*.[ch]' 'importers/*.[ch]' |
		xargs -r awk -F'"' '/^[ \t]*#[ \t]*include[ \t]*"/ { print FILENAME "\t" FNR "\t" $2 }')
}

# Header (extended regexp), and the files that alone may include it.
libraries=(
	'microhttpd\.h ^server/http/'
	'libpq-fe\.h ^server/db/'
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
