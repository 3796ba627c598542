#include "register/keys.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "auth/ask.h"
#include "db/rows.h"

enum { COPIES_MAX = 200, DOORS_MAX = 500, AMOUNT_MAX_ORE = 100000000 };

static const struct input page_inputs[] = {
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input system_inputs[] = {
	{ "place", IN_UUID, REQUIRED },
	{ "name", IN_TEXT, REQUIRED, .max = 200 },
	{ "maker", IN_TEXT, 0, .max = 100 },
	{ "security_card", IN_TEXT, 0, .max = 100 },
	{ "lost_key_ore", IN_INT, 0, .max = AMOUNT_MAX_ORE },
	{ "note", IN_TEXT, 0, .max = 2000 },
	{ 0 },
};

static const struct input system_change_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "place", IN_UUID, 0 },
	{ "name", IN_TEXT, 0, .max = 200 },
	{ "maker", IN_TEXT, 0, .max = 100 },
	{ "security_card", IN_TEXT, 0, .max = 100 },
	{ "lost_key_ore", IN_INT, 0, .max = AMOUNT_MAX_ORE },
	{ "note", IN_TEXT, 0, .max = 2000 },
	{ "removed", IN_BOOL, 0 },
	{ 0 },
};

static const struct input cylinder_list_inputs[] = {
	{ "system", IN_UUID, QUERY },
	{ "place", IN_UUID, QUERY },
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input cylinder_inputs[] = {
	{ "system", IN_UUID, REQUIRED },
	{ "mark", IN_TEXT, REQUIRED, .max = 60 },
	{ "place", IN_UUID, 0 },
	{ "component", IN_UUID, 0 },
	{ "note", IN_TEXT, 0, .max = 2000 },
	{ 0 },
};

static const struct input cylinder_change_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "mark", IN_TEXT, 0, .max = 60 },
	{ "place", IN_UUID, 0 },
	{ "component", IN_UUID, 0 },
	{ "note", IN_TEXT, 0, .max = 2000 },
	{ "removed", IN_BOOL, 0 },
	{ 0 },
};

static const struct input list_inputs[] = {
	{ "system", IN_UUID, QUERY },
	{ "holder", IN_UUID, QUERY },
	{ "state", IN_CODE, QUERY, .max = 20 },
	{ "q", IN_TEXT, QUERY, .max = 100 },
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input add_inputs[] = {
	{ "system", IN_UUID, REQUIRED },     { "mark", IN_TEXT, REQUIRED, .max = 60 },
	{ "serial", IN_TEXT, 0, .max = 60 }, { "count", IN_INT, 0, .max = COPIES_MAX, .min = 1 },
	{ "is_master", IN_BOOL, 0 },         { "cylinders", IN_UUID, LIST, .max = DOORS_MAX },
	{ "note", IN_TEXT, 0, .max = 2000 }, { 0 },
};

static const struct input change_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "mark", IN_TEXT, 0, .max = 60 },
	{ "serial", IN_TEXT, 0, .max = 60 },
	{ "is_master", IN_BOOL, 0 },
	{ "cylinders", IN_UUID, LIST, .max = DOORS_MAX },
	{ "note", IN_TEXT, 0, .max = 2000 },
	{ "retired", IN_BOOL, 0 },
	{ 0 },
};

static const struct input out_inputs[] = {
	{ "holder", IN_UUID, 0 },
	{ "holder_name", IN_TEXT, 0, .max = 200 },
	{ "holder_phone", IN_TEXT, 0, .max = 30 },
	{ "is_organisation", IN_BOOL, 0 },
	{ "due_on", IN_DATE, 0 },
	{ "signature", IN_SHA256, 0 },
	{ "signed_name", IN_TEXT, 0, .max = 200 },
	{ "note", IN_TEXT, 0, .max = 2000 },
	{ 0 },
};

static const struct input in_inputs[] = {
	{ "signature", IN_SHA256, 0 },
	{ "signed_name", IN_TEXT, 0, .max = 200 },
	{ "note", IN_TEXT, 0, .max = 2000 },
	{ 0 },
};

static const struct input lost_inputs[] = {
	{ "amount_ore", IN_INT, 0, .max = AMOUNT_MAX_ORE },
	{ "person", IN_UUID, 0 },
	{ "note", IN_TEXT, 0, .max = 2000 },
	{ 0 },
};

