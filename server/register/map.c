#include "register/map.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "auth/ask.h"
#include "db/rows.h"
#include "http/csp.h"

enum { POLYGON_BODY_MAX = 256 * 1024, KINDS_MAX = 6, CORNERS_MAX = 2000 };

static const double coordinate_max = 1e8; /* metres */

static const struct input selection_inputs[] = {
	{ "polygon", IN_JSON, REQUIRED },
	{ "kinds", IN_CODE, REQUIRED | LIST, .max = KINDS_MAX },
	{ 0 },
};

/* A closed ring of [x, y] in metres. */
static bool is_ring(const json_t *ring)
{
	size_t count = json_array_size(ring);

	if (count < 4 || count > CORNERS_MAX)
		return false;
	for (size_t i = 0; i < count; i++) {
		const json_t *corner = json_array_get(ring, i);

		for (size_t axis = 0; axis < 2; axis++) {
			const json_t *value = json_array_get(corner, axis);

			if (!json_is_number(value) ||
			    fabs(json_number_value(value)) > coordinate_max)
				return false;
		}
	}
	return json_equal(json_array_get(ring, 0), json_array_get(ring, count - 1));
}

static enum err selection(struct req *rq)
{
	const json_t *polygon = json_object_get(rq->json, "polygon");
	const char *type = json_string_value(json_object_get(polygon, "type"));
	const json_t *rings = json_object_get(polygon, "coordinates");
	const char *params[] = { rq->body.at };

	if (!type || strcmp(type, "Polygon") != 0 || json_array_size(rings) != 1 ||
	    !is_ring(json_array_get(rings, 0))) {
		req_fault(rq, "/polygon",
			  "{\"type\": \"Polygon\", \"coordinates\": [[[x, y], …]]}, EPSG:25832");
		return ERR_INVALID;
	}
	return ask_reply(rq, Q_MAP_SELECTION, params);
}

static enum err reply_settings(struct req *rq, const struct rows *rows)
{
	const char *hosts = app_of(rq)->config->map_hosts;
	struct str rest = str_of(hosts), host;
	struct buf *to = &rq->out;
	const char *before = "";

	if (!rows_count(rows))
		return !strcmp(rq->method, "PUT") ? ERR_FORBIDDEN : ERR_NOT_FOUND;
	rows_object(rows, 0, to);
	if (to->is_full)
		return ERR_INTERNAL;
	to->length--; /* the closing brace: one member more */
	buf_text(to, ",\"hosts\":[");
	while (rest.at) {
		host = str_cut(&rest, ' ');
		if (!host.length)
			continue;
		buf_text(to, before);
		buf_json(to, host.at, host.length);
		before = ",";
	}
	buf_text(to, "]}");
	rq->out_type = "application/json";
	return OK;
}

static enum err get_settings(struct req *rq)
{
	struct rows *rows;
	enum err e = ask_rows(rq, Q_MAP_SETTINGS, NULL, &rows);

	return e ? e : reply_settings(rq, rows);
}

static const struct input settings_inputs[] = {
	{ "type", IN_CODE, REQUIRED, .max = 10 },  { "url", IN_TEXT, 0, .max = 500 },
	{ "layer", IN_TEXT, 0, .max = 200 },       { "matrix_sets", IN_JSON, 0 },
	{ "attribution", IN_TEXT, 0, .max = 200 }, { 0 },
};

/* Who runs the server says which hosts the pages may ask at all, an administrator which of them
 * they do: a log-in that is stolen sends nobody's browser elsewhere. */
static enum err set_settings(struct req *rq)
{
	const char *type = req_value(rq, "type"), *url = req_value(rq, "url");
	const char *params[] = { rq->body.at };
	bool is_wmts = !strcmp(type, "wmts"), is_wms = !strcmp(type, "wms");
	struct rows *rows;
	enum err e;

	if (!is_wmts && !is_wms && strcmp(type, "none"))
		req_fault(rq, "/type", "wmts, wms, none");
	else if ((is_wmts || is_wms) && !url)
		req_fault(rq, "/url", "https://…");
	else if (url && strcmp(type, "none") && !csp_allows(app_of(rq)->config->map_hosts, url))
		req_fault(rq, "/url", "map_hosts");
	else if (is_wmts && (!strstr(url, "{z}") || !strstr(url, "{x}") || !strstr(url, "{y}")))
		req_fault(rq, "/url", "{z}, {x}, {y}");
	if (rq->fault_count)
		return ERR_INVALID;
	if ((e = ask_rows(rq, Q_MAP_SETTINGS_SET, params, &rows)))
		return e;
	return reply_settings(rq, rows);
}

const struct route map_routes[] = {
	{ "POST", "/api/v1/map/selection", ROLE_OFFICE, selection, selection_inputs,
	  .summary = "What lies within a polygon", .body_max = POLYGON_BODY_MAX },
	{ "GET", "/api/v1/map/extent", ROLE_OFFICE, .query = Q_MAP_EXTENT,
	  .summary = "Where one's buildings are" },
	{ "GET", "/api/v1/settings/map", ROLE_OFFICE, get_settings,
	  .summary = "The background of all maps" },
	{ "PUT", "/api/v1/settings/map", ROLE_OFFICE, set_settings, settings_inputs,
	  .summary = "Change the background of all maps: administrators" },
	{ 0 },
};
