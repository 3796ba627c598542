/* What a tablet sent and what waits or was refused, taken up again by somebody in the office, in
 * its author's name (docs/sync-protocol.md, «Office»). */
#pragma once

#include "auth/app.h"
#include "db/db.h"

struct json_t;

/* Applies the group of a mutation in the open transaction. `results` (an array) gets the answers.
 * ERR_NOT_FOUND when nothing of that name waits or was refused; a failure that is_refusal() says
 * is one leaves the reason in `reason`, and the transaction must be rolled back. */
enum err again_apply(struct req *rq, struct db *db, const char *mid, const char *note,
		     struct json_t *results, const char **reason);

/* Closes the group of a mutation, in the open transaction: nothing more will come of it. */
enum err again_close(struct req *rq, struct db *db, const char *mid, const char *note);

/* POST …/quarantine/{id}/apply and …/held/{id}/release: the answers, whatever they are. */
enum err again_take(struct req *rq);

/* POST …/quarantine/{id}/close. */
enum err again_end(struct req *rq);

/* Whether another try would fail in the same way. */
bool again_is_refusal(enum err e);
