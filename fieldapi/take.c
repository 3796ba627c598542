#include "fieldapi/take.h"

#include <stdlib.h>
#include <string.h>

#include "auth/ask.h"
#include "fieldapi/current.h"
#include "fieldapi/feed.h"
#include "fieldapi/hold.h"
#include "fieldapi/js.h"
#include "fieldapi/rights.h"

enum { SKEW_S = 300 }; /* a clock that is more wrong than this is told of */

/* What is known of the mutations of one transaction, and what has become of them. */
struct round {
	struct taking *t;
	struct hold hold;
	json_t *known;   /* mid: the stored answer, or why the name is another's */
	json_t *rights;  /* mid: why its author may not write it; NULL: nothing was otherwise */
	json_t *kept;    /* what is to be written down: an array of sync_mutation's columns */
	json_t *results; /* answers in their order */
	struct refusal *refusal;
};

static json_t *result_of(const json_t *m, const char *state)
{
	return json_pack("{s:O, s:O, s:s}", "seq", json_object_get(m, "seq"), "mid",
			 json_object_get(m, "mid"), "state", state);
}

static void refuse(json_t *result, const struct op_fault *fault)
{
	json_object_set_new(result, "state", json_string("quarantined"));
	json_object_set_new(result, "reason", json_string(fault->reason));
	if (fault->field)
		json_object_set_new(result, "field", json_string(fault->field));
}

/* Locks the tablet's row and learns who pushes; `do_rights_differ` since one of `all` was written.
 */
static enum err meet(struct taking *t, const json_t *all, bool *do_rights_differ)
{
	struct req *rq = t->who.rq;
	json_t *times = js_array(&rq->arena), *m;
	const char *params[] = { t->who.device, t->who.sent_at, NULL };
	struct rows *rows;
	size_t i;
	enum err e;

	json_array_foreach(all, i, m) json_array_append(times, json_object_get(m, "captured_at"));
	params[2] = js_dump(&rq->arena, times, 0);
	if ((e = db_run(t->who.db, &rq->arena, Q_PUSH_DEVICE, params, &rows)))
		return e;
	if (!rows_count(rows))
		return req_problem(rq, ERR_FORBIDDEN, "device_unknown");
	if (strcmp(rows_at(rows, 0, 0), "active"))
		return feed_revoked(rq);
	if (t->epoch && strcmp(t->epoch, rows_at(rows, 0, 1)))
		return req_problem(rq, ERR_CONFLICT, "epoch_changed");
	t->who.author = rows_at(rows, 0, 2) ? rows_at(rows, 0, 2) : "";
	t->who.person = rows_at(rows, 0, 3);
	t->who.now = rows_at(rows, 0, 4);
	t->who.skew_s = rows_at(rows, 0, 5);
	*do_rights_differ = rows_at(rows, 0, 6)[0] == 't';
	return OK;
}

/* -- what was here before ------------------------------------------------------------ */

/* Another mutation under a name or number that is used is kept where nothing is lost, and not
 * applied. */
static json_t *known_answer(const json_t *m, const char *stored, bool is_same_mid, bool is_same)
{
	json_t *result;

	if (is_same_mid && is_same) {
		result = json_loads(stored, 0, NULL);
		json_object_set_new(result, "replay", json_true());
		return result;
	}
	result = result_of(m, "quarantined");
	json_object_set_new(result, "reason", json_string(is_same_mid ? "mid_reuse" : "seq_reuse"));
	return result;
}

static enum err learn(struct round *r, const json_t *all)
{
	struct arena *a = &r->t->who.rq->arena;
	json_t *asked = js_array(a), *m;
	const char *params[2] = { r->t->who.device };
	struct rows *rows;
	size_t i;
	enum err e;

	r->known = json_object();
	arena_defer(a, js_free, r->known);
	json_array_foreach(all, i, m)
	{
		json_array_append_new(asked,
				      json_pack("{s:i, s:O, s:O, s:s}", "n", (int)i, "mid",
						json_object_get(m, "mid"), "seq",
						json_object_get(m, "seq"), "hash", js_hash(a, m)));
	}
	params[1] = js_dump(a, asked, 0);
	if ((e = db_run(r->t->who.db, a, Q_PUSH_KNOWN, params, &rows)))
		return e;
	for (int row = 0; row < rows_count(rows); row++) {
		m = json_array_get(all, strtoul(rows_at(rows, row, 0), NULL, 10));
		json_object_set_new(r->known, js_text(m, "mid"),
				    known_answer(m, rows_at(rows, row, 3),
						 rows_at(rows, row, 1)[0] == 't',
						 rows_at(rows, row, 2)[0] == 't'));
	}
	return hold_learn(&r->hold, &r->t->who, (const struct json_t *)all);
}

