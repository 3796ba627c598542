#include "register/places.h"

#include "auth/ask.h"

enum { GEOMETRY_BODY_MAX = 1024 * 1024 }; /* a coast line drawn by hand is some thousand points */

/* Audiences without history are asked nothing of the past. */
static enum err no_past(struct req *rq)
{
	return req_fail(rq, ERR_FORBIDDEN, "how it was is for the office");
}

static const char *limit_or(const struct req *rq, const char *otherwise)
{
	const char *limit = req_value(rq, "limit");

	return limit ? limit : otherwise;
}

static const struct input get_inputs[] = {
	{ "at", IN_MOMENT, QUERY },
	{ 0 },
};

static enum err get(struct req *rq)
{
	const char *at = req_value(rq, "at");
	const char *params[] = { rq->ids[0], at };

	if (rq->audience == 'o')
		return ask_reply(rq, Q_REGISTER_PLACE, params);
	return at ? no_past(rq) : ask_reply(rq, Q_PLACE_GET, params);
}

static const struct input page_inputs[] = {
	{ "at", IN_MOMENT, QUERY },
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static enum err children(struct req *rq)
{
	const char *at = req_value(rq, "at"), *after = req_value(rq, "after");
	const char *limit = limit_or(rq, "50");
	const char *now[] = { rq->ids[0], limit, after };
	const char *then[] = { rq->ids[0], at, limit, after };

	if (rq->audience != 'o')
		return at ? no_past(rq) : ask_reply(rq, Q_PLACE_CHILDREN, now);
	return at ? ask_reply(rq, Q_REGISTER_CHILDREN_AT, then)
		  : ask_reply(rq, Q_REGISTER_CHILDREN, now);
}

static enum err components(struct req *rq)
{
	const char *at = req_value(rq, "at"), *after = req_value(rq, "after");
	const char *limit = limit_or(rq, "50");
	const char *now[] = { rq->ids[0], limit, after };
	const char *then[] = { rq->ids[0], at, limit, after };

	if (rq->audience != 'o')
		return at ? no_past(rq) : ask_reply(rq, Q_COMPONENT_LIST, now);
	return at ? ask_reply(rq, Q_REGISTER_COMPONENTS_AT, then)
		  : ask_reply(rq, Q_REGISTER_COMPONENTS, now);
}

/* Fields of every place, then those of properties, buildings, storeys and dwellings: the statement
 * refuses what the kind does not have. Geometry is GeoJSON in EPSG:25832, metres; null inherits. */
#define PLACE_FIELDS                                                                               \
	{ "name", IN_TEXT, 0, .max = 200 }, { "area_no", IN_INT, 0, .min = 1 },                    \
		{ "code", IN_CODE, 0, .max = 8 }, { "geometry", IN_JSON, 0 },                      \
		{ "is_outside", IN_BOOL, 0 }, { "outside_ok", IN_BOOL, 0 },                        \
		{ "is_public", IN_BOOL, 0 }, { "is_bookable", IN_BOOL, 0 },                        \
		{ "is_universal", IN_BOOL, 0 }, { "area_m2", IN_NUMBER, 0 },                       \
		{ "warning", IN_TEXT, 0, .max = 2000 }, { "note", IN_TEXT, 0, .max = 1000 },       \
		{ "valid_from", IN_MOMENT, 0 }, { "municipality_no", IN_CODE, 0, .max = 4 },       \
		{ "gnr", IN_INT, 0, .max = 99999, .min = 1 }, { "bnr", IN_INT, 0, .max = 99999 },  \
		{ "fnr", IN_INT, 0, .max = 99999 }, { "snr", IN_INT, 0, .max = 99999 },            \
		{ "bygningsnummer", IN_INT, 0, .max = 999999999, .min = 1 },                       \
		{ "type_code", IN_INT, 0, .max = 999 }, { "status", IN_CODE, 0, .max = 2 },        \
		{ "built_year", IN_INT, 0, .max = 2200, .min = 1000 },                             \
		{ "storeys", IN_INT, 0, .max = 200 }, { "bta_m2", IN_NUMBER, 0 },                  \
		{ "bra_m2", IN_NUMBER, 0 }, { "heating", IN_TEXT, 0, .max = 200 },                 \
		{ "energy_grade", IN_CODE, 0, .max = 1 }, { "is_protected", IN_BOOL, 0 },          \
		{ "ownership", IN_TEXT, 0, .max = 200 }, { "use", IN_TEXT, 0, .max = 200 },        \
		{ "responsible_unit", IN_TEXT, 0, .max = 200 }, { "plane", IN_CODE, 0, .max = 1 }, \
		{ "number", IN_INT, 0, .max = 99 }, { "h_number", IN_CODE, 0, .max = 5 },          \
		{ "dwelling_kind", IN_CODE, 0, .max = 1 }, { "rooms", IN_INT, 0, .max = 200 },     \
	{                                                                                          \
		"address_id", IN_UUID, 0                                                           \
	}

static const struct input add_inputs[] = {
	{ "id", IN_UUID, 0 },
	{ "parent", IN_UUID, REQUIRED },
	{ "kind", IN_CODE, REQUIRED, .max = 20 },
	PLACE_FIELDS,
	{ 0 },
};

static const struct input change_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "base", IN_JSON, 0 },
	PLACE_FIELDS,
	{ 0 },
};

static const struct input remove_inputs[] = {
	{ "row_v", IN_INT, QUERY | REQUIRED, .min = 1 },
	{ "valid_from", IN_MOMENT, QUERY },
	{ 0 },
};

/* The place is there already: brought back, not made. */
static enum err restore(struct req *rq)
{
	const char *params[] = { rq->ids[0] };

	rq->status = 200;
	return ask_reply(rq, Q_REGISTER_PLACE_RESTORE, params);
}

const struct route place_routes[] = {
	{ "GET", "/api/v1/places/{id}", ROLE_ANY_PERSON | ROLE_PUBLIC, get, get_inputs,
	  .summary = "A place with its path; for the office with details, geometry and the past" },
	{ "GET", "/api/v1/places/{id}/children", ROLE_ANY_PERSON | ROLE_PUBLIC, children,
	  page_inputs, .summary = "What lies directly below a place" },
	{ "GET", "/api/v1/places/{id}/components", ROLE_OFFICE | ROLE_FIELD, components,
	  page_inputs, .summary = "Components at a place or in a building" },
	{ "POST", "/api/v1/places", ROLE_OFFICE, .inputs = add_inputs,
	  .query = Q_REGISTER_PLACE_ADD, .body_max = GEOMETRY_BODY_MAX,
	  .summary = "Make a place; geometry is GeoJSON in EPSG:25832" },
	{ "PATCH", "/api/v1/places/{id}", ROLE_OFFICE, .inputs = change_inputs,
	  .query = Q_REGISTER_PLACE_CHANGE, .body_max = GEOMETRY_BODY_MAX,
	  .summary = "Change a place; merged by field with base, 409 with conflicts" },
	{ "DELETE", "/api/v1/places/{id}", ROLE_OFFICE, .inputs = remove_inputs,
	  .query = Q_REGISTER_PLACE_REMOVE,
	  .summary = "Remove a place with all below it; 409 with used_by" },
	{ "POST", "/api/v1/places/{id}/restore", ROLE_OFFICE, restore,
	  .summary = "Bring back what a removal removed" },
	{ 0 },
};
