/* Exports of a layer: CSV as a Norwegian spreadsheet reads it, and GeoPackage. Rows go one at a
 * time into an unnamed file, so that memory stays flat and no client, however slow, holds a
 * database connection; the file is sent from there. */
#pragma once

#include "geo/ogc_ask.h"

extern const struct route export_routes[];

/* Answers with the file. ERR_BUSY when as many exports are under way as may be. */
enum err export_send(struct req *rq, struct ogc_ask *ask);
