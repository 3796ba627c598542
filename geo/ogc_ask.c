#include "geo/ogc_ask.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/input.h"

enum { BOX_NUMBERS = 6, NUMBER_TEXT = 40 };

static const double coordinate_max = 1e8; /* beyond any system of ours */

static const struct {
	const char *name, *type;
} formats[OGC__FORMATS] = {
	[OGC_JSON] = { "json", "application/geo+json" },
	[OGC_JSONFG] = { "jsonfg", "application/vnd.ogc.fg+json" },
	[OGC_HTML] = { "html", "text/html" },
	[OGC_CSV] = { "csv", "text/csv" },
	[OGC_GPKG] = { "gpkg", "application/geopackage+sqlite3" },
};

enum fixed { F_BBOX, F_BBOX_CRS, F_CRS, F_DATETIME, F_LIMIT, F_CURSOR, F_F, F__FIXED };

static const char *const fixed_names[F__FIXED] = {
	"bbox", "bbox-crs", "crs", "datetime", "limit", "cursor", "f",
};

#define SAY(nb, nn, en) ogc_words(language, nb, nn, en)

void ogc_ask_init(struct ogc_ask *ask, const struct ogc_layer *layer)
{
	*ask = (struct ogc_ask){ .layer = layer, .crs = &ogc_systems[CRS_DEFAULT] };
}

bool ogc_format_find(const char *name, enum ogc_format *out)
{
	for (int i = 0; i < OGC__FORMATS; i++) {
		if (strcmp(name, formats[i].name) != 0)
			continue;
		*out = (enum ogc_format)i;
		return true;
	}
	return false;
}

enum ogc_format ogc_format_accepted(const char *accept)
{
	enum ogc_format best = OGC_JSON;
	const char *first = NULL;

	for (int i = 0; accept && i < OGC__FORMATS; i++) {
		const char *at = strstr(accept, formats[i].type);

		if (at && (!first || at < first)) {
			first = at;
			best = (enum ogc_format)i;
		}
	}
	return best;
}

const char *ogc_format_name(enum ogc_format format)
{
	return formats[format].name;
}

const char *ogc_format_type(enum ogc_format format)
{
	return formats[format].type;
}

static const char *take_system(const char *value, const struct ogc_crs **out, const char *language)
{
	const struct ogc_crs *found = ogc_crs_find(value);

	if (found) {
		*out = found;
		return NULL;
	}
	return SAY("er et koordinatsystem som ikke finnes her",
		   "er eit koordinatsystem som ikkje finst her",
		   "is a coordinate reference system that is not offered");
}

static const char *take_limit(struct ogc_ask *ask, const char *value, const char *language)
{
	size_t length = strspn(value, "0123456789");
	long n = length && length <= 9 ? strtol(value, NULL, 10) : OGC_LIMIT_MAX;

	if (!length || value[length] || n < 1)
		return SAY("må være et helt tall fra 1", "må vere eit heilt tal frå 1",
			   "must be a whole number from 1");
	ask->limit = n < OGC_LIMIT_MAX ? n : OGC_LIMIT_MAX;
	return NULL;
}

static const char *take_cursor(struct ogc_ask *ask, struct arena *a, const char *value,
			       const char *language)
{
	if (strlen(value) != OGC_CURSOR || strspn(value, "0123456789abcdef") != OGC_CURSOR)
		return SAY("er ikke fra en «next»-lenke", "er ikkje frå ei «next»-lenkje",
			   "is not out of a «next» link");
	ask->params[P_AFTER] = arena_text(a, value);
	return NULL;
}

/* One end of a time: an instant (RFC 3339), or a day, which begins and ends. */
static bool take_time(struct arena *a, const char *text, bool is_end, const char **out)
{
	static const struct input instant = { "datetime", IN_TIME }, day = { "datetime", IN_DATE };

	if (!*text || !strcmp(text, ".."))
		return true;
	if (!input_fault(&instant, text, "en")) {
		*out = arena_text(a, text);
		return true;
	}
	if (input_fault(&day, text, "en"))
		return false;
	*out = arena_printf(a, is_end ? "%sT23:59:59.999999Z" : "%sT00:00:00Z", text);
	return true;
}

