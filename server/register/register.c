#include "register/register.h"

#include "auth/ask.h"

static const struct input place_inputs[] = {
	{ "q", IN_TEXT, QUERY, .max = 100 },
	{ "kind", IN_CODE, QUERY, .max = 20 },
	{ "near", IN_POINT, QUERY },
	{ "bbox", IN_BBOX, QUERY },
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

/* Search, nearest or list: three questions with three plans. */
static enum err places(struct req *rq)
{
	const char *q = req_value(rq, "q"), *kind = req_value(rq, "kind");
	const char *near = req_value(rq, "near"), *bbox = req_value(rq, "bbox");
	const char *limit = req_value(rq, "limit");
	const char *search[] = { q, kind, bbox, limit ? limit : "50" };
	const char *nearest[] = { near, kind, limit ? limit : "50" };
	const char *list[] = { kind ? kind : "building", bbox, limit ? limit : "50",
			       req_value(rq, "after") };

	if (q)
		return ask_reply(rq, Q_PLACE_SEARCH, search);
	if (near)
		return ask_reply(rq, Q_PLACE_NEAR, nearest);
	return ask_reply(rq, Q_PLACE_LIST, list);
}

static const struct input building_inputs[] = {
	{ "q", IN_TEXT, QUERY, .max = 100 },
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input map_inputs[] = {
	{ "bbox", IN_BBOX, QUERY | REQUIRED },
	{ "limit", IN_INT, QUERY, .max = 5000, .min = 1 },
	{ 0 },
};

const struct route register_routes[] = {
	{ "GET", "/api/v1/places", ROLE_ANY_PERSON | ROLE_PUBLIC, places, place_inputs,
	  .summary = "Places by words, nearness or kind" },
	{ "GET", "/api/v1/buildings", ROLE_OFFICE | ROLE_FIELD, .inputs = building_inputs,
	  .query = Q_BUILDING_LIST, .summary = "Buildings, by name, address or bygningsnummer" },
	{ "GET", "/api/v1/buildings/{id}", ROLE_OFFICE | ROLE_FIELD, .query = Q_BUILDING_GET,
	  .summary = "A building with its dwellings" },
	{ "GET", "/api/v1/map/buildings", ROLE_OFFICE, .inputs = map_inputs,
	  .query = Q_BUILDING_MAP,
	  .summary = "Buildings on a piece of the map, with what is open" },
	{ "GET", "/api/v1/map/land", ROLE_ANY_PERSON | ROLE_PUBLIC, .query = Q_LAND_MAP,
	  .summary = "The land of the municipalities" },
	{ "GET", "/api/v1/codes/{code}", ROLE_ALL | ROLE_PUBLIC, .query = Q_CODE_GET,
	  .summary = "What a QR label is on, and what is reported there" },
	{ "GET", "/api/v1/categories", ROLE_ALL | ROLE_PUBLIC, .query = Q_CATEGORY_LIST,
	  .summary = "Categories of faults" },
	{ "GET", "/api/v1/building-types", ROLE_OFFICE | ROLE_FIELD,
	  .query = Q_REGISTER_BUILDING_TYPES, .summary = "Types of building (NS 3457-3)" },
	{ "GET", "/api/v1/building-statuses", ROLE_OFFICE | ROLE_FIELD,
	  .query = Q_REGISTER_BUILDING_STATUSES,
	  .summary = "What the matrikkel says of a building" },
	{ "GET", "/api/v1/elements", ROLE_OFFICE | ROLE_FIELD, .query = Q_REGISTER_ELEMENTS,
	  .summary = "Parts of buildings (NS 3451)" },
	{ 0 },
};
