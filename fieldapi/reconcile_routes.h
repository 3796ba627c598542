/* Reconcile: a tablet and the server find out what they hold differently, and the tablet gets it
 * (docs/sync-protocol.md). */
#pragma once

#include "auth/app.h"

extern const struct route reconcile_routes[];

/* Sums up what the person may see of `buckets` (a JSON array of {"b": name}) inside a transaction
 * of one moment, and writes {"bucket": [n, h], …}: pull's `digests`. */
enum err reconcile_digests(struct req *rq, struct db *db, const struct json_t *buckets,
			   struct buf *to);