static const struct input found_inputs[] = {
	{ "note", IN_TEXT, 0, .max = 2000 },
	{ 0 },
};

static const struct input holder_inputs[] = {
	{ "q", IN_TEXT, QUERY | REQUIRED, .max = 100 },
	{ 0 },
};

static enum err list(struct req *rq)
{
	const char *system = req_value(rq, "system"), *holder = req_value(rq, "holder");
	const char *state = req_value(rq, "state"), *q = req_value(rq, "q");
	const char *limit = req_value(rq, "limit") ? req_value(rq, "limit") : "50";
	const char *after = req_value(rq, "after");
	const char *overdue[] = { system, holder, q, limit, after };
	const char *all[] = { system, holder, state, q, limit, after };

	if (state && !strcmp(state, "overdue"))
		return ask_reply(rq, Q_KEY_LIST_OVERDUE, overdue);
	return ask_reply(rq, Q_KEY_LIST, all);
}

static const char *cylinders_of(struct req *rq)
{
	json_t *list = json_object_get(rq->json, "cylinders");
	char *text = json_is_array(list) ? json_dumps(list, JSON_COMPACT) : NULL;
	const char *kept = text ? arena_text(&rq->arena, text) : NULL;

	free(text);
	return kept;
}

/* Ends a transaction whose last call gave `e`: kept and answered with the first of `rows`, or
 * undone. */
static enum err end(struct req *rq, struct db *db, enum err e, const struct rows *rows)
{
	if (!e)
		e = db_commit(db);
	if (e && e != ERR_NOT_FOUND)
		ask_failed(rq, db, e);
	if (e)
		db_rollback(db);
	db_give(db);
	if (e)
		return e;
	rows_object(rows, 0, &rq->out);
	rq->out_type = "application/json";
	return OK;
}

/* As db_run(); ERR_NOT_FOUND when there is no row. */
static enum err run_one(struct req *rq, struct db *db, enum query q, const char *const *params,
			struct rows **out)
{
	enum err e = db_run(db, &rq->arena, q, params, out);

	return !e && !rows_count(*out) ? ERR_NOT_FOUND : e;
}

/* The keys, then what they open, in one transaction. `q` answers with a row whose column `ids` (or,
 * without one, `id`) says which keys. */
static enum err write_with_doors(struct req *rq, enum query q, const char *const *params)
{
	const char *doors = cylinders_of(rq), *opens[2] = { NULL, doors };
	struct rows *rows = NULL;
	struct db *db;
	enum err e;

	if ((e = ask_begin(rq, &db)))
		return e;
	e = run_one(rq, db, q, params, &rows);
	if (!e && doors) {
		int ids = rows_column(rows, "ids");

		opens[0] = ids >= 0 ? rows_at(rows, 0, ids)
				    : arena_printf(&rq->arena, "[\"%s\"]", rows_at(rows, 0, 0));
		e = db_run(db, &rq->arena, Q_KEY_OPENS_SET, opens, NULL);
	}
	return end(rq, db, e, rows);
}

static enum err add(struct req *rq)
{
	const char *params[] = { rq->body.at };

	rq->status = 201;
	return write_with_doors(rq, Q_KEY_ADD, params);
}

static enum err change(struct req *rq)
{
	const char *params[] = { rq->ids[0], rq->body.at };

	return write_with_doors(rq, Q_KEY_CHANGE, params);
}

/* Somebody must have it, and must have said so. */
static enum err sign_out(struct req *rq)
{
	const char *newcomer[] = { rq->ids[0], rq->body.at };
	const char *loan[] = { rq->ids[0], req_value(rq, "holder"), rq->body.at };
	struct rows *rows = NULL;
	struct db *db;
	enum err e;

