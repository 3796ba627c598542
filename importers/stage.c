#include "base/clock.h"
#include "base/str.h"
#include "importers/cast.h"
#include "importers/columns.h"
#include "importers/csv.h"
#include "importers/import.h"
#include "importers/rowpipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 2 * CSV_RECORD_MAX, PROGRESS_US = 200 * 1000, PIECE = 64 * 1024 };

/* Takes the child's rows: the first one decides the staging table, all others go to COPY, as they
 * are or, when the manifest says what the columns hold, read as that. A file of a source that has
 * been read before is gone through for its rows' fingerprints first, and only rows that are not
 * known by them are staged. */
struct stage {
	struct import *im;
	struct child_call call;
	struct buf head;  /* what has come while the first record is not whole */
	bool is_mapped;   /* the columns are known, and the three below */
	bool is_header;   /* the first record is no row */
	const char *make; /* `staged` */
	const char *copy; /* into it */
	bool is_made;
	bool is_copying;
	uint64_t newlines; /* a count of rows good enough for progress */
	uint64_t shown_us;
	struct csv record;
	struct cast cast; /* of profiles with types */
	struct print print;
	struct rowset wanted; /* rows that are not known, or must be staged all the same */
};

/* A section of common.sql that the program runs itself; NULL when it is not there. */
static const char *section(struct import *im, const char *name)
{
	const char *sql = script_find(&im->common, name);

	if (!sql)
		import_refuse(im, "delen «%s» mangler i common.sql", name);
	return sql;
}

/* The first cell of what a section answers. */
static enum err ask(struct import *im, const char *name, const char **answer)
{
	const char *sql = section(im, name);
	struct rows *rows;
	enum err e = sql ? db_run_sql(im->db, im->arena, sql, 0, NULL, &rows) : ERR_UNPROCESSABLE;

	if (!e)
		*answer = rows_at(rows, 0, 0);
	return e;
}

/* The names as an array literal of PostgreSQL; they hold nothing but a-z, 0-9 and _. */
static const char *array_of(struct import *im, const char *const *names, size_t count)
{
	const char *text = "{";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(im->arena, "%s%s%s", text, i ? "," : "", names[i]);
	return arena_printf(im->arena, "%s}", text);
}

static const char *type_of(const struct import *im, const char *column)
{
	for (size_t i = 0; i < im->profile.column_count; i++) {
		if (!strcmp(im->profile.columns[i].name, column))
			return cell_type_sql(im->profile.columns[i].type);
	}
	return cell_type_sql(CELL_AS_IT_IS);
}

/* The types of these columns, as an array literal. */
static const char *types_of(struct import *im, const char *const *names, size_t count)
{
	const char *types[IMPORT_HEADERS_MAX];

	for (size_t i = 0; i < count; i++)
		types[i] = type_of(im, names[i]);
	return array_of(im, types, count);
}

/* The statements that make the staging table with the file's columns in its order, and fill it. */
static enum err say_table(struct stage *s)
{
	struct import *im = s->im;
	const char *absent[PROFILE_COLUMNS_MAX], *params[5];
	const char *sql = section(im, "stage");
	size_t count = 0;
	struct rows *rows;
	enum err e;

	for (size_t i = 0; i < im->profile.column_count; i++) {
		if (import_place(im, im->profile.columns[i].name) == im->width)
			absent[count++] = im->profile.columns[i].name;
	}
	params[0] = array_of(im, im->columns, im->width);
	params[1] = types_of(im, im->columns, im->width);
	params[2] = array_of(im, absent, count);
	params[3] = types_of(im, absent, count);
	params[4] = im->profile.is_typed ? "true" : "false";
	if (!sql)
		return ERR_UNPROCESSABLE;
	if ((e = db_run_sql(im->db, im->arena, sql, 5, params, &rows)))
		return e;
	s->make = rows_at(rows, 0, 0);
	s->copy = rows_at(rows, 0, 1);
	return OK;
}

