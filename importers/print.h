/* The fingerprint of a row: of its cells as they stand in the file, and of all that decides how the
 * row is judged. A row with the fingerprint of one that an earlier import landed is the same row,
 * and would be judged so again (docs/decisions/0025-rows-seen-before.md). */
#pragma once

#include "base/buf.h"
#include "importers/csv.h"
#include "importers/import.h"

enum { PRINT_TEXT = 33 }; /* 32 hex digits, a uuid to PostgreSQL, and the NUL */

struct print {
	size_t places[PROFILE_COLUMNS_MAX]; /* in the file, of the profile's columns */
	size_t count;
	char rules[SHA256_TEXT];
	struct buf say;
};

/* Ready for rows of im's columns. `state` is what the database says that judging depends on. */
void print_init(struct print *p, const struct import *im, const char *state);
void print_release(void *print);

/* The fingerprint of a record of rowpipe.h. False when it has none: damaged and marked rows are
 * looked at each time. */
bool print_row(struct print *p, const struct csv *record, char hex[PRINT_TEXT]);
