#include "geo/tiles.h"

#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/ask.h"
#include "auth/session.h"
#include "base/clock.h"
#include "base/sha256.h"
#include "geo/proj.h"
#include "geo/tile_cache.h"
#include "geo/tile_feed.h"

enum {
	EDGE_POINTS = 2,
	EDGE_POINTS_WIDE = 16,
	WIDE_ZOOM = 9, /* up to here a tile's edge in another system is a curve */
	LAYERS_TEXT = 200,
};

struct tiles {
	struct tile_cache *cache;
	struct tile_feed *feed;
};

/* The rim that layers reach over the tile's edge: 64 of 4096. */
static const double rim = 64.0 / 4096;

/* What EPSG:25832 can be asked about, in degrees: a tile of the whole world is cut to this. */
static const double utm_area[4] = { -10, 50, 40, 84 };

/* At which pixel sizes each layer shows what. Outlines of buildings go to where a house is two
 * pixels; components begin where one sees into a yard. */
const struct tile_layer tile_layers[] = {
	{ "municipality", "oftp", 0, 1e9, Q_TILE_MUNICIPALITY, Q_NONE, TILE_MUNICIPALITY, false },
	{ "property", "oft", 0, 11, Q_TILE_PROPERTY, Q_NONE, TILE_PROPERTY, false },
	{ "outdoor_area", "oftp", 0, 22, Q_TILE_OUTDOOR_AREA, Q_NONE, TILE_OUTDOOR_AREA, false },
	{ "building", "o", 0, 5.5, Q_TILE_BUILDING, Q_TILE_BUILDING_FAR,
	  TILE_BUILDING | TILE_TASK | TILE_CASE, false },
	{ "building", "f", 0, 5.5, Q_TILE_BUILDING_FIELD, Q_TILE_BUILDING_FAR,
	  TILE_BUILDING | TILE_TASK, false },
	{ "building", "tp", 0, 5.5, Q_TILE_BUILDING_OPEN, Q_TILE_BUILDING_FAR, TILE_BUILDING,
	  false },
	{ "building", "oftp", 5.5, 1e9, Q_TILE_BUILDING_FAR, Q_NONE, TILE_BUILDING, false },
	{ "component", "of", 0, 0.36, Q_TILE_COMPONENT, Q_TILE_COMPONENT_FAR,
	  TILE_COMPONENT | TILE_BUILDING | TILE_OUTDOOR_AREA | TILE_PROPERTY | TILE_POSITION,
	  false },
	{ "component", "of", 0.36, 1.4, Q_TILE_COMPONENT_FAR, Q_NONE,
	  TILE_COMPONENT | TILE_POSITION, false },
	{ "task", "of", 0, 5.5, Q_TILE_TASK, Q_TILE_TASK_FAR, TILE_TASK | TILE_POSITION, false },
	{ "task", "of", 5.5, 1e9, Q_TILE_TASK_FAR, Q_NONE, TILE_TASK | TILE_POSITION, false },
	{ "case", "o", 0, 5.5, Q_TILE_CASE, Q_TILE_CASE_FAR, TILE_CASE | TILE_POSITION, false },
	{ "case", "o", 5.5, 1e9, Q_TILE_CASE_FAR, Q_NONE, TILE_CASE | TILE_POSITION, false },
	{ "case", "t", 0, 1e9, Q_TILE_CASE_MINE, Q_NONE, 0, true },
	{ 0 },
};

/* A tile that is asked for, and the parameters of its statements. */
struct wanted {
	struct tile tile;
	struct tile_key key;
	struct tile_made made;
	bool is_nowhere; /* it lies where no municipality can be */
	bool is_personal;
	const struct tile_layer *layers[ASK_MAX];
	int count;
};

char tile_audience(const struct req *rq)
{
	return rq->audience ? rq->audience : 'p';
}

/* Cuts a box in degrees to what can be asked about; false when nothing is left. */
static bool cut_to_utm(double degrees[4])
{
	degrees[0] = fmax(degrees[0], utm_area[0]);
	degrees[1] = fmax(degrees[1], utm_area[1]);
	degrees[2] = fmin(degrees[2], utm_area[2]);
	degrees[3] = fmin(degrees[3], utm_area[3]);
	return degrees[0] < degrees[2] && degrees[1] < degrees[3];
}

