#include <stdlib.h>
#include <string.h>

#include "auth/ask.h"
#include "auth/session.h"
#include "geo/proj.h"
#include "geo/tiles.h"

enum { ATTRIBUTES_MAX = 10, JSON_MAX = 64 * 1024, EDGE_POINTS = 16 };

/* The attributes of a layer's features; TileJSON 3.0 wants a word on each. */
struct attribute {
	const char *layer, *audiences, *name, *type, *meaning;
};

static const struct attribute attributes[] = {
	{ "municipality", "oftp", "id", "String", "id of the place" },
	{ "municipality", "oftp", "label", "String", "name" },
	{ "property", "oft", "id", "String", "id of the place" },
	{ "property", "oft", "label", "String", "name" },
	{ "outdoor_area", "oftp", "id", "String", "id of the place" },
	{ "outdoor_area", "oftp", "label", "String", "name" },
	{ "building", "oftp", "id", "String", "id of the place" },
	{ "building", "oftp", "label", "String", "address and name" },
	{ "building", "of", "type_code", "Number", "building type (NS 3457)" },
	{ "building", "of", "status", "String", "building status, Kartverket's code" },
	{ "building", "of", "condition", "String", "worst condition grade of what is in it" },
	{ "building", "of", "open_tasks", "Number", "open tasks in it" },
	{ "building", "o", "open_cases", "Number", "open cases in it" },
	{ "building", "oftp", "count", "Number", "buildings that a far zoom counts as one" },
	{ "component", "of", "id", "String", "id of the component" },
	{ "component", "of", "place_id", "String", "where those counted are" },
	{ "component", "of", "label", "String", "name, or that of the place" },
	{ "component", "of", "tag", "String", "TFM tag" },
	{ "component", "of", "element", "String", "building element (NS 3451)" },
	{ "component", "of", "condition", "String", "condition grade, the worst of those counted" },
	{ "component", "of", "count", "Number", "components counted as one" },
	{ "task", "of", "id", "String", "id of the task" },
	{ "task", "of", "number", "String", "number" },
	{ "task", "of", "label", "String", "title" },
	{ "task", "of", "category", "String", "category" },
	{ "task", "of", "state", "String", "state" },
	{ "task", "of", "priority", "Number", "1 (highest) to 4" },
	{ "task", "of", "is_late", "Boolean", "past its deadline" },
	{ "task", "of", "place_id", "String", "id of the place" },
	{ "task", "of", "count", "Number", "tasks counted as one" },
	{ "task", "of", "late", "Number", "of these, past their deadline" },
	{ "case", "ot", "id", "String", "id of the case" },
	{ "case", "ot", "number", "String", "number" },
	{ "case", "ot", "label", "String", "title" },
	{ "case", "ot", "category", "String", "category" },
	{ "case", "ot", "state", "String", "state" },
	{ "case", "o", "priority", "Number", "1 (highest) to 4" },
	{ "case", "o", "is_late", "Boolean", "past its deadline" },
	{ "case", "o", "place_id", "String", "id of the place" },
	{ "case", "t", "is_mine", "Boolean", "reported by who asks, else followed" },
	{ "case", "o", "count", "Number", "cases counted as one" },
	{ "case", "o", "late", "Number", "of these, past their deadline" },
};

/* Norway, where no land is drawn yet. */
static const double everywhere[4] = { 4, 57.5, 31.5, 71.5 };

static enum err find_bounds(struct req *rq, double degrees[4])
{
	struct proj_pair *pair = proj_pair(25832, 4326);
	struct rows *rows;
	double box[4];
	enum err e;

	memcpy(degrees, everywhere, sizeof(everywhere));
	if ((e = ask_rows(rq, Q_TILE_EXTENT, NULL, &rows)))
		return e;
	for (int i = 0; i < 4; i++) {
		const char *text = rows_at(rows, 0, i);

		if (!text)
			return OK;
		box[i] = strtod(text, NULL);
	}
	if (!pair || !proj_box(pair, box, EDGE_POINTS, degrees))
		memcpy(degrees, everywhere, sizeof(everywhere));
	return OK;
}