static long number_at(const struct rows *rows, int column)
{
	const char *text = rows_at(rows, 0, column);

	return text ? strtol(text, NULL, 10) : 0;
}

static enum err prepare_print(struct stage *s)
{
	const char *sql = section(s->im, "state");
	struct rows *rows;
	enum err e;

	if (!sql)
		return ERR_UNPROCESSABLE;
	if ((e = db_run_sql(s->im->db, s->im->arena, sql, 0, NULL, &rows)))
		return e;
	print_init(&s->print, s->im,
		   &(struct print_state){ .rules = rows_at(rows, 0, 0),
					  .outlines = rows_at(rows, 0, 1),
					  .squares = { number_at(rows, 2), number_at(rows, 3),
						       number_at(rows, 4), number_at(rows, 5),
						       rows_at(rows, 0, 6) } });
	return OK;
}

static enum err prepare_cast(struct stage *s)
{
	enum cast_way way = s->cast.way;
	enum err e;

	if (!s->im->profile.is_typed)
		return OK;
	if ((e = prepare_print(s)))
		return e;
	arena_defer(s->im->arena, print_release, &s->print);
	cast_init(&s->cast, s->im, &s->print);
	arena_defer(s->im->arena, cast_release, &s->cast);
	cast_again(&s->cast, way, NULL);
	return OK;
}

static enum err make_staged(struct stage *s)
{
	enum err e = s->is_made ? OK : db_script(s->im->db, s->make);

	s->is_made = true;
	return e;
}

static enum err begin_copy(struct stage *s)
{
	bool is_printing = s->cast.way == CAST_PRINTS;
	const char *sql = is_printing ? section(s->im, "copy_printed") : s->copy;
	enum err e;

	if (!sql)
		return ERR_UNPROCESSABLE;
	if ((e = is_printing ? OK : make_staged(s)) || (e = db_copy_begin_sql(s->im->db, sql)))
		return e;
	s->is_copying = true;
	return OK;
}

/* Rows as the child wrote them. */
static enum err pass_on(struct stage *s, const char *bytes, size_t length)
{
	enum err e;

	if (!s->im->profile.is_typed)
		return db_copy_data(s->im->db, bytes, length);
	if ((e = cast_take(&s->cast, bytes, length)) || !s->cast.out.length)
		return e;
	return db_copy_data(s->im->db, s->cast.out.at, s->cast.out.length);
}

/* The columns, by the first record. */
static enum err map_columns(struct stage *s, const struct str *cells, size_t count)
{
	struct import *im = s->im;
	enum err e;

	if (s->is_mapped)
		return OK;
	s->is_header = true;
	if (im->profile.is_positional)
		e = columns_by_place(im, cells, count, &s->is_header);
	else if (s->record.cells[1].length)
		e = import_refuse(im, "overskriftsraden er skadet (%.*s)",
				  STR_ARG(s->record.cells[1]));
	else
		e = columns_by_header(im, cells, count);
	if (e || (e = say_table(s)) || (e = prepare_cast(s)))
		return e;
	s->is_mapped = true;
	return OK;
}

/* The first record, once it is whole. */
static enum err understand(struct stage *s)
{
	struct import *im = s->im;
	char *copy = arena_copy(im->arena, s->head.at, s->head.length);
	size_t taken;
	enum err e;

	csv_init(&s->record, ',');
	taken = csv_next(&s->record, copy, s->head.length, false);
	if (taken == 0)
		return s->head.is_full ? ERR_TOO_LARGE : OK;
	if (s->record.fault || s->record.count <= ROWPIPE_FIXED)
		return import_refuse(im, "første rad er skadet");
	if ((e = map_columns(s, s->record.cells + ROWPIPE_FIXED,
			     s->record.count - ROWPIPE_FIXED)) ||
	    (e = begin_copy(s)))
		return e;
	taken = s->is_header ? taken : 0;
	return pass_on(s, s->head.at + taken, s->head.length - taken);
}