/* Where a box of Web Mercator lies in UTM zone 32. False when that is nowhere. */
static bool utm_box(const struct tile *tile, const double edges[4], double out[4])
{
	const struct grid *grid = tile->grid;
	/* The rim of the world's edge would come out on its other side. */
	double inside[4] = { fmax(edges[0], grid->left), edges[1], fmin(edges[2], -grid->left),
			     edges[3] };
	struct proj_pair *to_degrees = proj_pair(grid->epsg, 4326);
	struct proj_pair *way = proj_pair(tile->z > WIDE_ZOOM ? grid->epsg : 4326, 25832);
	double degrees[4];

	if (!to_degrees || !way || !proj_box(to_degrees, inside, 1, degrees) ||
	    !cut_to_utm(degrees))
		return false;
	if (tile->z > WIDE_ZOOM)
		return proj_box(way, inside, EDGE_POINTS, out);
	return proj_box(way, degrees, EDGE_POINTS_WIDE, out);
}

static void find_box(struct wanted *w)
{
	double edges[4], side;

	tile_bounds(&w->tile, edges);
	side = (edges[2] - edges[0]) * rim;
	edges[0] -= side;
	edges[1] -= side;
	edges[2] += side;
	edges[3] += side;
	if (w->tile.grid->epsg == 25832)
		memcpy(w->made.box, edges, sizeof(edges));
	else
		w->is_nowhere = !utm_box(&w->tile, edges, w->made.box);
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

	for (const struct tile_layer *l = tile_layers; l->name; l++) {
		if (!strchr(l->audiences, audience) || pixel_m <= l->from_m || pixel_m > l->to_m ||
		    (names && !is_named(names, l->name)))
			continue;
		w->layers[w->count++] = l;
		w->key.layers |= 1u << (l - tile_layers);
		w->made.depends |= l->depends;
		w->is_personal |= l->is_personal;
	}
}

static const char *numbers(struct req *rq, const double n[4])
{
	return arena_printf(&rq->arena, "{%.3f,%.3f,%.3f,%.3f}", n[0], n[1], n[2], n[3]);
}

/* A digest of what rights depend on: areas and roles. Nobody in particular, unless what is asked
 * for is personal, and then it is not kept. */
static void digest_rights(char audience, const struct rows *who, char rights[TILE_RIGHTS])
{
	const char *areas = who ? rows_at(who, 0, 1) : NULL,
		   *roles = who ? rows_at(who, 0, 2) : NULL;
	struct sha256 *sum = sha256_start();
	char text[SHA256_TEXT];

	sha256_add(sum, &audience, 1);
	if (areas)
		sha256_add(sum, areas, strlen(areas) + 1);
	if (roles)
		sha256_add(sum, roles, strlen(roles) + 1);
	sha256_end(sum, text);
	memcpy(rights, text, TILE_RIGHTS - 1);
	rights[TILE_RIGHTS - 1] = '\0';
}

/* Who asks, remembered or asked for. A session that has ended leaves nobody (rq->audience 0). */
static enum err find_rights(struct req *rq, struct tiles *tiles, char rights[TILE_RIGHTS])
{
	uint64_t now_us = clock_us();
	struct rows *who = NULL;
	enum err e;

	if (rq->audience && tile_rights_find(tiles->cache, rq->token_hash, now_us, rights))
		return OK;
	if (rq->audience && (e = ask_rows(rq, Q_TILE_WHO, NULL, &who)))
		return e;
	digest_rights(tile_audience(rq), rq->audience ? who : NULL, rights);
	if (rq->audience)
		tile_rights_put(tiles->cache, rq->token_hash, now_us, rights);
	return OK;
}

static void fill_params(struct req *rq, const struct wanted *w, const char *params[4])
{
	double edges[4];

	tile_bounds(&w->tile, edges);
	params[0] = numbers(rq, w->made.box);
	params[1] = numbers(rq, edges);
	params[2] = arena_printf(&rq->arena, "%d", w->tile.grid->epsg);
	params[3] = arena_printf(&rq->arena, "%.6f", grid_pixel_m(w->tile.grid, w->tile.z));
}

/* Asks for the layers, and again for the counts of those that are too many to be shown. `rows`
 * begins with who asks. */
