#include "fieldapi/push.h"

#include <stdlib.h>
#include <string.h>

#include "auth/ask.h"
#include "base/clock.h"
#include "fieldapi/batch.h"
#include "fieldapi/hold.h"
#include "fieldapi/js.h"
#include "fieldapi/take.h"

enum {
	BODY_BYTES = 1024 * 1024,
	TRIES = 3,
	BUDGET_US = 5000000, /* then what is done is answered, and the rest comes again */
	AFTER_S = 5,         /* when to try again what the database could not just then */
	/* Groups in one transaction, as long as all of them can be applied. */
	GROUPS = 50,
};

/* A batch on its way. */
struct push {
	struct taking taking;
	struct batch batch;
	json_t *results;
	uint64_t until;
	bool is_anything_held;
};

static enum err read_batch(struct req *rq, struct push *p)
{
	struct batch *b = &p->batch;
	enum err e = batch_read(b, rq->body.at, rq->body.length);

	arena_defer(&rq->arena, batch_release, b);
	p->taking.who.device = b->device;
	p->taking.who.sent_at = b->sent_at;
	p->taking.epoch = b->epoch;
	p->taking.oldest = b->oldest;
	if (!e)
		return OK;
	if (!b->wrong_count)
		return req_fail(rq, e, "%s", b->said);
	for (int i = 0; i < b->wrong_count; i++)
		req_fault(rq, b->wrong[i], strcmp(b->wrong[i], "/device") ? "[…]" : "UUID");
	return e;
}

/* Why a group was refused for good, as a word: the constraint's name, or what kind of refusal it
 * was. */
static const char *reason_of(struct req *rq, enum err e)
{
	char *word;

	if (e == ERR_FORBIDDEN)
		return "forbidden";
	if (!rq->detail)
		return "refused";
	word = arena_text(&rq->arena, rq->detail);
	for (char *c = word; *c; c++)
		if (*c == ' ')
			*c = '_';
	return word;
}

static bool is_lasting(enum err e)
{
	return e == ERR_INVALID || e == ERR_CONFLICT || e == ERR_FORBIDDEN || e == ERR_NOT_FOUND ||
	       e == ERR_UNPROCESSABLE;
}

/* The whole batch is refused: not this tablet, not this epoch, not this person. */
static bool is_for_all(const struct req *rq, enum err e)
{
	return rq->problem || e == ERR_UNAUTHORIZED;
}

/* What cannot be written down under its name and number is kept as it came, for a person. */
static enum err set_aside(struct push *p, size_t number)
{
	struct pusher *who = &p->taking.who;
	const json_t *m = (const json_t *)batch_at(&p->batch, number);
	const char *reason = p->batch.faults[number];
	enum err e;

	if ((e = ask_begin(who->rq, &who->db)))
		return e;
	e = hold_aside(who, reason, p->batch.raw[number]);
	if (!e)
		e = db_commit(who->db);
	if (e)
		ask_failed(who->rq, who->db, e);
	db_give(who->db);
	who->db = NULL;
	json_array_append_new(p->results,
			      json_pack("{s:i, s:O?, s:O?, s:s, s:s}", "index", (int)number, "seq",
					json_object_get(m, "seq"), "mid", json_object_get(m, "mid"),
					"state", "quarantined", "reason", reason));
	return e;
}

static size_t number_of(const struct push *p, const json_t *m)
{
	size_t i = 0;

	while (i < batch_size(&p->batch) && (const json_t *)batch_at(&p->batch, i) != m)
		i++;
	return i;
}

/* Another tablet's mutation has the name of one of these: to try again would not help, ever. */
static enum err set_group_aside(struct push *p, const json_t *group, const char *reason)
{
	json_t *m;
	size_t i;
	enum err e = OK;

	json_array_foreach(group, i, m)
	{
		size_t number = number_of(p, m);

		p->batch.faults[number] = reason;
		if (!e)
			e = set_aside(p, number);
		p->batch.faults[number] = NULL;
	}
	return e;
}

static void answer_retry(struct push *p, const json_t *group)
{
	json_t *m;
	size_t i;

	json_array_foreach(group, i, m)
	{
		json_array_append_new(p->results, json_pack("{s:O, s:O, s:s, s:i}", "seq",
							    json_object_get(m, "seq"), "mid",
							    json_object_get(m, "mid"), "state",
							    "retry", "after_s", AFTER_S));
	}
}

/* A group until it has an answer: applied; or refused and written down as such in a transaction of
 * its own; or, when the database could not, «retry» – then the tablet keeps it. */
