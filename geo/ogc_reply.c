#include "geo/ogc_reply.h"

#include <string.h>

#include "auth/app.h"
#include "auth/session.h"

enum { HOST_MAX = 253 }; /* RFC 1035, with the port a little less */

/* A name or an address with a port: what cannot be one is not told back. */
static bool is_host(const char *text)
{
	size_t length = text ? strlen(text) : 0;

	return length && length <= HOST_MAX &&
	       strspn(text,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") ==
		       length;
}

const char *ogc_base(struct req *rq)
{
	const char *configured = app_of(rq)->config->origin;
	const char *proto = req_incoming(rq, "X-Forwarded-Proto");
	const char *host = req_incoming(rq, "X-Forwarded-Host");

	if (configured[0])
		return configured;
	if (!is_host(host))
		host = req_incoming(rq, "Host");
	return arena_printf(&rq->arena, "%s://%s",
			    proto && !strcmp(proto, "https") ? "https" : "http",
			    is_host(host) ? host : "localhost");
}

unsigned ogc_role(struct req *rq)
{
	if (rq->audience == 's')
		rq->audience = 0;
	switch (rq->audience) {
	case 'o':
		return ROLE_OFFICE;
	case 'f':
		return ROLE_FIELD;
	case 't':
		return ROLE_TENANT;
	default:
		return ROLE_PUBLIC;
	}
}

enum err ogc_path_layer(struct req *rq, const struct ogc_layer **out)
{
	*out = ogc_layer_find(rq->ids[0], ogc_role(rq));
	if (*out)
		return OK;
	if (!rq->audience && ogc_layer_exists(rq->ids[0]))
		return session_unauthorized(rq);
	return ERR_NOT_FOUND;
}

enum err ogc_page_format(struct req *rq, enum ogc_format *out)
{
	const char *name = req_value(rq, "f");

	if (!name)
		*out = ogc_format_accepted(req_incoming(rq, "Accept"));
	else if (!ogc_format_find(name, out) || (*out != OGC_JSON && *out != OGC_HTML)) {
		req_fault(rq, "?f", "json, html");
		return ERR_INVALID;
	}
	if (*out != OGC_HTML)
		*out = OGC_JSON;
	rq->out_type = *out == OGC_HTML ? "text/html; charset=utf-8" : "application/json";
	req_header(rq, "Vary", "Accept, Accept-Language, Authorization, Cookie");
	return OK;
}

static void json_text(struct buf *to, const char *text)
{
	buf_json(to, text, strlen(text));
}

void ogc_link(struct req *rq, const char *path, const char *rel, const char *type,
	      const char *title)
{
	struct buf *to = &rq->out;
	bool is_ours = path[0] == '/';

	buf_text(to, "{\"href\":");
	json_text(to, is_ours ? arena_printf(&rq->arena, "%s%s", ogc_base(rq), path) : path);
	buf_printf(to, ",\"rel\":\"%s\"", rel);
	if (type)
		buf_printf(to, ",\"type\":\"%s\"", type);
	if (title) {
		buf_text(to, ",\"title\":");
		json_text(to, title);
	}
	buf_char(to, '}');
}

void ogc_open_links(struct req *rq, const char *path, enum ogc_format format)
{
	struct buf *to = &rq->out;
	const char *with = strchr(path, '?') ? "&" : "?";

	buf_text(to, "\"links\":[");
	ogc_link(rq, arena_printf(&rq->arena, "%s%sf=json", path, with),
		 format == OGC_JSON ? "self" : "alternate", "application/json", "JSON");
	buf_char(to, ',');
	ogc_link(rq, arena_printf(&rq->arena, "%s%sf=html", path, with), "alternate", "text/html",
		 "HTML");
}

void ogc_html(struct buf *to, const char *text)
{
	buf_xml(to, text, strlen(text));
}

void ogc_html_open(struct req *rq, const char *title)
{
	struct buf *to = &rq->out;
	const char *language = rq->language;

	buf_printf(
		to,
		"<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>",
		language);
	ogc_html(to, title);
	buf_text(to, " – FDVU</title><link rel=\"stylesheet\" href=\"/ogc/style.css\"></head><body>"
		     "<a class=\"skip\" href=\"#main\">");
	buf_text(to, ogc_words(language, "Hopp til innholdet", "Hopp til innhaldet",
			       "Skip to the content"));
	buf_printf(to,
		   "</a><nav aria-label=\"%s\"><a href=\"/ogc?f=html\">%s</a> "
		   "<a href=\"/ogc/collections?f=html\">%s</a> <a href=\"/ogc/api?f=html\">API</a>"
		   "</nav><main id=\"main\"><h1>",
		   ogc_words(language, "Sider", "Sider", "Pages"),
		   ogc_words(language, "Geodata", "Geodata", "Geodata"),
		   ogc_words(language, "Kartlag", "Kartlag", "Layers"));
	ogc_html(to, title);
	buf_text(to, "</h1>");
}

void ogc_html_close(struct req *rq, const char *json_path)
{
	buf_text(&rq->out, "</main><footer><a href=\"");
	ogc_html(&rq->out, json_path);
	buf_text(&rq->out, "\">JSON</a></footer></body></html>\n");
}

const char *ogc_layer_title(struct req *rq, const struct ogc_layer *layer)
{
	return ogc_words(rq->language, layer->nb, layer->nn, layer->en);
}

const char *ogc_column_title(struct req *rq, const struct ogc_column *column)
{
	return ogc_words(rq->language, column->nb, column->nn, column->en);
}