static enum err ask_layers(struct req *rq, const struct wanted *w, struct rows **rows)
{
	enum query first[ASK_MAX] = { Q_TILE_WHO }, again[ASK_MAX];
	struct rows *counts[ASK_MAX];
	int places[ASK_MAX], many = 0;
	const char *params[4];
	size_t length;
	enum err e;

	fill_params(rq, w, params);
	for (int i = 0; i < w->count; i++)
		first[i + 1] = w->layers[i]->query;
	if ((e = ask_all(rq, first, w->count + 1, params, rows)))
		return e;
	for (int i = 0; i < w->count; i++) {
		if (rows_bytes(rows[i + 1], 0, 0, &length) || w->layers[i]->many == Q_NONE)
			continue;
		places[many] = i + 1;
		again[many++] = w->layers[i]->many;
	}
	if (!many || (e = ask_all(rq, again, many, params, counts)))
		return e;
	for (int i = 0; i < many; i++)
		rows[places[i]] = counts[i];
	return OK;
}

/* When the first of the deadlines passes that a layer shows; 0: never. */
static int64_t first_until(struct rows *const *rows, int count)
{
	int64_t first = 0;

	for (int i = 0; i < count; i++) {
		size_t length;
		const void *at = rows_bytes(rows[i], 0, 1, &length);
		uint64_t until;

		if (!at || length != sizeof(until))
			continue;
		memcpy(&until, at, sizeof(until));
		until = be64toh(until);
		if (!first || (int64_t)until < first)
			first = (int64_t)until;
	}
	return first;
}

/* A tile is its layers, one after the other. */
static struct tile_bytes *join_layers(struct rows *const *rows, int count)
{
	struct tile_bytes *bytes;
	char digest[SHA256_TEXT];
	size_t size = 0, length;

	for (int i = 0; i < count; i++)
		size += rows_bytes(rows[i], 0, 0, &length) ? length : 0;
	bytes = tile_bytes_new(size);
	size = 0;
	for (int i = 0; i < count; i++) {
		const void *at = rows_bytes(rows[i], 0, 0, &length);

		if (!at)
			continue;
		memcpy(bytes->at + size, at, length);
		size += length;
	}
	sha256_of(bytes->at, size, digest);
	snprintf(bytes->etag, sizeof(bytes->etag), "\"%.32s\"", digest);
	return bytes;
}

/* Makes the tile and, where there is a cache, keeps it for those with the rights it was made by. */
static enum err make_tile(struct req *rq, struct tiles *tiles, struct wanted *w,
			  struct tile_bytes **out)
{
	struct rows *rows[ASK_MAX] = { NULL };
	char audience = rq->audience;
	enum err e;

	if (tiles)
		w->made.look = tile_cache_look(tiles->cache);
	find_box(w);
	if (w->is_nowhere)
		w->count = 0;
	if (w->count && (e = ask_layers(rq, w, rows)))
		return e;
	if (rq->audience != audience) /* the session ended meanwhile: other layers are theirs */
		return ERR_UNAUTHORIZED;
	*out = join_layers(rows + 1, w->count);
	w->made.until = first_until(rows + 1, w->count);
	if (!tiles || w->is_personal || !w->count)
		return OK;
	digest_rights(tile_audience(rq), rq->audience ? rows[0] : NULL, w->key.rights);
	tile_cache_put(tiles->cache, &w->key, *out, &w->made);
	return OK;
}

/* Does If-None-Match hold the tag? Compared weakly (RFC 9110, section 13.1.2). */
static bool is_known(struct req *rq, const char *etag)
{
	const char *known = req_incoming(rq, "If-None-Match");

	return known && (!strcmp(known, "*") || strstr(known, etag));
}

static enum err send_tile(struct req *rq, struct tile_bytes *bytes)
{
	req_header(rq, "ETag", arena_text(&rq->arena, bytes->etag));
	/* Kept by whom it was sent to, and asked about each time: changes show at once. */
	req_header(rq, "Cache-Control", rq->audience ? "private, no-cache" : "public, no-cache");
	req_header(rq, "Vary", "Authorization, Cookie");
	if (is_known(rq, bytes->etag)) {
		tile_bytes_release(bytes);
		rq->status = 304;
		return OK;
	}
	return req_send_bytes(rq, bytes->at, bytes->size, "application/vnd.mapbox-vector-tile",
			      tile_bytes_release, bytes);
}

