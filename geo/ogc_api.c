/* The OpenAPI 3.0 document of /ogc (requirements class oas30), for the layers of who asks. */
#include <string.h>

#include "geo/ogc_reply.h"

static const char parameters[] =
	"\"f\":{\"name\":\"f\",\"in\":\"query\",\"schema\":{\"type\":\"string\",\"enum\":[\"json\","
	"\"html\"]},\"style\":\"form\",\"explode\":false},"
	"\"bbox\":{\"name\":\"bbox\",\"in\":\"query\",\"required\":false,\"schema\":{\"oneOf\":["
	"{\"type\":\"array\",\"minItems\":4,\"maxItems\":4,\"items\":{\"type\":\"number\"}},"
	"{\"type\":\"array\",\"minItems\":6,\"maxItems\":6,\"items\":{\"type\":\"number\"}}]},"
	"\"style\":\"form\",\"explode\":false},"
	"\"bbox-crs\":{\"name\":\"bbox-crs\",\"in\":\"query\",\"required\":false,\"schema\":{"
	"\"type\":\"string\",\"format\":\"uri\"},\"style\":\"form\",\"explode\":false},"
	"\"crs\":{\"name\":\"crs\",\"in\":\"query\",\"required\":false,\"schema\":{"
	"\"type\":\"string\",\"format\":\"uri\"},\"style\":\"form\",\"explode\":false},"
	"\"datetime\":{\"name\":\"datetime\",\"in\":\"query\",\"required\":false,\"schema\":{"
	"\"type\":\"string\"},\"style\":\"form\",\"explode\":false},"
	"\"limit\":{\"name\":\"limit\",\"in\":\"query\",\"required\":false,\"schema\":{"
	"\"type\":\"integer\",\"minimum\":1,\"maximum\":10000,\"default\":100},"
	"\"style\":\"form\",\"explode\":false},"
	"\"cursor\":{\"name\":\"cursor\",\"in\":\"query\",\"required\":false,\"description\":"
	"\"out of a next link\",\"schema\":{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{32}$\"}}";

#define OK_JSON(type)                                                                               \
	"\"responses\":{\"200\":{\"description\":\"OK\",\"content\":{\"" type                       \
	"\":{\"schema\":{\"type\":\"object\"}},\"text/html\":{\"schema\":{\"type\":\"string\"}}}}," \
	"\"default\":{\"description\":\"RFC 9457\",\"content\":{\"application/problem+json\":{"     \
	"\"schema\":{\"type\":\"object\"}}}}}"
#define REF(name) "{\"$ref\":\"#/components/parameters/" name "\"}"

static const struct {
	const char *path, *operation;
} pages[] = {
	{ "/", "getLandingPage" },
	{ "/conformance", "getConformanceDeclaration" },
	{ "/collections", "getCollections" },
};

static void add_page(struct buf *to, const char *path, const char *operation)
{
	buf_printf(to,
		   "\"%s\":{\"get\":{\"operationId\":\"%s\",\"parameters\":[" REF("f") "]," OK_JSON(
			   "application/json") "}},",
		   path, operation);
}

static const char *type_of(enum input_kind kind)
{
	switch (kind) {
	case IN_INT:
		return "integer";
	case IN_NUMBER:
		return "number";
	case IN_BOOL:
		return "boolean";
	default:
		return "string";
	}
}

static void add_layer(struct req *rq, const struct ogc_layer *layer)
{
	struct buf *to = &rq->out;
	const char *path = arena_printf(&rq->arena, "/collections/%s", layer->name);

	add_page(to, path, arena_printf(&rq->arena, "describe.%s", layer->name));
	buf_printf(
		to,
		"\"%s/items\":{\"get\":{\"operationId\":\"get.%s\",\"parameters\":[" REF("bbox") "," REF(
			"bbox-crs") "," REF("crs") "," REF("datetime") "," REF("limit") "," REF("cursor"),
		path, layer->name);
	buf_text(to, ",{\"name\":\"f\",\"in\":\"query\",\"schema\":{\"type\":\"string\",\"enum\":["
		     "\"json\",\"jsonfg\",\"html\",\"csv\",\"gpkg\"]}}");
	for (const struct ogc_column *c = layer->columns; c->name; c++)
		if (c->filter)
			buf_printf(to,
				   ",{\"name\":\"%s\",\"in\":\"query\",\"required\":false,"
				   "\"schema\":{\"type\":\"%s\"}}",
				   c->name, type_of(c->kind));
	buf_text(to, "]," OK_JSON("application/geo+json") "}},");
	buf_printf(to,
		   "\"%s/items/{featureId}\":{\"get\":{\"operationId\":\"getFeature.%s\","
		   "\"parameters\":[{\"name\":\"featureId\",\"in\":\"path\",\"required\":true,"
		   "\"schema\":{\"type\":\"string\",\"format\":\"uuid\"}}," REF("crs") "," REF(
			   "f") "]," OK_JSON("application/geo+json") "}},",
		   path, layer->name);
}

static void api_html(struct req *rq)
{
	struct buf *to = &rq->out;

	ogc_html_open(rq, "API");
	buf_text(to, "<ul>");
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		buf_printf(to, "<li>GET /ogc%s</li>", pages[i].path);
	for (const struct ogc_layer *l = ogc_layers; l->name; l++) {
		if (!(l->roles & ogc_role(rq)))
			continue;
		buf_printf(to,
			   "<li>GET /ogc/collections/%s/items?bbox&amp;bbox-crs&amp;crs&amp;"
			   "datetime&amp;limit",
			   l->name);
		for (const struct ogc_column *c = l->columns; c->name; c++)
			if (c->filter)
				buf_printf(to, "&amp;%s", c->name);
		buf_text(to, "</li>");
	}
	buf_text(to, "</ul>");
	ogc_html_close(rq, "/ogc/api?f=json");
}

enum err ogc_describe(struct req *rq)
{
	struct buf *to = &rq->out;
	enum ogc_format format;
	enum err e;

	if ((e = ogc_page_format(rq, &format)))
		return e;
	if (format == OGC_HTML) {
		api_html(rq);
		return OK;
	}
	buf_printf(to,
		   "{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"FDVU – OGC API Features\","
		   "\"version\":\"" FDVU_VERSION "\"},\"servers\":[{\"url\":\"%s/ogc\"}],"
		   "\"security\":[{},{\"basic\":[]},{\"bearer\":[]}],\"paths\":{",
		   ogc_base(rq));
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		add_page(to, pages[i].path, pages[i].operation);
	for (const struct ogc_layer *l = ogc_layers; l->name; l++)
		if (l->roles & ogc_role(rq))
			add_layer(rq, l);
	to->length--; /* the last comma */
	buf_text(to, "},\"components\":{\"securitySchemes\":{\"basic\":{\"type\":\"http\","
		     "\"scheme\":\"basic\"},\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"}},"
		     "\"parameters\":{");
	buf_text(to, parameters);
	buf_text(to, "}}}");
	rq->out_type = OGC_OPENAPI;
	return OK;
}
