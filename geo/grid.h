/* The grids that vector tiles are cut by: pure arithmetic, no I/O.
 *
 * `WebMercatorQuad` is OGC 17-083r4's, in EPSG:3857. `utm32n` is Kartverket's of the same name in
 * EPSG:25832, so that our tiles lie exactly on theirs: top left corner -2 000 000, 9 045 984, tiles
 * of 256 pixels, 21 664 m a pixel at zoom 0, halved each zoom. */
#pragma once

#include <stdbool.h>

enum { GRID_PIXELS = 256, GRIDS = 2 };

struct grid {
	const char *name;
	int epsg;
	double left, top;  /* corner of tile 0, 0; in the grid's own metres */
	double resolution; /* metres a pixel at zoom 0, as the grid counts them */
	double scale;      /* metres on the ground for one of the grid's, about 63° north */
	int zoom_max;
};

struct tile {
	const struct grid *grid;
	int z;
	long x, y; /* from the left, from the top */
};

/* By number, 0 to GRIDS - 1, or by name, letters large or small, with or without «.json»; NULL when
 * there is no such grid. */
const struct grid *grid_number(int number);
const struct grid *grid_find(const char *name);

/* A tile by what stands in its address; `y` may end in «.mvt» or «.pbf». False when there is no
 * such tile in the grid. */
bool tile_parse(const struct grid *grid, const char *z, const char *x, const char *y,
		struct tile *out);

/* West, south, east and north edge in the grid's own metres. */
void tile_bounds(const struct tile *tile, double out[4]);

/* Metres on the ground that a pixel of a zoom covers, about 63° north. */
double grid_pixel_m(const struct grid *grid, int z);