/* Rows so far; those of a second reading have been told. */
static enum err tell(const struct stage *s, bool is_done)
{
	uint64_t seen = s->im->seen;

	return report_progress(s->im, s->newlines > seen ? s->newlines : seen, is_done);
}

static enum err take(void *context, const char *bytes, size_t length)
{
	struct stage *s = context;
	uint64_t now;
	enum err e;

	for (const char *p = bytes; (p = memchr(p, '\n', length - (size_t)(p - bytes))); p++)
		s->newlines++;
	now = clock_us();
	if (now - s->shown_us > PROGRESS_US) {
		s->shown_us = now;
		if ((e = tell(s, false)))
			return e;
	}
	if (s->is_copying)
		return pass_on(s, bytes, length);
	buf_add(&s->head, bytes, length);
	return understand(s);
}

static enum err idle(void *context)
{
	return tell(context, false);
}

/* What of the cells could not be read, as rows of `rejected`. */
static enum err copy_misread(struct stage *s)
{
	const char *sql = section(s->im, "misread");
	char piece[PIECE];
	enum err e, ended;
	size_t n;

	if (!sql || !s->cast.misread)
		return sql ? OK : ERR_UNPROCESSABLE;
	rewind(s->cast.misread);
	if ((e = db_copy_begin_sql(s->im->db, sql)))
		return e;
	while (!e && (n = fread(piece, 1, sizeof(piece), s->cast.misread)) > 0)
		e = db_copy_data(s->im->db, piece, n);
	ended = db_copy_end(s->im->db, e || ferror(s->cast.misread) ? "the file failed" : NULL,
			    NULL);
	fclose(s->cast.misread);
	s->cast.misread = NULL;
	return e ? e : ended;
}

/* Letters that came in pieces are put together. */
static enum err compose(struct stage *s)
{
	const char *names[IMPORT_HEADERS_MAX], *params[1], *sql;
	struct import *im = s->im;
	size_t count = 0;
	struct rows *rows;
	enum err e;

	if (!s->cast.has_pieces)
		return OK;
	for (size_t i = 0; i < im->width; i++) {
		if (s->cast.columns[i]->type == CELL_TEXT)
			names[count++] = im->columns[i];
	}
	params[0] = array_of(im, names, count);
	if (!(sql = section(im, "compose")))
		return ERR_UNPROCESSABLE;
	if ((e = db_run_sql(im->db, im->arena, sql, 1, params, &rows)))
		return e;
	return db_script(im->db, rows_at(rows, 0, 0));
}

/* What COPY took and what the child wrote must be the same rows, the header aside. */
static enum err compare_counts(struct stage *s, uint64_t copied)
{
	uint64_t wrote = s->im->child.rows - s->is_header;

	if (s->cast.way == CAST_SOME)
		wrote = s->wanted.count;
	if (copied == wrote)
		return OK;
	return import_refuse(s->im, "leseprogrammet skrev %llu rader, men %llu kom fram",
			     (unsigned long long)wrote, (unsigned long long)copied);
}

/* Has the child read the file, and stages what is wanted of it. */
static enum err read_rows(struct stage *s, enum cast_way way)
{
	struct import *im = s->im;
	uint64_t copied = 0;
	enum err e, ended;

	cast_again(&s->cast, way, &s->wanted);
	buf_clear(&s->head);
	s->newlines = 0;
	s->is_copying = false;
	e = child_read(&s->call, im->fd, &(struct child_sink){ take, idle, s }, &im->child);
	if (s->is_copying) {
		ended = db_copy_end(im->db, e ? "the reader failed" : NULL, &copied);
		e = e ? e : ended;
	}
	if (!e && way != CAST_PRINTS && !(e = copy_misread(s)))
		e = compose(s);
	if (im->child.fault[0])
		return import_refuse(im, "%s", report_fault(im->arena, &im->profile, &im->child));
	if (e)
		return e;
	return s->is_mapped ? compare_counts(s, copied)
			    : import_refuse(im, "filen har ingen rader");
}

