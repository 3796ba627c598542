/* Vector tiles (Mapbox Vector Tile 2.1) of the register, the tasks and the cases, in the grids of
 * geo/grid.h, under the rights of whoever asks; and TileJSON 3.0 that describes them. */
#pragma once

#include "auth/app.h"
#include "geo/grid.h"

struct tiles;

extern const struct route tile_routes[];

/* The cache of tiles and what keeps it true. NULL when config.tile_cache_mib is 0: then each tile
 * is made anew. */
struct tiles *tiles_start(const struct config *config, struct pools *pools);
void tiles_stop(struct tiles *tiles);

/* How the cache does, in Prometheus' text format. NULL writes nothing. */
void tiles_measure(struct tiles *tiles, struct buf *to);

/* A layer as one audience gets it at some zooms: the statement that makes it. */
struct tile_layer {
	const char *name;
	const char *audiences; /* their letters; p: nobody */
	double from_m, to_m; /* metres that a pixel covers: more than the one, at most the other */
	enum query query;
	enum query many;  /* what answers instead when there are too many; Q_NONE: nothing */
	unsigned depends; /* enum tile_depends: what it changes with */
	bool is_personal; /* two people with the same rights may see different things */
};

/* All of them, ended by one without name; those of one layer lie beside each other. */
extern const struct tile_layer tile_layers[];

/* The letter of whoever asks, p for nobody. */
char tile_audience(const struct req *rq);

/* The TileJSON of the path's grid. */
enum err tile_json(struct req *rq);
