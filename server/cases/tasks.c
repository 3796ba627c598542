#include "cases/tasks.h"

#include <string.h>

#include "auth/ask.h"

static const struct input list_inputs[] = {
	{ "state", IN_CODE, QUERY, .max = 20 },
	{ "category", IN_CODE, QUERY },
	{ "assignee", IN_UUID, QUERY },
	{ "area", IN_INT, QUERY },
	{ "q", IN_TEXT, QUERY, .max = 100 },
	{ "bbox", IN_BBOX, QUERY },
	{ "late", IN_BOOL, QUERY },
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static enum err list(struct req *rq)
{
	const char *state = req_value(rq, "state"), *category = req_value(rq, "category");
	const char *assignee = req_value(rq, "assignee"), *area = req_value(rq, "area");
	const char *q = req_value(rq, "q"), *after = req_value(rq, "after");
	const char *limit = req_value(rq, "limit") ? req_value(rq, "limit") : "50";
	const char *open[] = {
		category, assignee, area, q, req_value(rq, "bbox"), req_value(rq, "late"),
		limit,    after
	};
	const char *all[] = { state && strcmp(state, "all") ? state : NULL,
			      category,
			      assignee,
			      area,
			      q,
			      limit,
			      after };

	if (!state || !strcmp(state, "open"))
		return ask_reply(rq, Q_TASK_LIST_OPEN, open);
	return ask_reply(rq, Q_TASK_LIST, all);
}

static const struct input add_inputs[] = {
	{ "place", IN_UUID, REQUIRED },
	{ "component", IN_UUID, 0 },
	{ "title", IN_TEXT, REQUIRED, .max = 200 },
	{ "description", IN_TEXT, 0, .max = 4000 },
	{ "category", IN_CODE, 0, .max = 40 },
	{ "priority", IN_INT, 0, .max = 4, .min = 1 },
	{ "assignee", IN_UUID, 0 },
	{ "planned_on", IN_DATE, 0 },
	{ "deadline", IN_TIME, 0 },
	{ "checklist", IN_CODE, 0 },
	{ 0 },
};

static const struct input change_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "state", IN_CODE, 0, .max = 20 },
	{ "assignee", IN_UUID, 0 },
	{ "priority", IN_INT, 0, .max = 4, .min = 1 },
	{ "planned_on", IN_DATE, 0 },
	{ "deadline", IN_TIME, 0 },
	{ "done_note", IN_TEXT, 0, .max = 4000 },
	{ 0 },
};

static const struct input people_inputs[] = {
	{ "role", IN_CODE, QUERY | REQUIRED, .max = 20 },
	{ 0 },
};

const struct route task_routes[] = {
	{ "GET", "/api/v1/tasks", ROLE_OFFICE, list, list_inputs, .summary = "Tasks by filters" },
	{ "POST", "/api/v1/tasks", ROLE_OFFICE, .inputs = add_inputs, .query = Q_TASK_ADD,
	  .summary = "Make a task" },
	{ "GET", "/api/v1/tasks/{id}", ROLE_OFFICE, .query = Q_TASK_GET,
	  .summary = "A task with its checklist, answers and photos" },
	{ "PATCH", "/api/v1/tasks/{id}", ROLE_OFFICE, .inputs = change_inputs,
	  .query = Q_TASK_CHANGE,
	  .summary = "Change a task; 409 when somebody else has since row_v" },
	{ "GET", "/api/v1/people", ROLE_OFFICE, .inputs = people_inputs, .query = Q_PEOPLE_LIST,
	  .summary = "People with a role" },
	{ "GET", "/api/v1/checklists", ROLE_OFFICE, .query = Q_CHECKLIST_LIST,
	  .summary = "Checklists" },
	{ "GET", "/api/v1/areas", ROLE_OFFICE | ROLE_FIELD, .query = Q_AREA_LIST,
	  .summary = "Areas I may see" },
	{ 0 },
};
