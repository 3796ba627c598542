/* One mutation inside its group's transaction: merged, inserted or refused. */
#pragma once

#include "auth/app.h"
#include "db/db.h"
#include "fieldapi/check.h"

struct json_t;

/* What the push knows of the tablet and its person. */
struct pusher {
	struct req *rq;
	struct db *db;
	const char *device, *author, *person, *now;
	const char *sent_at, *skew_s; /* the tablet's clock: what it said; how many seconds fast */
	/* Of current.h: */
	struct json_t *rows, *writes;
	bool is_deferring;
};

/* What is wrong with a mutation as it stands, whatever the database says. */
struct op_fault apply_check(const struct pusher *p, const struct json_t *mutation);

/* A mutation that apply_check() found nothing wrong with. `answer` is its answer (state, v,
 * conflicts), filled in; `refused` why it can never be applied, if so, and nothing was written
 * then. A failure that another try may mend is returned; so is ERR_INVALID and the like from a
 * constraint, after which the transaction must be rolled back. */
enum err apply_mutation(struct pusher *p, const struct json_t *mutation, struct json_t *answer,
			struct op_fault *refused);

/* Notes a change to a row that somebody has deleted: kept for a person, who may raise the row from
 * the dead. */
enum err apply_deleted(struct pusher *p, const struct json_t *mutation, struct json_t *answer);

/* Whether the row that a refused mutation is about, or the task that its fact belongs to, has been
 * deleted. */
enum err apply_is_deleted(struct pusher *p, const struct json_t *mutation, bool *is_deleted);