static enum err settle_group(struct push *p, json_t *group)
{
	struct req *rq = p->taking.who.rq;
	json_t *alone = json_pack("[O]", group);
	struct refusal refusal = { 0 };
	enum err e = OK;

	arena_defer(&rq->arena, js_free, alone);
	for (int tries = 0; tries < TRIES && (!tries || clock_us() < p->until); tries++) {
		bool is_refused = refusal.fault.reason != NULL;

		rq->detail = NULL;
		e = take_groups(&p->taking, (const struct json_t *)alone, &refusal,
				(struct json_t *)p->results);
		if (!e || is_for_all(rq, e))
			return e;
		if (is_lasting(e) && is_refused)
			break;
		if (is_lasting(e) && !refusal.fault.reason)
			refusal.fault.reason = reason_of(rq, e);
	}
	if (is_lasting(e))
		return set_group_aside(p, group, refusal.fault.reason);
	answer_retry(p, group);
	return OK;
}

/* Many groups in one transaction, and each alone when that fails. */
static enum err settle_groups(struct push *p, const json_t *groups)
{
	struct refusal refusal = { 0 };
	json_t *group;
	size_t i;
	enum err e;

	if (json_array_size(groups) > 1) {
		e = take_groups(&p->taking, (const struct json_t *)groups, &refusal,
				(struct json_t *)p->results);
		if (!e || is_for_all(p->taking.who.rq, e))
			return e;
	}
	json_array_foreach(groups, i, group)
	{
		if (clock_us() >= p->until)
			return OK;
		if ((e = settle_group(p, group)))
			return e;
	}
	return OK;
}

/* The next groups from `at` on, which is moved past what was taken. */
static json_t *next_groups(struct push *p, size_t *at)
{
	json_t *groups = js_array(&p->taking.who.rq->arena);

	for (; *at < batch_size(&p->batch) && json_array_size(groups) < GROUPS; (*at)++)
		if (!p->batch.faults[*at] && !p->batch.is_taken[*at])
			json_array_append_new(groups, (json_t *)batch_group(&p->batch, *at));
	return groups;
}

/* What was held and need wait no longer, group by group in its order. What the database cannot do
 * just now waits for the next push. */
static enum err release_held(struct push *p)
{
	struct req *rq = p->taking.who.rq;
	struct refusal refusal = { 0 };
	bool is_done = false;

	for (int tries = 0; !is_done && tries < TRIES && clock_us() < p->until;) {
		enum err e;

		rq->detail = NULL;
		e = take_held(&p->taking, &refusal, &is_done);
		if (e && is_for_all(rq, e))
			return e;
		if (!e) {
			refusal = (struct refusal){ 0 };
			tries = 0;
			continue;
		}
		tries++;
		if (is_lasting(e) && !refusal.fault.reason)
			refusal.fault.reason = reason_of(rq, e);
	}
	rq->detail = NULL;
	return OK;
}

static enum err settle_all(struct push *p)
{
	size_t at = 0;
	enum err e;

	for (size_t i = 0; i < batch_size(&p->batch); i++)
		if (p->batch.faults[i] && (e = set_aside(p, i)))
			return e;
	do {
		const json_t *groups = next_groups(p, &at);

		/* None at all: the tablet is heard, and told if it is not to speak. */
		if ((e = json_array_size(groups)
				 ? settle_groups(p, groups)
				 : take_groups(&p->taking, (const struct json_t *)groups,
					       &(struct refusal){ 0 },
					       (struct json_t *)p->results)))
			return e;
	} while (at < batch_size(&p->batch) && clock_us() < p->until);
	return release_held(p);
}

static enum err push(struct req *rq)
{
	struct push p = { .taking.who.rq = rq, .until = rq->started_us + BUDGET_US };
	enum err e;

	if ((e = read_batch(rq, &p)))
		return e;
	p.results = js_array(&rq->arena);
	if ((e = settle_all(&p)))
		return e;
	buf_printf(&rq->out, "{\"now\":\"%s\",\"acked_through\":%lld,\"results\":%s}",
		   p.taking.who.now ? p.taking.who.now : "",
		   batch_acked(&p.batch, (const struct json_t *)p.results),
		   js_dump(&rq->arena, p.results, 0));
	rq->out_type = "application/json";
	return OK;
}

const struct route push_routes[] = {
	{ "POST", "/api/v1/sync/push", ROLE_FIELD, push, .body_max = BODY_BYTES,
	  .takes_any_json = true, .for_queue = true,
	  .summary = "A tablet's mutations; each is answered, and applied exactly once" },
	{ 0 },
};
