/* One mutation inside its group's transaction: merged, inserted or refused. */
#pragma once

#include "auth/app.h"
#include "db/db.h"

struct json_t;

/* What the push knows of the tablet and its person. */
struct pusher {
	struct req *rq;
	struct db *db;
	const char *device, *author, *person, *now;
};

/* Why a mutation was refused for good (a word for programs), or NULL when it was not. `answer` is
 * the mutation's answer (state, v, conflicts), filled in. A failure that another try may mend is
 * returned; so is ERR_INVALID and the like from a constraint, after which the transaction must be
 * rolled back. */
enum err apply_mutation(struct pusher *p, struct json_t *mutation, struct json_t *answer,
			const char **refused);

/* A JSON scalar as PostgreSQL writes it as text; NULL for null. Owned by `a`. Sets `is_scalar`. */
const char *json_scalar(struct arena *a, const struct json_t *given, bool *is_scalar);
