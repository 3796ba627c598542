#include "cases/cases.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "auth/ask.h"
#include "db/rows.h"

static const struct input list_inputs[] = {
	{ "state", IN_CODE, QUERY, .max = 20 },
	{ "category", IN_CODE, QUERY },
	{ "owner", IN_UUID, QUERY },
	{ "area", IN_INT, QUERY },
	{ "q", IN_TEXT, QUERY, .max = 100 },
	{ "bbox", IN_BBOX, QUERY },
	{ "mine", IN_BOOL, QUERY },
	{ "late", IN_BOOL, QUERY },
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

/* Without a state, or with «open», the open ones by deadline; «all» or one state by time. */
static enum err list(struct req *rq)
{
	const char *state = req_value(rq, "state"), *category = req_value(rq, "category");
	const char *owner = req_value(rq, "owner"), *area = req_value(rq, "area");
	const char *q = req_value(rq, "q"), *mine = req_value(rq, "mine");
	const char *limit = req_value(rq, "limit"), *after = req_value(rq, "after");
	const char *own[] = { limit ? limit : "50", after };
	const char *open[] = { category,
			       owner,
			       area,
			       q,
			       req_value(rq, "bbox"),
			       mine,
			       req_value(rq, "late"),
			       limit ? limit : "50",
			       after };
	const char *all[] = { state && strcmp(state, "all") ? state : NULL,
			      category,
			      owner,
			      area,
			      q,
			      mine,
			      limit ? limit : "50",
			      after };

	if (rq->audience == 't')
		return ask_reply(rq, Q_CASE_LIST_MINE, own);
	if (!state || !strcmp(state, "open"))
		return ask_reply(rq, Q_CASE_LIST_OPEN, open);
	return ask_reply(rq, Q_CASE_LIST, all);
}

static enum err get(struct req *rq)
{
	return ask_reply(rq, rq->audience == 't' ? Q_CASE_GET_MINE : Q_CASE_GET, rq->ids);
}

static const struct input similar_inputs[] = {
	{ "place", IN_UUID, QUERY | REQUIRED },
	{ "category", IN_CODE, QUERY | REQUIRED },
	{ 0 },
};

static const struct input report_inputs[] = {
	{ "id", IN_UUID, 0 },
	{ "place", IN_UUID, REQUIRED },
	{ "component", IN_UUID, 0 },
	{ "category", IN_CODE, REQUIRED, .max = 40 },
	{ "title", IN_TEXT, 0, .max = 200 },
	{ "description", IN_TEXT, REQUIRED, .max = 4000 },
	{ "position", IN_POINT, 0 },
	{ "photos", IN_SHA256, LIST, .max = 10 },
	{ 0 },
};

/* The photos come after the case: the right to hang something on it comes from its being there. */
static enum err report(struct req *rq)
{
	const char *body[] = { rq->body.at };
	const json_t *photos = json_object_get((json_t *)rq->json, "photos");
	struct rows *rows;
	struct db *db;
	enum err e;

	if ((e = ask_begin(rq, &db)))
		return e;
	e = db_run(db, &rq->arena, Q_CASE_REPORT, body, &rows);
	/* The same report at the same moment: it was committed while this one waited for it, so
	 * only the next statement sees it. */
	if (!e && !rows_count(rows))
		e = db_run(db, &rq->arena, Q_CASE_REPORT, body, &rows);
	if (!e && !rows_count(rows))
		e = req_fail(rq, ERR_CONFLICT, "another's case has this id");
	if (!e && photos && rows_at(rows, 0, rows_column(rows, "is_new"))[0] == 't') {
		char *hashes = json_dumps(photos, 0);
		const char *params[] = { rows_at(rows, 0, 0), hashes };

		e = db_run(db, &rq->arena, Q_CASE_PHOTOS, params, NULL);
		free(hashes);
	}
	if (!e)
		e = db_commit(db);
	if (e)
		ask_failed(rq, db, e);
	db_give(db);
	if (e)
		return e;
	rows_object(rows, 0, &rq->out);
	rq->out_type = "application/json";
	rq->status = 201;
	return OK;
}

static const struct input change_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "state", IN_CODE, 0, .max = 20 },
	{ "owner", IN_UUID, 0 },
	{ "priority", IN_INT, 0, .max = 4, .min = 1 },
	{ "deadline", IN_TIME, 0 },
	{ "category", IN_CODE, 0, .max = 40 },
	{ 0 },
};

static const struct input message_inputs[] = {
	{ "text", IN_TEXT, REQUIRED, .max = 4000 },
	{ "is_internal", IN_BOOL, 0 },
	{ 0 },
};

static const struct input task_inputs[] = {
	{ "title", IN_TEXT, 0, .max = 200 }, { "assignee", IN_UUID, 0 },
	{ "planned_on", IN_DATE, 0 },        { "deadline", IN_TIME, 0 },
	{ "checklist", IN_CODE, 0 },         { 0 },
};

static const struct input page_inputs[] = {
	{ "limit", IN_INT, QUERY, .max = 200, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

const struct route case_routes[] = {
	{ "GET", "/api/v1/cases", ROLE_OFFICE | ROLE_TENANT, list, list_inputs,
	  .summary = "Cases: the office's by filters, a tenant's own" },
	{ "POST", "/api/v1/cases", ROLE_OFFICE | ROLE_TENANT, report, report_inputs,
	  .summary = "Report a fault; the same id again makes nothing twice" },
	{ "GET", "/api/v1/cases/similar", ROLE_OFFICE | ROLE_TENANT, .inputs = similar_inputs,
	  .query = Q_CASE_SIMILAR, .summary = "Open cases that a new one may be the same as" },
	{ "GET", "/api/v1/cases/{id}", ROLE_OFFICE | ROLE_TENANT, get,
	  .summary = "A case with its conversation, photos and tasks" },
	{ "PATCH", "/api/v1/cases/{id}", ROLE_OFFICE, .inputs = change_inputs,
	  .query = Q_CASE_CHANGE,
	  .summary = "Change a case; 409 when somebody else has since row_v" },
	{ "POST", "/api/v1/cases/{id}/messages", ROLE_OFFICE | ROLE_TENANT,
	  .inputs = message_inputs, .query = Q_CASE_MESSAGE_ADD,
	  .summary = "Say something on a case" },
	{ "POST", "/api/v1/cases/{id}/follow", ROLE_OFFICE | ROLE_TENANT, .query = Q_CASE_FOLLOW,
	  .summary = "Follow a case" },
	{ "POST", "/api/v1/cases/{id}/tasks", ROLE_OFFICE, .inputs = task_inputs,
	  .query = Q_CASE_TASK_ADD, .summary = "Make a task of a case" },
	{ "GET", "/api/v1/notifications", ROLE_ANY_PERSON, .inputs = page_inputs,
	  .query = Q_NOTIFICATION_LIST, .summary = "What I have been told" },
	{ "POST", "/api/v1/notifications/read", ROLE_ANY_PERSON, .query = Q_NOTIFICATION_READ,
	  .summary = "Mark all as read" },
	{ 0 },
};
