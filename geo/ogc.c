#include "geo/ogc.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "auth/ask.h"
#include "auth/session.h"
#include "db/rows.h"
#include "geo/export.h"
#include "geo/ogc_reply.h"

enum { PAIRS_MAX = 20 }; /* of a query string */

struct pairs {
	struct req *rq;
	struct ogc_ask *ask;
	const char *names[PAIRS_MAX], *values[PAIRS_MAX];
	int count;
};

static void see_pair(void *closure, const char *name, const char *value)
{
	struct pairs *p = closure;
	struct req *rq = p->rq;
	const char *wrong;

	if (p->count == PAIRS_MAX) {
		req_fault(rq, "?", "too many");
		return;
	}
	wrong = ogc_ask_take(p->ask, &rq->arena, name, value, rq->language);
	if (wrong) {
		struct buf shown;

		/* The name may be anything: as JSON it is text. */
		buf_init(&shown, 400);
		buf_json(&shown, name, strlen(name) < OGC_NAME_MAX ? strlen(name) : OGC_NAME_MAX);
		req_fault(rq,
			  shown.length > 2 ? arena_printf(&rq->arena, "?%.*s",
							  (int)shown.length - 2, shown.at + 1)
					   : "?",
			  wrong);
		buf_release(&shown);
	}
	p->names[p->count] = name;
	p->values[p->count++] = value;
}

static enum err read_pairs(struct req *rq, struct ogc_ask *ask, struct pairs *pairs)
{
	const char *wrong;

	*pairs = (struct pairs){ .rq = rq, .ask = ask };
	req_each_query(rq, see_pair, pairs);
	if ((wrong = ogc_ask_end(ask, &rq->arena, rq->language)))
		req_fault(rq, "?bbox", wrong);
	return rq->fault_count ? ERR_INVALID : OK;
}

static void add_encoded(struct buf *to, const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";

	for (; *text; text++) {
		if (strchr(plain, *text) || *text == ',' || *text == ':' || *text == '/')
			buf_char(to, *text);
		else
			buf_printf(to, "%%%02X", (unsigned char)*text);
	}
}

/* The address asked for, in the format given, on the page after `after` (NULL: the same page). */
static const char *page_path(const struct pairs *p, const char *format, const char *after)
{
	struct req *rq = p->rq;
	struct buf to;
	const char *path;

	buf_init(&to, 32 * 1024);
	buf_printf(&to, "/ogc/collections/%s/items?f=%s", rq->ids[0], format);
	for (int i = 0; i < p->count; i++) {
		if (!strcmp(p->names[i], "f") || (after && !strcmp(p->names[i], "cursor")))
			continue;
		buf_char(&to, '&');
		add_encoded(&to, p->names[i]);
		buf_char(&to, '=');
		add_encoded(&to, p->values[i]);
	}
	if (after) {
		buf_text(&to, "&cursor=");
		for (; *after; after++)
			if (*after != '-')
				buf_char(&to, *after);
	}
	path = arena_copy(&rq->arena, to.at, to.length);
	buf_release(&to);
	return path;
}

struct columns {
	int shape, time, since, until;
};

static struct columns find_columns(const struct ogc_ask *ask, const struct rows *rows)
{
	const char *time = ask->layer->time;

	return (struct columns){ rows_column(rows, "_geom"), time ? rows_column(rows, time) : -1,
				 rows_column(rows, "_since"), rows_column(rows, "_until") };
}

static void add_end(const struct rows *rows, int row, int column, struct buf *to)
{
	if (rows_at(rows, row, column))
		rows_value(rows, row, column, to);
	else
		buf_text(to, "\"..\"");
}

/* A time of the feature, as JSON-FG wants it: when it happened, or from when until when it was so.
 */
static void add_time(const struct rows *rows, int row, struct columns at, struct buf *to)
{
	buf_text(to, ",\"time\":");
	if (at.since >= 0) {
		buf_text(to, "{\"interval\":[");
		add_end(rows, row, at.since, to);
		buf_char(to, ',');
		add_end(rows, row, at.until, to);
		buf_text(to, "]}");
	} else if (at.time >= 0 && rows_at(rows, row, at.time)) {
		buf_text(to, "{\"timestamp\":");
		rows_value(rows, row, at.time, to);
		buf_char(to, '}');
	} else {
		buf_text(to, "null");
	}
}