static enum err learn_rights(struct round *r, const json_t *all, const char *const *times)
{
	struct json_t *reasons;
	enum err e = rights_learn(&r->t->who, (const struct json_t *)all, times, &reasons);

	if (!e)
		r->rights = (json_t *)reasons;
	return e;
}

/* Twice in one transaction: the second is judged by the first. */
static json_t *twin_answer(const struct round *r, const json_t *m)
{
	struct arena *a = &r->t->who.rq->arena;
	json_t *kept;
	size_t i;

	json_array_foreach(r->kept, i, kept)
	{
		bool is_same_mid =
			json_equal(json_object_get(kept, "mid"), json_object_get(m, "mid"));

		if (is_same_mid ||
		    json_equal(json_object_get(kept, "seq"), json_object_get(m, "seq")))
			return known_answer(m, js_dump(a, json_object_get(kept, "result"), 0),
					    is_same_mid,
					    !strcmp(js_text(kept, "hash"), js_hash(a, m)));
	}
	return NULL;
}

/* Adds the stored answer, when there is one. */
static enum err answer_known(struct round *r, const json_t *m, bool *is_known)
{
	struct arena *a = &r->t->who.rq->arena;
	json_t *stored = json_object_get(r->known, js_text(m, "mid")), *result;

	*is_known = true;
	if (stored)
		result = json_incref(stored);
	else if (!(result = twin_answer(r, m)))
		*is_known = false;
	if (!*is_known)
		return OK;
	json_array_append_new(r->results, result);
	if (json_object_get(result, "replay"))
		return OK;
	return hold_aside(&r->t->who, js_text(result, "reason"), str_of(js_dump(a, m, 0)));
}

/* -- one mutation -------------------------------------------------------------------- */

static enum err add_missing(struct round *r, const json_t *m, json_t *result)
{
	struct arena *a = &r->t->who.rq->arena;
	const json_t *att = json_object_get(m, "att");
	json_t *hashes, *missing, *one;
	const char *text;
	struct rows *rows;
	size_t i;
	enum err e;

	if (!json_array_size(att))
		return OK;
	hashes = js_array(a);
	json_array_foreach(att, i, one)
	{
		const char *hash = json_string_value(one);

		if (hash && !strncmp(hash, "sha256:", 7))
			hash += 7;
		if (hash && strlen(hash) == 64 && strspn(hash, "0123456789abcdef") == 64)
			json_array_append_new(hashes, json_string(hash));
	}
	text = js_dump(a, hashes, 0);
	if ((e = db_run(r->t->who.db, a, Q_PUSH_MISSING, &text, &rows)) || !rows_count(rows))
		return e;
	missing = json_array();
	for (int row = 0; row < rows_count(rows); row++)
		json_array_append_new(missing, json_sprintf("sha256:%s", rows_at(rows, row, 0)));
	json_object_set_new(result, "att_missing", missing);
	return OK;
}

/* To be written down with its answer: from then on a repeat is told the same. */
static void keep(struct round *r, const json_t *m, json_t *result, const char *held_for)
{
	struct arena *a = &r->t->who.rq->arena;

	json_array_append_new(
		r->kept, json_pack("{s:O, s:O, s:O?, s:O, s:s, s:O, s:s, s:O, s:O, s:s?}", "seq",
				   json_object_get(m, "seq"), "mid", json_object_get(m, "mid"),
				   "grp", json_object_get(m, "grp"), "op", json_object_get(m, "op"),
				   "hash", js_hash(a, m), "payload", m, "state",
				   js_text(result, "state"), "result", result, "captured_at",
				   json_object_get(m, "captured_at"), "held_for", held_for));
}

static void tell_skew(const struct round *r, json_t *result)
{
	double skew = r->t->who.skew_s ? strtod(r->t->who.skew_s, NULL) : 0;

	if (skew > SKEW_S || skew < -SKEW_S)
		json_object_set_new(result, "skew_s", json_integer((json_int_t)skew));
}

/* The answer to one that is refused. What was written about a deleted row is a matter of its own.
 */
static enum err take_refused(struct round *r, const json_t *m, json_t *result)
{
	static const struct op_fault with_group = { "group", NULL };
	const struct refusal *refusal = r->refusal;
	bool is_culprit = !refusal->mid || !strcmp(refusal->mid, js_text(m, "mid"));

