#include "connect/openapi.h"

#include <string.h>

static const struct {
	enum role role;
	const char *name;
} roles[] = {
	{ ROLE_PUBLIC, "public" }, { ROLE_OFFICE, "office" },     { ROLE_FIELD, "field" },
	{ ROLE_TENANT, "tenant" }, { ROLE_SUPPLIER, "supplier" },
};

static void write_text(struct buf *to, const char *text)
{
	buf_json(to, text, strlen(text));
}

/* JSON Schema of one value of the kind. */
static void write_schema(struct buf *to, const struct input *in)
{
	switch (in->kind) {
	case IN_TEXT:
		buf_printf(to, "{\"type\":\"string\",\"maxLength\":%ld}", in->max ? in->max : 4000);
		return;
	case IN_CODE:
		buf_printf(to,
			   "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_.-]+$\","
			   "\"maxLength\":%ld}",
			   in->max ? in->max : 60);
		return;
	case IN_UUID:
		buf_text(to, "{\"type\":\"string\",\"format\":\"uuid\"}");
		return;
	case IN_INT:
		buf_printf(to, "{\"type\":\"integer\",\"minimum\":%ld,\"maximum\":%ld}", in->min,
			   in->max ? in->max : 2147483647);
		return;
	case IN_NUMBER:
		buf_text(to, "{\"type\":\"number\"}");
		return;
	case IN_BOOL:
		buf_text(to, "{\"type\":\"boolean\"}");
		return;
	case IN_DATE:
		buf_text(to, "{\"type\":\"string\",\"format\":\"date\"}");
		return;
	case IN_TIME:
		buf_text(to, "{\"type\":\"string\",\"format\":\"date-time\"}");
		return;
	case IN_MOMENT:
		buf_text(to, "{\"type\":\"string\",\"description\":\"a date (its start in Norway) "
			     "or a date-time\"}");
		return;
	case IN_POINT:
		buf_text(to, in->flags & QUERY
				     ? "{\"type\":\"string\",\"description\":\"x,y in metres\"}"
				     : "{\"type\":\"array\",\"items\":{\"type\":\"number\"},"
				       "\"minItems\":2,\"maxItems\":2}");
		return;
	case IN_BBOX:
		buf_text(to, "{\"type\":\"string\",\"description\":\"xmin,ymin,xmax,ymax in "
			     "metres\"}");
		return;
	case IN_SHA256:
		buf_text(to, "{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"}");
		return;
	case IN_JSON:
		buf_text(to, "{}");
		return;
	}
}

static void write_property(struct buf *to, const struct input *in)
{
	struct input one = *in;

	if (!(in->flags & LIST)) {
		write_schema(to, in);
		return;
	}
	one.max = 0;
	buf_text(to, "{\"type\":\"array\",\"items\":");
	write_schema(to, &one);
	buf_printf(to, ",\"maxItems\":%ld}", in->max ? in->max : 50);
}

/* One parameter of the path or the query string. */
static void open_parameter(struct buf *to, bool *is_first, const char *name, size_t length,
			   const char *where, bool is_required)
{
	buf_text(to, *is_first ? ",\"parameters\":[{\"name\":" : ",{\"name\":");
	*is_first = false;
	buf_json(to, name, length);
	buf_printf(to, ",\"in\":\"%s\",\"required\":%s,\"schema\":", where,
		   is_required ? "true" : "false");
}

static void write_parameters(struct buf *to, const struct route *r)
{
	bool is_first = true;

	for (const char *c = strchr(r->path, '{'); c; c = strchr(c + 1, '{')) {
		size_t length = strcspn(c + 1, "}");

		open_parameter(to, &is_first, c + 1, length, "path", true);
		buf_text(to, length == 2 ? "{\"type\":\"string\",\"format\":\"uuid\"}}"
					 : "{\"type\":\"string\"}}");
	}
	for (const struct input *in = r->inputs; in && in->name; in++) {
		if (!(in->flags & QUERY))
			continue;
		open_parameter(to, &is_first, in->name, strlen(in->name), "query",
			       in->flags & REQUIRED);
		write_property(to, in);
		buf_char(to, '}');
	}
	if (!is_first)
		buf_char(to, ']');
}

static void write_required(struct buf *to, const struct input *in)
{
	bool is_first = true;

	for (; in->name; in++) {
		if ((in->flags & QUERY) || !(in->flags & REQUIRED))
			continue;
		buf_text(to, is_first ? ",\"required\":[" : ",");
		is_first = false;
		write_text(to, in->name);
	}
	if (!is_first)
		buf_char(to, ']');
}

