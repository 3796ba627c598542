/* Everything that OGR reads better than we would: GML, GeoPackage, Shapefile, GeoJSON, FileGDB,
 * MapInfo and DXF, one driver at a time. A row has the layer's fields, then its geometry as
 * geom_wkt, x (east or longitude), y (north or latitude) and epsg. */
#pragma once

#include "importers/reader.h"

#include <stdbool.h>

/* Whether `format` is read here. */
bool ogr_has(const char *format);

/* Before the prison: opens PROJ's database, which names coordinate systems. */
void ogr_prepare(void);

/* Reads GDAL's file `path`, with the driver of `format` and no other. The exit status. */
int reader_ogr(struct reader *r, const char *format, const char *path);