	struct op_fault fault = is_culprit ? refusal->fault : with_group;
	const char *reason = fault.reason ? fault.reason : "";
	bool is_deleted = !strcmp(reason, "edit_after_delete");
	enum err e = OK;

	/* A fact about a task that is gone is forbidden to the database, and more to us. */
	if (!strcmp(reason, "forbidden"))
		e = apply_is_deleted(&r->t->who, (const struct json_t *)m, &is_deleted);
	if (is_deleted)
		fault = (struct op_fault){ "edit_after_delete", NULL };
	refuse(result, &fault);
	if (e || !is_deleted)
		return e;
	e = apply_deleted(&r->t->who, (const struct json_t *)m, (struct json_t *)result);
	json_object_set_new(result, "state", json_string("quarantined"));
	return e;
}

/* Applies one. When it is refused, its group is: nothing of the group may stand. */
static enum err take_one(struct round *r, const json_t *m, json_t *result)
{
	struct op_fault fault = { 0 };
	enum err e = apply_mutation(&r->t->who, (const struct json_t *)m, (struct json_t *)result,
				    &fault);

	if (!e && !fault.reason)
		return add_missing(r, m, result);
	r->refusal->mid = js_text(m, "mid");
	r->refusal->fault = fault;
	return e ? e : ERR_UNPROCESSABLE;
}

/* -- a group ------------------------------------------------------------------------- */

/* Why one is refused before anything is written. */
static struct op_fault fault_of(const struct round *r, const json_t *m)
{
	struct op_fault fault = apply_check(&r->t->who, (const struct json_t *)m);

	if (!fault.reason && r->rights)
		fault.reason = js_text(r->rights, js_text(m, "mid"));
	return fault;
}

/* Marks the group as refused when one of it is. */
static void check_group(struct round *r, const json_t *group)
{
	json_t *m;
	size_t i;

	json_array_foreach(group, i, m)
	{
		struct op_fault fault = fault_of(r, m);

		if (!fault.reason || r->refusal->fault.reason)
			continue;
		r->refusal->mid = js_text(m, "mid");
		r->refusal->fault = fault;
	}
}

static enum err take_mutations(struct round *r, const json_t *group, const char *blocker,
			       json_t *answers)
{
	json_t *m;
	size_t i;
	enum err e = OK;

	json_array_foreach(group, i, m)
	{
		json_t *result = result_of(m, blocker ? "held" : "applied");

		json_array_append_new(answers, result);
		tell_skew(r, result);
		if (blocker)
			json_object_set_new(result, "held_for", json_string(blocker));
		if (r->refusal->fault.reason)
			e = take_refused(r, m, result);
		else
			e = blocker ? add_missing(r, m, result) : take_one(r, m, result);
		/* Nothing of its group is written yet: it can be refused on the spot. */
		if (e == ERR_UNPROCESSABLE && json_array_size(group) == 1)
			e = take_refused(r, m, result);
		if (e)
			return e;
	}
	return OK;
}

static enum err take_group(struct round *r, const json_t *group)
{
	struct arena *a = &r->t->who.rq->arena;
	json_t *fresh = js_array(a), *answers = js_array(a), *m;
	const char *blocker = NULL;
	bool is_known;
	size_t i;
	enum err e;

	json_array_foreach(group, i, m)
	{
		if ((e = answer_known(r, m, &is_known)))
			return e;
		if (!is_known)
			json_array_append(fresh, m);
	}
	if (!r->refusal->fault.reason)
		check_group(r, fresh);
	if (!r->refusal->fault.reason)
		blocker = hold_blocker(&r->hold, (const struct json_t *)fresh, r->t->oldest);
	if ((e = take_mutations(r, fresh, blocker, answers)))
		return e;
	json_array_foreach(fresh, i, m) keep(r, m, json_array_get(answers, i), blocker);
	hold_note(&r->hold, (const struct json_t *)fresh, blocker != NULL);
	json_array_extend(r->results, answers);
	return OK;
}

/* -- a transaction ------------------------------------------------------------------- */

static enum err write_down(struct round *r, const json_t *all)
{
	struct arena *a = &r->t->who.rq->arena;
	const char *params[] = { r->t->who.device, js_dump(a, r->kept, 0), r->t->who.skew_s };
	const char *seen[] = { r->t->who.device, "0", NULL };
	long long last = 0;
	json_t *m;
	size_t i;
	enum err e;

