/* Writes a GeoPackage (OGC 12-128r17, version 1.3) of one layer. The only file that knows SQLite.
 */
#pragma once

#include "db/db.h"

struct gpkg;

struct gpkg_layer {
	const char *name, *title;
	bool is_point;
	int srid;
	const char *authority, *definition; /* of the coordinate system: "EPSG", WKT */
};

/* A new file in `directory`, unnamed from the start: it is gone with its last descriptor. NULL when
 * it cannot be made. */
struct gpkg *gpkg_open(const char *directory);

/* Makes the layer's table, whose columns are those of `rows`: the first is the id, «_geom» the
 * shape as hexadecimal WKB, east first; others that begin with an underscore are left out. */
bool gpkg_begin(struct gpkg *g, const struct gpkg_layer *layer, const struct rows *rows);

/* Adds the row of `rows`. */
bool gpkg_add(struct gpkg *g, const struct rows *rows);

/* Ends the file; `fd` and `size` are the caller's. On failure, and with NULL for `fd`, it is thrown
 * away. Frees `g` in any case. */
bool gpkg_end(struct gpkg *g, int *fd, uint64_t *size);
