/* The child's rows on their way to COPY when the profile's manifest says what its columns hold:
 * cells are read by cells.h, the row is kept as it stood, and what could not be read is noted for
 * the table `rejected`. Memory does not grow with the rows. */
#pragma once

#include "base/buf.h"
#include "importers/csv.h"
#include "importers/import.h"
#include "importers/print.h"
#include "importers/rowset.h"

/* What is made of the rows. */
enum cast_way {
	CAST_PRINTS, /* their number and fingerprint, nothing else */
	CAST_ALL,
	CAST_SOME, /* only those in `wanted` */
};

struct cast {
	const struct import *im;
	enum cast_way way;
	const struct rowset *wanted;
	struct print *print; /* NULL: rows get none */
	uint64_t row;        /* number of the next one, from 0 */
	const struct profile_column *columns[IMPORT_HEADERS_MAX]; /* of the file */
	size_t told[PROFILE_COLUMNS_MAX]; /* places in the file of what makes a row another, in the
					     manifest's order */
	size_t told_count;
	struct csv record;
	struct buf rest; /* the beginning of a record whose end has not come */
	struct buf out;  /* for COPY, in its text format */
	struct buf say;  /* what the hash is of */
	FILE *misread;   /* lines for `rejected`; NULL: none yet */
	uint64_t misreads;
	bool has_pieces; /* some text may need composing */
};

/* Ready for rows of im's columns, header not among them; makes all of them, with `print`, which may
 * be NULL. */
void cast_init(struct cast *c, const struct import *im, struct print *print);

/* Ready for the same file's rows once more. */
void cast_again(struct cast *c, enum cast_way way, const struct rowset *wanted);
void cast_release(void *cast);

/* Takes bytes of rowpipe.h, in pieces of any size; c->out gets what COPY is to be given.
 * ERR_TOO_LARGE for a record without an end. */
enum err cast_take(struct cast *c, const char *bytes, size_t length);