	json_array_foreach(all, i, m)
	{
		long long seq = json_integer_value(json_object_get(m, "seq"));

		last = seq > last ? seq : last;
	}
	if (json_array_size(r->kept) && ((e = db_run(r->t->who.db, a, Q_PUSH_KEEP, params, NULL)) ||
					 (e = db_run(r->t->who.db, a, Q_PUSH_CLOCK, params, NULL))))
		return e;
	seen[1] = arena_printf(a, "%lld", last);
	if (r->t->oldest)
		seen[2] = arena_printf(a, "%lld", r->t->oldest);
	return db_run(r->t->who.db, a, Q_PUSH_SEEN, seen, NULL);
}

static enum err take_all(struct round *r, const json_t *groups)
{
	struct arena *a = &r->t->who.rq->arena;
	json_t *all = js_array(a), *group;
	bool do_rights_differ;
	size_t i;
	enum err e;

	json_array_foreach(groups, i, group) json_array_extend(all, group);
	r->kept = js_array(a);
	r->results = js_array(a);
	if ((e = meet(r->t, all, &do_rights_differ)) || (e = learn(r, all)) ||
	    (do_rights_differ && (e = learn_rights(r, all, NULL))) ||
	    (e = current_learn(&r->t->who, (const struct json_t *)all,
			       json_array_size(groups) > 1)))
		return e;
	json_array_foreach(groups, i, group)
	{
		struct refusal given = *r->refusal;

		if ((e = take_group(r, group)))
			return e;
		*r->refusal = given;
	}
	if ((e = current_flush(&r->t->who)))
		return e;
	return write_down(r, all);
}

enum err take_groups(struct taking *t, const struct json_t *groups, struct refusal *refusal,
		     struct json_t *results)
{
	struct req *rq = t->who.rq;
	struct round r = { .t = t, .refusal = refusal };
	enum err e;

	if ((e = ask_begin(rq, &t->who.db)))
		return e;
	e = take_all(&r, (const json_t *)groups);
	if (!e)
		e = db_commit(t->who.db);
	if (e && e != ERR_UNPROCESSABLE)
		ask_failed(rq, t->who.db, e);
	db_give(t->who.db);
	t->who.db = NULL;
	if (!e)
		json_array_extend((json_t *)results, r.results);
	return e;
}

/* -- what was held -------------------------------------------------------------------- */

static enum err write_settled(struct round *r, const struct rows *rows, const json_t *answers)
{
	struct arena *a = &r->t->who.rq->arena;
	json_t *result;
	size_t i;
	enum err e;

	json_array_foreach(answers, i, result)
	{
		const char *params[] = { r->t->who.device, rows_at(rows, (int)i, 0),
					 js_text(result, "state"), js_dump(a, result, 0) };

		if ((e = db_run(r->t->who.db, a, Q_PUSH_SETTLE, params, NULL)))
			return e;
	}
	return OK;
}

static enum err take_ready(struct round *r, bool *is_done)
{
	struct arena *a = &r->t->who.rq->arena;
	json_t *group = js_array(a), *answers = js_array(a);
	const char **times;
	bool do_rights_differ;
	struct rows *rows;
	enum err e;

	if ((e = meet(r->t, NULL, &do_rights_differ)) ||
	    (e = db_run(r->t->who.db, a, Q_PUSH_READY, &r->t->who.device, &rows)))
		return e;
	*is_done = !rows_count(rows);
	if (*is_done)
		return OK;
	times = arena_alloc(a, (size_t)rows_count(rows) * sizeof(*times));
	for (int i = 0; i < rows_count(rows); i++) {
		json_array_append_new(group, json_loads(rows_at(rows, i, 1), 0, NULL));
		times[i] = rows_at(rows, i, 2);
	}
	if ((e = learn_rights(r, group, times)) ||
	    (e = current_learn(&r->t->who, (const struct json_t *)group, false)))
		return e;
	if (!r->refusal->fault.reason)
		check_group(r, group);
	if ((e = take_mutations(r, group, NULL, answers)))
		return e;
	return write_settled(r, rows, answers);
}

enum err take_held(struct taking *t, struct refusal *refusal, bool *is_done)
{
	struct req *rq = t->who.rq;
	struct round r = { .t = t, .refusal = refusal };
	enum err e;

	if ((e = ask_begin(rq, &t->who.db)))
		return e;
	e = take_ready(&r, is_done);
	if (!e)
		e = db_commit(t->who.db);
	if (e && e != ERR_UNPROCESSABLE)
		ask_failed(rq, t->who.db, e);
	db_give(t->who.db);
	t->who.db = NULL;
	return e;
}
