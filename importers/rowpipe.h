/* What the reader child writes to its parent: one CSV record for each row of the file, in the shape
 * of the staging table: line, fault, fault's column (from 1), marks, cells beyond the width, then
 * `width` cells. Marks are words parted by blanks, each with the column it is about
 * («formula:3 hidden»): the row is whole, but people should know. Always UTF-8 without NUL, so that
 * COPY takes it as it is. */
#pragma once

#include "base/str.h"
#include "importers/charset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ROWPIPE_BUFFER = 64 * 1024,
	ROWPIPE_FIXED = 5,   /* columns before the cells */
	ROWPIPE_MARKS = 1000 /* bytes of a row's marks */
};

struct rowpipe {
	int fd;
	enum charset charset; /* of the cells */
	size_t width;         /* cells of each row */
	size_t least;         /* fewer cells than this are a fault */
	uint64_t rows;
	uint64_t most; /* bytes after which the file is taken for a bomb; 0: never */
	uint64_t sent;
	bool is_broken; /* the parent has gone, or `most` is passed */
	size_t marked;
	char marks[ROWPIPE_MARKS]; /* of the row to come */
	size_t used;
	char buffer[ROWPIPE_BUFFER];
};

void rowpipe_init(struct rowpipe *p, int fd, enum charset charset);

/* Writes a row. `fault` is NULL, or a word that the staging checks know: open_quote, after_quote,
 * too_long, too_many; too_few, beyond, nul, control and encoding are found here. Bytes that are not
 * text become U+FFFD. */
void rowpipe_row(struct rowpipe *p, uint64_t line, const char *fault, const struct str *cells,
		 size_t count);

/* Marks the row that is written next; `column` counts from 1, 0 means the row as a whole. What
 * there is no room for becomes the one mark «more». */
void rowpipe_mark(struct rowpipe *p, const char *word, size_t column);

/* Whether it stopped because the rows became too many bytes. */
bool rowpipe_is_over(const struct rowpipe *p);

/* Sends what is held back. False when the parent no longer reads. */
bool rowpipe_flush(struct rowpipe *p);
