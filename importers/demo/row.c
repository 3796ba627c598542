#include "row.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SEND_AT   (256 * 1024)
#define CHUNK_MAX (1024 * 1024)
#define CELL_MAX  4096

void copy_begin(struct copy *c, struct sink *sink, enum query q)
{
	*c = (struct copy){ .sink = sink };
	buf_init(&c->line, CHUNK_MAX);
	c->e = sink->begin(sink, q);
}

static void flush(struct copy *c)
{
	if (!c->e && c->line.is_full)
		c->e = ERR_TOO_LARGE;
	if (!c->e && c->line.length)
		c->e = c->sink->data(c->sink, c->line.at, c->line.length);
	buf_clear(&c->line);
}

enum err copy_end(struct copy *c, uint64_t *rows)
{
	enum err e;

	flush(c);
	e = c->sink->end(c->sink);
	buf_release(&c->line);
	*rows += c->rows;
	return c->e ? c->e : e;
}

static void separate(struct copy *c)
{
	if (c->in_row)
		buf_char(&c->line, '\t');
	c->in_row = true;
}

void col_text(struct copy *c, const char *text)
{
	if (!text) {
		col_null(c);
		return;
	}
	separate(c);
	for (;;) {
		size_t plain = strcspn(text, "\\\t\n\r");

		buf_add(&c->line, text, plain);
		text += plain;
		if (!*text)
			return;
		buf_char(&c->line, '\\');
		buf_char(&c->line, *text == '\t'   ? 't'
				   : *text == '\n' ? 'n'
				   : *text == '\r' ? 'r'
						   : '\\');
		text++;
	}
}

void col_printf(struct copy *c, const char *format, ...)
{
	char cell[CELL_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(cell, sizeof(cell), format, args);
	va_end(args);
	col_text(c, cell);
}

void col_int(struct copy *c, int64_t n)
{
	separate(c);
	if (n < 0)
		buf_char(&c->line, '-');
	buf_uint(&c->line, n < 0 ? (uint64_t)-n : (uint64_t)n);
}

void col_bool(struct copy *c, bool yes)
{
	separate(c);
	buf_char(&c->line, yes ? 't' : 'f');
}

void col_null(struct copy *c)
{
	separate(c);
	buf_add(&c->line, "\\N", 2);
}

static void add_date(struct copy *c, int days)
{
	int year, month, day;

	day_split(days, &year, &month, &day);
	buf_printf(&c->line, "%04d-%02d-%02d", year, month, day);
}

void col_date(struct copy *c, int days)
{
	separate(c);
	add_date(c, days);
}

void col_time(struct copy *c, int64_t seconds)
{
	int of_day = (int)(seconds % 86400);

	if (!seconds) {
		col_null(c);
		return;
	}
	separate(c);
	add_date(c, (int)(seconds / 86400));
	buf_printf(&c->line, " %02d:%02d:%02d+00", of_day / 3600, of_day / 60 % 60, of_day % 60);
}

void col_key(struct copy *c, uint64_t seed, enum demo_table table, int64_t row)
{
	char id[UUID_TEXT];

	if (row < 0) {
		col_null(c);
		return;
	}
	demo_uuid(seed, table, (uint64_t)row, id);
	separate(c);
	buf_add(&c->line, id, UUID_TEXT - 1);
}

void col_point(struct copy *c, struct point at)
{
	separate(c);
	buf_printf(&c->line, "SRID=25832;POINT(%.2f %.2f)", at.x, at.y);
}

void col_polygon(struct copy *c, const struct point *corners, int n)
{
	separate(c);
	buf_text(&c->line, "SRID=25832;POLYGON((");
	for (int i = 0; i <= n; i++)
		buf_printf(&c->line, "%s%.2f %.2f", i ? "," : "", corners[i % n].x,
			   corners[i % n].y);
	buf_text(&c->line, "))");
}

void row_end(struct copy *c)
{
	buf_char(&c->line, '\n');
	c->in_row = false;
	c->rows++;
	if (c->line.length >= SEND_AT)
		flush(c);
}
