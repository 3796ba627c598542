#include "fieldapi/push.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "auth/ask.h"
#include "base/clock.h"
#include "base/sha256.h"
#include "base/uuid.h"
#include "fieldapi/apply.h"
#include "fieldapi/batch.h"
#include "http/input.h"

enum {
	BODY_BYTES = 1024 * 1024,
	TRIES = 3,
	BUDGET_US = 5000000, /* then what is done is answered, and the rest comes again */
};

/* A batch on its way. */
struct push {
	struct pusher who;
	struct batch batch;
	json_t *results;
};

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void free_json(void *json)
{
	json_decref(json);
}

static void free_text(void *text)
{
	free(text);
}

static const char *dump(struct arena *a, const json_t *value, size_t flags)
{
	char *text = json_dumps(value, JSON_COMPACT | flags);

	arena_defer(a, free_text, text);
	return text;
}

static json_t *result_of(const json_t *m, const char *state)
{
	return json_pack("{s:O?, s:O?, s:s}", "seq", json_object_get(m, "seq"), "mid",
			 json_object_get(m, "mid"), "state", state);
}

static enum err read_batch(struct req *rq, struct push *p)
{
	struct batch *b = &p->batch;
	enum err e = batch_read(b, rq->body.at, rq->body.length);

	arena_defer(&rq->arena, free_json, b->body);
	p->who.device = b->device;
	if (!e)
		return OK;
	if (!b->wrong_count)
		return req_fail(rq, e, "%s", b->said);
	for (int i = 0; i < b->wrong_count; i++)
		req_fault(rq, b->wrong[i], strcmp(b->wrong[i], "/device") ? "[…]" : "UUID");
	return e;
}

/* Locks the tablet's row and learns who pushes. */
static enum err meet(struct push *p)
{
	struct req *rq = p->who.rq;
	const char *epoch = p->batch.epoch;
	struct rows *rows;
	enum err e;

	if ((e = db_run(p->who.db, &rq->arena, Q_PUSH_DEVICE, &p->who.device, &rows)))
		return e;
	if (!rows_count(rows))
		return req_problem(rq, ERR_FORBIDDEN, "device_unknown");
	if (strcmp(rows_at(rows, 0, 0), "active")) {
		rq->problem_extra = ",\"wipe\":true,\"salvage\":true";
		return req_problem(rq, ERR_FORBIDDEN, "device_revoked");
	}
	if (epoch && strcmp(epoch, rows_at(rows, 0, 1)))
		return req_problem(rq, ERR_CONFLICT, "epoch_changed");
	p->who.author = rows_at(rows, 0, 2) ? rows_at(rows, 0, 2) : "";
	p->who.person = rows_at(rows, 0, 3);
	p->who.now = rows_at(rows, 0, 4);
	return OK;
}

/* The stored answer, when this mutation has been here before. */
static enum err look_up(struct push *p, const json_t *m, const char *hash, json_t **result)
{
	struct arena *a = &p->who.rq->arena;
	const char *seq =
		arena_printf(a, "%lld", (long long)json_integer_value(json_object_get(m, "seq")));
	const char *params[] = { text_of(m, "mid"), hash, p->who.device, seq };
	struct rows *rows;
	enum err e;

	*result = NULL;
	if ((e = db_run(p->who.db, a, Q_PUSH_KNOWN, params, &rows)) || !rows_count(rows))
		return e;
	if (rows_at(rows, 0, 1)[0] == 't' && rows_at(rows, 0, 0)[0] == 't') {
		*result = json_loads(rows_at(rows, 0, 3), 0, NULL);
		json_object_set_new(*result, "replay", json_true());
		return OK;
	}
	/* Another mutation under the same name or number: kept where nothing is lost, not applied.
	 */
	{
		const char *reason = rows_at(rows, 0, 0)[0] == 't' ? "mid_reuse" : "seq_reuse";
		const char *keep[] = { p->who.device, reason, dump(a, m, 0) };

		*result = result_of(m, "quarantined");
		json_object_set_new(*result, "reason", json_string(reason));
		return db_run(p->who.db, a, Q_SYNC_QUARANTINE_ADD, keep, NULL);
	}
}

