/* The layers that GIS programs read, and who reads them: what OGC API – Features calls collections.
 * A layer is a named query (geo/ogc.sql) and the columns it gives. */
#pragma once

#include "db/db.h"
#include "http/http.h"

/* The parameters that all layers' queries share, in their order; a layer's filters follow. */
enum {
	P_X1,
	P_Y1,
	P_X2,
	P_Y2,
	P_BOX_SRID,
	P_FROM,
	P_TO,
	P_AFTER,
	P_LIMIT,
	P_SRID,
	P_NORTH_FIRST,
	P_DIGITS,
	P_FORMAT,
	P_IDS,
	P_POLYGON,
	P_FILTERS,
	FILTERS_MAX = 8,
	P__MAX = P_FILTERS + FILTERS_MAX,
};

struct ogc_column {
	const char *name;
	enum input_kind kind;
	int filter; /* which of the layer's filters it is, from 1; 0: none */
	const char *nb, *nn, *en;
};

struct ogc_layer {
	const char *name, *feature; /* "buildings", "building" */
	unsigned roles;
	enum query query, query_in; /* of everything; on a piece of the map, if that is another */
	enum query query_ever;      /* as it was, for the office; 0: no history */
	const char *kind;           /* of place: the first filter's value */
	const char *time;           /* the column that datetime asks for; NULL: none */
	const char *geometry;       /* as in JSON Schema's format: point or any */
	const struct ogc_column *columns; /* in the order of the query, after id */
	const char *nb, *nn, *en;
};

/* All rows; a layer has several where its columns differ by role. Ended by a row without name. */
extern const struct ogc_layer ogc_layers[];

/* The layer of that name for somebody of `role`; NULL when there is none. */
const struct ogc_layer *ogc_layer_find(const char *name, unsigned role);

/* Whether anybody at all has a layer of that name. */
bool ogc_layer_exists(const char *name);

/* The words of a language out of three. */
const char *ogc_words(const char *language, const char *nb, const char *nn, const char *en);

/* A coordinate reference system that the interface speaks. */
struct ogc_crs {
	const char *uri;
	int srid;
	bool is_north_first; /* the authority's axis order */
	const char *digits;
};

extern const struct ogc_crs ogc_systems[];
enum { CRS_DEFAULT = 0, CRS_STORAGE = 1, CRS__MAX = 7 };

/* By its address, "[EPSG:25832]", "EPSG:25832" or "urn:ogc:def:crs:EPSG::25832"; NULL: unknown. */
const struct ogc_crs *ogc_crs_find(const char *text);
