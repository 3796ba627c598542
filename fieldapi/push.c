#include "fieldapi/push.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "auth/ask.h"
#include "base/clock.h"
#include "base/sha256.h"
#include "base/uuid.h"
#include "fieldapi/apply.h"
#include "http/input.h"

enum {
	BODY_BYTES = 1024 * 1024,
	MUTATIONS_MAX = 200,
	MUTATION_BYTES = 256 * 1024,
	DEPTH_MAX = 32,
	TRIES = 3,
	BUDGET_US = 5000000, /* then what is done is answered, and the rest comes again */
};

/* A batch on its way. */
struct push {
	struct pusher who;
	json_t *body;
	const json_t *mutations;
	json_t *results;
	bool is_good[MUTATIONS_MAX]; /* well formed, looked at once */
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

static int depth_of(const json_t *value, int depth)
{
	int most = depth;
	const char *name;
	json_t *member;
	size_t i;

	if (depth > DEPTH_MAX)
		return depth;
	json_object_foreach((json_t *)(uintptr_t)value, name, member)
	{
		int below = depth_of(member, depth + 1);

		most = below > most ? below : most;
	}
	json_array_foreach(value, i, member)
	{
		int below = depth_of(member, depth + 1);

		most = below > most ? below : most;
	}
	return most;
}

static json_t *result_of(const json_t *m, const char *state)
{
	return json_pack("{s:O?, s:O?, s:s}", "seq", json_object_get(m, "seq"), "mid",
			 json_object_get(m, "mid"), "state", state);
}

static bool is_well_formed(const json_t *m)
{
	static const struct input captured = { "captured_at", IN_TIME };
	const char *mid = text_of(m, "mid"), *grp = text_of(m, "grp"),
		   *at = text_of(m, "captured_at");

	return json_is_object(m) && json_integer_value(json_object_get(m, "seq")) > 0 && mid &&
	       uuid_is_valid(mid) && (!grp || uuid_is_valid(grp)) && text_of(m, "op") && at &&
	       !input_fault(&captured, at, "en") && depth_of(m, 0) <= DEPTH_MAX &&
	       json_dumpb(m, NULL, 0, JSON_COMPACT) <= MUTATION_BYTES;
}

static enum err read_batch(struct req *rq, struct push *p)
{
	static const struct input device_input = { "device", IN_UUID };
	json_error_t error;

	p->body = json_loadb(rq->body.at ? rq->body.at : "", rq->body.length,
			     JSON_REJECT_DUPLICATES, &error);
	if (!p->body)
		return req_fail(rq, ERR_INVALID, "JSON, line %d, column %d: %s", error.line,
				error.column, error.text);
	arena_defer(&rq->arena, free_json, p->body);
	p->who.device = text_of(p->body, "device");
	p->mutations = json_object_get(p->body, "mutations");
	if (!p->who.device || input_fault(&device_input, p->who.device, rq->language))
		req_fault(rq, "/device", "UUID");
	if (!json_is_array(p->mutations))
		req_fault(rq, "/mutations", "[…]");
	if (rq->fault_count)
		return ERR_INVALID;
	if (json_array_size(p->mutations) > MUTATIONS_MAX)
		return req_fail(rq, ERR_TOO_LARGE, "at most %d mutations", MUTATIONS_MAX);
	return OK;
}

/* Locks the tablet's row and learns who pushes. */
static enum err meet(struct push *p)
{
	struct req *rq = p->who.rq;
	const char *epoch = text_of(p->body, "epoch");
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

static const char *group_of(const json_t *m)
{
	const char *grp = text_of(m, "grp");

	return grp ? grp : text_of(m, "mid");
}

/* The mutations of the group that number `from` begins, marked as taken. */
static json_t *gather(const struct push *p, size_t from, bool taken[MUTATIONS_MAX])
{
	const char *name = group_of(json_array_get(p->mutations, from));
	json_t *group = json_array();

	for (size_t i = from; i < json_array_size(p->mutations); i++) {
		json_t *m = json_array_get(p->mutations, i);

		if (taken[i] || !p->is_good[i] || strcmp(group_of(m), name))
			continue;
		taken[i] = true;
		json_array_append(group, m);
	}
	return group;
}

static bool is_final(const struct push *p, const json_t *mid)
{
	json_t *result;
	size_t i;

	json_array_foreach(
		p->results, i,
		result) if (json_equal(mid, json_object_get(result,
							    "mid"))) return strcmp(text_of(result,
											   "state"),
										   "retry") != 0;
	return false;
}

/* The seq up to which the tablet need send nothing again: nothing before it is still open. */
static long long acked_through(const struct push *p)
{
	long long open = LLONG_MAX, acked = 0;
	json_t *m;
	size_t i;

	json_array_foreach(p->mutations, i, m)
	{
		long long seq = json_integer_value(json_object_get(m, "seq"));

		if (p->is_good[i] && seq < open && !is_final(p, json_object_get(m, "mid")))
			open = seq;
	}
	json_array_foreach(p->mutations, i, m)
	{
		long long seq = json_integer_value(json_object_get(m, "seq"));

		if (p->is_good[i] && seq < open && seq > acked)
			acked = seq;
	}
	return acked;
}

static enum err push(struct req *rq)
{
	struct push p = { .who = { .rq = rq } };
	bool taken[MUTATIONS_MAX] = { false };
	uint64_t until = rq->started_us + BUDGET_US;
	enum err e;

	if ((e = read_batch(rq, &p)))
		return e;
	p.results = json_array();
	arena_defer(&rq->arena, free_json, p.results);
	for (size_t i = 0; i < json_array_size(p.mutations); i++)
		p.is_good[i] = is_well_formed(json_array_get(p.mutations, i));
	for (size_t i = 0; i < json_array_size(p.mutations) && clock_us() < until; i++) {
		const json_t *m = json_array_get(p.mutations, i);
		json_t *group;

		if (taken[i])
			continue;
		if (!p.is_good[i]) {
			e = set_aside(&p, m, "malformed");
		} else {
			group = gather(&p, i, taken);
			e = settle_group(&p, group);
			json_decref(group);
		}
		if (e)
			return e;
	}
	buf_printf(&rq->out, "{\"now\":\"%s\",\"acked_through\":%lld,\"results\":%s}",
		   p.who.now ? p.who.now : "", acked_through(&p), dump(&rq->arena, p.results, 0));
	rq->out_type = "application/json";
	return OK;
}

const struct route push_routes[] = {
	{ "POST", "/api/v1/sync/push", ROLE_FIELD, push, .body_max = BODY_BYTES,
	  .takes_any_json = true,
	  .summary = "A tablet's mutations; each is answered, and applied exactly once" },
	{ 0 },
};
