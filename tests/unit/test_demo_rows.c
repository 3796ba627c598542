/* What the demo writes: the same bytes each time, nobody real, and rows that the schema will take.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/checknum.h"
#include "base/sha256.h"
#include "importers/demo/demo_data.h"
#include "importers/demo/events.h"
#include "importers/demo/faults.h"
#include "importers/demo/ids.h"

#define TODAY       20777 /* 2026-11-20 */
#define COLUMNS_MAX 24

/* ── a sink that hashes, counts and looks ─────────────────────────────────── */

struct seen {
	struct sink sink;
	struct sha256 *hash;
	enum query q;
	int counts[Q__MAX];
	void (*look)(enum query q, char **cells, int n);
	char rest[8192]; /* the part of a row that the last piece ended in */
};

static enum err seen_begin(struct sink *sink, enum query q)
{
	((struct seen *)sink)->q = q;
	return OK;
}

static void seen_line(struct seen *s, char *line)
{
	char *cells[COLUMNS_MAX];
	int n = 0;

	s->counts[s->q]++;
	if (!s->look)
		return;
	for (char *at = line; at; n++) {
		assert_true(n < COLUMNS_MAX);
		cells[n] = at;
		at = strchr(at, '\t');
		if (at)
			*at++ = '\0';
	}
	s->look(s->q, cells, n);
}

static enum err seen_data(struct sink *sink, const char *bytes, size_t length)
{
	struct seen *s = (struct seen *)sink;

	sha256_add(s->hash, bytes, length);
	while (length) {
		const char *end = memchr(bytes, '\n', length);
		size_t n = end ? (size_t)(end - bytes) : length, have = strlen(s->rest);

		assert_true(have + n < sizeof(s->rest));
		memcpy(s->rest + have, bytes, n);
		s->rest[have + n] = '\0';
		if (end) {
			seen_line(s, s->rest);
			s->rest[0] = '\0';
			n++;
		}
		bytes += n;
		length -= n;
	}
	return OK;
}

static enum err seen_end(struct sink *sink)
{
	/* Each statement ends with a whole row. */
	assert_int_equal(((struct seen *)sink)->rest[0], 0);
	return OK;
}

static enum err seen_settle(struct sink *sink)
{
	(void)sink;
	return OK;
}

/* Reference data with what the demo asks for, and a checklist of each kind of item. */
static struct reference reference(void)
{
	static struct reference_checklist lists[32];
	static struct reference_category categories[64];
	struct reference r = { lists, categories, 0, 0 };

	for (int i = 0; i <= round_count(); i++) {
		const char *code = i ? round_at(i - 1)->checklist : "fault_visit";
		struct reference_checklist *list = &lists[r.checklist_count++];

		snprintf(list->code, sizeof(list->code), "%s", code);
		snprintf(list->id, sizeof(list->id), "00000000-0000-7000-8000-%012d", i);
		list->item_count = 5;
		for (int n = 0; n < 5; n++) {
			list->items[n].kind = "cntgp"[n];
			list->items[n].low = 1;
			list->items[n].high = 9;
			snprintf(list->items[n].id, sizeof(list->items[n].id),
				 "00000000-0000-7000-8001-%012d", i * 100 + n);
		}
	}
	for (int i = 0; i < fault_count(); i++) {
		struct reference_category *c = &categories[r.category_count];

		if (reference_category(&r, fault_at(i)->category) >= 0)
			continue;
		snprintf(c->code, sizeof(c->code), "%s", fault_at(i)->category);
		c->priority = 2;
		c->sla_hours = 16;
		r.category_count++;
	}
	return r;
}

static void write_demo(enum scale scale, uint64_t seed, struct seen *s, char hash[SHA256_TEXT],
		       void (*look)(enum query q, char **cells, int n))
{
	struct demo_options o = { .scale = scale, .seed = seed, .today = TODAY };
	struct reference r = reference();
	uint64_t rows = 0;
	int lines = 0;

	*s = (struct seen){ .sink = { seen_begin, seen_data, seen_end, seen_settle },
			    .hash = sha256_start(),
			    .look = look };
	assert_null(reference_missing(&r));
	assert_int_equal(demo_write(&o, &r, &s->sink, &rows, NULL, NULL), OK);
	sha256_end(s->hash, hash);
	for (int q = 0; q < Q__MAX; q++)
		lines += s->counts[q];
	assert_int_equal(rows, lines);
}

/* ── tests ────────────────────────────────────────────────────────────────── */

