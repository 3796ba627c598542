/* What a tablet says that it holds, beside what the server has (docs/sync-protocol.md,
 * «Reconcile»): by bucket, by slot of a bucket, or row by row. Pure: no I/O. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "fieldapi/digest.h"

struct json_t;

enum {
	RECONCILE_BUCKETS_MAX = 2000, /* of a tablet */
	RECONCILE_PARTS_MAX = 64,     /* buckets whose slots or rows are compared at once */
	RECONCILE_ROWS_MAX = 20000,   /* listed, and told */
};

enum reconcile_level { RECONCILE_BUCKETS, RECONCILE_SLOTS, RECONCILE_ROWS };

/* `said` is as it came: [n, h], or {slot: [n, h]}, or {slot: [[t, id, h], …]}. */
struct reconcile_part {
	const char *bucket;
	struct json_t *said;
	struct digest *sums;   /* what the server has: one, or DIGEST_SLOTS */
	struct json_t *listed; /* "t id": h; those not seen yet */
	bool is_dropped;       /* not the tablet's any more: then it does not differ */
};

struct reconcile {
	enum reconcile_level level;
	struct reconcile_part *parts;
	size_t count;
	struct arena *arena;
};

/* Reads a request's `digests`, `slots` or `rows`, whichever is there: exactly one must be. Returns
 * NULL, or the JSON pointer of what is wrong. Everything is owned by `a`. */
const char *reconcile_read(struct arena *a, const struct json_t *body, struct reconcile *r);

/* Writes which rows the server has to read: [{"b": bucket, "s": [slots] or null}, …]. */
void reconcile_wanted(const struct reconcile *r, struct buf *to);

/* A row that the server has, of part number `n`. True when it must be told: row by row, and the
 * tablet has it otherwise or not at all. */
bool reconcile_see(struct reconcile *r, size_t n, const char *t, const char *id,
		   const struct digest *row);

/* Notes that a bucket is not the tablet's any more. */
void reconcile_drop(struct reconcile *r, const char *bucket);

/* Whether a bucket differs from what was said. */
bool reconcile_differs(const struct reconcile *r, size_t n);

/* Writes the slots that differ, with what the server has: {"0a": [n, h], …}. */
void reconcile_slots(const struct reconcile *r, size_t n, struct buf *to);
