/* Cursors of the sync protocol (docs/sync-protocol.md, sections 1.3 and 3.3): where in the change
 * feed a tablet is, as a PostgreSQL snapshot. Opaque to tablets, signed so that only ours come
 * back. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

/* Which fields rows have (fieldapi/rows.sql): it grows when there are more. */
enum { SYNC_SCHEMA = 3 };

enum { CURSOR_KEY_MAX = 128, CURSOR_MAX = 16 * 1024 };

struct cursor {
	const char *epoch;
	const char *hi;      /* xmax of the snapshot that the tablet has seen all of */
	const char *running; /* '{…}': transactions below it that were under way */
	long schema;         /* which fields the rows had that it was told */
	const char *late;    /* '{…}': snapshot files whose buckets are where the files are */
	/* When the tablet had, at this position, all buckets that it may have: */
	const char *whole; /* its id and the scope's hash, a blank between them */
	const char *areas; /* '{…}': of the session that it asked with */
	/* Inside a window of several pages: */
	const char *to;      /* the snapshot that ends it; NULL: no window is open */
	const char *base;    /* hash of the scope it began with; "" = none */
	long bucket_no, tbl; /* the last row told */
	const char *row_id;
};

/* Reads a cursor into `c`; its texts are owned by `a`. False when it is not one of ours. */
bool cursor_parse(struct arena *a, const char *key, const char *text, struct cursor *c);

/* The cursor as text, owned by `a`. */
const char *cursor_format(struct arena *a, const char *key, const struct cursor *c);

/* The position of a snapshot (xmin:xmax:xip,…): sets hi and running. One with too many transactions
 * under way is rounded down to xmin: more is told twice, nothing is missed. False when it is none.
 */
bool cursor_at(struct arena *a, const char *snapshot, struct cursor *c);

/* The snapshot that ends a window of several pages, rounded down likewise so that every cursor
 * stays below CURSOR_MAX. `snapshot` itself when it is short enough. */
const char *cursor_window(struct arena *a, const char *snapshot);
