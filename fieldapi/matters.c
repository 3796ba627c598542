#include "fieldapi/matters.h"

#include <stdlib.h>
#include <string.h>

#include "auth/ask.h"
#include "fieldapi/again.h"
#include "fieldapi/check.h"
#include "fieldapi/current.h"
#include "fieldapi/js.h"
#include "fieldapi/merge.h"

enum { NOTE_CHARS = 1000, VALUE_CHARS = 20000, PAGE_MAX = 200 };

/* A conflict that is being resolved. */
struct matter {
	struct req *rq;
	struct db *db;
	struct rows *rows;
	const char *choice, *value; /* what the field becomes */
	json_t *results;            /* of what was applied again */
};

static const char *of(const struct matter *m, const char *name)
{
	return rows_at(m->rows, 0, rows_column(m->rows, name));
}

static bool is(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

/* -- a field -------------------------------------------------------------------------- */

/* The operation that changes this table, and its declaration of the field. */
static const struct op *op_of(const struct matter *m, const struct op_field **field)
{
	long number = strtol(of(m, "tbl"), NULL, 10);
	const struct op *op;

	for (size_t i = 0; (op = op_at(i)); i++)
		if (op->kind == OP_UPDATE && op->number == number &&
		    (*field = op_field(op, of(m, "field"))))
			return op;
	return NULL;
}

static enum err wrong(struct matter *m, const char *pointer, const char *why)
{
	req_fault(m->rq, pointer, why);
	return ERR_INVALID;
}

/* Both texts, one after the other; of the states only what the office cancelled and the tablet had
 * done by then. */
static enum err both(struct matter *m, const struct op_field *f)
{
	const char *mine = of(m, "mine"), *theirs = of(m, "theirs"), *author = of(m, "author");
	struct op_field kept = *f;

	if (f->policy == POLICY_STATE && is(mine, "done") && is(theirs, "cancelled")) {
		m->value = "done_after_cancel";
		return OK;
	}
	if (f->kind != IN_TEXT || !mine || !theirs)
		return wrong(m, "/choice", "these two cannot both stand");
	kept.policy = POLICY_KEEP_BOTH;
	m->value = merge_field(&m->rq->arena, &kept, theirs, of(m, "base"), mine,
			       author ? author : "", of(m, "at") ? of(m, "at") : "")
			   .value;
	return OK;
}

/* Another value, if the field may have it. */
static enum err another(struct matter *m, const struct op_field *f)
{
	static const struct op_field end = { 0 };
	const struct op_field only[] = { *f, end };
	const struct op op = { .name = "", .kind = OP_UPDATE, .fields = only };
	json_t *value, *set;
	struct op_fault fault;

	m->value = req_value(m->rq, "value");
	if (!m->value)
		return wrong(m, "/value", "missing");
	value = f->kind == IN_INT ? json_integer(strtoll(m->value, NULL, 10))
				  : json_string(m->value);
	set = json_pack("{s:{s:o}}", f->name, "n", value);
	fault = op_check(&op, (const struct json_t *)set);
	json_decref(set);
	return fault.reason ? wrong(m, "/value", fault.reason) : OK;
}

static enum err choose(struct matter *m, const struct op_field *f)
{
	if (is(m->choice, "both"))
		return both(m, f);
	if (is(m->choice, "value"))
		return another(m, f);
	m->value = of(m, m->choice);
	return OK;
}

/* The conflict is told anew: who resolves it must know what they replace. */
static enum err tell_anew(struct matter *m, const char *current)
{
	json_t *now = current ? json_string(current) : json_null();
	char *text = json_dumps(now, JSON_ENCODE_ANY);

	m->rq->problem_extra = arena_printf(&m->rq->arena, ",\"now_is\":%s", text);
	free(text);
	json_decref(now);
	return req_problem(m->rq, ERR_CONFLICT, "changed_since");
}

static bool same(struct arena *a, const struct op_field *f, const char *one, const char *other)
{
	const char *x = merge_canonical(a, f->kind, one), *y = merge_canonical(a, f->kind, other);

	return x && y ? !strcmp(x, y) : x == y;
}

static enum err settle_field(struct matter *m)
{
	struct pusher p = { .rq = m->rq, .db = m->db };
	struct arena *a = &m->rq->arena;
	const char *id = of(m, "row_id"), *current;
	const struct op_field *f = NULL;
	const struct op *op = op_of(m, &f);
	json_t *changes, *written = json_object();
	struct json_t *row;
	enum err e;

	arena_defer(a, js_free, written);
	if (!op)
		return req_problem(m->rq, ERR_UNPROCESSABLE, "unknown_field");
	if ((e = current_learn(&p, NULL, false)) || (e = current_row(&p, op, id, &row)))
		return e;
	if (!row)
		return req_problem(m->rq, ERR_CONFLICT, "row_gone");
	current = json_string_value(json_object_get((json_t *)row, f->name));
	current = current ? arena_text(a, current) : NULL;
	if (!same(a, f, current, req_value(m->rq, "seen")))
		return tell_anew(m, current);
	if ((e = choose(m, f)) || same(a, f, current, m->value))
		return e;
	changes = json_pack("{s:s?}", f->name, m->value);
	arena_defer(a, js_free, changes);
	return current_write(&p, op, id, (const struct json_t *)changes, (struct json_t *)written);
}

/* -- what is not about a field --------------------------------------------------------- */

/* What was written about a row that is gone, or waited too long: applied after all, or left. */
static enum err settle_mutation(struct matter *m)
{
	const char *id = m->rq->ids[0], *reason = NULL;
	enum err e = OK;

	if (is(m->choice, "theirs")) {
		e = again_close(m->rq, m->db, of(m, "mid"), req_value(m->rq, "note"));
		return e == ERR_NOT_FOUND ? OK : e;
	}
	if (!is(m->choice, "mine"))
		return wrong(m, "/choice", "mine or theirs");
	if (is(of(m, "kind"), "edit_after_delete"))
		e = db_run(m->db, &m->rq->arena, Q_MATTER_RAISE, &id, NULL);
	if (!e)
		e = again_apply(m->rq, m->db, of(m, "mid"), req_value(m->rq, "note"),
				(struct json_t *)m->results, &reason);
	if (!reason || !again_is_refusal(e))
		return e;
	m->rq->problem_extra = arena_printf(&m->rq->arena, ",\"reason\":\"%s\"", reason);
	return req_problem(m->rq, ERR_UNPROCESSABLE, "refused_again");
}

static enum err settle(struct matter *m)
{
	const char *kind = of(m, "kind");

	if (is(of(m, "state"), "resolved"))
		return req_problem(m->rq, ERR_CONFLICT, "already_resolved");
	if (is(kind, "field"))
		return settle_field(m);
	if (is(kind, "edit_after_delete") || is(of(m, "policy"), "held_too_long"))
		return settle_mutation(m);
	/* Facts stand, whichever of them counts. */
	return is(m->choice, "value") ? wrong(m, "/choice", "mine, theirs or both") : OK;
}

static enum err resolve_in(struct matter *m)
{
	struct req *rq = m->rq;
	const char *params[] = { rq->ids[0], m->choice, NULL, req_value(rq, "note") };
	enum err e;

	if ((e = db_run(m->db, &rq->arena, Q_MATTER_CONFLICT_LOCK, rq->ids, &m->rows)))
		return e;
	if (!rows_count(m->rows))
		return ERR_NOT_FOUND;
	if ((e = settle(m)))
		return e;
	params[2] = m->value;
	if ((e = db_run(m->db, &rq->arena, Q_MATTER_RESOLVE, params, NULL)))
		return e;
	return db_commit(m->db);
}

/* Resolves a conflict. Answers with it as it is then. */
static enum err resolve(struct req *rq)
{
	static const char *const choices[] = { "mine", "theirs", "both", "value" };
	struct matter m = { .rq = rq, .choice = req_value(rq, "choice"), .results = json_array() };
	bool is_known = false;
	enum err e;

	arena_defer(&rq->arena, js_free, m.results);
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
		is_known = is_known || is(m.choice, choices[i]);
	if (!is_known)
		return wrong(&m, "/choice", "mine, theirs, both or value");
	if ((e = ask_begin(rq, &m.db)))
		return e;
	if ((e = resolve_in(&m)) && !rq->problem && !rq->fault_count)
		ask_failed(rq, m.db, e);
	db_give(m.db);
	if (e)
		return e;
	rq->status = 200;
	return ask_reply(rq, Q_MATTER_CONFLICT_GET, rq->ids);
}

/* -- lists ----------------------------------------------------------------------------- */

static const struct input conflict_inputs[] = {
	{ "state", IN_CODE, QUERY, .max = 20 },
	{ "severity", IN_CODE, QUERY, .max = 20 },
	{ "place", IN_UUID, QUERY },
	{ "limit", IN_INT, QUERY, .max = PAGE_MAX, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input quarantine_inputs[] = {
	{ "closed", IN_BOOL, QUERY },
	{ "limit", IN_INT, QUERY, .max = PAGE_MAX, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input page_inputs[] = {
	{ "limit", IN_INT, QUERY, .max = PAGE_MAX, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input resolve_inputs[] = {
	{ "choice", IN_CODE, REQUIRED, .max = 10 },
	{ "seen", IN_TEXT, 0, .max = VALUE_CHARS },
	{ "value", IN_TEXT, 0, .max = VALUE_CHARS },
	{ "note", IN_TEXT, 0, .max = NOTE_CHARS },
	{ 0 },
};

static const struct input note_inputs[] = {
	{ "note", IN_TEXT, 0, .max = NOTE_CHARS },
	{ 0 },
};

static const struct input close_inputs[] = {
	{ "note", IN_TEXT, REQUIRED, .max = NOTE_CHARS },
	{ 0 },
};

const struct route matter_routes[] = {
	{ "GET", "/api/v1/sync/matters", ROLE_OFFICE, .query = Q_MATTER_COUNTS,
	  .summary = "How many matters of tablets wait for a person" },
	{ "GET", "/api/v1/sync/devices", ROLE_OFFICE, .query = Q_MATTER_DEVICES,
	  .summary = "Tablets: when each was heard from, and what waits of it" },
	{ "GET", "/api/v1/sync/conflicts", ROLE_OFFICE, .inputs = conflict_inputs,
	  .query = Q_MATTER_CONFLICT_LIST, .summary = "Conflicts of tablets with the office" },
	{ "GET", "/api/v1/sync/conflicts/{id}", ROLE_OFFICE, .query = Q_MATTER_CONFLICT_GET,
	  .summary = "A conflict: base, mine, theirs and what the field is now" },
	{ "POST", "/api/v1/sync/conflicts/{id}/resolve", ROLE_OFFICE, resolve, resolve_inputs,
	  .summary = "Resolve a conflict; 409 when the field is no longer what was seen" },
	{ "GET", "/api/v1/sync/held", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_MATTER_HELD_LIST, .summary = "What waits for a predecessor, and until when" },
	{ "POST", "/api/v1/sync/held/{id}/release", ROLE_OFFICE, again_take, note_inputs,
	  .summary = "Apply now what waits" },
	{ "GET", "/api/v1/sync/quarantine", ROLE_OFFICE, .inputs = quarantine_inputs,
	  .query = Q_MATTER_QUARANTINE_LIST, .summary = "What was refused or could not be read" },
	{ "GET", "/api/v1/sync/quarantine/{id}", ROLE_OFFICE, .query = Q_MATTER_QUARANTINE_GET,
	  .summary = "Its content as it came" },
	{ "POST", "/api/v1/sync/quarantine/{id}/apply", ROLE_OFFICE, again_take, note_inputs,
	  .summary = "Apply it again in its author's name" },
	{ "POST", "/api/v1/sync/quarantine/{id}/close", ROLE_OFFICE, again_end, close_inputs,
	  .summary = "Close it with a reason: nothing more will come of it" },
	{ 0 },
};