static void the_same_seed_writes_the_same_bytes(void **state)
{
	char first[SHA256_TEXT], again[SHA256_TEXT], other[SHA256_TEXT];
	struct seen s;

	(void)state;
	for (int scale = SCALE_SMALL; scale <= SCALE_TOWN; scale++) {
		write_demo((enum scale)scale, 1, &s, first, NULL);
		write_demo((enum scale)scale, 1, &s, again, NULL);
		write_demo((enum scale)scale, 2, &s, other, NULL);
		assert_string_equal(first, again);
		assert_string_not_equal(first, other);
	}
}

static void writes_as_many_rows_as_the_scale_says(void **state)
{
	char hash[SHA256_TEXT];
	struct seen s;

	(void)state;
	for (int i = SCALE_SMALL; i <= SCALE_TOWN; i++) {
		const struct scale_figures *f = &scale_figures[i];

		write_demo((enum scale)i, 3, &s, hash, NULL);
		assert_int_equal(s.counts[Q_DEMO_COPY_BUILDING], f->buildings);
		assert_int_equal(s.counts[Q_DEMO_COPY_DWELLING], f->dwellings);
		assert_int_equal(s.counts[Q_DEMO_COPY_COMPONENT], f->components);
		assert_int_equal(s.counts[Q_DEMO_COPY_TASK], f->tasks);
		assert_int_equal(s.counts[Q_DEMO_COPY_CASES], f->cases);
		assert_int_equal(s.counts[Q_DEMO_COPY_SUPPLIER_LINK], 1);
		assert_true(s.counts[Q_DEMO_COPY_ANSWER] > f->tasks);
		assert_true(s.counts[Q_DEMO_COPY_CASE_MESSAGE] > f->cases);
		assert_true(s.counts[Q_DEMO_COPY_CONDITION] > f->components / 4);
	}
}

static int protected_, demo_keys;

static void look_at_people(enum query q, char **cells, int n)
{
	struct fnr f;

	if (q == Q_DEMO_COPY_PERSON_SECRET) {
		assert_int_equal(n, 2);
		if (!fnr_parse(cells[1], &f) || !f.is_synthetic || f.is_d_number)
			fail_msg("%s could be somebody's", cells[1]);
	}
	if (q != Q_DEMO_COPY_PERSON)
		return;
	assert_int_equal(n, 9);
	if (strcmp(cells[3], "\\N") != 0)
		assert_true(orgnr_is_valid(cells[3]) && cells[3][0] == '0');
	assert_non_null(strstr(cells[4], ".example"));
	assert_int_equal(strncmp(cells[5], "+470", 4), 0);
	assert_int_equal(strlen(cells[5]), 11);
	protected_ += strcmp(cells[7], "none") != 0;
	demo_keys += strcmp(cells[8], "\\N") != 0;
}

static void nobody_in_the_demo_is_a_real_person(void **state)
{
	char hash[SHA256_TEXT];
	struct seen s;

	(void)state;
	demo_keys = protected_ = 0;
	write_demo(SCALE_TOWN, 1, &s, hash, look_at_people);
	assert_int_equal(demo_keys, 6);
	assert_true(protected_ >= 2 && protected_ < s.counts[Q_DEMO_COPY_PERSON] / 20);
}

static char numbers[40000][12];
static int number_count;

static void keep_national_ids(enum query q, char **cells, int n)
{
	(void)n;
	if (q == Q_DEMO_COPY_PERSON_SECRET)
		snprintf(numbers[number_count++], sizeof(numbers[0]), "%s", cells[1]);
}

static int by_number(const void *a, const void *b)
{
	return memcmp(a, b, 12);
}

static void no_two_people_have_the_same_national_id(void **state)
{
	char hash[SHA256_TEXT];
	struct seen s;

	(void)state;
	number_count = 0;
	write_demo(SCALE_TOWN, 1, &s, hash, keep_national_ids);
	assert_true(number_count > 1000);
	qsort(numbers, (size_t)number_count, sizeof(numbers[0]), by_number);
	for (int i = 1; i < number_count; i++)
		assert_string_not_equal(numbers[i - 1], numbers[i]);
}

static void look_at_times(enum query q, char **cells, int n)
{
	static const char now[] = "2026-11-20 00:00:00+00";

	(void)n;
	if (q == Q_DEMO_COPY_CASES) {
		assert_true(strcmp(cells[12], now) <= 0);
		if (strcmp(cells[13], "\\N") != 0)
			assert_true(strcmp(cells[12], cells[13]) <= 0 &&
				    strcmp(cells[13], now) <= 0);
	} else if (q == Q_DEMO_COPY_TASK) {
		bool is_done = strcmp(cells[8], "done") == 0;

		assert_true(strcmp(cells[18], now) <= 0);
		assert_int_equal(strcmp(cells[15], "\\N") != 0, is_done);
		if (strcmp(cells[14], "\\N") != 0)
			assert_true(strcmp(cells[14], now) <= 0);
	} else if (q == Q_DEMO_COPY_ANSWER) {
		/* a check is right or wrong and has no value; the others have only that */
		assert_int_not_equal(strcmp(cells[3], "\\N") == 0, strcmp(cells[4], "\\N") == 0);
	}
}

