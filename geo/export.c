#include "geo/export.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "auth/ask.h"
#include "auth/session.h"
#include "base/fd.h"
#include "geo/gpkg.h"

enum {
	EXPORTS_MAX = 3,   /* under way at once, in this process */
	PIECE = 64 * 1024, /* bytes that are written at once */
	LINE_MAX_BYTES = 64 * 1024 * 1024,
	SELECTION_MAX = 10000, /* ids of a selection */
	CORNERS_MAX = 5000,    /* of a polygon */
};

static const char longest_ms[] = "300000"; /* that the statement of an export may take */

static atomic_int under_way;

struct sink {
	struct req *rq;
	const struct ogc_ask *ask;
	int fd; /* of CSV */
	struct buf piece;
	struct gpkg *gpkg;
	struct gpkg_layer layer;
	bool has_begun;
	uint64_t size;
};

static enum err no_room(struct sink *s)
{
	return req_fail(s->rq, ERR_BUSY, "no room for the export");
}

/* -- CSV: UTF-8 with a mark, semicolons, a comma in numbers, as Excel in Norwegian reads it
 * -------- */

static enum err write_piece(struct sink *s)
{
	if (s->piece.is_full)
		return no_room(s);
	s->size += s->piece.length;
	if (!fd_write(s->fd, s->piece.at, s->piece.length))
		return no_room(s);
	buf_clear(&s->piece);
	return OK;
}

/* A spreadsheet takes what begins so for a formula (OWASP, «CSV Injection»): an apostrophe makes it
 * text again. */
static bool is_formula(const char *text)
{
	return text[0] && strchr("=+-@\t\r", text[0]);
}

static void add_text(struct buf *to, const char *text)
{
	bool is_plain = !is_formula(text) && !text[strcspn(text, ";\"\r\n")];

	if (is_plain) {
		buf_text(to, text);
		return;
	}
	buf_char(to, '"');
	if (is_formula(text))
		buf_char(to, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(to, '"');
		buf_char(to, *text);
	}
	buf_char(to, '"');
}

static void add_number(struct buf *to, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		buf_char(to, text[i] == '.' ? ',' : text[i]);
}

static void add_cell(struct buf *to, const struct rows *rows, int column)
{
	const char *text = rows_at(rows, 0, column);

	if (!text)
		return;
	switch (rows_type(rows, column)) {
	case ROWS_BOOL:
		buf_char(to, text[0] == 't' ? '1' : '0');
		return;
	case ROWS_INT:
		buf_text(to, text);
		return;
	case ROWS_REAL:
		add_number(to, text, strlen(text));
		return;
	case ROWS_TIME: /* the clock's time in Norway, to the second */
		buf_printf(to, "%.19s", text);
		return;
	case ROWS_DATE:
	case ROWS_TEXT:
	case ROWS_JSON:
		add_text(to, text);
	}
}

/* gis_shape(…, 'csv') gives x, y and WKT with tabs between. */
static void add_shape(struct buf *to, const char *shape)
{
	size_t x = shape ? strcspn(shape, "\t") : 0;
	size_t y = shape && shape[x] ? strcspn(shape + x + 1, "\t") : 0;

	buf_char(to, ';');
	add_number(to, shape, x);
	buf_char(to, ';');
	if (y)
		add_number(to, shape + x + 1, y);
	buf_char(to, ';');
	if (y && shape[x + 1 + y])
		add_text(to, shape + x + 1 + y + 1);
}

static void begin_csv(struct buf *to, const struct rows *rows)
{
	buf_text(to, "\xef\xbb\xbf");
	for (int i = 0; i < rows_columns(rows); i++)
		if (rows_name(rows, i)[0] != '_')
			buf_printf(to, "%s;", rows_name(rows, i));
	buf_text(to, "x;y;wkt\r\n");
}

static enum err add_csv(void *closure, const struct rows *rows)
{
	struct sink *s = closure;
	struct buf *to = &s->piece;

	if (!s->has_begun)
		begin_csv(to, rows);
	s->has_begun = true;
	if (!rows_count(rows))
		return write_piece(s);
	for (int i = 0; i < rows_columns(rows); i++) {
		if (rows_name(rows, i)[0] == '_')
			continue;
		if (i)
			buf_char(to, ';');
		add_cell(to, rows, i);
	}
	add_shape(to, rows_at(rows, 0, rows_column(rows, "_geom")));
	buf_text(to, "\r\n");
	return to->length < PIECE ? OK : write_piece(s);
}

/* -- GeoPackage
 * ------------------------------------------------------------------------------------ */

static enum err add_gpkg(void *closure, const struct rows *rows)
{
	struct sink *s = closure;

	if (!s->has_begun && !gpkg_begin(s->gpkg, &s->layer, rows))
		return no_room(s);
	s->has_begun = true;
	return !rows_count(rows) || gpkg_add(s->gpkg, rows) ? OK : no_room(s);
}

