#include "geo/gpkg.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "gpkg.gen.h"

enum { SQL_MAX = 16 * 1024, SHAPE_MAX = 64 * 1024 * 1024, HEADER = 8 };

struct gpkg {
	sqlite3 *db;
	sqlite3_stmt *insert;
	struct buf shape; /* one geometry, with its header */
	int fd;           /* what is sent; SQLite has a descriptor of its own */
	int srid, shape_column;
};

static bool run(struct gpkg *g, const char *sql)
{
	return sqlite3_exec(g->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

struct gpkg *gpkg_open(const char *directory)
{
	struct gpkg *g = calloc(1, sizeof(*g));
	char path[600];

	if (!g)
		abort();
	buf_init(&g->shape, SHAPE_MAX);
	snprintf(path, sizeof(path), "%s/export-XXXXXX", directory);
	g->fd = mkostemp(path, O_CLOEXEC);
	if (g->fd >= 0 &&
	    sqlite3_open_v2(path, &g->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
			    NULL) == SQLITE_OK &&
	    run(g, gpkg_sql)) {
		/* SQLite has it open now, and without a journal needs its name no more. */
		unlink(path);
		return g;
	}
	if (g->fd >= 0)
		unlink(path);
	gpkg_end(g, NULL, NULL);
	return NULL;
}

/* Columns of a GeoPackage have the types of its table 1. */
static const char *type_name(enum rows_type type)
{
	switch (type) {
	case ROWS_BOOL:
		return "BOOLEAN";
	case ROWS_INT:
		return "INTEGER";
	case ROWS_REAL:
		return "DOUBLE";
	case ROWS_DATE:
		return "DATE";
	case ROWS_TIME:
		return "DATETIME";
	case ROWS_TEXT:
	case ROWS_JSON:
		break;
	}
	return "TEXT";
}

static bool is_shown(const struct rows *rows, int column)
{
	return rows_name(rows, column)[0] != '_';
}

/* Binds the texts to the statement's parameters and runs it. */
static bool run_with(struct gpkg *g, const char *sql, const char *const *texts, int count, int srid)
{
	sqlite3_stmt *s = NULL;
	bool good = sqlite3_prepare_v2(g->db, sql, -1, &s, NULL) == SQLITE_OK;

	for (int i = 0; good && i < count; i++)
		good = sqlite3_bind_text(s, i + 1, texts[i], -1, SQLITE_TRANSIENT) == SQLITE_OK;
	good = good && sqlite3_bind_int(s, count + 1, srid) == SQLITE_OK &&
	       sqlite3_step(s) == SQLITE_DONE;
	sqlite3_finalize(s);
	return good;
}

/* The layer in the package's own tables. The names are columns of ours, never what was sent. */
static bool note_layer(struct gpkg *g, const struct gpkg_layer *layer)
{
	const char *system[] = { layer->authority, layer->definition };
	const char *contents[] = { layer->name, layer->title };
	const char *shape[] = { layer->name, layer->is_point ? "POINT" : "GEOMETRY" };

	return run_with(g,
			"INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES "
			"(?1 || ':' || ?3, ?3, ?1, ?3, ?2, NULL)",
			system, 2, layer->srid) &&
	       run_with(g,
			"INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
			"VALUES (?1, 'features', ?2, ?3)",
			contents, 2, layer->srid) &&
	       run_with(g, "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)",
			shape, 2, layer->srid);
}

bool gpkg_begin(struct gpkg *g, const struct gpkg_layer *layer, const struct rows *rows)
{
	struct buf table, insert;
	bool good;

	g->srid = layer->srid;
	g->shape_column = rows_column(rows, "_geom");
	buf_init(&table, SQL_MAX);
	buf_init(&insert, SQL_MAX);
	buf_printf(&table, "CREATE TABLE \"%s\" (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom %s",
		   layer->name, layer->is_point ? "POINT" : "GEOMETRY");
	buf_printf(&insert, "INSERT INTO \"%s\" VALUES (NULL, ?", layer->name);
	for (int i = 0; i < rows_columns(rows); i++) {
		if (!is_shown(rows, i))
			continue;
		buf_printf(&table, ", \"%s\" %s", rows_name(rows, i),
			   type_name(rows_type(rows, i)));
		buf_text(&insert, ", ?");
	}
	buf_char(&table, ')');
	buf_char(&insert, ')');
	good = g->shape_column >= 0 && !table.is_full && run(g, table.at) && note_layer(g, layer) &&
	       sqlite3_prepare_v2(g->db, insert.at, -1, &g->insert, NULL) == SQLITE_OK;
	buf_release(&table);
	buf_release(&insert);
	return good;
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* GP, version 0, little-endian without envelope, the system; then WKB (clause 2.1.3). */
static bool bind_shape(struct gpkg *g, const struct rows *rows)
{
	const char *hex = rows_at(rows, 0, g->shape_column);
	size_t length = hex ? rows_length(rows, 0, g->shape_column) / 2 : 0;
	char header[HEADER] = { 'G', 'P', 0, 1 };
	char *to;

	if (!hex)
		return sqlite3_bind_null(g->insert, 1) == SQLITE_OK;
	for (int i = 0; i < 4; i++)
		header[4 + i] = (char)(g->srid >> (8 * i) & 0xff);
	buf_clear(&g->shape);
	buf_add(&g->shape, header, HEADER);
	to = buf_room(&g->shape, length);
	if (!to)
		return false;
	for (size_t i = 0; i < length; i++)
		to[i] = (char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	return sqlite3_bind_blob64(g->insert, 1, g->shape.at, HEADER + length, SQLITE_STATIC) ==
	       SQLITE_OK;
}

/* "2026-11-22 01:34:12.5+00" as "2026-11-22T01:34:12.500Z" (table 1, DATETIME). */
static int bind_time(struct gpkg *g, int at, const char *text)
{
	char out[40];
	const char *fraction = strchr(text, '.');
	int ms = 0;

	if (strlen(text) < 19) /* «infinity» */
		return sqlite3_bind_null(g->insert, at);
	for (int i = 1, scale = 100; fraction && scale; i++, scale /= 10) {
		if (fraction[i] < '0' || fraction[i] > '9')
			break;
		ms += (fraction[i] - '0') * scale;
	}
	snprintf(out, sizeof(out), "%.10sT%.8s.%03dZ", text, text + 11, ms);
	return sqlite3_bind_text(g->insert, at, out, -1, SQLITE_TRANSIENT);
}

static int bind_cell(struct gpkg *g, int at, const struct rows *rows, int column)
{
	const char *text = rows_at(rows, 0, column);

	if (!text)
		return sqlite3_bind_null(g->insert, at);
	switch (rows_type(rows, column)) {
	case ROWS_BOOL:
		return sqlite3_bind_int(g->insert, at, text[0] == 't');
	case ROWS_INT:
		return sqlite3_bind_int64(g->insert, at, strtoll(text, NULL, 10));
	case ROWS_REAL:
		return sqlite3_bind_double(g->insert, at, strtod(text, NULL));
	case ROWS_TIME:
		return bind_time(g, at, text);
	case ROWS_DATE:
	case ROWS_TEXT:
	case ROWS_JSON:
		break;
	}
	return sqlite3_bind_text(g->insert, at, text, (int)rows_length(rows, 0, column),
				 SQLITE_STATIC);
}

bool gpkg_add(struct gpkg *g, const struct rows *rows)
{
	int at = 2;

	if (!bind_shape(g, rows))
		return false;
	for (int i = 0; i < rows_columns(rows); i++)
		if (is_shown(rows, i) && bind_cell(g, at++, rows, i) != SQLITE_OK)
			return false;
	return sqlite3_step(g->insert) == SQLITE_DONE && sqlite3_reset(g->insert) == SQLITE_OK;
}

bool gpkg_end(struct gpkg *g, int *fd, uint64_t *size)
{
	struct stat stat;
	bool good = fd != NULL;

	sqlite3_finalize(g->insert);
	good = good && run(g, "COMMIT");
	good = sqlite3_close(g->db) == SQLITE_OK && good;
	good = good && !fstat(g->fd, &stat);
	if (good) {
		*fd = g->fd;
		*size = (uint64_t)stat.st_size;
	} else if (g->fd >= 0) {
		close(g->fd);
	}
	buf_release(&g->shape);
	free(g);
	return good;
}
