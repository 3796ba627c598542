/* What the answers of /ogc have in common: addresses, links, the format asked for, HTML pages. */
#pragma once

#include "geo/ogc_ask.h"

#define OGC_OPENAPI "application/vnd.oai.openapi+json;version=3.0"

/* «https://fdvu.example.no» as whoever asks must write it: the setting `origin`, else what Host and
 * a proxy's X-Forwarded-Proto and -Host say, if it can be a host's name. */
const char *ogc_base(struct req *rq);

/* The role of who asks; suppliers are the public here. */
unsigned ogc_role(struct req *rq);

/* The layer of the path; ERR_NOT_FOUND, or ERR_UNAUTHORIZED with the challenge when somebody who
 * is logged in might have it. */
enum err ogc_path_layer(struct req *rq, const struct ogc_layer **out);

/* The format by `f` (an input of the route) or Accept: JSON or HTML. A fault on `rq` when it is
 * neither. */
enum err ogc_page_format(struct req *rq, enum ogc_format *out);

/* `{"href":"…","rel":"…","type":"…","title":"…"}`; `path` begins with a slash. */
void ogc_link(struct req *rq, const char *path, const char *rel, const char *type,
	      const char *title);

/* "title":"…","links":[ with the links to itself and to the other formats of `path` (whose query
 * string, if any, has no f); the caller adds more links and the ]. */
void ogc_open_links(struct req *rq, const char *path, enum ogc_format format);

/* Text as HTML. */
void ogc_html(struct buf *to, const char *text);

/* The head of a page up to its heading; what is between; its foot. */
void ogc_html_open(struct req *rq, const char *title);
void ogc_html_close(struct req *rq, const char *json_path);

/* The fields of a layer in words. */
const char *ogc_layer_title(struct req *rq, const struct ogc_layer *layer);
const char *ogc_column_title(struct req *rq, const struct ogc_column *column);

/* The handlers of geo/ogc_about.c: what there is. */
enum err ogc_landing(struct req *rq);
enum err ogc_conformance(struct req *rq);
enum err ogc_collections(struct req *rq);
enum err ogc_collection(struct req *rq);
enum err ogc_queryables(struct req *rq);
enum err ogc_schema(struct req *rq);
enum err ogc_style(struct req *rq);

/* geo/ogc_api.c */
enum err ogc_describe(struct req *rq);
