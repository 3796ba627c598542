/* The fingerprint of a row: of its cells as they stand in the file, and of all that decides how the
 * row is judged. A row with the fingerprint of one that an earlier import landed is the same row,
 * and would be judged so again (docs/decisions/0025-rows-seen-before.md). */
#pragma once

#include "base/buf.h"
#include "importers/csv.h"
#include "importers/import.h"
#include "importers/inside.h"

enum { PRINT_TEXT = 33 }; /* 32 hex digits, a uuid to PostgreSQL, and the NUL */

struct print {
	size_t places[PROFILE_COLUMNS_MAX]; /* in the file, of the profile's columns */
	size_t count;
	struct inside inside;
	char rules[SHA256_TEXT];    /* of rows that surely lie inside */
	char outlined[SHA256_TEXT]; /* of all others: the outlines too */
	struct buf say;
};

/* What the database says that judging depends on. */
struct print_state {
	const char *rules, *outlines;
	struct squares squares; /* of these outlines */
};

/* Ready for rows of im's columns. The squares are used as long as `p`. */
void print_init(struct print *p, const struct import *im, const struct print_state *state);
void print_release(void *print);

/* The fingerprint of a record of rowpipe.h. False when it has none: damaged and marked rows are
 * looked at each time. */
bool print_row(struct print *p, const struct csv *record, char hex[PRINT_TEXT]);
