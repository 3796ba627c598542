#include "geo/tiles.h"

#include <math.h>
#include <string.h>

#include "auth/ask.h"
#include "geo/proj.h"

enum {
	TILE_MAX = 4 * 1024 * 1024, /* bytes; what the layers' limits leave is far less */
	EDGE_POINTS = 2,
	EDGE_POINTS_WIDE = 16,
	WIDE_ZOOM = 9, /* up to here a tile's edge in another system is a curve */
	LAYERS_TEXT = 200,
};

/* The rim that layers reach over the tile's edge: 64 of 4096. */
static const double rim = 64.0 / 4096;

/* What EPSG:25832 can be asked about, in degrees: a tile of the whole world is cut to this. */
static const double utm_area[4] = { -10, 50, 40, 84 };

/* At which pixel sizes each layer shows what. Outlines of buildings go to where a house is two
 * pixels; components begin where one sees into a yard. */
const struct tile_layer tile_layers[] = {
	{ "municipality", "oftp", 0, 1e9, Q_TILE_MUNICIPALITY, Q_NONE, false },
	{ "property", "oft", 0, 11, Q_TILE_PROPERTY, Q_NONE, false },
	{ "outdoor_area", "oftp", 0, 22, Q_TILE_OUTDOOR_AREA, Q_NONE, false },
	{ "building", "o", 0, 5.5, Q_TILE_BUILDING, Q_TILE_BUILDING_FAR, false },
	{ "building", "f", 0, 5.5, Q_TILE_BUILDING_FIELD, Q_TILE_BUILDING_FAR, false },
	{ "building", "tp", 0, 5.5, Q_TILE_BUILDING_OPEN, Q_TILE_BUILDING_FAR, false },
	{ "building", "oftp", 5.5, 1e9, Q_TILE_BUILDING_FAR, Q_NONE, false },
	{ "component", "of", 0, 0.36, Q_TILE_COMPONENT, Q_TILE_COMPONENT_FAR, false },
	{ "component", "of", 0.36, 1.4, Q_TILE_COMPONENT_FAR, Q_NONE, false },
	{ "task", "of", 0, 5.5, Q_TILE_TASK, Q_TILE_TASK_FAR, false },
	{ "task", "of", 5.5, 1e9, Q_TILE_TASK_FAR, Q_NONE, false },
	{ "case", "o", 0, 5.5, Q_TILE_CASE, Q_TILE_CASE_FAR, false },
	{ "case", "o", 5.5, 1e9, Q_TILE_CASE_FAR, Q_NONE, false },
	{ "case", "t", 0, 1e9, Q_TILE_CASE_MINE, Q_NONE, true },
	{ 0 },
};

/* A tile that is asked for, and the parameters of its statements. */
struct wanted {
	struct tile tile;
	double box[4];   /* in EPSG:25832, with the rim */
	bool is_nowhere; /* the box is where no municipality can be */
	const struct tile_layer *layers[ASK_MAX];
	int count;
};

char tile_audience(const struct req *rq)
{
	return rq->audience ? rq->audience : 'p';
}

/* Where a box in degrees lies in UTM zone 32, cut to what can be asked about. */
static bool utm_box(const double degrees[4], double out[4])
{
	double cut[4] = { fmax(degrees[0], utm_area[0]), fmax(degrees[1], utm_area[1]),
			  fmin(degrees[2], utm_area[2]), fmin(degrees[3], utm_area[3]) };
	struct proj_pair *pair = proj_pair(4326, 25832);

	return cut[0] < cut[2] && cut[1] < cut[3] && pair &&
	       proj_box(pair, cut, EDGE_POINTS_WIDE, out);
}

static void find_box(struct wanted *w)
{
	const struct grid *grid = w->tile.grid;
	double edges[4], side, degrees[4];
	struct proj_pair *pair;

	tile_bounds(&w->tile, edges);
	side = (edges[2] - edges[0]) * rim;
	edges[0] -= side;
	edges[1] -= side;
	edges[2] += side;
	edges[3] += side;
	if (grid->epsg == 25832) {
		memcpy(w->box, edges, sizeof(edges));
		return;
	}
	pair = proj_pair(grid->epsg, w->tile.z > WIDE_ZOOM ? 25832 : 4326);
	if (w->tile.z > WIDE_ZOOM)
		w->is_nowhere = !pair || !proj_box(pair, edges, EDGE_POINTS, w->box);
	else
		w->is_nowhere =
			!pair || !proj_box(pair, edges, 1, degrees) || !utm_box(degrees, w->box);
}

static bool is_named(const char *list, const char *name)
{
	struct str rest = str_of(list), want = str_of(name);

	while (rest.at) {
		struct str one = str_cut(&rest, ',');

		if (str_equals(one, want))
			return true;
	}
	return false;
}