/* The system's definition, which a GeoPackage carries with it. */
static enum err find_system(struct sink *s, struct db *db)
{
	const struct ogc_layer *layer = s->ask->layer;
	const char *params[] = { s->ask->params[P_SRID] };
	struct rows *rows;
	enum err e;

	if ((e = db_run(db, &s->rq->arena, Q_GIS_SYSTEM, params, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_INTERNAL;
	s->layer = (struct gpkg_layer){
		.name = layer->name,
		.title = ogc_words(s->rq->language, layer->nb, layer->nn, layer->en),
		.is_point = !strcmp(layer->geometry, "point"),
		.srid = s->ask->crs->srid,
		.authority = rows_at(rows, 0, 0),
		.definition = rows_at(rows, 0, 2),
	};
	return OK;
}

/* -- both
 * ------------------------------------------------------------------------------------------ */

static enum err fill(struct sink *s, struct db *db)
{
	bool is_csv = s->ask->format == OGC_CSV;
	const char *begin[] = { longest_ms, is_csv ? "Europe/Oslo" : "UTC" };
	enum err e;

	if ((e = db_run(db, &s->rq->arena, Q_GIS_EXPORT_BEGIN, begin, NULL)))
		return e;
	if (!is_csv && (e = find_system(s, db)))
		return e;
	return db_each(db, ogc_ask_query(s->ask), s->ask->params, is_csv ? add_csv : add_gpkg, s);
}

/* Asks in a transaction of whoever asks, and gives the connection back before anything is sent. */
static enum err run(struct sink *s)
{
	struct db *db;
	enum err e;

	if ((e = ask_begin(s->rq, &db)))
		return e == ERR_UNAUTHORIZED ? session_unauthorized(s->rq) : e;
	e = fill(s, db);
	if (e && db_sqlstate(db)[0])
		ask_failed(s->rq, db, e);
	else if (!e)
		e = db_commit(db);
	db_give(db);
	return e;
}

static enum err open_sink(struct sink *s)
{
	char directory[512];

	snprintf(directory, sizeof(directory), "%s/files", app_of(s->rq)->config->var);
	if (s->ask->format == OGC_GPKG) {
		s->gpkg = gpkg_open(directory);
		return s->gpkg ? OK : no_room(s);
	}
	s->fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return s->fd >= 0 ? OK : no_room(s);
}

/* The file is the reply's, or nobody's. */
static enum err close_sink(struct sink *s, enum err e)
{
	bool is_good = !e;

	buf_release(&s->piece);
	if (s->gpkg)
		is_good = gpkg_end(s->gpkg, e ? NULL : &s->fd, &s->size);
	else if (e && s->fd >= 0)
		close(s->fd);
	if (e)
		return e;
	return is_good ? OK : no_room(s);
}

static enum err export_file(struct req *rq, struct ogc_ask *ask)
{
	struct sink s = { .rq = rq, .ask = ask, .fd = -1 };
	const char *name = ogc_format_name(ask->format);
	enum err e;

	buf_init(&s.piece, LINE_MAX_BYTES);
	if (!(e = open_sink(&s)))
		e = run(&s);
	if ((e = close_sink(&s, e)))
		return e;
	req_header(rq, "Content-Crs", arena_printf(&rq->arena, "<%s>", ask->crs->uri));
	req_header(
		rq, "Content-Disposition",
		arena_printf(&rq->arena, "attachment; filename=\"%s.%s\"", ask->layer->name, name));
	return req_send_file(rq, s.fd, s.size,
			     ask->format == OGC_CSV ? "text/csv; charset=utf-8"
						    : ogc_format_type(ask->format));
}

enum err export_send(struct req *rq, struct ogc_ask *ask)
{
	enum err e;

	if (atomic_fetch_add(&under_way, 1) >= EXPORTS_MAX)
		e = req_fail(rq, ERR_BUSY, "%d exports are under way", EXPORTS_MAX);
	else
		e = export_file(rq, ask);
	atomic_fetch_sub(&under_way, 1);
	return e;
}

/* -- a selection made on the map
 * ------------------------------------------------------------------- */

static const char *list_ids(struct req *rq, const json_t *ids)
{
	struct buf to;
	const char *text;

	buf_init(&to, SELECTION_MAX * 40);
	buf_char(&to, '{');
	for (size_t i = 0; i < json_array_size(ids); i++)
		buf_printf(&to, "%s%s", i ? "," : "", json_string_value(json_array_get(ids, i)));
	buf_char(&to, '}');
	text = arena_copy(&rq->arena, to.at, to.length);
	buf_release(&to);
	return text;
}

static bool add_ring(struct buf *to, const json_t *ring, size_t *corners)
{
	size_t count = json_array_size(ring);

	if (count < 4 || (*corners += count) > CORNERS_MAX ||
	    !json_equal(json_array_get(ring, 0), json_array_get(ring, count - 1)))
		return false;
	for (size_t i = 0; i < count; i++) {
		const json_t *corner = json_array_get(ring, i);
		const json_t *x = json_array_get(corner, 0), *y = json_array_get(corner, 1);

		if (!json_is_number(x) || !json_is_number(y) || fabs(json_number_value(x)) > 1e8 ||
		    fabs(json_number_value(y)) > 1e8)
			return false;
		buf_printf(to, "%s%.3f %.3f", i ? "," : "(", json_number_value(x),
			   json_number_value(y));
	}
	buf_char(to, ')');
	return true;
}

/* GeoJSON in the storage system as WKT; NULL when it is no polygon. */
static const char *read_polygon(struct req *rq, const json_t *polygon)
{
	const char *type = json_string_value(json_object_get(polygon, "type"));
	const json_t *rings = json_object_get(polygon, "coordinates");
	const char *text = NULL;
	size_t corners = 0;
	struct buf to;
	bool is_good = type && !strcmp(type, "Polygon") && json_array_size(rings) > 0;

	buf_init(&to, CORNERS_MAX * 80);
	buf_text(&to, "POLYGON");
	for (size_t i = 0; is_good && i < json_array_size(rings); i++) {
		buf_char(&to, i ? ',' : '(');
		is_good = add_ring(&to, json_array_get(rings, i), &corners);
	}
	buf_char(&to, ')');
	if (is_good)
		text = arena_copy(&rq->arena, to.at, to.length);
	buf_release(&to);
	return text;
}

static void read_filter(struct req *rq, struct ogc_ask *ask, const json_t *filter)
{
	void *at;

	if (filter && !json_is_object(filter))
		req_fault(rq, "/filter", "{\"type_code\": 612}");
	for (at = json_object_iter((json_t *)(uintptr_t)filter); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)filter, at)) {
		const char *name = json_object_iter_key(at), *wrong;
		const json_t *value = json_object_iter_value(at);
		const char *text = json_string_value(value);

		if (json_is_integer(value))
			text = arena_printf(&rq->arena, "%lld",
					    (long long)json_integer_value(value));
		else if (json_is_boolean(value))
			text = json_is_true(value) ? "true" : "false";
		wrong = ogc_ask_filter(ask, &rq->arena, name, text ? text : "", rq->language);
		if (wrong)
			req_fault(rq, "/filter", wrong);
	}
}

static const struct input selection_inputs[] = {
	{ "collection", IN_CODE, REQUIRED, .max = 40 },
	{ "format", IN_CODE, REQUIRED, .max = 10 },
	{ "crs", IN_TEXT, .max = 100 },
	{ "ids", IN_UUID, LIST, .max = SELECTION_MAX },
	{ "filter", IN_JSON },
	{ "polygon", IN_JSON },
	{ 0 },
};

static enum err export_selection(struct req *rq)
{
	const char *crs = req_value(rq, "crs");
	const json_t *body = (const json_t *)rq->json;
	const json_t *ids = json_object_get(body, "ids");
	const json_t *polygon = json_object_get(body, "polygon");
	const struct ogc_layer *layer;
	struct ogc_ask ask;
	unsigned role = rq->audience == 'o'   ? ROLE_OFFICE
			: rq->audience == 'f' ? ROLE_FIELD
					      : ROLE_TENANT;

