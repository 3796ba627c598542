#include "db/rows.h"

#include <string.h>

#include "db/internal.h"

/* Type numbers from PostgreSQL's catalogue (src/include/catalog/pg_type.dat). */
enum {
	TYPE_BOOL = 16,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_JSON = 114,
	TYPE_FLOAT4 = 700,
	TYPE_FLOAT8 = 701,
	TYPE_DATE = 1082,
	TYPE_TIMESTAMPTZ = 1184,
	TYPE_NUMERIC = 1700,
	TYPE_JSONB = 3802,
};

static const char key_column[] = "_key";

/* PostgreSQL writes "2026-11-22 01:34:12.5+00"; RFC 3339 wants a T and, for UTC, may have a Z. */
static void add_time(struct buf *to, const char *text, size_t length)
{
	size_t end = length >= 3 && !memcmp(text + length - 3, "+00", 3) ? length - 3 : length;

	buf_char(to, '"');
	if (end < 11) { /* «infinity» */
		buf_add(to, text, length);
	} else {
		buf_add(to, text, 10);
		buf_char(to, 'T');
		buf_add(to, text + 11, end - 11);
		if (end < length)
			buf_char(to, 'Z');
	}
	buf_char(to, '"');
}

/* NaN and Infinity have no form in JSON (RFC 8259, section 6). */
static void add_number(struct buf *to, const char *text, size_t length)
{
	char last = text[length - 1];

	if (last == 'N' || last == 'y')
		buf_text(to, "null");
	else
		buf_add(to, text, length);
}

static void add_value(struct buf *to, Oid type, const char *text, size_t length)
{
	switch (type) {
	case TYPE_BOOL:
		buf_text(to, text[0] == 't' ? "true" : "false");
		return;
	case TYPE_INT2:
	case TYPE_INT4:
	case TYPE_INT8:
	case TYPE_JSON:
	case TYPE_JSONB:
		buf_add(to, text, length);
		return;
	case TYPE_FLOAT4:
	case TYPE_FLOAT8:
	case TYPE_NUMERIC:
		add_number(to, text, length);
		return;
	case TYPE_TIMESTAMPTZ:
		add_time(to, text, length);
		return;
	default:
		buf_json(to, text, length);
	}
}

enum rows_type rows_type(const struct rows *rows, int column)
{
	switch (PQftype(rows->result, column)) {
	case TYPE_BOOL:
		return ROWS_BOOL;
	case TYPE_INT2:
	case TYPE_INT4:
	case TYPE_INT8:
		return ROWS_INT;
	case TYPE_FLOAT4:
	case TYPE_FLOAT8:
	case TYPE_NUMERIC:
		return ROWS_REAL;
	case TYPE_DATE:
		return ROWS_DATE;
	case TYPE_TIMESTAMPTZ:
		return ROWS_TIME;
	case TYPE_JSON:
	case TYPE_JSONB:
		return ROWS_JSON;
	default:
		return ROWS_TEXT;
	}
}

/* The members of a row from the column `from`; what begins with an underscore only if told so. */
static void add_members(const struct rows *rows, int row, int from, bool keeps_hidden,
			struct buf *to)
{
	PGresult *r = rows->result;
	int columns = PQnfields(r);
	char mark = '{';

	for (int i = from; i < columns; i++) {
		const char *name = PQfname(r, i);

		if (name[0] == '_' && (!keeps_hidden || !strcmp(name, key_column)))
			continue;
		buf_char(to, mark);
		buf_char(to, '"');
		buf_text(to, name);
		buf_add(to, "\":", 2);
		mark = ',';
		rows_value(rows, row, i, to);
	}
	if (mark == '{')
		buf_char(to, '{');
	buf_char(to, '}');
}

void rows_object(const struct rows *rows, int row, struct buf *to)
{
	add_members(rows, row, 0, true, to);
}

void rows_properties(const struct rows *rows, int row, struct buf *to)
{
	add_members(rows, row, 1, false, to);
}

void rows_value(const struct rows *rows, int row, int column, struct buf *to)
{
	PGresult *r = rows->result;

	if (PQgetisnull(r, row, column))
		buf_add(to, "null", 4);
	else
		add_value(to, PQftype(r, column), PQgetvalue(r, row, column),
			  (size_t)PQgetlength(r, row, column));
}

void rows_list(const struct rows *rows, int limit, struct buf *to)
{
	int count = PQntuples(rows->result);
	int key = PQfnumber(rows->result, key_column);

	buf_text(to, "{\"items\":[");
	for (int i = 0; i < count; i++) {
		if (i)
			buf_char(to, ',');
		rows_object(rows, i, to);
	}
	buf_text(to, "],\"next\":");
	if (key >= 0 && limit > 0 && count >= limit)
		buf_json(to, PQgetvalue(rows->result, count - 1, key),
			 (size_t)PQgetlength(rows->result, count - 1, key));
	else
		buf_text(to, "null");
	buf_char(to, '}');
}