static void write_body(struct buf *to, const struct route *r)
{
	bool is_first = true;

	if (r->takes_file) {
		buf_text(to, ",\"requestBody\":{\"required\":true,\"content\":"
			     "{\"application/octet-stream\":{\"schema\":{}}}}");
		return;
	}
	if (r->intake) {
		buf_text(to, ",\"requestBody\":{\"content\":"
			     "{\"application/offset+octet-stream\":{\"schema\":{}}}}");
		return;
	}
	for (const struct input *in = r->inputs; in && in->name; in++) {
		if (in->flags & QUERY)
			continue;
		buf_text(to, is_first ? ",\"requestBody\":{\"required\":true,\"content\":"
					"{\"application/json\":{\"schema\":{\"type\":\"object\","
					"\"additionalProperties\":false,\"properties\":{"
				      : ",");
		is_first = false;
		write_text(to, in->name);
		buf_char(to, ':');
		write_property(to, in);
	}
	if (is_first)
		return;
	buf_char(to, '}');
	write_required(to, r->inputs);
	buf_text(to, "}}}}");
}

static void write_operation(struct buf *to, const struct route *r)
{
	bool is_first = true;

	for (const char *c = r->method; *c; c++)
		buf_char(to, (char)(*c | 32));
	buf_text(to, "\":{\"summary\":");
	write_text(to, r->summary ? r->summary : "");
	buf_text(to, ",\"x-roles\":[");
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (!(r->roles & roles[i].role))
			continue;
		if (!is_first)
			buf_char(to, ',');
		is_first = false;
		write_text(to, roles[i].name);
	}
	buf_char(to, ']');
	if (r->roles & ROLE_PUBLIC)
		buf_text(to, ",\"security\":[]");
	write_parameters(to, r);
	write_body(to, r);
	buf_text(to, ",\"responses\":{\"2XX\":{\"description\":\"done\"},\"default\":"
		     "{\"$ref\":\"#/components/responses/Problem\"}}}");
}

static bool is_first_of_path(const struct http *http, int number)
{
	const struct route *r = http_route(http, number);

	for (int i = 0; i < number; i++)
		if (!strcmp(http_route(http, i)->path, r->path))
			return false;
	return true;
}

static void write_path(struct buf *to, const struct http *http, int number)
{
	const char *path = http_route(http, number)->path;
	const struct route *r;
	bool is_first = true;

	write_text(to, path);
	buf_text(to, ":{");
	for (int i = number; (r = http_route(http, i)); i++) {
		if (strcmp(r->path, path))
			continue;
		buf_text(to, is_first ? "\"" : ",\"");
		is_first = false;
		write_operation(to, r);
	}
	buf_char(to, '}');
}

static const char head[] =
	"{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"FDVU\",\"version\":\"" FDVU_VERSION "\","
	"\"description\":\"Buildings, and every task in them. Whoever may use the screens may use "
	"this; nothing is behind a licence. x-roles says who a route is for.\","
	"\"license\":{\"name\":\"EUPL-1.2\",\"identifier\":\"EUPL-1.2\"}},"
	"\"security\":[{\"bearer\":[]},{\"cookie\":[]}],\"paths\":{";

static const char tail[] =
	"},\"components\":{\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
	"\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"fdvu_session\"}},"
	"\"schemas\":{\"Problem\":{\"type\":\"object\",\"description\":\"RFC 9457\","
	"\"required\":[\"type\",\"title\",\"status\"],\"properties\":{"
	"\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
	"\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
	"\"request\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":{"
	"\"type\":\"object\",\"required\":[\"pointer\",\"detail\"],\"properties\":{"
	"\"pointer\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}}}}},"
	"\"responses\":{\"Problem\":{\"description\":\"what went wrong\",\"content\":{"
	"\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}}}}";

static enum err describe(struct req *rq)
{
	bool is_first = true;

	buf_text(&rq->out, head);
	for (int i = 0; http_route(rq->http, i); i++) {
		if (!is_first_of_path(rq->http, i))
			continue;
		if (!is_first)
			buf_char(&rq->out, ',');
		is_first = false;
		write_path(&rq->out, rq->http, i);
	}
	buf_text(&rq->out, tail);
	rq->out_type = "application/json";
	return OK;
}

const struct route openapi_routes[] = {
	{ "GET", "/api/v1/openapi.json", ROLE_ALL | ROLE_PUBLIC, describe,
	  .summary = "This document" },
	{ 0 },
};
