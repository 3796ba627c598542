/* How a tablet's value meets what the office did meanwhile (docs/sync-protocol.md, «Push»). Pure.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "fieldapi/ops.h"

struct merged {
	const char *value;      /* what the field becomes; NULL is null */
	bool is_changed;        /* it must be written */
	bool is_conflict;       /* two different values met */
	enum severity severity; /* of the conflict */
	const char *chosen;     /* mine, theirs, both */
};

/* One field: `current` in the database, `base` that the tablet saw, `mine` that it set (texts; NULL
 * is null). `author` and `at` sign a kept text. Results are owned by `a`. */
struct merged merge_field(struct arena *a, const struct op_field *f, const char *current,
			  const char *base, const char *mine, const char *author, const char *at);

/* A value in the one form that equal values of the kind have: 1.50 and 1.5, 12:00+01:00 and 11:00Z.
 * NULL for NULL; what is not of the kind is as it came. Owned by `a`. */
const char *merge_canonical(struct arena *a, enum input_kind kind, const char *value);