	if (!loan[1] && !req_value(rq, "holder_name"))
		req_fault(rq, "/holder", "holder or holder_name");
	if (!req_value(rq, "signature") && !req_value(rq, "signed_name"))
		req_fault(rq, "/signature", "signature or signed_name");
	if (rq->fault_count)
		return ERR_INVALID;
	if ((e = ask_begin(rq, &db)))
		return e;
	if (!loan[1]) {
		e = db_run(db, &rq->arena, Q_KEY_NEWCOMER, newcomer, &rows);
		/* With nobody, what is wrong with the key is told by the loan. */
		loan[1] = !e && rows_count(rows) ? rows_at(rows, 0, 0) : NULL;
	}
	if (!e)
		e = run_one(rq, db, Q_KEY_OUT, loan, &rows);
	rq->status = 201;
	return end(rq, db, e, rows);
}

/* Answers that nothing is out rather than that there is no such key. */
static enum err sign_in(struct req *rq)
{
	const char *params[] = { rq->ids[0], rq->body.at };
	enum err e = ask_reply(rq, Q_KEY_IN, params);

	rq->status = 200;
	return e == ERR_NOT_FOUND ? req_fail(rq, ERR_CONFLICT, "the key is not signed out") : e;
}

const struct route key_routes[] = {
	{ "GET", "/api/v1/key-systems", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_KEY_SYSTEM_LIST, .summary = "Key systems, with how many keys are away" },
	{ "POST", "/api/v1/key-systems", ROLE_OFFICE, .inputs = system_inputs,
	  .query = Q_KEY_SYSTEM_ADD, .summary = "Make a key system" },
	{ "GET", "/api/v1/key-systems/{id}", ROLE_OFFICE, .query = Q_KEY_SYSTEM_GET,
	  .summary = "A key system with its cylinders" },
	{ "PATCH", "/api/v1/key-systems/{id}", ROLE_OFFICE, .inputs = system_change_inputs,
	  .query = Q_KEY_SYSTEM_CHANGE, .summary = "Change a key system" },
	{ "GET", "/api/v1/cylinders", ROLE_OFFICE, .inputs = cylinder_list_inputs,
	  .query = Q_CYLINDER_LIST, .summary = "Cylinders of a system or a place" },
	{ "POST", "/api/v1/cylinders", ROLE_OFFICE, .inputs = cylinder_inputs,
	  .query = Q_CYLINDER_ADD, .summary = "Make a cylinder" },
	{ "PATCH", "/api/v1/cylinders/{id}", ROLE_OFFICE, .inputs = cylinder_change_inputs,
	  .query = Q_CYLINDER_CHANGE, .summary = "Change or take away a cylinder" },
	{ "GET", "/api/v1/keys", ROLE_OFFICE, list, list_inputs,
	  .summary = "Keys by system, holder, words and state (in, out, overdue, lost, retired)" },
	{ "POST", "/api/v1/keys", ROLE_OFFICE, add, add_inputs, .summary = "Make keys of a mark" },
	{ "GET", "/api/v1/keys/{id}", ROLE_OFFICE, .query = Q_KEY_GET,
	  .summary = "A key with what it opens and who has had it" },
	{ "PATCH", "/api/v1/keys/{id}", ROLE_OFFICE, change, change_inputs,
	  .summary = "Change a key or what it opens" },
	{ "POST", "/api/v1/keys/{id}/out", ROLE_OFFICE, sign_out, out_inputs,
	  .summary = "Sign a key out; 409 when it is not in" },
	{ "POST", "/api/v1/keys/{id}/in", ROLE_OFFICE, sign_in, in_inputs,
	  .summary = "Sign a key in" },
	{ "POST", "/api/v1/keys/{id}/lost", ROLE_OFFICE, .inputs = lost_inputs,
	  .query = Q_KEY_MARK_LOST,
	  .summary = "Mark a key lost, charge who had it, and name the doors it opens" },
	{ "POST", "/api/v1/keys/{id}/found", ROLE_OFFICE, .inputs = found_inputs,
	  .query = Q_KEY_MARK_FOUND, .summary = "A lost key is in again; the charge is reversed" },
	{ "GET", "/api/v1/places/{id}/keys", ROLE_OFFICE | ROLE_FIELD, .inputs = page_inputs,
	  .query = Q_KEY_AT_PLACE, .summary = "Keys that open something at a place" },
	{ "GET", "/api/v1/key-holders", ROLE_OFFICE, .inputs = holder_inputs,
	  .query = Q_KEY_HOLDERS, .summary = "People and organisations by name or number" },
	{ 0 },
};
