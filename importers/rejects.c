#include "base/str.h"
#include "importers/csv.h"
#include "importers/import.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Columns of the section «rejects»: line, column, reason, then all of `staged`. */
enum { BEYOND = 7, CELLS = 8 };

static void put_cell(FILE *to, const char *text, bool is_last)
{
	/* A spreadsheet program would run a cell that starts like a formula: an apostrophe makes it
	 * text. */
	bool is_formula = text && strchr("=+@\t\r", text[0]) && text[0];
	bool is_minus = text && text[0] == '-' && !is_digit(text[1]);

	if (text && strpbrk(text, ";\"\r\n")) {
		fputs(is_formula || is_minus ? "\"'" : "\"", to);
		for (; *text; text++) {
			if (*text == '"')
				fputc('"', to);
			fputc(*text, to);
		}
		fputc('"', to);
	} else if (text) {
		if (is_formula || is_minus)
			fputc('\'', to);
		fputs(text, to);
	}
	fputs(is_last ? "\r\n" : ";", to);
}

static void put_headers(const struct import *im, FILE *to)
{
	fputs("\xef\xbb\xbf", to);
	for (size_t i = 0; i < im->width; i++)
		put_cell(to, im->headers[i], false);
	fputs("linje;kolonne;årsak\r\n", to);
}

/* The column as the file calls it; `name` is what map.sql calls it. */
static const char *header_of(const struct import *im, const char *name)
{
	for (size_t i = 0; name && i < im->width; i++) {
		if (!strcmp(im->columns[i], name))
			return im->headers[i];
	}
	return name;
}

/* The file's cells as they stood there: `text` has them, as CSV, where staging has read them as
 * what they are; else the columns do. */
static void put_cells(const struct import *im, struct arena *a, const struct rows *rows, int row,
		      const char *text, FILE *to)
{
	struct csv *record;

	if (!text) {
		for (size_t k = 0; k < im->width; k++)
			put_cell(to, rows_at(rows, row, (int)k + CELLS), false);
		return;
	}
	record = arena_alloc(a, sizeof(*record));
	csv_init(record, ',');
	csv_next(record, arena_text(a, text), strlen(text), true);
	for (size_t k = 0; k < im->width; k++) {
		struct str cell = k < record->count ? record->cells[k] : STR("");

		put_cell(to, arena_copy(a, cell.at, cell.length), false);
	}
}

/* One portion of the cursor; sets *count to its rows. Columns: line, column, reason, then the
 * file's own. */
static enum err put_portion(struct import *im, struct arena *a, FILE *to, int *count)
{
	const char *sql = script_find(&im->common, "rejects_next");
	struct rows *rows;
	enum err e = db_run_sql(im->db, a, sql ? sql : "", 0, NULL, &rows);

	*count = e ? 0 : rows_count(rows);
	for (int i = 0; i < *count; i++) {
		const char *beyond = rows_at(rows, i, BEYOND);
		int text = rows_column(rows, "row_text");

		put_cells(im, a, rows, i, text >= 0 ? rows_at(rows, i, text) : NULL, to);
		put_cell(to, rows_at(rows, i, 0), false);
		put_cell(to, header_of(im, rows_at(rows, i, 1)), false);
		put_cell(to, rows_at(rows, i, 2), beyond == NULL);
		if (beyond)
			put_cell(to, beyond, true);
	}
	return e;
}

static enum err put_all(struct import *im, FILE *to)
{
	struct arena portion;
	int count = 1;
	enum err e;

	arena_init(&portion);
	put_headers(im, to);
	e = import_section(im, &im->common, "rejects");
	while (!e && count > 0) {
		e = put_portion(im, &portion, to, &count);
		arena_reset(&portion);
	}
	arena_release(&portion);
	return e;
}

enum err rejects_write(struct import *im)
{
	const char *path = im->options->rejects;
	enum err e;
	FILE *to;

	if (!path)
		path = arena_printf(im->arena, "%s.avvist.csv", im->options->file);
	if (im->counts.rejected == 0) {
		/* What an earlier run left would be mistaken for this one's. */
		if (unlink(path) && errno != ENOENT)
			return import_refuse(im, "%s: %s", path, strerror(errno));
		return OK;
	}
	to = fopen(path, "we");
	if (!to)
		return import_refuse(im, "%s: %s", path, strerror(errno));
	e = put_all(im, to);
	if (fclose(to) && !e)
		return import_refuse(im, "%s: %s", path, strerror(errno));
	im->rejects_path = path;
	return e;
}
