/* The child's rows on their way to COPY when the profile's manifest says what its columns hold:
 * cells are read by cells.h, the row is kept as it stood, and what could not be read is noted for
 * the table `rejected`. Memory does not grow with the rows. */
#pragma once

#include "base/buf.h"
#include "importers/csv.h"
#include "importers/import.h"

struct cast {
	const struct import *im;
	const struct profile_column *columns[IMPORT_HEADERS_MAX]; /* of the file */
	size_t told[PROFILE_COLUMNS_MAX]; /* places in the file of what makes a row another, in the
					     manifest's order */
	size_t told_count;
	struct csv record;
	struct buf rest; /* the beginning of a record whose end has not come */
	struct buf out;  /* for COPY, in its text format */
	struct buf say;  /* what the hash is of */
	FILE *misread;   /* lines for `rejected`; NULL: none yet */
	bool has_pieces; /* some text may need composing */
};

/* Ready for rows of im's columns, header not among them. */
void cast_init(struct cast *c, const struct import *im);
void cast_release(void *cast);

/* Takes bytes of rowpipe.h, in pieces of any size; c->out gets what COPY is to be given.
 * ERR_TOO_LARGE for a record without an end. */
enum err cast_take(struct cast *c, const char *bytes, size_t length);
