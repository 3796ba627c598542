#include "importers/cast.h"

#include <string.h>

#include "importers/rowpipe.h"

enum { OUT_MAX = 64 * 1024 * 1024, REST_MAX = 2 * CSV_RECORD_MAX };

void cast_init(struct cast *c, const struct import *im, struct print *print)
{
	static const struct profile_column unknown; /* of which nothing is said */

	memset(c, 0, sizeof(*c));
	c->im = im;
	c->way = CAST_ALL;
	c->print = print;
	for (size_t i = 0; i < im->width; i++)
		c->columns[i] = &unknown;
	for (size_t i = 0; i < im->profile.column_count; i++) {
		const struct profile_column *column = &im->profile.columns[i];
		size_t place = import_place(im, column->name);

		if (place == im->width)
			continue;
		c->columns[place] = column;
		if (!column->is_aside)
			c->told[c->told_count++] = place;
	}
	csv_init(&c->record, ',');
	buf_init(&c->rest, REST_MAX);
	buf_init(&c->out, OUT_MAX);
	buf_init(&c->say, REST_MAX);
}

void cast_again(struct cast *c, enum cast_way way, const struct rowset *wanted)
{
	csv_init(&c->record, ',');
	buf_clear(&c->rest);
	c->way = way;
	c->wanted = wanted;
	c->row = 0;
}

void cast_release(void *cast)
{
	struct cast *c = cast;

	buf_release(&c->rest);
	buf_release(&c->out);
	buf_release(&c->say);
	if (c->misread)
		fclose(c->misread);
}

static bool needs_escape(char b)
{
	return b == '\\' || b == '\t' || b == '\n' || b == '\r';
}

/* A value as COPY's text format has it. */
static void put(struct buf *out, struct str value)
{
	size_t from = 0;

	for (size_t i = 0; i < value.length; i++) {
		if (!needs_escape(value.at[i]))
			continue;
		buf_add(out, value.at + from, i - from);
		buf_char(out, '\\');
		buf_char(out, value.at[i] == '\t'   ? 't'
			      : value.at[i] == '\n' ? 'n'
			      : value.at[i] == '\r' ? 'r'
						    : '\\');
		from = i + 1;
	}
	buf_add(out, value.at + from, value.length - from);
}

static void put_null(struct buf *out)
{
	buf_add(out, "\\N", 2);
}

static bool misread(struct cast *c, struct str line, const struct profile_column *column,
		    const char *reason)
{
	c->misreads++;
	if (!c->misread)
		c->misread = tmpfile();
	return c->misread &&
	       fprintf(c->misread, "%.*s\t%s\t%s\n", STR_ARG(line), column->name, reason) > 0;
}

static bool wrong(struct cast *c, struct str line, const struct profile_column *column)
{
	char range[80];

	if (column->type != CELL_WHOLE)
		return misread(c, line, column, "er ikke et tall");
	if (column->to == 0)
		return misread(c, line, column, "er ikke et helt tall");
	if (column->to == CELL_WHOLE_MAX)
		return misread(c, line, column, "er ikke et tall på inntil ni siffer");
	snprintf(range, sizeof(range), "er ikke et tall fra %ld til %ld", column->from, column->to);
	return misread(c, line, column, range);
}

static bool is_in_range(const struct profile_column *column, struct str value)
{
	long n = 0;

	for (size_t i = 0; i < value.length; i++)
		n = n * 10 + (value.at[i] - '0');
	return column->to == 0 || (n >= column->from && n <= column->to);
}

/* One cell. False when what is wrong with it could not be noted. */
static bool cast_cell(struct cast *c, size_t place, struct str line)
{
	const struct profile_column *column = c->columns[place];
	enum cell_type type = column->type;
	struct str cell = c->record.cells[ROWPIPE_FIXED + place];
	char room[CELL_NUMBER_MAX];
	struct str value;
	enum cell_state state = cell_read(type, cell, room, &value);

	if (type == CELL_WHOLE && state == CELL_GOOD && !is_in_range(column, value))
		state = CELL_WRONG;
	if (state == CELL_GOOD) {
		c->has_pieces |= type == CELL_TEXT && cell_may_be_decomposed(value);
		put(&c->out, value);
		return true;
	}
	put_null(&c->out);
	if (state == CELL_WRONG)
		return wrong(c, line, column);
	return !column->is_filled || misread(c, line, column, "mangler");
}

static void put_or_null(struct buf *out, struct str value)
{
	if (value.length)
		put(out, value);
	else
		put_null(out);
}

