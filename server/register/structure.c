#include "register/structure.h"

#include "auth/ask.h"

enum { PARTS_BODY_MAX = 1024 * 1024 }; /* each part may be drawn */

static const struct input move_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "parent", IN_UUID, REQUIRED },
	{ "valid_from", IN_MOMENT, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 },
	{ 0 },
};

static const struct input copy_inputs[] = {
	{ "plane", IN_CODE, REQUIRED, .max = 1 }, { "number", IN_INT, REQUIRED, .max = 99 },
	{ "name", IN_TEXT, 0, .max = 200 },       { "with_components", IN_BOOL, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 },      { 0 },
};

/* What changes a place and answers with what became of it: 200, nothing new has an address. */
static enum err rebuild(struct req *rq)
{
	const char *params[] = { rq->ids[0], rq->body.at };

	rq->status = 200;
	return ask_reply(rq, (enum query)rq->route->query, params);
}

static const struct input split_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "parts", IN_JSON, REQUIRED },
	{ "valid_from", IN_MOMENT, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 },
	{ 0 },
};

static const struct input merge_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "others", IN_UUID, REQUIRED | LIST, .max = 50 },
	{ "valid_from", IN_MOMENT, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 },
	{ 0 },
};

static const struct input renumber_inputs[] = {
	{ "municipality", IN_JSON, 0 },      { "properties", IN_JSON, 0 },
	{ "valid_from", IN_MOMENT, 0 },      { "dry_run", IN_BOOL, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 }, { 0 },
};

static enum err renumber(struct req *rq)
{
	const char *params[] = { rq->body.at };

	rq->status = 200;
	return ask_reply(rq, Q_REGISTER_RENUMBERING, params);
}

static const struct input templates_inputs[] = {
	{ "type", IN_INT, QUERY, .max = 999 },
	{ 0 },
};

static const struct input template_inputs[] = {
	{ "name", IN_TEXT, REQUIRED, .max = 200 },
	{ "types", IN_CODE, 0, .max = 3 },
	{ "items", IN_JSON, REQUIRED },
	{ "row_v", IN_INT, 0 },
	{ 0 },
};

static const struct input apply_inputs[] = {
	{ "template", IN_UUID, REQUIRED },
	{ "dry_run", IN_BOOL, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 },
	{ "valid_from", IN_MOMENT, 0 },
	{ 0 },
};

const struct route structure_routes[] = {
	{ "POST", "/api/v1/places/{id}/move", ROLE_OFFICE, rebuild, move_inputs,
	  .query = Q_REGISTER_PLACE_MOVE,
	  .summary = "Hang a place, with all below it, under another" },
	{ "POST", "/api/v1/places/{id}/split", ROLE_OFFICE, rebuild, split_inputs,
	  .query = Q_REGISTER_PLACE_SPLIT, .body_max = PARTS_BODY_MAX,
	  .summary = "Make parts of a place; the first keeps its id" },
	{ "POST", "/api/v1/places/{id}/merge", ROLE_OFFICE, rebuild, merge_inputs,
	  .query = Q_REGISTER_PLACE_MERGE,
	  .summary = "Make one of several places; the others point to the one that is kept" },
	{ "POST", "/api/v1/renumberings", ROLE_OFFICE, renumber, renumber_inputs,
	  .body_max = PARTS_BODY_MAX,
	  .summary = "New numbers for properties or a municipality; dry_run tells conflicts" },
	{ "GET", "/api/v1/templates", ROLE_OFFICE, .inputs = templates_inputs,
	  .query = Q_REGISTER_TEMPLATES, .summary = "Templates of components" },
	{ "PUT", "/api/v1/templates/{id}", ROLE_OFFICE, .inputs = template_inputs,
	  .query = Q_REGISTER_TEMPLATE_PUT, .summary = "Make or change a template" },
	{ "DELETE", "/api/v1/templates/{id}", ROLE_OFFICE, .query = Q_REGISTER_TEMPLATE_REMOVE,
	  .summary = "Remove a template; what it laid out stays" },
	{ "POST", "/api/v1/places/{id}/template", ROLE_OFFICE, rebuild, apply_inputs,
	  .query = Q_REGISTER_TEMPLATE_APPLY,
	  .summary = "Lay out a template's components; dry_run tells which" },
	{ "POST", "/api/v1/storeys/{id}/copy", ROLE_OFFICE, .inputs = copy_inputs,
	  .query = Q_REGISTER_STOREY_COPY,
	  .summary = "Copy a storey with its dwellings and rooms" },
	{ 0 },
};
