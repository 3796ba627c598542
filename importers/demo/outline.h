/*
 * The outline of Kristiansund kommune (1505), in metres, EPSG:25832. Simplified by Kartverket
 * (CC BY 4.0) and converted once from WGS 84 with PostGIS' ST_Transform.
 */
#pragma once

#define OUTLINE_RINGS                                                                              \
	4 /* the town's island, Frei, an islet south of it, Nordlandet: the file's order */

enum outline_ring { RING_NONE = -1, RING_TOWN, RING_FREI, RING_ISLET, RING_NORDLANDET };

/* Which island the point is on, RING_NONE in the sea. Even-odd rule; a point on the shore is
 * either. */
enum outline_ring outline_ring_at(double x, double y);

/* The outline as EWKT (SRID=25832;MULTIPOLYGON), a constant text. */
const char *outline_ewkt(void);
