# Makes build/queries.gen.h and .c from the named queries (FEATURE.sql beside its C).
# awk -v out=DIR -f queries.awk FILE.sql …
#
#   -- name: case_get :one
#   -- What it does. $1 id
#   select … ;
#
# :one   one row as an object, 404 when there is none
# :list  rows as {"items":[…],"next":…}
# :exec  no rows are read
# :bytes one row in binary form, for what is passed on as it is (tiles)
#
# What several queries share, such as one common table expression, is a part; a query has it where it says so:
#
#   -- part: sync_rows
#   content as (select …)
#
#   -- use: sync_rows
#
# A fourth word `:planned` asks for a plan made with the values of each run: for a text whose optional
# conditions want different indexes.

function fail(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"
	failed = 1
	exit 1
}

function c_string(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	return "\"" text "\\n\""
}

function finish(   upper) {
	if (part != "")
		parts[part] = sql
	part = ""
	if (name == "")
		return
	if (sql == "")
		fail("«" name "» has no SQL")
	upper = toupper(name)
	names[++count] = upper
	heads[count] = "\t[Q_" upper "] = { \"" name "\", " kind ", " params ", " planned ",\n"
	texts[count] = sql
	name = ""
}

# The text with its parts in their places.
function whole(text,   found) {
	while (match(text, /@[a-z][a-z0-9_]*@\n/)) {
		found = substr(text, RSTART + 1, RLENGTH - 3)
		if (!(found in parts)) {
			printf "there is no part «%s»\n", found > "/dev/stderr"
			exit 1
		}
		text = substr(text, 1, RSTART - 1) parts[found] substr(text, RSTART + RLENGTH)
	}
	return text
}

/^-- part: / {
	finish()
	part = $3
	if (part in parts)
		fail("«" part "» is there already")
	sql = ""
	next
}

/^-- use: / {
	sql = sql "@" $3 "@\n"
	next
}

/^-- name: / {
	finish()
	name = $3
	if (name !~ /^[a-z][a-z0-9_]*$/)
		fail("a name is of a-z, 0-9 and _: " name)
	if (name in seen)
		fail("«" name "» is there already")
	seen[name] = 1
	if ($4 != ":one" && $4 != ":list" && $4 != ":exec" && $4 != ":bytes")
		fail("«" name "» must say :one, :list, :exec or :bytes")
	kind = "QUERY_" toupper(substr($4, 2))
	if ($5 != "" && $5 != ":planned")
		fail("after «" $4 "» only :planned may stand")
	planned = $5 == "" ? "false" : "true"
	sql = ""
	params = 0
	next
}

/^[ \t]*--/ || /^[ \t]*$/ { next }

{
	if (name == "" && part == "")
		fail("SQL outside a named query")
	line = $0
	sub(/[ \t]+--[^']*$/, "", line)
	rest = line
	while (match(rest, /\$[0-9]+/)) {
		number = substr(rest, RSTART + 1, RLENGTH - 1) + 0
		if (number > params)
			params = number
		rest = substr(rest, RSTART + RLENGTH)
	}
	sql = sql "\t\t" c_string(line) "\n"
}

END {
	if (failed)
		exit 1
	finish()
	header = out "/queries.gen.h"
	source = out "/queries.gen.c"
	print "/* Made by schema/queries.awk from the named queries. */\n#pragma once\n\n#include <stdbool.h>\n" > header
	print "enum query {\n\tQ_NONE," > header
	for (i = 1; i <= count; i++)
		print "\tQ_" names[i] "," > header
	print "\tQ__MAX\n};\n" > header
	print "enum query_kind { QUERY_ONE, QUERY_LIST, QUERY_EXEC, QUERY_BYTES };\n" > header
	print "struct query_text {\n\tconst char *name;\n\tenum query_kind kind;\n\tint params;" > header
	print "\tbool is_planned; /* each time it runs, with its values */" > header
	print "\tconst char *sql;\n};\n\nextern const struct query_text queries[Q__MAX];" > header
	print "/* Made by schema/queries.awk from the named queries. */" > source
	print "#include \"queries.gen.h\"\n\nconst struct query_text queries[Q__MAX] = {" > source
	print "\t[Q_NONE] = { \"none\", QUERY_EXEC, 0, false, \"select\" }," > source
	for (i = 1; i <= count; i++)
		printf "%s%s\t},\n", heads[i], whole(texts[i]) > source
	print "};" > source
}
