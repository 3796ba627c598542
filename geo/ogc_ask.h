/* What is asked of a layer: the query string of /items (OGC API – Features 1, clause 7.15, and 2)
 * or the body of an export, checked and made into the parameters of the layer's query. Pure: no
 * database and no HTTP. */
#pragma once

#include "base/arena.h"
#include "geo/ogc_layers.h"

enum {
	OGC_LIMIT = 100, /* features a page, unless asked otherwise */
	OGC_LIMIT_MAX =
		10000, /* who asks for more gets this many (requirement fc-limit-response-1) */
	OGC_NAME_MAX = 60,
	OGC_VALUE_MAX = 1000, /* bytes of a value */
	OGC_CURSOR = 32,      /* hexadecimal digits */
};

enum ogc_format {
	OGC_JSON,
	OGC_JSONFG,
	OGC_HTML,
	OGC_CSV,
	OGC_GPKG,
	OGC__FORMATS,
};

struct ogc_ask {
	const struct ogc_layer *layer;
	const struct ogc_crs *crs;
	enum ogc_format format;
	bool has_format;
	bool sees_history; /* who asks is of the office */
	long limit;        /* 0: not given */
	unsigned seen; /* which of the fixed parameters, and the filters after them, were given */
	const char *bbox, *bbox_crs;
	const char *params[P__MAX];
};

/* A question that has asked nothing yet. */
void ogc_ask_init(struct ogc_ask *ask, const struct ogc_layer *layer);

/* Takes one pair of the query string. NULL when it is good, else what is wrong, in `language`.
 * Texts are kept in `a`. */
const char *ogc_ask_take(struct ogc_ask *ask, struct arena *a, const char *name, const char *value,
			 const char *language);

/* One filter, by the column's name; as ogc_ask_take(). */
const char *ogc_ask_filter(struct ogc_ask *ask, struct arena *a, const char *name,
			   const char *value, const char *language);

/* What needs all of them: the box in its system, the answer's system, limit + 1. NULL or what is
 * wrong with bbox. */
const char *ogc_ask_end(struct ogc_ask *ask, struct arena *a, const char *language);

/* The format named by `f=`; false when there is none of that name. */
bool ogc_format_find(const char *name, enum ogc_format *out);

/* The format that an Accept header likes best of those we have; JSON when it says nothing we know.
 */
enum ogc_format ogc_format_accepted(const char *accept);

/* Name and media type. */
const char *ogc_format_name(enum ogc_format format);
const char *ogc_format_type(enum ogc_format format);

/* The query that answers it. */
enum query ogc_ask_query(const struct ogc_ask *ask);