/* A feature without its closing brace. In JSON-FG what is not in CRS84 is the place, and has no
 * geometry (clause 7.3 of OGC 21-045). */
static void open_feature(const struct ogc_ask *ask, const struct rows *rows, int row,
			 struct columns at, struct buf *to)
{
	const char *shape = rows_at(rows, row, at.shape);
	bool is_fg = ask->format == OGC_JSONFG;
	bool is_place = is_fg && ask->crs != &ogc_systems[CRS_DEFAULT];
	size_t length = shape ? rows_length(rows, row, at.shape) : 4;

	if (!shape)
		shape = "null";
	buf_text(to, "{\"type\":\"Feature\",\"id\":");
	rows_value(rows, row, 0, to);
	if (is_fg) {
		buf_printf(to, ",\"featureType\":\"%s\"", ask->layer->feature);
		add_time(rows, row, at, to);
		buf_text(to, ",\"place\":");
		buf_add(to, is_place ? shape : "null", is_place ? length : 4);
	}
	buf_text(to, ",\"geometry\":");
	buf_add(to, is_place ? "null" : shape, is_place ? 4 : length);
	buf_text(to, ",\"properties\":");
	rows_properties(rows, row, to);
}

static void add_conforms(const struct ogc_ask *ask, struct buf *to)
{
	if (ask->format != OGC_JSONFG)
		return;
	buf_printf(to,
		   ",\"conformsTo\":[\"http://www.opengis.net/spec/json-fg-1/0.2/conf/core\"],"
		   "\"coordRefSys\":\"%s\"",
		   ask->crs->uri);
}

static void add_crs_header(struct req *rq, const struct ogc_ask *ask)
{
	req_header(rq, "Content-Crs", arena_printf(&rq->arena, "<%s>", ask->crs->uri));
	req_header(rq, "Vary", "Accept, Accept-Language, Authorization, Cookie");
}

static void add_now(struct buf *to)
{
	char text[32];
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	buf_printf(to, ",\"timeStamp\":\"%s\"", text);
}

static void write_features(const struct pairs *p, const struct rows *rows, int count,
			   const char *next)
{
	struct req *rq = p->rq;
	const struct ogc_ask *ask = p->ask;
	struct buf *to = &rq->out;
	struct columns at = find_columns(ask, rows);
	const char *type = ogc_format_type(ask->format);
	enum ogc_format others[] = { OGC_JSON, OGC_JSONFG, OGC_HTML };

	buf_text(to, "{\"type\":\"FeatureCollection\"");
	add_conforms(ask, to);
	buf_text(to, ",\"links\":[");
	ogc_link(rq, page_path(p, ogc_format_name(ask->format), NULL), "self", type, NULL);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (others[i] == ask->format)
			continue;
		buf_char(to, ',');
		ogc_link(rq, page_path(p, ogc_format_name(others[i]), NULL), "alternate",
			 ogc_format_type(others[i]), NULL);
	}
	buf_char(to, ',');
	ogc_link(rq, arena_printf(&rq->arena, "/ogc/collections/%s?f=json", rq->ids[0]),
		 "collection", "application/json", NULL);
	if (next) {
		buf_char(to, ',');
		ogc_link(rq, page_path(p, ogc_format_name(ask->format), next), "next", type, NULL);
	}
	buf_char(to, ']');
	add_now(to);
	buf_printf(to, ",\"numberReturned\":%d,\"features\":[", count);
	for (int i = 0; i < count; i++) {
		if (i)
			buf_char(to, ',');
		open_feature(ask, rows, i, at, to);
		buf_char(to, '}');
	}
	buf_text(to, "]}");
	rq->out_type = type;
}

static void add_cell(struct buf *to, const char *tag, const char *text)
{
	buf_printf(to, "<%s>", tag);
	ogc_html(to, text ? text : "");
	buf_printf(to, "</%.2s>", tag);
}

