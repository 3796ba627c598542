#include "register/related.h"

#include "auth/ask.h"

static const struct input page_inputs[] = {
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

const struct route related_routes[] = {
	{ "GET", "/api/v1/places/{id}/cases", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_RELATED_CASES, .summary = "Cases of a place and of what lies in it" },
	{ "GET", "/api/v1/places/{id}/tasks", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_RELATED_TASKS, .summary = "Tasks of a place and of what lies in it" },
	{ "GET", "/api/v1/places/{id}/documents", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_RELATED_DOCUMENTS, .summary = "Documents of a place and of what lies in it" },
	{ "GET", "/api/v1/components/{id}/tasks", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_RELATED_COMPONENT_TASKS, .summary = "The task history of a component" },
	{ "GET", "/api/v1/components/{id}/documents", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_RELATED_COMPONENT_DOCUMENTS,
	  .summary = "Documents of a component and of the tasks done to it" },
	{ 0 },
};