/* Adds the rows that the cursor `unknown` gives to those wanted. */
static enum err want(struct stage *s, const char *opens)
{
	struct import *im = s->im;
	const char *open = section(im, opens), *next = section(im, "unknown_next");
	struct arena some = { 0 };
	struct rows *rows;
	enum err e;
	int count;

	if (!open || !next)
		return ERR_UNPROCESSABLE;
	e = db_script(im->db, open);
	for (count = 1; !e && count;) {
		if ((e = db_run_sql(im->db, &some, next, 0, NULL, &rows)))
			break;
		count = rows_count(rows);
		for (int i = 0; i < count; i++)
			rowset_add(&s->wanted, strtoull(rows_at(rows, i, 0), NULL, 10));
		arena_reset(&some);
	}
	arena_release(&some);
	return e;
}

/* Stages what no earlier import had just so. */
static enum err read_unknown(struct stage *s)
{
	enum err e;

	if ((e = read_rows(s, CAST_PRINTS)) || (e = want(s, "unknown")) || (e = make_staged(s)))
		return e;
	cast_again(&s->cast, CAST_SOME, &s->wanted);
	return s->wanted.count ? read_rows(s, CAST_SOME) : OK;
}

enum err stage_file(struct import *im)
{
	struct stage *s = arena_alloc(im->arena, sizeof(*s));
	const char *has_seen = "f";
	static char program[4096];
	enum err e;

	s->im = im;
	im->stage = s;
	buf_init(&s->head, HEAD_MAX);
	arena_defer(im->arena, buf_release, &s->head);
	rowset_init(&s->wanted);
	arena_defer(im->arena, rowset_release, &s->wanted);
	if (!child_program(program, sizeof(program)))
		return import_refuse(im,
				     "leseprogrammet fdvu-reader finnes ikke ved siden av fdvu");
	s->call = (struct child_call){ .program = program, .profile = &im->profile };
	e = im->profile.is_typed ? ask(im, "has_seen", &has_seen) : OK;
	if (!e)
		e = *has_seen == 't' ? read_unknown(s) : read_rows(s, CAST_ALL);
	e = e ? e : tell(s, true);
	if (e && !im->refusal && db_message(im->db)[0])
		return import_refuse(im, "databasen tok ikke imot radene: %s", db_message(im->db));
	return e;
}

enum err stage_rivals(struct import *im, bool *has_more)
{
	struct stage *s = im->stage;
	enum err e;

	*has_more = false;
	if (!s || s->cast.way != CAST_SOME || !s->wanted.count)
		return OK;
	rowset_release(&s->wanted);
	if ((e = want(s, "rivals")) || !s->wanted.count)
		return e;
	*has_more = true;
	return read_rows(s, CAST_SOME);
}

enum err stage_settled(struct import *im)
{
	const char *sql = script_find(&im->common, "stage_settled"), *params[4];
	struct rows *rows;

	for (size_t i = 0; i < im->profile.column_count; i++)
		im->columns[i] = im->headers[i] = im->profile.columns[i].name;
	im->width = im->profile.column_count;
	params[0] = im->profile.name;
	params[1] = array_of(im, im->columns, im->width);
	params[2] = types_of(im, im->columns, im->width);
	params[3] = im->profile.is_typed ? "true" : "false";
	if (!sql)
		return import_refuse(im, "delen «stage_settled» mangler i common.sql");
	if (db_run_sql(im->db, im->arena, sql, 4, params, &rows) ||
	    db_script(im->db, rows_at(rows, 0, 0)) || db_script(im->db, rows_at(rows, 0, 1)))
		return import_refuse(im, "køen lot seg ikke lese: %s", db_message(im->db));
	return OK;
}