static bool is_layer(struct str name)
{
	for (const struct tile_layer *l = tile_layers; l->name; l++)
		if (str_equals(name, str_of(l->name)))
			return true;
	return false;
}

/* Names that are no layer are faults; names of layers that the asker may not see are none. */
static enum err check_names(struct req *rq, const char *list)
{
	struct str rest = str_of(list);

	while (rest.at) {
		if (is_layer(str_cut(&rest, ',')))
			continue;
		req_fault(rq, "?layers",
			  "municipality, property, outdoor_area, building, component, task, case");
		return ERR_INVALID;
	}
	return OK;
}

static void pick_layers(struct wanted *w, char audience, const char *names)
{
	double pixel_m = grid_pixel_m(w->tile.grid, w->tile.z);

	w->count = 0;
	for (const struct tile_layer *l = tile_layers; l->name && !w->is_nowhere; l++)
		if (strchr(l->audiences, audience) && pixel_m > l->from_m && pixel_m <= l->to_m &&
		    (!names || is_named(names, l->name)))
			w->layers[w->count++] = l;
}

static const char *numbers(struct req *rq, const double n[4])
{
	return arena_printf(&rq->arena, "{%.3f,%.3f,%.3f,%.3f}", n[0], n[1], n[2], n[3]);
}

/* Asks for the layers, and again for the counts of those that are too many to be shown. */
static enum err ask_layers(struct req *rq, const struct wanted *w, struct rows **rows)
{
	double edges[4];
	enum query first[ASK_MAX], again[ASK_MAX];
	struct rows *counts[ASK_MAX];
	int places[ASK_MAX], many = 0;
	const char *params[4];
	size_t length;
	enum err e;

	tile_bounds(&w->tile, edges);
	params[0] = numbers(rq, w->box);
	params[1] = numbers(rq, edges);
	params[2] = arena_printf(&rq->arena, "%d", w->tile.grid->epsg);
	params[3] = arena_printf(&rq->arena, "%.6f", grid_pixel_m(w->tile.grid, w->tile.z));
	for (int i = 0; i < w->count; i++)
		first[i] = w->layers[i]->query;
	if ((e = ask_all(rq, first, w->count, params, rows)))
		return e;
	for (int i = 0; i < w->count; i++) {
		if (rows_bytes(rows[i], 0, 0, &length) || w->layers[i]->many == Q_NONE)
			continue;
		places[many] = i;
		again[many++] = w->layers[i]->many;
	}
	if (!many || (e = ask_all(rq, again, many, params, counts)))
		return e;
	for (int i = 0; i < many; i++)
		rows[places[i]] = counts[i];
	return OK;
}

static enum err make_tile(struct req *rq, const struct wanted *w)
{
	struct rows *rows[ASK_MAX];
	enum err e;

	if (w->count && (e = ask_layers(rq, w, rows)))
		return e;
	for (int i = 0; i < w->count; i++) {
		size_t length;
		const char *bytes = rows_bytes(rows[i], 0, 0, &length);

		/* A tile is its layers, one after the other. */
		if (bytes)
			buf_add(&rq->out, bytes, length);
	}
	return OK;
}

static const struct input tile_inputs[] = {
	{ "layers", IN_TEXT, QUERY, .max = LAYERS_TEXT },
	{ 0 },
};

static enum err tile(struct req *rq)
{
	const struct grid *grid = grid_find(rq->ids[0]);
	const char *names = req_value(rq, "layers");
	struct wanted w = { 0 };
	enum err e;

	if (!grid || !tile_parse(grid, rq->ids[1], rq->ids[2], rq->ids[3], &w.tile))
		return ERR_NOT_FOUND;
	if (names && (e = check_names(rq, names)))
		return e;
	find_box(&w);
	pick_layers(&w, tile_audience(rq), names);
	if ((e = make_tile(rq, &w)))
		return e;
	rq->out_type = "application/vnd.mapbox-vector-tile";
	rq->status = 200;
	return OK;
}

const struct route tile_routes[] = {
	{ "GET", "/api/v1/tiles/{grid}", ROLE_ANY_PERSON | ROLE_PUBLIC, tile_json,
	  .summary = "TileJSON of a grid of vector tiles: WebMercatorQuad or utm32n" },
	{ "GET", "/api/v1/tiles/{grid}/metadata.json", ROLE_ANY_PERSON | ROLE_PUBLIC, tile_json,
	  .summary = "The same, where GDAL looks for it" },
	{ "GET", "/api/v1/tiles/{grid}/{z}/{x}/{y}", ROLE_ANY_PERSON | ROLE_PUBLIC, tile,
	  tile_inputs, .summary = "A vector tile" },
	{ 0 },
};
