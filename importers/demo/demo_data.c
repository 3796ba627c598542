/* The command: the database's side of it. */
#include "demo_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* ── rows to the database ─────────────────────────────────────────────────── */

struct database_sink {
	struct sink sink;
	struct db *db;
	struct arena *arena;
};

static enum err database_begin(struct sink *sink, enum query q)
{
	return db_copy_begin(((struct database_sink *)sink)->db, q);
}

static enum err database_data(struct sink *sink, const char *bytes, size_t length)
{
	return db_copy_data(((struct database_sink *)sink)->db, bytes, length);
}

static enum err database_end(struct sink *sink)
{
	return db_copy_end(((struct database_sink *)sink)->db, NULL, NULL);
}

static enum err database_settle(struct sink *sink)
{
	struct database_sink *to = (struct database_sink *)sink;

	return db_run(to->db, to->arena, Q_DEMO_ANALYZE, NULL, NULL);
}

/* ── reference data from the database ─────────────────────────────────────── */

static void copy_cell(const struct rows *rows, int row, int column, char *out, size_t size)
{
	const char *text = rows_at(rows, row, column);

	snprintf(out, size, "%s", text ? text : "");
}

/* Rows are a checklist's items, ordered by checklist. */
static void keep_checklists(struct arena *a, const struct rows *rows, struct reference *r)
{
	int n = rows_count(rows);

	r->checklists = arena_alloc(a, sizeof(*r->checklists) * (size_t)(n + 1));
	for (int i = 0; i < n; i++) {
		struct reference_checklist *list = &r->checklists[r->checklist_count];
		struct reference_item *item;

		if (!r->checklist_count || strcmp(list[-1].code, rows_at(rows, i, 0)) != 0) {
			copy_cell(rows, i, 0, list->code, sizeof(list->code));
			copy_cell(rows, i, 1, list->id, sizeof(list->id));
			r->checklist_count++;
		} else {
			list--;
		}
		if (list->item_count == REFERENCE_ITEMS_MAX)
			continue;
		item = &list->items[list->item_count++];
		copy_cell(rows, i, 2, item->id, sizeof(item->id));
		item->kind = rows_at(rows, i, 3)[0];
		item->low = strtod(rows_at(rows, i, 4), NULL);
		item->high = strtod(rows_at(rows, i, 5), NULL);
	}
}

static void keep_categories(struct arena *a, const struct rows *rows, struct reference *r)
{
	int n = rows_count(rows);

	r->categories = arena_alloc(a, sizeof(*r->categories) * (size_t)(n + 1));
	r->category_count = n;
	for (int i = 0; i < n; i++) {
		copy_cell(rows, i, 0, r->categories[i].code, sizeof(r->categories[i].code));
		r->categories[i].priority = (int)strtol(rows_at(rows, i, 1), NULL, 10);
		r->categories[i].sla_hours = (int)strtol(rows_at(rows, i, 2), NULL, 10);
	}
}

static enum err read_reference(struct db *db, struct arena *a, struct reference *out)
{
	struct rows *rows;
	enum err e;

	*out = (struct reference){ 0 };
	if ((e = db_run(db, a, Q_DEMO_CHECKLISTS, NULL, &rows)))
		return e;
	keep_checklists(a, rows, out);
	if ((e = db_run(db, a, Q_DEMO_CATEGORIES, NULL, &rows)))
		return e;
	keep_categories(a, rows, out);
	return OK;
}

/* ── the command ──────────────────────────────────────────────────────────── */

static enum err set_number(void *context, const char *kind, int year, int last)
{
	struct database_sink *to = context;
	char year_text[12], last_text[12];
	const char *params[] = { kind, year_text, last_text };

	snprintf(year_text, sizeof(year_text), "%d", year);
	snprintf(last_text, sizeof(last_text), "%d", last);
	return db_run(to->db, to->arena, Q_DEMO_NUMBERS, params, NULL);
}

static enum err fail(const struct db *db, const char *what, enum err e)
{
	fprintf(stderr, "demo-data: %s: %s\n", what, db_message(db));
	return e;
}

static enum err refuse_if_in_use(struct db *db, struct arena *a)
{
	struct rows *rows;
	enum err e;

