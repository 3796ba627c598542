/* OGC API – Features under /ogc (OGC 17-069r4, 18-058r1): what GIS programs read, under the rights
 * of who asks. Exports of the same layers. */
#pragma once

#include "http/http.h"

extern const struct route ogc_routes[];
