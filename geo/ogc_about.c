/* What there is: landing page, conformance, collections, queryables, schemas, the API document. */
#include <string.h>

#include "auth/ask.h"
#include "auth/session.h"
#include "db/rows.h"
#include "geo/ogc_reply.h"

#define SAY(nb, nn, en) ogc_words(rq->language, nb, nn, en)

#define SPEC "http://www.opengis.net/spec/"

static const char *const conformance[] = {
	SPEC "ogcapi-features-1/1.0/conf/core",
	SPEC "ogcapi-features-1/1.0/conf/oas30",
	SPEC "ogcapi-features-1/1.0/conf/html",
	SPEC "ogcapi-features-1/1.0/conf/geojson",
	SPEC "ogcapi-features-2/1.0/conf/crs",
	SPEC "ogcapi-features-3/1.0/conf/queryables",
	SPEC "ogcapi-features-3/1.0/conf/queryables-query-parameters",
	SPEC "json-fg-1/0.2/conf/core",
};
enum { CLASSES = sizeof(conformance) / sizeof(conformance[0]) };

static const char openapi_type[] = OGC_OPENAPI;
static const char schema_type[] = "application/schema+json";
static const char queryables_rel[] = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

static const char style[] =
	"body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:75rem;padding:1rem;"
	"color:#1e2b3c;background:#fff}nav a{margin-right:1rem}a{color:#0051be}"
	"a:focus-visible,.table:focus-visible{outline:3px solid #000;outline-offset:2px}"
	".skip{position:absolute;left:-99rem}.skip:focus{position:static}"
	".table{overflow-x:auto}table{border-collapse:collapse}"
	"th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #c3cad2;"
	"white-space:nowrap}dt{font-weight:600}dd{margin:0 0 .5rem}dd:empty::after{content:\"–\"}"
	"footer{margin-top:2rem;border-top:1px solid #c3cad2}"
	"@media(prefers-color-scheme:dark){body{background:#141b24;color:#e6eaef}a{color:#8cb8ff}"
	"a:focus-visible,.table:focus-visible{outline-color:#fff}}\n";

enum err ogc_style(struct req *rq)
{
	buf_text(&rq->out, style);
	rq->out_type = "text/css; charset=utf-8";
	req_header(rq, "Cache-Control", "public, max-age=3600");
	return OK;
}

static void json_text(struct buf *to, const char *text)
{
	buf_json(to, text, strlen(text));
}

static const char *description(struct req *rq)
{
	return SAY("Bygninger og alt som hører til dem. Hva du ser, følger av hvem du er.",
		   "Bygningar og alt som høyrer til dei. Kva du ser, følgjer av kven du er.",
		   "Buildings and what belongs to them. What you see follows from who you are.");
}

static void list_item(struct req *rq, const char *path, const char *text)
{
	buf_text(&rq->out, "<li><a href=\"");
	ogc_html(&rq->out, path);
	buf_text(&rq->out, "\">");
	ogc_html(&rq->out, text);
	buf_text(&rq->out, "</a></li>");
}

static void landing_html(struct req *rq)
{
	ogc_html_open(rq, SAY("Geodata", "Geodata", "Geodata"));
	buf_text(&rq->out, "<p>");
	ogc_html(&rq->out, description(rq));
	buf_text(&rq->out, "</p><ul>");
	list_item(rq, "/ogc/collections?f=html", SAY("Kartlag", "Kartlag", "Layers"));
	list_item(rq, "/ogc/api?f=html", SAY("API-beskrivelse", "API-omtale", "API description"));
	list_item(rq, "/ogc/conformance?f=html",
		  SAY("Standarder som følges", "Standardar som blir følgde", "Conformance"));
	buf_text(&rq->out, "</ul>");
	ogc_html_close(rq, "/ogc?f=json");
}

enum err ogc_landing(struct req *rq)
{
	struct buf *to = &rq->out;
	enum ogc_format format;
	enum err e;

	if ((e = ogc_page_format(rq, &format)))
		return e;
	if (format == OGC_HTML) {
		landing_html(rq);
		return OK;
	}
	buf_text(to, "{\"title\":\"FDVU\",\"description\":");
	json_text(to, description(rq));
	buf_char(to, ',');
	ogc_open_links(rq, "/ogc", format);
	buf_char(to, ',');
	ogc_link(rq, "/ogc/api?f=json", "service-desc", openapi_type, "OpenAPI 3.0");
	buf_char(to, ',');
	ogc_link(rq, "/ogc/api?f=html", "service-doc", "text/html", NULL);
	buf_char(to, ',');
	ogc_link(rq, "/ogc/conformance?f=json", "conformance", "application/json", NULL);
	buf_char(to, ',');
	ogc_link(rq, "/ogc/collections?f=json", "data", "application/json", NULL);
	buf_text(to, "]}");
	return OK;
}

enum err ogc_conformance(struct req *rq)
{
	struct buf *to = &rq->out;
	enum ogc_format format;
	enum err e;