	if ((e = db_run(db, a, Q_DEMO_IN_USE, NULL, &rows)))
		return fail(db, "the database cannot be read (has «fdvu migrate» been run?)", e);
	if (strcmp(rows_at(rows, 0, 0), "t") != 0)
		return OK;
	fputs("demo-data: there are places or people in this database already; nothing was "
	      "changed. Use an empty database, or --force to add the demo to what is there.\n",
	      stderr);
	return ERR_CONFLICT;
}

/* Keys, meters and warnings, made of what was loaded; `params` holds the demo's day. */
static enum err load_extras(struct db *db, struct arena *a, const char *const *params)
{
	static const struct {
		enum query query;
		bool has_day;
	} steps[] = {
		{ Q_DEMO_KEY_SYSTEMS, false },   { Q_DEMO_CYLINDERS, false },
		{ Q_DEMO_KEYS, false },          { Q_DEMO_KEY_CYLINDERS, false },
		{ Q_DEMO_KEY_LOANS, true },      { Q_DEMO_KEYS_LOST, true },
		{ Q_DEMO_DEGREE_DAYS, true },    { Q_DEMO_METERS, true },
		{ Q_DEMO_READINGS, true },       { Q_DEMO_READINGS_ODD, true },
		{ Q_DEMO_WARNING_KINDS, false }, { Q_DEMO_WARNINGS, true },
	};
	enum err e;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if ((e = db_run(db, a, steps[i].query, steps[i].has_day ? params : NULL, NULL)))
			return e;
	return OK;
}

/* All in one transaction, so that a failure leaves nothing behind. */
static enum err load(struct db *db, struct arena *a, const struct demo_options *o, uint64_t *rows)
{
	struct database_sink to = {
		{ database_begin, database_data, database_end, database_settle }, db, a
	};
	char today[16];
	const char *params[] = { today };
	struct reference reference;
	const char *missing;
	int year, month, day;
	enum err e;

	if (!o->is_forced && (e = refuse_if_in_use(db, a)))
		return e;
	if ((e = read_reference(db, a, &reference)))
		return fail(db, "the reference data cannot be read", e);
	if ((missing = reference_missing(&reference))) {
		fprintf(stderr, "demo-data: the reference data has no «%s»\n", missing);
		return ERR_INTERNAL;
	}
	if ((e = db_begin(db, NULL)) || (e = db_run(db, a, Q_DEMO_PREPARE, NULL, NULL)))
		return fail(db, "no transaction", e);
	if ((e = demo_write(o, &reference, &to.sink, rows, set_number, &to)))
		return fail(db, "the rows were not taken", e);
	day_split(o->today, &year, &month, &day);
	snprintf(today, sizeof(today), "%04d-%02d-%02d", year, month, day);
	if ((e = db_run(db, a, Q_DEMO_NOTIFICATIONS, params, NULL)))
		return fail(db, "old notifications cannot be cleared", e);
	if ((e = load_extras(db, a, params)))
		return fail(db, "keys and meters were not taken", e);
	if ((e = database_settle(&to.sink)) || (e = db_commit(db)))
		return fail(db, "the transaction was not kept", e);
	return OK;
}

int demo_data_run(struct pools *pools, int argc, char **argv)
{
	struct demo_options o;
	struct arena a = { 0 };
	uint64_t rows = 0, started = clock_us();
	const struct scale_figures *f;
	struct db *db = NULL;
	enum err e;

	if (!demo_options_read(argc, argv, &o, stderr))
		return 2;
	if (db_take(pools, DB_OWNER, &db)) {
		fputs("demo-data: the database does not answer\n", stderr);
		return 1;
	}
	e = load(db, &a, &o, &rows);
	db_give(db);
	arena_release(&a);
	if (e)
		return 1;
	f = &scale_figures[o.scale];
	printf("demo-data: %s, seed %llu: %d buildings, %d dwellings, %d components, %d cases, %d "
	       "tasks; %llu rows in %.1f s\n",
	       f->name, (unsigned long long)o.seed, f->buildings, f->dwellings, f->components,
	       f->cases, f->tasks, (unsigned long long)rows, (double)(clock_us() - started) / 1e6);
	return 0;
}
