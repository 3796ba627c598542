/* What pull, reconcile and snapshot files share (docs/sync-protocol.md). */
#pragma once

#include "auth/app.h"
#include "fieldapi/cursor.h"

struct json_t;

/* The key that cursors are signed with, read once. ERR_BUSY, with the problem's name, when this
 * database cannot serve tablets: restored and not made ready, or a standby. */
enum err feed_key(struct req *rq, const char **key);

/* As feed_key() for a job, without a request. */
enum err feed_job_key(struct pools *pools, const char **key);

/* Whether a server may start on this database. Writes the epoch down when it is new. False, with
 * what to do in the log, when rows have transaction numbers that lie in the future. A database that
 * does not answer yet, and a standby, may be served. */
bool feed_may_start(struct pools *pools);

/* Whether the tablet may go on: `facts` has device (its state) and epoch, as the queries give them.
 * `epoch` is what the tablet goes by, NULL for none. */
enum err feed_check(struct req *rq, const struct json_t *facts, const char *epoch);

/* The refusal of a tablet that the office has taken out of use: it hands over what it has, and
 * wipes itself. */
enum err feed_revoked(struct req *rq);

/* Parses what a query gave as JSON; freed with the arena. */
struct json_t *feed_facts(struct arena *a, const char *text);

/* Writes one row as it is told: `fields` is JSON, NULL when the row has left its bucket. */
struct feed_row {
	const char *bucket, *t, *id, *version, *fields;
};
void feed_write_row(struct buf *to, const struct feed_row *row);

/* Writes any JSON value. */
void feed_write_json(struct buf *to, const struct json_t *value);