	if ((e = ogc_page_format(rq, &format)))
		return e;
	if (format == OGC_HTML) {
		ogc_html_open(rq, SAY("Standarder", "Standardar", "Conformance"));
		buf_text(to, "<ul>");
		for (int i = 0; i < CLASSES; i++)
			buf_printf(to, "<li>%s</li>", conformance[i]);
		buf_text(to, "</ul>");
		ogc_html_close(rq, "/ogc/conformance?f=json");
		return OK;
	}
	buf_text(to, "{\"conformsTo\":");
	for (int i = 0; i < CLASSES; i++) {
		buf_char(to, i ? ',' : '[');
		json_text(to, conformance[i]);
	}
	buf_char(to, ']');
	buf_char(to, ',');
	ogc_open_links(rq, "/ogc/conformance", format);
	buf_text(to, "]}");
	return OK;
}

/* Also notices a session that has ended: then nothing is told. */
static enum err ask_extent(struct req *rq, struct rows **out)
{
	enum err e = ask_rows(rq, Q_GIS_EXTENT, NULL, out);

	return e == ERR_UNAUTHORIZED ? session_unauthorized(rq) : e;
}

static void add_extent(struct buf *to, const struct rows *extent)
{
	if (!rows_at(extent, 0, 0))
		return;
	buf_text(to, ",\"extent\":{\"spatial\":{\"bbox\":[[");
	for (int i = 0; i < 4; i++) {
		if (i)
			buf_char(to, ',');
		rows_value(extent, 0, i, to);
	}
	buf_printf(to, "]],\"crs\":\"%s\"}}", ogc_systems[CRS_DEFAULT].uri);
}

static void add_systems(struct buf *to)
{
	buf_text(to, ",\"crs\":[");
	for (int i = 0; i < CRS__MAX; i++)
		buf_printf(to, "%s\"%s\"", i ? "," : "", ogc_systems[i].uri);
	buf_text(to, "]");
}

static void write_collection(struct req *rq, const struct ogc_layer *layer,
			     const struct rows *extent)
{
	struct buf *to = &rq->out;
	const char *path = arena_printf(&rq->arena, "/ogc/collections/%s", layer->name);

	buf_printf(to, "{\"id\":\"%s\",\"title\":", layer->name);
	json_text(to, ogc_layer_title(rq, layer));
	add_extent(to, extent);
	buf_text(to, ",\"itemType\":\"feature\"");
	add_systems(to);
	buf_printf(to, ",\"storageCrs\":\"%s\",\"featureType\":\"%s\",",
		   ogc_systems[CRS_STORAGE].uri, layer->feature);
	ogc_open_links(rq, path, OGC_JSON);
	for (int i = 0; i < OGC__FORMATS; i++) {
		enum ogc_format f = (enum ogc_format)i;

		buf_char(to, ',');
		ogc_link(rq, arena_printf(&rq->arena, "%s/items?f=%s", path, ogc_format_name(f)),
			 f < OGC_CSV ? "items" : "enclosure", ogc_format_type(f), NULL);
	}
	buf_char(to, ',');
	ogc_link(rq, arena_printf(&rq->arena, "%s/queryables?f=json", path), queryables_rel,
		 schema_type, NULL);
	buf_char(to, ',');
	ogc_link(rq, arena_printf(&rq->arena, "%s/schema?f=json", path), "describedby", schema_type,
		 NULL);
	buf_text(to, "]}");
}

static void collections_html(struct req *rq)
{
	ogc_html_open(rq, SAY("Kartlag", "Kartlag", "Layers"));
	buf_text(&rq->out, "<ul>");
	for (const struct ogc_layer *l = ogc_layers; l->name; l++)
		if (l->roles & ogc_role(rq))
			list_item(rq,
				  arena_printf(&rq->arena, "/ogc/collections/%s?f=html", l->name),
				  ogc_layer_title(rq, l));
	buf_text(&rq->out, "</ul>");
	ogc_html_close(rq, "/ogc/collections?f=json");
}

enum err ogc_collections(struct req *rq)
{
	struct buf *to = &rq->out;
	enum ogc_format format;
	struct rows *extent;
	bool is_first = true;
	enum err e;

	ogc_role(rq);
	if ((e = ogc_page_format(rq, &format)) || (e = ask_extent(rq, &extent)))
		return e;
	if (format == OGC_HTML) {
		collections_html(rq);
		return OK;
	}
	buf_char(to, '{');
	ogc_open_links(rq, "/ogc/collections", format);
	buf_char(to, ']');
	add_systems(to);
	buf_text(to, ",\"collections\":[");
	for (const struct ogc_layer *l = ogc_layers; l->name; l++) {
		if (!(l->roles & ogc_role(rq)))
			continue;
		if (!is_first)
			buf_char(to, ',');
		is_first = false;
		write_collection(rq, l, extent);
	}
	buf_text(to, "]}");
	return OK;
}