	layer = ogc_layer_find(req_value(rq, "collection"), role);
	if (!layer) {
		req_fault(rq, "/collection", "GET /ogc/collections");
		return ERR_INVALID;
	}
	ogc_ask_init(&ask, layer);
	ask.crs = crs ? ogc_crs_find(crs) : &ogc_systems[CRS_STORAGE];
	if (!ask.crs)
		req_fault(rq, "/crs", "EPSG:25832");
	if (!ogc_format_find(req_value(rq, "format"), &ask.format) || ask.format < OGC_CSV)
		req_fault(rq, "/format", "csv, gpkg");
	if (json_is_array(ids))
		ask.params[P_IDS] = list_ids(rq, ids);
	if (polygon && !json_is_null(polygon) &&
	    !(ask.params[P_POLYGON] = read_polygon(rq, polygon)))
		req_fault(rq, "/polygon",
			  "{\"type\": \"Polygon\", \"coordinates\": [[[x, y], …]]}");
	read_filter(rq, &ask, json_object_get(body, "filter"));
	if (rq->fault_count)
		return ERR_INVALID;
	ogc_ask_end(&ask, &rq->arena, rq->language);
	return export_send(rq, &ask);
}

const struct route export_routes[] = {
	{ "POST", "/api/v1/export", ROLE_ANY_PERSON, export_selection, selection_inputs,
	  .body_max = 1024 * 1024,
	  .summary = "A selection of a layer as CSV or GeoPackage: ids, filter and polygon" },
	{ 0 },
};
