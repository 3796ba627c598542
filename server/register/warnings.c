#include "register/warnings.h"

static const struct input add_inputs[] = {
	{ "place", IN_UUID, 0 },
	{ "component", IN_UUID, 0 },
	{ "kind", IN_CODE, REQUIRED, .max = 20 },
	{ "text", IN_TEXT, REQUIRED, .max = 1000 },
	{ "valid_from", IN_DATE, 0 },
	{ "valid_to", IN_DATE, 0 },
	{ 0 },
};

static const struct input list_inputs[] = {
	{ "ended", IN_BOOL, QUERY },
	{ 0 },
};

static const struct input change_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "ended", IN_BOOL, 0 },
	{ "valid_to", IN_DATE, 0 },
	{ 0 },
};

const struct route warning_routes[] = {
	{ "GET", "/api/v1/places/{id}/warnings", ROLE_OFFICE | ROLE_FIELD, .inputs = list_inputs,
	  .query = Q_WARNING_LIST,
	  .summary = "Warnings at a place, its own and those of what it lies in" },
	{ "POST", "/api/v1/warnings", ROLE_OFFICE, .inputs = add_inputs, .query = Q_WARNING_ADD,
	  .summary = "Warn of something at a place or a component" },
	{ "PATCH", "/api/v1/warnings/{id}", ROLE_OFFICE, .inputs = change_inputs,
	  .query = Q_WARNING_CHANGE,
	  .summary = "End a warning or say until when it holds; its words stay as they were" },
	{ 0 },
};
