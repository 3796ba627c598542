/* What the parts of fdvu-reader share: its options, its one stream of rows, and how it speaks to
 * its parent. The reader is one process for one file, so there is one of each. */
#pragma once

#include "base/str.h"
#include "importers/csv.h"
#include "importers/rowpipe.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	READER_COLUMNS_MAX = 200,
	READER_RECORDS_MAX = 8,
	READER_TEXT_MAX = 300,          /* bytes of a library's message passed on */
	READER_EMPTY_ROWS_MAX = 100000, /* empty rows in a sheet before the reader gives up */
	READER_RATIO_MAX = 500,         /* bytes of rows for a byte of the file … */
	READER_PLAIN_MIB = 256,         /* … beyond this many MiB: a packed bomb */
};

/* A column of the profile: `paths` is its name and aliases, parted by «|», in order of preference.
 */
struct reader_column {
	struct str paths;
	bool is_required;
};

struct reader_options {
	const char *formats;   /* those that the profile takes, parted by blanks */
	const char *delimiter; /* one character, or "auto" */
	const char *encoding;  /* auto, utf-8, windows-1252 */
	const char *layer;     /* of a sheet or layer: "first", or names parted by «|» */
	size_t width;          /* least number of columns */
	size_t least;          /* fewest cells in a row; 0: as many as the first row has */
	const char *records[READER_RECORDS_MAX]; /* elements that are rows, in XML and JSON */
	size_t record_count;
	struct reader_column columns[READER_COLUMNS_MAX];
	size_t column_count;
};

struct reader {
	struct reader_options options;
	struct rowpipe out;
	uint64_t blank; /* rows without anything in them */
};

/* Writes «note WORD TEXT» to the parent; line breaks in the text become blanks. */
__attribute__((format(printf, 2, 3))) void reader_note(const char *word, const char *format, ...);

/* Writes «fault WORD TEXT», unless a fault was told already, and returns 1, the exit status. */
int reader_fail(const char *word, const char *text);

bool reader_has_failed(void);

/* The first row decides how wide the rows are. */
void reader_set_width(struct reader *r, size_t count);

/* A row of a table: sets the width by the first one, counts one without content as blank, and
 * writes it unless it is so. */
void reader_row(struct reader *r, uint64_t line, const char *fault, const struct str *cells,
		size_t count);

/* Sends the last rows and tells how many there were. The exit status. */
int reader_finish(struct reader *r);
