/* Where the values of JSON text lie, so that each can be parsed alone and a bad one harms no other
 * (docs/sync-protocol.md, «Push»). Knows brackets, strings and commas, and nothing of what is
 * between them. Pure. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct slice {
	struct str text;
	int depth; /* objects and arrays within each other; 0 for a scalar */
};

/* The value of a member of the object that `text` is. False when it is no object, or its brackets
 * and strings do not end. `found` is empty when there is no such member; the last one counts. */
bool slices_member(struct str text, const char *name, struct slice *found);

/* The elements of the array that `text` is, at most `max`. The number of all there are, which may
 * be more; -1 when it is no array. */
long slices_elements(struct str text, struct slice *out, long max);