static void write_table(const struct pairs *p, const struct rows *rows, int count, const char *next)
{
	struct req *rq = p->rq;
	struct buf *to = &rq->out;
	const struct ogc_layer *layer = p->ask->layer;

	ogc_html_open(rq, ogc_layer_title(rq, layer));
	buf_printf(to, "<p>%d ", count);
	buf_text(to, ogc_words(rq->language, "på denne siden", "på denne sida", "on this page"));
	buf_text(to, "</p><div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"");
	ogc_html(to, ogc_layer_title(rq, layer));
	buf_text(to, "\"><table><thead><tr><th scope=\"col\">id</th>");
	for (const struct ogc_column *c = layer->columns; c->name; c++)
		add_cell(to, "th scope=\"col\"", ogc_column_title(rq, c));
	buf_text(to, "</tr></thead><tbody>");
	for (int i = 0; i < count; i++) {
		const char *id = rows_at(rows, i, 0);

		buf_printf(to,
			   "<tr><td><a href=\"/ogc/collections/%s/items/%s?f=html\">%.8s…</a></td>",
			   layer->name, id, id);
		for (int j = 1; j < rows_columns(rows) && rows_name(rows, j)[0] != '_'; j++)
			add_cell(to, "td", rows_at(rows, i, j));
		buf_text(to, "</tr>");
	}
	buf_text(to, "</tbody></table></div><p>");
	if (next) {
		buf_text(to, "<a rel=\"next\" href=\"");
		ogc_html(to, page_path(p, "html", next));
		buf_printf(to, "\">%s</a> ",
			   ogc_words(rq->language, "Neste side", "Neste side", "Next page"));
	}
	for (int i = OGC_CSV; i <= OGC_GPKG; i++) {
		buf_text(to, "<a href=\"");
		ogc_html(to, page_path(p, ogc_format_name((enum ogc_format)i), NULL));
		buf_printf(to, "\">%s</a> ", i == OGC_CSV ? "CSV" : "GeoPackage");
	}
	buf_text(to, "</p>");
	ogc_html_close(rq, page_path(p, "json", NULL));
	rq->out_type = "text/html; charset=utf-8";
}

static enum err ask_layer(struct req *rq, const struct ogc_ask *ask, struct rows **out)
{
	enum err e = ask_rows(rq, ogc_ask_query(ask), ask->params, out);

	return e == ERR_UNAUTHORIZED ? session_unauthorized(rq) : e;
}

static enum err items(struct req *rq)
{
	const struct ogc_layer *layer;
	struct ogc_ask ask;
	struct pairs pairs;
	struct rows *rows;
	const char *next;
	int count;
	enum err e;

	if ((e = ogc_path_layer(rq, &layer)))
		return e;
	ogc_ask_init(&ask, layer);
	ask.format = ogc_format_accepted(req_incoming(rq, "Accept"));
	ask.sees_history = ogc_role(rq) == ROLE_OFFICE;
	if ((e = read_pairs(rq, &ask, &pairs)))
		return e;
	if (ask.format == OGC_CSV || ask.format == OGC_GPKG)
		return export_send(rq, &ask);
	if ((e = ask_layer(rq, &ask, &rows)))
		return e;
	count = rows_count(rows) > ask.limit ? (int)ask.limit : rows_count(rows);
	next = rows_count(rows) > ask.limit ? rows_at(rows, count - 1, 0) : NULL;
	add_crs_header(rq, &ask);
	if (ask.format == OGC_HTML)
		write_table(&pairs, rows, count, next);
	else
		write_features(&pairs, rows, count, next);
	return OK;
}

static void write_feature(struct req *rq, const struct ogc_ask *ask, const struct rows *rows)
{
	struct buf *to = &rq->out;
	const char *path =
		arena_printf(&rq->arena, "/ogc/collections/%s/items/%s", rq->ids[0], rq->ids[1]);

	open_feature(ask, rows, 0, find_columns(ask, rows), to);
	add_conforms(ask, to);
	buf_text(to, ",\"links\":[");
	ogc_link(rq, arena_printf(&rq->arena, "%s?f=%s", path, ogc_format_name(ask->format)),
		 "self", ogc_format_type(ask->format), NULL);
	buf_char(to, ',');
	ogc_link(rq, arena_printf(&rq->arena, "%s?f=html", path), "alternate", "text/html", NULL);
	buf_char(to, ',');
	ogc_link(rq, arena_printf(&rq->arena, "/ogc/collections/%s?f=json", rq->ids[0]),
		 "collection", "application/json", NULL);
	buf_text(to, "]}");
	rq->out_type = ogc_format_type(ask->format);
}

static void write_facts(struct req *rq, const struct ogc_ask *ask, const struct rows *rows)
{
	struct buf *to = &rq->out;
	const struct ogc_column *c = ask->layer->columns;
	const char *label = rows_at(rows, 0, 1);

	ogc_html_open(rq, label ? label : rq->ids[1]);
	buf_text(to, "<dl>");
	for (int i = 1; c->name; i++, c++) {
		add_cell(to, "dt", ogc_column_title(rq, c));
		add_cell(to, "dd", rows_at(rows, 0, i));
	}
	buf_printf(to, "</dl><p><a href=\"/ogc/collections/%s/items?f=html\">", ask->layer->name);
	ogc_html(to, ogc_layer_title(rq, ask->layer));
	buf_text(to, "</a></p>");
	ogc_html_close(rq, arena_printf(&rq->arena, "/ogc/collections/%s/items/%s?f=json",
					rq->ids[0], rq->ids[1]));
	rq->out_type = "text/html; charset=utf-8";
}

static const struct input item_inputs[] = {
	{ "f", IN_CODE, QUERY, .max = 10 },
	{ "crs", IN_TEXT, QUERY, .max = 100 },
	{ 0 },
};

static enum err item(struct req *rq)
{
	const char *crs = req_value(rq, "crs"), *f = req_value(rq, "f"), *wrong;
	const struct ogc_layer *layer;
	struct ogc_ask ask;
	struct rows *rows;
	enum err e;

	if ((e = ogc_path_layer(rq, &layer)))
		return e;
	ogc_ask_init(&ask, layer);
	ask.format = ogc_format_accepted(req_incoming(rq, "Accept"));
	if (ask.format > OGC_HTML)
		ask.format = OGC_JSON;
	if (f && (!ogc_format_find(f, &ask.format) || ask.format > OGC_HTML))
		req_fault(rq, "?f", "json, jsonfg, html");
	if (crs && (wrong = ogc_ask_take(&ask, &rq->arena, "crs", crs, rq->language)))
		req_fault(rq, "?crs", wrong);
	if (rq->fault_count)
		return ERR_INVALID;
	ask.limit = 1;
	ogc_ask_end(&ask, &rq->arena, rq->language);
	ask.params[P_IDS] = arena_printf(&rq->arena, "{%s}", rq->ids[1]);
	if ((e = ask_layer(rq, &ask, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	add_crs_header(rq, &ask);
	if (ask.format == OGC_HTML)
		write_facts(rq, &ask, rows);
	else
		write_feature(rq, &ask, rows);
	return OK;
}

static const struct input page_inputs[] = {
	{ "f", IN_CODE, QUERY, .max = 10 },
	{ 0 },
};

enum { EVERYBODY = ROLE_ALL | ROLE_PUBLIC };

const struct route ogc_routes[] = {
	{ "GET", "/ogc", EVERYBODY, ogc_landing, page_inputs, .for_gis = true,
	  .summary = "OGC API – Features: the landing page" },
	{ "GET", "/ogc/", EVERYBODY, ogc_landing, page_inputs, .for_gis = true,
	  .summary = "The landing page, as some programs ask for it" },
	{ "GET", "/ogc/conformance", EVERYBODY, ogc_conformance, page_inputs, .for_gis = true,
	  .summary = "Which requirements it conforms to" },
	{ "GET", "/ogc/api", EVERYBODY, ogc_describe, page_inputs, .for_gis = true,
	  .summary = "The OpenAPI 3.0 document of /ogc" },
	{ "GET", "/ogc/style.css", EVERYBODY, ogc_style, .for_gis = true,
	  .summary = "How the HTML pages look" },
	{ "GET", "/ogc/collections", EVERYBODY, ogc_collections, page_inputs, .for_gis = true,
	  .summary = "The layers that whoever asks may read" },
	{ "GET", "/ogc/collections/{c}", EVERYBODY, ogc_collection, page_inputs, .for_gis = true,
	  .summary = "A layer" },
	{ "GET", "/ogc/collections/{c}/queryables", EVERYBODY, ogc_queryables, page_inputs,
	  .for_gis = true, .summary = "What a layer's features can be asked for by" },
	{ "GET", "/ogc/collections/{c}/schema", EVERYBODY, ogc_schema, page_inputs, .for_gis = true,
	  .summary = "The columns of a layer, as JSON Schema" },
	{ "GET", "/ogc/collections/{c}/items", EVERYBODY, items, .for_gis = true,
	  .takes_any_query = true,
	  .summary = "Features of a layer: bbox, datetime, crs, limit, and its queryables" },
	{ "GET", "/ogc/collections/{c}/items/{id}", EVERYBODY, item, item_inputs, .for_gis = true,
	  .summary = "A feature" },
	{ 0 },
};