static enum err add_missing(struct push *p, const json_t *m, json_t *result)
{
	struct arena *a = &p->who.rq->arena;
	const json_t *att = json_object_get(m, "att");
	json_t *hashes, *missing, *one;
	const char *text;
	struct rows *rows;
	size_t i;
	enum err e;

	if (!json_array_size(att))
		return OK;
	hashes = json_array();
	json_array_foreach(att, i, one)
	{
		const char *hash = json_string_value(one);

		if (hash && !strncmp(hash, "sha256:", 7))
			hash += 7;
		if (hash && strlen(hash) == 64 && strspn(hash, "0123456789abcdef") == 64)
			json_array_append_new(hashes, json_string(hash));
	}
	text = dump(a, hashes, 0);
	json_decref(hashes);
	if ((e = db_run(p->who.db, a, Q_PUSH_MISSING, &text, &rows)) || !rows_count(rows))
		return e;
	missing = json_array();
	for (int row = 0; row < rows_count(rows); row++)
		json_array_append_new(missing, json_sprintf("sha256:%s", rows_at(rows, row, 0)));
	json_object_set_new(result, "att_missing", missing);
	return OK;
}

/* Writes the mutation down with its answer: from now on a repeat is told the same. */
static enum err keep(struct push *p, const json_t *m, const char *hash, const json_t *result)
{
	struct arena *a = &p->who.rq->arena;
	const char *grp = text_of(m, "grp");
	const char *params[] = {
		p->who.device,
		arena_printf(a, "%lld", (long long)json_integer_value(json_object_get(m, "seq"))),
		text_of(m, "mid"),
		grp,
		text_of(m, "op"),
		hash,
		dump(a, m, 0),
		text_of(result, "state"),
		dump(a, result, 0),
		text_of(m, "captured_at"),
	};

	return db_run(p->who.db, a, Q_PUSH_KEEP, params, NULL);
}

static const char *hash_of(struct arena *a, const json_t *m)
{
	const char *text = dump(a, m, JSON_SORT_KEYS);
	char *hash = arena_alloc(a, SHA256_TEXT);

	sha256_of(text, strlen(text), hash);
	return hash;
}

/* One mutation. `refusal` != NULL: it is known to be refused, with that reason. */
static enum err take_one(struct push *p, const json_t *m, const char *refusal, json_t **result)
{
	struct arena *a = &p->who.rq->arena;
	const char *hash = hash_of(a, m);
	enum err e;

	if ((e = look_up(p, m, hash, result)) || *result)
		return e;
	*result = result_of(m, "applied");
	if (!refusal && (e = apply_mutation(&p->who, (struct json_t *)(uintptr_t)m,
					    (struct json_t *)*result, &refusal)))
		return e;
	if (refusal) {
		json_object_set_new(*result, "state", json_string("quarantined"));
		json_object_set_new(*result, "reason", json_string(refusal));
	} else if ((e = add_missing(p, m, *result))) {
		return e;
	}
	return keep(p, m, hash, *result);
}

/* The mutations of a group, in one transaction. Answers are added to `results` as they come. */
static enum err take_group(struct push *p, const json_t *group, const char *refusal,
			   json_t *results)
{
	struct req *rq = p->who.rq;
	json_t *m;
	size_t i;
	enum err e;

	if ((e = ask_begin(rq, &p->who.db)))
		return e;
	e = meet(p);
	json_array_foreach(group, i, m)
	{
		json_t *result = NULL;
		const char *seen[] = {
			p->who.device,
			arena_printf(&rq->arena, "%lld",
				     (long long)json_integer_value(json_object_get(m, "seq"))),
		};

		if (e)
			break;
		e = take_one(p, m, refusal, &result);
		if (result)
			json_array_append_new(results, result);
		if (!e && i + 1 == json_array_size(group))
			e = db_run(p->who.db, &rq->arena, Q_PUSH_SEEN, seen, NULL);
	}
	if (!e)
		e = db_commit(p->who.db);
	if (e)
		ask_failed(rq, p->who.db, e);
	db_give(p->who.db);
	p->who.db = NULL;
	return e;
}