static const char *take_datetime(struct ogc_ask *ask, struct arena *a, const char *value,
				 const char *language)
{
	const char *wrong =
		SAY("må være et tidspunkt (2026-11-22T14:10:00Z), en dag, eller fra/til med "
		    ".. for en åpen ende",
		    "må vere eit tidspunkt (2026-11-22T14:10:00Z), ein dag, eller frå/til med "
		    ".. for ein open ende",
		    "must be a time (2026-11-22T14:10:00Z), a day, or from/to with .. for an "
		    "open end");
	const char *slash = strchr(value, '/');
	const char *from = slash ? arena_copy(a, value, (size_t)(slash - value)) : value;
	const char *to = slash ? slash + 1 : value;

	if (!take_time(a, from, false, &ask->params[P_FROM]) ||
	    !take_time(a, to, true, &ask->params[P_TO]))
		return wrong;
	return ask->params[P_FROM] || ask->params[P_TO] ? NULL : wrong;
}

static const char *take_format(struct ogc_ask *ask, const char *value, const char *language)
{
	ask->has_format = ogc_format_find(value, &ask->format);
	return ask->has_format ? NULL
			       : SAY("må være json, jsonfg, html, csv eller gpkg",
				     "må vere json, jsonfg, html, csv eller gpkg",
				     "must be json, jsonfg, html, csv or gpkg");
}

static const char *take_fixed(struct ogc_ask *ask, struct arena *a, enum fixed which,
			      const char *value, const char *language)
{
	switch (which) {
	case F_BBOX:
		ask->bbox = arena_text(a, value);
		return NULL;
	case F_BBOX_CRS:
		ask->bbox_crs = arena_text(a, value);
		return NULL;
	case F_CRS:
		return take_system(value, &ask->crs, language);
	case F_DATETIME:
		return take_datetime(ask, a, value, language);
	case F_LIMIT:
		return take_limit(ask, value, language);
	case F_CURSOR:
		return take_cursor(ask, a, value, language);
	case F_F:
		return take_format(ask, value, language);
	case F__FIXED:
		break;
	}
	return NULL;
}

static const char *take_once(struct ogc_ask *ask, int number, const char *language)
{
	if (ask->seen & 1u << number)
		return SAY("står to ganger", "står to gonger", "is given twice");
	ask->seen |= 1u << number;
	return NULL;
}

/* Whole numbers of the tables are of 16 or 32 bits; the cadastre's have at most nine digits. */
static struct input input_of(const struct ogc_column *column)
{
	struct input in = { column->name, column->kind, QUERY, 0, 0 };

	if (column->kind == IN_INT &&
	    (!strcmp(column->name, "area_no") || !strcmp(column->name, "gnr") ||
	     !strcmp(column->name, "bnr") || !strcmp(column->name, "bygningsnummer")))
		in.max = 999999999;
	else if (column->kind == IN_INT)
		in.max = 32767;
	else if (column->kind == IN_TEXT || column->kind == IN_CODE)
		in.max = 200;
	return in;
}

const char *ogc_ask_filter(struct ogc_ask *ask, struct arena *a, const char *name,
			   const char *value, const char *language)
{
	const struct ogc_column *c = ask->layer->columns;
	int first = P_FILTERS + (ask->layer->kind != NULL);
	struct input in;
	const char *wrong;

	while (c->name && (!c->filter || strcmp(c->name, name) != 0))
		c++;
	if (!c->name)
		return SAY("er ikke noe en kan spørre om her",
			   "er ikkje noko ein kan spørje om her",
			   "is nothing one can ask for here");
	if ((wrong = take_once(ask, F__FIXED + c->filter, language)))
		return wrong;
	in = input_of(c);
	if ((wrong = input_fault(&in, value, language)))
		return wrong;
	ask->params[first + c->filter - 1] = arena_text(a, value);
	return NULL;
}