static void nothing_has_happened_after_the_demos_day(void **state)
{
	char hash[SHA256_TEXT];
	struct seen s;

	(void)state;
	write_demo(SCALE_TOWN, 1, &s, hash, look_at_times);
}

static void deadlines_count_working_hours(void **state)
{
	int64_t friday = (int64_t)TODAY * 86400;

	(void)state;
	/* 10:00 on a Friday in Norway, six hours: 16:00. Eight hours: 10:00 on Monday. */
	assert_int_equal(working_hours_after(friday + 9 * 3600, 6), friday + 15 * 3600);
	assert_int_equal(working_hours_after(friday + 9 * 3600, 8), friday + 3 * 86400 + 9 * 3600);
	/* Saturday evening, four hours: 12:00 on Monday. */
	assert_int_equal(working_hours_after(friday + 86400 + 20 * 3600, 4),
			 friday + 3 * 86400 + 11 * 3600);
}

static void escapes_what_copy_would_misread(void **state)
{
	char hash[SHA256_TEXT];
	struct seen s = { .sink = { seen_begin, seen_data, seen_end, seen_settle } };
	struct copy c;
	uint64_t rows = 0;

	(void)state;
	s.hash = sha256_start();
	copy_begin(&c, &s.sink, Q_DEMO_COPY_AREA);
	col_text(&c, "a\tb\\c\nd");
	col_text(&c, NULL);
	col_int(&c, -12);
	col_time(&c, (int64_t)TODAY * 86400 + 3661);
	assert_string_equal(c.line.at, "a\\tb\\\\c\\nd\t\\N\t-12\t2026-11-20 01:01:01+00");
	row_end(&c);
	assert_int_equal(copy_end(&c, &rows), OK);
	sha256_end(s.hash, hash);
	assert_int_equal(rows, 1);
}

static bool reads(char *a, char *b, struct demo_options *o)
{
	char name[] = "demo-data", *argv[] = { name, a, b, NULL };
	FILE *quiet = fopen("/dev/null", "w");
	bool ok;

	assert_non_null(quiet);
	ok = demo_options_read(b ? 3 : a ? 2 : 1, argv, o, quiet);
	fclose(quiet);
	return ok;
}

static void refuses_options_it_does_not_know(void **state)
{
	char scale[] = "--scale", seed[] = "--seed", today[] = "--today", force[] = "--force";
	char city[] = "city", huge[] = "huge", n[] = "42", bad[] = "4x", minus[] = "-1";
	char date[] = "2026-11-20", no_date[] = "20.11.2026", other[] = "--scales";
	struct demo_options o;

	(void)state;
	assert_true(reads(NULL, NULL, &o));
	assert_int_equal(o.scale, SCALE_SMALL);
	assert_int_equal(o.seed, 1);
	assert_true(reads(scale, city, &o) && o.scale == SCALE_CITY);
	assert_true(reads(seed, n, &o) && o.seed == 42);
	assert_true(reads(today, date, &o) && o.today == TODAY);
	assert_true(reads(force, NULL, &o) && o.is_forced);
	assert_false(reads(scale, huge, &o));
	assert_false(reads(scale, NULL, &o));
	assert_false(reads(seed, bad, &o));
	assert_false(reads(seed, minus, &o));
	assert_false(reads(today, no_date, &o));
	assert_false(reads(other, city, &o));
}

static void makes_addresses_for_mail_of_any_name(void **state)
{
	char out[NAME_MAX_BYTES];

	(void)state;
	name_to_ascii("Kåre Østby Ærlig", out, sizeof(out));
	assert_string_equal(out, "kare.ostby.arlig");
	name_to_ascii("Å", out, sizeof(out));
	assert_string_equal(out, "a");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_writes_the_same_bytes),
		cmocka_unit_test(writes_as_many_rows_as_the_scale_says),
		cmocka_unit_test(nobody_in_the_demo_is_a_real_person),
		cmocka_unit_test(no_two_people_have_the_same_national_id),
		cmocka_unit_test(nothing_has_happened_after_the_demos_day),
		cmocka_unit_test(deadlines_count_working_hours),
		cmocka_unit_test(escapes_what_copy_would_misread),
		cmocka_unit_test(refuses_options_it_does_not_know),
		cmocka_unit_test(makes_addresses_for_mail_of_any_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