/* The first and last zoom at which the audience gets something in the layer. */
static bool zooms(const struct grid *grid, const char *layer, char audience, int *first, int *last)
{
	*first = -1;
	for (int z = 0; z <= grid->zoom_max; z++) {
		double pixel_m = grid_pixel_m(grid, z);

		for (const struct tile_layer *l = tile_layers; l->name; l++) {
			if (strcmp(l->name, layer) || !strchr(l->audiences, audience) ||
			    pixel_m <= l->from_m || pixel_m > l->to_m)
				continue;
			if (*first < 0)
				*first = z;
			*last = z;
		}
	}
	return *first >= 0;
}

static void add_fields(struct buf *to, const char *layer, char audience)
{
	bool is_first = true;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		const struct attribute *a = &attributes[i];

		if (strcmp(a->layer, layer) || !strchr(a->audiences, audience))
			continue;
		/* GDAL takes the type from the first word. */
		buf_printf(to, "%s\"%s\":\"%s\"", is_first ? "" : ",", a->name, a->type);
		is_first = false;
	}
}

static void add_layers(struct buf *to, const struct grid *grid, char audience)
{
	bool is_first = true;

	buf_text(to, "\"vector_layers\":[");
	for (const struct tile_layer *l = tile_layers; l->name; l++) {
		int first, last;

		if (l > tile_layers && !strcmp(l->name, l[-1].name))
			continue;
		if (!zooms(grid, l->name, audience, &first, &last))
			continue;
		buf_printf(to,
			   "%s{\"id\":\"%s\",\"description\":\"\",\"minzoom\":%d,\"maxzoom\":%d,"
			   "\"fields\":{",
			   is_first ? "" : ",", l->name, first, last);
		add_fields(to, l->name, audience);
		buf_text(to, "}}");
		is_first = false;
	}
	buf_char(to, ']');
}

static const char *origin(struct req *rq)
{
	const char *configured = app_of(rq)->config->origin, *host = req_incoming(rq, "Host");

	if (configured[0])
		return configured;
	return host ? arena_printf(&rq->arena, "http://%s", host) : "";
}

/* How GDAL's MVT driver wants to be told of a grid that is not Web Mercator, and its copy of the
 * layers as a text. */
static void add_for_gdal(struct req *rq, const struct grid *grid, const struct buf *layers)
{
	struct buf inner;

	buf_init(&inner, JSON_MAX);
	buf_printf(&inner, "{%s}", layers->at);
	buf_printf(&rq->out,
		   ",\"crs\":\"EPSG:%d\",\"tile_origin_upper_left_x\":%.9f,"
		   "\"tile_origin_upper_left_y\":%.9f,\"tile_dimension_zoom_0\":%.9f,\"json\":",
		   grid->epsg, grid->left, grid->top, grid->resolution * GRID_PIXELS);
	buf_json(&rq->out, inner.at, inner.length);
	buf_release(&inner);
}

enum err tile_json(struct req *rq)
{
	const struct grid *grid = grid_find(rq->ids[0]);
	double b[4];
	const char *url;
	struct buf layers;
	enum err e;

	if (!grid)
		return ERR_NOT_FOUND;
	if ((e = find_bounds(rq, b)))
		return e == ERR_UNAUTHORIZED ? session_unauthorized(rq) : e;
	buf_init(&layers, JSON_MAX);
	add_layers(&layers, grid, tile_audience(rq));
	url = arena_printf(&rq->arena, "%s/api/v1/tiles/%s/{z}/{x}/{y}.pbf", origin(rq),
			   grid->name);
	buf_text(&rq->out, "{\"tilejson\":\"3.0.0\",\"name\":\"FDVU\",\"version\":\"1.0.0\","
			   "\"scheme\":\"xyz\",\"format\":\"pbf\",\"tiles\":[");
	buf_json(&rq->out, url, strlen(url));
	buf_printf(&rq->out,
		   "],\"minzoom\":0,\"maxzoom\":%d,\"bounds\":[%.6f,%.6f,%.6f,%.6f],"
		   "\"center\":[%.6f,%.6f,%d],%s",
		   grid->zoom_max, b[0], b[1], b[2], b[3], (b[0] + b[2]) / 2, (b[1] + b[3]) / 2,
		   grid->epsg == 3857 ? 12 : 10, layers.at);
	add_for_gdal(rq, grid, &layers);
	buf_release(&layers);
	buf_char(&rq->out, '}');
	rq->out_type = "application/json";
	return OK;
}