const char *ogc_ask_take(struct ogc_ask *ask, struct arena *a, const char *name, const char *value,
			 const char *language)
{
	const char *wrong;

	if (strlen(value) > OGC_VALUE_MAX)
		return SAY("er for lang", "er for lang", "is too long");
	for (int i = 0; i < F__FIXED; i++) {
		if (strcmp(name, fixed_names[i]) != 0)
			continue;
		if ((wrong = take_once(ask, i, language)))
			return wrong;
		return take_fixed(ask, a, (enum fixed)i, value, language);
	}
	return ogc_ask_filter(ask, a, name, value, language);
}

/* The numbers between commas; how many, 0 when one is none or there are too many. */
static int read_numbers(const char *text, double out[BOX_NUMBERS])
{
	char part[NUMBER_TEXT], *end;

	for (int count = 0; count < BOX_NUMBERS;) {
		size_t length = strcspn(text, ",");

		if (!length || length >= sizeof(part) || strspn(text, "+-.0123456789eE") < length)
			return 0;
		memcpy(part, text, length);
		part[length] = '\0';
		out[count] = strtod(part, &end);
		if (end == part || *end || !isfinite(out[count]) ||
		    fabs(out[count]) > coordinate_max)
			return 0;
		count++;
		if (!text[length])
			return count;
		text += length + 1;
	}
	return 0;
}

static void swap(double *a, double *b)
{
	double kept = *a;

	*a = *b;
	*b = kept;
}

static const char *end_box(struct ogc_ask *ask, struct arena *a, const char *language)
{
	const struct ogc_crs *crs = &ogc_systems[CRS_DEFAULT];
	const char *wrong;
	double n[BOX_NUMBERS];
	int count;

	if (ask->bbox_crs && (wrong = take_system(ask->bbox_crs, &crs, language)))
		return wrong;
	if (!ask->bbox)
		return NULL;
	count = read_numbers(ask->bbox, n);
	wrong = SAY("må være fire (eller seks) tall med komma mellom, det minste hjørnet først",
		    "må vere fire (eller seks) tal med komma mellom, det minste hjørnet først",
		    "must be four (or six) numbers with commas between, the lower corner first");
	if (count != 4 && count != 6)
		return wrong;
	if (count == 6) { /* heights: everything we have lies on the ground */
		n[2] = n[3];
		n[3] = n[4];
	}
	if (crs->is_north_first) {
		swap(&n[0], &n[1]);
		swap(&n[2], &n[3]);
	}
	/* Only round the globe may the first be the larger: across the antimeridian. */
	if (n[1] > n[3] || (n[0] > n[2] && crs->srid != 4326 && crs->srid != 4258))
		return wrong;
	for (int i = 0; i < 4; i++)
		ask->params[P_X1 + i] = arena_printf(a, "%.17g", n[i]);
	ask->params[P_BOX_SRID] = arena_printf(a, "%d", crs->srid);
	return NULL;
}

const char *ogc_ask_end(struct ogc_ask *ask, struct arena *a, const char *language)
{
	const char *wrong = end_box(ask, a, language);
	bool is_export = ask->format == OGC_CSV || ask->format == OGC_GPKG;

	if (wrong)
		return wrong;
	if (!ask->limit && !is_export)
		ask->limit = OGC_LIMIT;
	/* One more than asked for tells whether there is a next page. */
	if (ask->limit)
		ask->params[P_LIMIT] = arena_printf(a, "%ld", ask->limit + !is_export);
	ask->params[P_SRID] = arena_printf(a, "%d", ask->crs->srid);
	ask->params[P_NORTH_FIRST] = ask->crs->is_north_first ? "true" : "false";
	ask->params[P_DIGITS] = ask->crs->digits;
	ask->params[P_FORMAT] = ask->format == OGC_GPKG  ? "wkb"
				: ask->format == OGC_CSV ? "csv"
							 : "json";
	if (ask->layer->kind)
		ask->params[P_FILTERS] = ask->layer->kind;
	return NULL;
}

enum query ogc_ask_query(const struct ogc_ask *ask)
{
	bool is_in = ask->params[P_X1] || ask->params[P_POLYGON];

	if (ask->sees_history && ask->layer->query_ever && (ask->seen & 1u << F_DATETIME))
		return ask->layer->query_ever;
	return is_in && ask->layer->query_in ? ask->layer->query_in : ask->layer->query;
}