static const struct input tile_inputs[] = {
	{ "layers", IN_TEXT, QUERY, .max = LAYERS_TEXT },
	{ 0 },
};

/* As whoever the request is from by now. */
static enum err find_or_make(struct req *rq, const struct tile *tile, struct tile_bytes **out)
{
	struct tiles *tiles = app_of(rq)->tiles;
	struct wanted w;
	enum err e;

	memset(&w, 0, sizeof(w)); /* the key's padding too */
	w.tile = *tile;
	w.key.grid = tile->grid->epsg;
	w.key.z = tile->z;
	w.key.x = tile->x;
	w.key.y = tile->y;
	if (tiles && (e = find_rights(rq, tiles, w.key.rights)))
		return e;
	pick_layers(&w, tile_audience(rq), req_value(rq, "layers"));
	if (tiles && !w.is_personal)
		*out = tile_cache_find(tiles->cache, &w.key, clock_us(), (int64_t)time(NULL));
	return *out ? OK : make_tile(rq, tiles, &w, out);
}

static enum err tile(struct req *rq)
{
	const struct grid *grid = grid_find(rq->ids[0]);
	const char *names = req_value(rq, "layers");
	char audience = rq->audience;
	struct tile_bytes *bytes = NULL;
	struct tile tile;
	enum err e;

	if (!grid || !tile_parse(grid, rq->ids[1], rq->ids[2], rq->ids[3], &tile))
		return ERR_NOT_FOUND;
	if (names && (e = check_names(rq, names)))
		return e;
	e = find_or_make(rq, &tile, &bytes);
	/* The session has ended: an open route is open as to anybody, whose layers are others. */
	if (e && rq->audience != audience)
		e = find_or_make(rq, &tile, &bytes);
	if (e)
		return e == ERR_UNAUTHORIZED ? session_unauthorized(rq) : e;
	return send_tile(rq, bytes);
}

struct tiles *tiles_start(const struct config *config, struct pools *pools)
{
	struct tiles *tiles;

	if (!config->tile_cache_mib)
		return NULL;
	tiles = calloc(1, sizeof(*tiles));
	if (!tiles)
		abort();
	tiles->cache = tile_cache_new((size_t)config->tile_cache_mib << 20);
	tiles->feed = tile_feed_start(pools, tiles->cache);
	return tiles;
}

void tiles_stop(struct tiles *tiles)
{
	if (!tiles)
		return;
	tile_feed_stop(tiles->feed);
	tile_cache_free(tiles->cache);
	free(tiles);
}

void tiles_measure(struct tiles *tiles, struct buf *to)
{
	struct tile_counts c;

	if (!tiles)
		return;
	c = tile_cache_counts(tiles->cache);
	buf_printf(to,
		   "# HELP fdvu_tile_cache_total Vector tiles by what the cache made of them.\n"
		   "# TYPE fdvu_tile_cache_total counter\n"
		   "fdvu_tile_cache_total{was=\"hit\"} %lu\n"
		   "fdvu_tile_cache_total{was=\"miss\"} %lu\n"
		   "fdvu_tile_cache_total{was=\"outdated\"} %lu\n"
		   "fdvu_tile_cache_total{was=\"evicted\"} %lu\n"
		   "# HELP fdvu_tile_cache_bytes Memory of the vector tiles kept.\n"
		   "# TYPE fdvu_tile_cache_bytes gauge\nfdvu_tile_cache_bytes %zu\n",
		   (unsigned long)c.hits, (unsigned long)c.misses, (unsigned long)c.outdated,
		   (unsigned long)c.evicted, c.bytes);
}

const struct route tile_routes[] = {
	{ "GET", "/api/v1/tiles/{grid}", ROLE_ANY_PERSON | ROLE_PUBLIC, tile_json, .for_gis = true,
	  .summary = "TileJSON of a grid of vector tiles: WebMercatorQuad or utm32n" },
	{ "GET", "/api/v1/tiles/{grid}/metadata.json", ROLE_ANY_PERSON | ROLE_PUBLIC, tile_json,
	  .for_gis = true, .summary = "The same, where GDAL looks for it" },
	{ "GET", "/api/v1/tiles/{grid}/{z}/{x}/{y}", ROLE_ANY_PERSON | ROLE_PUBLIC, tile,
	  tile_inputs, .for_gis = true, .summary = "A vector tile" },
	{ 0 },
};
