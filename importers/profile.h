/* An import profile: a folder with `manifest` (what the file looks like) and `map.sql` (how its
 * rows become the model), which a municipality can copy and change. docs/import.md describes both.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "importers/cells.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	PROFILE_COLUMNS_MAX = 200,
	PROFILE_ALIASES_MAX = 8,
	PROFILE_SECTIONS_MAX = 32,
	PROFILE_RECORDS_MAX = 8,
	PROFILE_FILE_MAX = 1024 * 1024, /* bytes of a manifest or a map */
};

struct profile_column {
	const char *name; /* as map.sql calls it */
	bool is_required;
	/* Headers it is known by, besides its name; in XML and JSON paths (reader_records.h). */
	const char *aliases[PROFILE_ALIASES_MAX];
	size_t alias_count;
	/* The header that a person chose for this file; "": the column is not read. NULL: nobody
	 * has chosen, and the names decide. */
	const char *chosen;
	enum cell_type type;
	long from, to;  /* of whole numbers; both 0: any */
	bool is_filled; /* a row without it is rejected */
	bool is_aside;  /* a row with another value of it is still the same row */
};

/* A piece of an SQL file, from its line `-- section: NAME` to the next. */
struct section {
	const char *name;
	const char *sql;
};

struct script {
	struct section sections[PROFILE_SECTIONS_MAX];
	size_t count;
};

struct profile {
	const char *name;
	const char *title;   /* one line, in Norwegian */
	const char *about;   /* what it does, shown by `fdvu import profile NAME` */
	const char *source;  /* the origin's name in import_origin */
	const char *formats; /* "csv xlsx", as reader_sniff.h calls them */
	const char *layer;   /* sheet or layer: "first", "all" or names parted by «|» */
	const char *records[PROFILE_RECORDS_MAX]; /* elements that are rows, in XML and JSON */
	size_t record_count;
	const char *then;      /* SQL files beside common.sql whose sections come after map.sql's */
	const char *delimiter; /* one character or "auto" */
	const char *encoding;  /* auto, utf-8, windows-1252 */
	bool is_positional; /* columns by place; a header row is known by its names and passed over
			     */
	bool takes_files;   /* --files means something */
	bool needs_municipality; /* the rows do not say which they are of */
	size_t least;            /* fewest cells of a row, 0 = all */
	struct profile_column columns[PROFILE_COLUMNS_MAX];
	size_t column_count;
	const char *position[3]; /* columns: EPSG code, north, east; NULL: rows have none */
	bool is_typed; /* some column has a type: the rows are read by cells.h before they are
			  staged */
	struct script map;
};

/* Reads `root`/`name`. On a fault writes a sentence with file and line to `report`. All of it is
 * owned by the arena. ERR_NOT_FOUND when there is no such profile. With neither map.sql nor `then`
 * the map has no sections: files can be looked at as the profile reads them, and not be imported.
 */
enum err profile_load(struct arena *a, const char *root, const char *name, struct profile *p,
		      FILE *report);

/* Reads a manifest's text into `p`, which holds nothing but its name. On a fault writes a sentence
 * with `path` and line to `report`: ERR_INVALID. What it keeps is the arena's or the text's. */
enum err profile_parse(struct arena *a, const char *text, const char *path, struct profile *p,
		       FILE *report);

/* Adds the sections of an SQL text. */
enum err script_parse(struct arena *a, const char *text, const char *path, struct script *s,
		      FILE *report);

/* Cuts the SQL file `path` into its sections. */
enum err script_load(struct arena *a, const char *path, struct script *s, FILE *report);

/* The section called `name`; NULL if there is none. */
const char *script_find(const struct script *s, const char *name);

/* Names of the profiles under `root`, sorted, into `names`; how many. */
size_t profile_list(struct arena *a, const char *root, const char **names, size_t most);

/* Lets a person's choice decide instead of names and aliases, for all columns: `json` is an object
 * of columns and the headers they have in this file (in XML and JSON paths, or the column's own
 * name for where the profile says); a column that is not in it is not read.
 * Columns by place are then known by their headers. Why it makes no sense, as a sentence; NULL when
 * it does. */
const char *profile_choose(struct arena *a, struct profile *p, const char *json);

/* Whether a header names the column: the one that was chosen, else by its names, of which letters
 * and digits are compared, without case or marks. */
bool profile_is_header(const struct profile_column *column, const char *header, size_t length);
