#include "fieldapi/device_proof.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/ask.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/log.h"
#include "fieldapi/feed.h"

/* What the database answers is done or refused, and how that is said. */
static const struct {
	const char *outcome;
	enum err e;
	const char *problem;
} refusals[] = {
	{ "code_unknown", ERR_GONE, "code_unknown" },
	{ "device_active", ERR_CONFLICT, "device_active" },
	{ "proof_replayed", ERR_UNAUTHORIZED, "proof_stale" },
	{ "refresh_unknown", ERR_UNAUTHORIZED, "refresh_unknown" },
	{ "refresh_ended", ERR_UNAUTHORIZED, "refresh_ended" },
	{ "refresh_reused", ERR_UNAUTHORIZED, "refresh_reused" },
	{ "seal_key_unknown", ERR_GONE, "seal_key_unknown" },
};

enum err device_refuse(struct req *rq, const char *outcome)
{
	if (!strcmp(outcome, "ok"))
		return OK;
	if (!strcmp(outcome, "device_revoked"))
		return feed_revoked(rq);
	if (!strcmp(outcome, "refresh_reused"))
		log_warn("refresh_reused", "a spent refresh token came back: its tablet has to be "
					   "enrolled anew");
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (!strcmp(outcome, refusals[i].outcome))
			return req_problem(rq, refusals[i].e, refusals[i].problem);
	return req_fail(rq, ERR_INTERNAL, "no such outcome");
}

enum err device_ask(struct req *rq, enum query q, const char *const *params, struct rows **out)
{
	struct db *db;
	enum err e;

	*out = NULL;
	if ((e = db_take(app_of(rq)->pools, DB_JOB, &db)))
		return req_fail(rq, e, "no database connection");
	if ((e = db_run(db, &rq->arena, q, params, out)))
		ask_failed(rq, db, e);
	db_give(db);
	return e;
}

/* When the request began: a proof is not stale because a large body came slowly. */
static int64_t began_s(const struct req *rq, int64_t now_s)
{
	return now_s - (int64_t)((clock_us() - rq->started_us) / 1000000);
}

/* A tablet with a wrong clock learns the time, and proves again. */
static enum err stale(struct req *rq, int64_t now_s)
{
	rq->problem_extra = arena_printf(&rq->arena, ",\"now_s\":%lld", (long long)now_s);
	return req_problem(rq, ERR_UNAUTHORIZED, "proof_stale");
}

enum err device_proof_by(struct req *rq, const char *key, const char *subject, const char *audience,
			 int64_t now_s, const char **id)
{
	struct proof proof;

	switch (proof_check(req_value(rq, "proof"), key, subject, audience, began_s(rq, now_s),
			    &proof)) {
	case PROOF_GOOD:
		*id = arena_text(&rq->arena, proof.id);
		return OK;
	case PROOF_STALE:
		return stale(rq, now_s);
	case PROOF_BAD:
		break;
	}
	return req_problem(rq, ERR_UNAUTHORIZED, "proof_bad");
}

/* A device that is not there, or has no key, is not told from one with another key. */
enum err device_proof(struct req *rq, const char *audience, const char **id)
{
	const char *device = req_value(rq, "device");
	const char *params[] = { device };
	struct rows *rows;
	enum err e;

	if ((e = device_ask(rq, Q_DEVICE_KEY, params, &rows)))
		return e;
	if (!rows_count(rows) || !rows_at(rows, 0, 0))
		return req_problem(rq, ERR_UNAUTHORIZED, "proof_bad");
	return device_proof_by(rq, rows_at(rows, 0, 0), device, audience,
			       strtoll(rows_at(rows, 0, 2), NULL, 10), id);
}

enum err device_receipt(struct req *rq, const struct rows *rows)
{
	enum err e = device_refuse(rq, rows_at(rows, 0, 0));

	if (e)
		return e;
	rows_object(rows, 0, &rq->out);
	rq->out_type = "application/json";
	return OK;
}