/* The cells as they stand in the file, as CSV: taken as they came, or written anew where quotes
 * have been taken off. */
static void put_row_text(struct cast *c, struct str raw)
{
	const struct csv *r = &c->record;
	size_t first = ROWPIPE_FIXED;

	if (!memchr(raw.at, '"', raw.length)) {
		struct str text = { r->cells[first].at,
				    raw.length - (size_t)(r->cells[first].at - raw.at) };

		put(&c->out, text);
		return;
	}
	for (size_t i = first; i < r->count; i++) {
		struct str cell = r->cells[i];

		buf_text(&c->out, i > first ? ",\"" : "\"");
		for (struct str part; cell.at;) {
			part = str_cut(&cell, '"');
			put(&c->out, part);
			buf_text(&c->out, cell.at ? "\"\"" : "\"");
		}
	}
}

/* Where a cell is among what COPY gets. */
struct span {
	size_t at, length;
};

/* The SHA-256 of what makes the row another when it changes, as COPY gets it. */
static void put_hash(struct cast *c, const struct span *cells)
{
	char hash[SHA256_TEXT];

	buf_clear(&c->say);
	for (size_t i = 0; i < c->told_count; i++) {
		struct span cell = cells[c->told[i]];

		buf_add(&c->say, c->out.at + cell.at, cell.length);
		buf_char(&c->say, '\t');
	}
	sha256_of(c->say.at ? c->say.at : "", c->say.length, hash);
	buf_text(&c->out, "\\\\x");
	buf_text(&c->out, hash);
}

static void put_print(struct cast *c, bool is_misread)
{
	char print[PRINT_TEXT];

	if (c->print && !is_misread && print_row(c->print, &c->record, print))
		buf_add(&c->out, print, PRINT_TEXT - 1);
	else
		put_null(&c->out);
}

/* A row as its number and fingerprint. */
static bool put_known(struct cast *c)
{
	buf_uint(&c->out, c->row);
	buf_char(&c->out, '\t');
	put_print(c, false);
	buf_char(&c->out, '\n');
	return true;
}

static bool put_row(struct cast *c, struct str raw)
{
	struct span cells[IMPORT_HEADERS_MAX];
	const struct csv *r = &c->record;
	bool is_damaged = r->cells[1].length > 0;
	uint64_t misreads = c->misreads;

	put(&c->out, r->cells[0]);
	for (size_t i = 1; i < ROWPIPE_FIXED; i++) {
		buf_char(&c->out, '\t');
		put_or_null(&c->out, r->cells[i]);
	}
	for (size_t i = 0; i < c->im->width; i++) {
		buf_char(&c->out, '\t');
		cells[i].at = c->out.length;
		if (is_damaged)
			put_null(&c->out);
		else if (!cast_cell(c, i, r->cells[0]))
			return false;
		cells[i].length = c->out.length - cells[i].at;
	}
	buf_char(&c->out, '\t');
	put_row_text(c, raw);
	buf_char(&c->out, '\t');
	if (is_damaged)
		put_null(&c->out);
	else
		put_hash(c, cells);
	buf_char(&c->out, '\t');
	put_print(c, c->misreads > misreads);
	buf_char(&c->out, '\n');
	return true;
}

static bool put_record(struct cast *c, struct str raw)
{
	if (c->way == CAST_PRINTS)
		return put_known(c);
	return c->way == CAST_SOME && !rowset_has(c->wanted, c->row) ? true : put_row(c, raw);
}

/* The whole records at the start of `at`; how many bytes they took. */
static enum err take_records(struct cast *c, char *at, size_t length, size_t *taken)
{
	size_t n;

	*taken = 0;
	while ((n = csv_next(&c->record, at + *taken, length - *taken, false))) {
		struct str raw = { at + *taken, n - 1 };

		if (c->record.fault || c->record.count != ROWPIPE_FIXED + c->im->width ||
		    !put_record(c, raw))
			return ERR_INTERNAL;
		c->row++;
		*taken += n;
	}
	return c->out.is_full ? ERR_TOO_LARGE : OK;
}

enum err cast_take(struct cast *c, const char *bytes, size_t length)
{
	size_t taken;
	enum err e;

	buf_clear(&c->out);
	buf_add(&c->rest, bytes, length);
	if (c->rest.is_full)
		return ERR_TOO_LARGE;
	if ((e = take_records(c, c->rest.at, c->rest.length, &taken)))
		return e;
	memmove(c->rest.at, c->rest.at + taken, c->rest.length - taken);
	c->rest.length -= taken;
	return OK;
}
