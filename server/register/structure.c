#include "register/structure.h"

#include "auth/ask.h"

static const struct input move_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "parent", IN_UUID, REQUIRED },
	{ "valid_from", IN_MOMENT, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 },
	{ 0 },
};

static enum err move(struct req *rq)
{
	const char *params[] = { rq->ids[0], rq->body.at };

	rq->status = 200;
	return ask_reply(rq, Q_REGISTER_PLACE_MOVE, params);
}

static const struct input copy_inputs[] = {
	{ "plane", IN_CODE, REQUIRED, .max = 1 }, { "number", IN_INT, REQUIRED, .max = 99 },
	{ "name", IN_TEXT, 0, .max = 200 },       { "with_components", IN_BOOL, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 },      { 0 },
};

const struct route structure_routes[] = {
	{ "POST", "/api/v1/places/{id}/move", ROLE_OFFICE, move, move_inputs,
	  .summary = "Hang a place, with all below it, under another" },
	{ "POST", "/api/v1/storeys/{id}/copy", ROLE_OFFICE, .inputs = copy_inputs,
	  .query = Q_REGISTER_STOREY_COPY,
	  .summary = "Copy a storey with its dwellings and rooms" },
	{ 0 },
};