static void collection_html(struct req *rq, const struct ogc_layer *layer)
{
	struct buf *to = &rq->out;
	const char *path = arena_printf(&rq->arena, "/ogc/collections/%s", layer->name);

	ogc_html_open(rq, ogc_layer_title(rq, layer));
	buf_text(to, "<ul>");
	list_item(rq, arena_printf(&rq->arena, "%s/items?f=html", path),
		  SAY("Se innholdet", "Sjå innhaldet", "Features"));
	list_item(rq, arena_printf(&rq->arena, "%s/items?f=csv", path), "CSV");
	list_item(rq, arena_printf(&rq->arena, "%s/items?f=gpkg", path), "GeoPackage");
	list_item(rq, arena_printf(&rq->arena, "%s/queryables?f=html", path),
		  SAY("Hva en kan spørre om", "Kva ein kan spørje om", "Queryables"));
	buf_text(to, "</ul><h2>");
	buf_text(to, SAY("Koordinatsystemer", "Koordinatsystem", "Coordinate systems"));
	buf_text(to, "</h2><ul>");
	for (int i = 0; i < CRS__MAX; i++)
		buf_printf(to, "<li>%s</li>", ogc_systems[i].uri);
	buf_text(to, "</ul>");
	ogc_html_close(rq, arena_printf(&rq->arena, "%s?f=json", path));
}

enum err ogc_collection(struct req *rq)
{
	const struct ogc_layer *layer;
	enum ogc_format format;
	struct rows *extent;
	enum err e;

	if ((e = ogc_path_layer(rq, &layer)) || (e = ogc_page_format(rq, &format)) ||
	    (e = ask_extent(rq, &extent)))
		return e;
	if (format == OGC_HTML)
		collection_html(rq, layer);
	else
		write_collection(rq, layer, extent);
	return OK;
}

/* The JSON Schema of a kind. */
static const char *schema_of(enum input_kind kind)
{
	switch (kind) {
	case IN_INT:
		return "\"type\":\"integer\"";
	case IN_NUMBER:
		return "\"type\":\"number\"";
	case IN_BOOL:
		return "\"type\":\"boolean\"";
	case IN_UUID:
		return "\"type\":\"string\",\"format\":\"uuid\"";
	case IN_DATE:
		return "\"type\":\"string\",\"format\":\"date\"";
	case IN_TIME:
		return "\"type\":\"string\",\"format\":\"date-time\"";
	default:
		return "\"type\":\"string\"";
	}
}

static void write_schema(struct req *rq, const struct ogc_layer *layer, const char *path,
			 bool for_queries)
{
	struct buf *to = &rq->out;

	buf_text(to, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":");
	json_text(to, arena_printf(&rq->arena, "%s%s", ogc_base(rq), path));
	buf_text(to, ",\"type\":\"object\",\"title\":");
	json_text(to, ogc_layer_title(rq, layer));
	buf_text(to, ",\"properties\":{");
	if (!for_queries)
		buf_text(to, "\"id\":{\"type\":\"string\",\"format\":\"uuid\","
			     "\"x-ogc-role\":\"id\"},");
	buf_printf(to,
		   "\"geometry\":{\"x-ogc-role\":\"primary-geometry\",\"format\":\"geometry-%s\"}",
		   layer->geometry);
	for (const struct ogc_column *c = layer->columns; c->name; c++) {
		if (for_queries && !c->filter)
			continue;
		buf_printf(to, ",\"%s\":{\"title\":", c->name);
		json_text(to, ogc_column_title(rq, c));
		buf_printf(to, ",%s}", schema_of(c->kind));
	}
	buf_text(to, "},\"additionalProperties\":false}");
}

static void schema_html(struct req *rq, const struct ogc_layer *layer, const char *path,
			bool for_queries)
{
	struct buf *to = &rq->out;

	ogc_html_open(rq, ogc_layer_title(rq, layer));
	buf_text(to, "<dl>");
	for (const struct ogc_column *c = layer->columns; c->name; c++) {
		if (for_queries && !c->filter)
			continue;
		buf_printf(to, "<dt>%s</dt><dd>", c->name);
		ogc_html(to, ogc_column_title(rq, c));
		buf_text(to, "</dd>");
	}
	buf_text(to, "</dl>");
	ogc_html_close(rq, arena_printf(&rq->arena, "%s?f=json", path));
}

static enum err describe_layer(struct req *rq, const char *name, bool for_queries)
{
	const struct ogc_layer *layer;
	enum ogc_format format;
	const char *path;
	enum err e;

	if ((e = ogc_path_layer(rq, &layer)) || (e = ogc_page_format(rq, &format)))
		return e;
	path = arena_printf(&rq->arena, "/ogc/collections/%s/%s", layer->name, name);
	if (format == OGC_HTML) {
		schema_html(rq, layer, path, for_queries);
		return OK;
	}
	write_schema(rq, layer, path, for_queries);
	rq->out_type = schema_type;
	return OK;
}

enum err ogc_queryables(struct req *rq)
{
	return describe_layer(rq, "queryables", true);
}

enum err ogc_schema(struct req *rq)
{
	return describe_layer(rq, "schema", false);
}