/* Why a group was refused for good, as a word: the constraint's name, or what kind of refusal it
 * was. */
static const char *reason_of(struct push *p, enum err e)
{
	struct req *rq = p->who.rq;
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
	return e == ERR_INVALID || e == ERR_CONFLICT || e == ERR_FORBIDDEN || e == ERR_NOT_FOUND;
}

/* What cannot be written down under its name and number is kept as it came, for a person. */
static enum err set_aside(struct push *p, const json_t *m, const char *reason)
{
	struct req *rq = p->who.rq;
	json_t *result = result_of(m, "quarantined");
	const char *params[] = { p->who.device, reason, dump(&rq->arena, m, JSON_ENCODE_ANY) };
	enum err e = ask_rows(rq, Q_SYNC_QUARANTINE_ADD, params, NULL);

	json_object_set_new(result, "reason", json_string(reason));
	json_array_append_new(p->results, result);
	return e;
}

/* A group until it has an answer: applied; or refused and written down as such in a transaction of
 * its own; or, when the database could not, «retry» – then the tablet keeps it. */
static enum err settle_group(struct push *p, const json_t *group)
{
	struct req *rq = p->who.rq;
	const char *refusal = NULL;
	enum err e = OK;
	json_t *m;
	size_t i;

	for (int tries = 0; tries < TRIES; tries++) {
		json_t *results = json_array();

		rq->detail = NULL;
		e = take_group(p, group, refusal, results);
		if (!e)
			json_array_extend(p->results, results);
		json_decref(results);
		if (!e || rq->problem || e == ERR_UNAUTHORIZED)
			return e; /* the whole batch is refused: not this tablet, not this epoch */
		if (is_lasting(e) && !refusal)
			refusal = reason_of(p, e);
		else if (is_lasting(e))
			break;
	}
	/* Another tablet's mutation has its name: to try again would not help, ever. */
	if (is_lasting(e)) {
		e = OK;
		json_array_foreach(group, i, m) if (!e) e = set_aside(p, m, refusal);
		return e;
	}
	json_array_foreach(group, i, m) json_array_append_new(p->results, result_of(m, "retry"));
	return OK;
}

static enum err push(struct req *rq)
{
	struct push p = { .who = { .rq = rq } };
	uint64_t until = rq->started_us + BUDGET_US;
	enum err e;

	if ((e = read_batch(rq, &p)))
		return e;
	p.results = json_array();
	arena_defer(&rq->arena, free_json, p.results);
	for (size_t i = 0; i < batch_size(&p.batch) && clock_us() < until; i++) {
		const json_t *m = (const json_t *)batch_at(&p.batch, i);
		json_t *group;

		if (p.batch.is_taken[i])
			continue;
		if (!p.batch.is_good[i]) {
			e = set_aside(&p, m, "malformed");
		} else {
			group = (json_t *)batch_group(&p.batch, i);
			e = settle_group(&p, group);
			json_decref(group);
		}
		if (e)
			return e;
	}
	buf_printf(&rq->out, "{\"now\":\"%s\",\"acked_through\":%lld,\"results\":%s}",
		   p.who.now ? p.who.now : "",
		   batch_acked(&p.batch, (const struct json_t *)p.results),
		   dump(&rq->arena, p.results, 0));
	rq->out_type = "application/json";
	return OK;
}

const struct route push_routes[] = {
	{ "POST", "/api/v1/sync/push", ROLE_FIELD, push, .body_max = BODY_BYTES,
	  .takes_any_json = true,
	  .summary = "A tablet's mutations; each is answered, and applied exactly once" },
	{ 0 },
};
