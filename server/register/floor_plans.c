#include "register/floor_plans.h"

#include <stdio.h>

#include "auth/ask.h"
#include "db/rows.h"
#include "register/dxf_rooms.h"

enum { TRANSFORM_NUMBERS = 6, PAGE_MAX = 500 };

static const struct input add_inputs[] = {
	{ "sha256", IN_SHA256, REQUIRED },
	{ "title", IN_TEXT, REQUIRED, .max = 200 },
	{ "file_name", IN_TEXT, 0, .max = 255 },
	{ "kind", IN_CODE, REQUIRED, .max = 10 },
	{ "page", IN_INT, 0, .max = PAGE_MAX, .min = 1 },
	{ "width", IN_NUMBER, REQUIRED },
	{ "height", IN_NUMBER, REQUIRED },
	{ "transform", IN_NUMBER, REQUIRED | LIST, .max = TRANSFORM_NUMBERS },
	{ "control_points", IN_JSON, 0 },
	{ "opacity", IN_NUMBER, 0 },
	{ "valid_from", IN_DATE, 0 },
	{ 0 },
};

/* Two statements: a policy of the second asks for the document that the first makes. */
static enum err add_both(struct req *rq, struct db *db, struct rows **out)
{
	const char *document[] = { rq->ids[0], rq->body.at };
	const char *plan[] = { rq->ids[0], rq->body.at, NULL };
	struct rows *made;
	enum err e;

	if ((e = db_run(db, &rq->arena, Q_FLOOR_PLAN_DOCUMENT, document, &made)))
		return e;
	if (!rows_count(made))
		return ERR_NOT_FOUND;
	plan[2] = rows_at(made, 0, 0);
	if ((e = db_run(db, &rq->arena, Q_FLOOR_PLAN_ADD, plan, out)))
		return e;
	return db_commit(db);
}

static enum err add(struct req *rq)
{
	struct rows *rows;
	struct db *db;
	enum err e;

	if ((e = ask_begin(rq, &db)))
		return e;
	if ((e = add_both(rq, db, &rows))) {
		if (e == ERR_NOT_FOUND)
			req_fail(rq, e, "no such storey, or the file has not been sent");
		else
			ask_failed(rq, db, e);
	} else {
		rows_object(rows, 0, &rq->out);
		rq->out_type = "application/json";
		rq->status = 201;
	}
	db_give(db);
	return e;
}

static const struct input change_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1, .max = 1000000000 },
	{ "page", IN_INT, 0, .max = PAGE_MAX, .min = 1 },
	{ "width", IN_NUMBER, 0 },
	{ "height", IN_NUMBER, 0 },
	{ "transform", IN_NUMBER, LIST, .max = TRANSFORM_NUMBERS },
	{ "control_points", IN_JSON, 0 },
	{ "opacity", IN_NUMBER, 0 },
	{ "valid_from", IN_DATE, 0 },
	{ 0 },
};

static const struct input remove_inputs[] = {
	{ "row_v", IN_INT, QUERY | REQUIRED, .min = 1, .max = 1000000000 },
	{ 0 },
};

const struct route floor_plan_routes[] = {
	{ "GET", "/api/v1/storeys/{id}/plans", ROLE_OFFICE | ROLE_FIELD, .query = Q_FLOOR_PLAN_LIST,
	  .summary = "Floor plans of a storey" },
	{ "POST", "/api/v1/storeys/{id}/plans", ROLE_OFFICE, add, add_inputs,
	  .summary = "Put a drawing that was sent on a storey" },
	{ "PATCH", "/api/v1/floor-plans/{id}", ROLE_OFFICE, .inputs = change_inputs,
	  .query = Q_FLOOR_PLAN_CHANGE, .summary = "Change where a floor plan lies" },
	{ "DELETE", "/api/v1/floor-plans/{id}", ROLE_OFFICE, .inputs = remove_inputs,
	  .query = Q_FLOOR_PLAN_REMOVE, .summary = "Take a floor plan off its storey" },
	{ "GET", "/api/v1/storeys/{id}/rooms", ROLE_OFFICE | ROLE_FIELD, .query = Q_STOREY_ROOMS,
	  .summary = "Rooms of a storey with their outlines" },
	{ "POST", "/api/v1/storeys/{id}/rooms-from-dxf", ROLE_OFFICE, dxf_rooms, dxf_rooms_inputs,
	  .takes_file = true, .summary = "Rooms out of a DXF drawing: shown (dry_run) or made" },
	{ 0 },
};
