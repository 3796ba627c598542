/* Profiles are text that a municipality changes: a mistake in one must be told with file and line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "importers/profile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/fdvu-profile-XXXXXX";
static struct arena arena;

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(arena_printf(&arena, "%s/mine/%s", root, name), "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* Loads `mine` with this manifest; *said gets what is told of its faults. */
static enum err load(const char *manifest, struct profile *p, char **said)
{
	size_t size = 0;
	FILE *report = open_memstream(said, &size);
	enum err e;

	write_file("manifest", manifest);
	write_file("map.sql",
		   "-- what it does\n-- section: one\nselect 1;\n-- section: two\nselect 2;\n");
	e = profile_load(&arena, root, "mine", p, report);
	fclose(report);
	return e;
}

static void reads_which_elements_are_rows_and_which_sheet(void **state)
{
	struct profile p;
	char *said = NULL;

	(void)state;
	assert_int_equal(load("source = s\nformats = xml\nrecord = mappe\nrecord = mappe/dok\n"
			      "layer = A | B\ncolumn = id | ^klasse/klasseID | @id\n",
			      &p, &said),
			 OK);
	assert_int_equal(p.record_count, 2);
	assert_string_equal(p.records[1], "mappe/dok");
	assert_string_equal(p.layer, "A | B");
	assert_string_equal(p.columns[0].aliases[0], "^klasse/klasseID");
	free(said);
	assert_int_equal(load("source = s\nformats = csv\ncolumn = a\n", &p, &said), OK);
	assert_string_equal(p.layer, "first");
	assert_int_equal(p.record_count, 0);
	free(said);
	assert_int_not_equal(load("source = s\nformats = xml\nrecord =\ncolumn = a\n", &p, &said),
			     OK);
	free(said);
}

static void reads_what_columns_hold(void **state)
{
	static const char *const wrong[] = { "a whole 5..", "a whole 5..5",  "a whole ..5",
					     "a 1..5",      "a number 1..5", "a filled",
					     "a wholes",    "a whole 1..5x" };
	struct profile p;
	char *said = NULL;

	(void)state;
	assert_int_equal(
		load("source = s\nformats = csv\ncolumn = a required filled whole 1..99 | b\n"
		     "column = c aside text\ncolumn = d\n",
		     &p, &said),
		OK);
	free(said);
	assert_true(p.is_typed);
	assert_int_equal(p.columns[0].type, CELL_WHOLE);
	assert_int_equal(p.columns[0].from, 1);
	assert_int_equal(p.columns[0].to, 99);
	assert_true(p.columns[0].is_required && p.columns[0].is_filled && !p.columns[0].is_aside);
	assert_string_equal(p.columns[0].aliases[0], "b");
	assert_true(p.columns[1].is_aside && p.columns[1].type == CELL_TEXT);
	assert_int_equal(p.columns[2].type, CELL_AS_IT_IS);
	assert_int_equal(load("source = s\nformats = csv\ncolumn = d required\n", &p, &said), OK);
	free(said);
	assert_false(p.is_typed);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(
			load(arena_printf(&arena, "source = s\nformats = csv\ncolumn = %s\n",
					  wrong[i]),
			     &p, &said),
			ERR_INVALID);
		free(said);
	}
}

static void knows_where_a_row_says_that_it_lies(void **state)
{
	static const char head[] = "source = s\nformats = csv\ncolumn = epsg whole\n"
				   "column = n coordinate\ncolumn = e coordinate\n";
	static const char *const faults[] = { "epsg n", "epsg n e e", "n e epsg", "epsg n x", "" };
	struct profile p;
	char *said = NULL;

	(void)state;
	assert_int_equal(load(head, &p, &said), OK);
	assert_null(p.position[0]);
	free(said);
	assert_int_equal(load(arena_printf(&arena, "%sposition = epsg n e\n", head), &p, &said),
			 OK);
	assert_string_equal(p.position[0], "epsg");
	assert_string_equal(p.position[2], "e");
	free(said);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const char *text = arena_printf(&arena, "%sposition = %s\n", head, faults[i]);

		assert_int_equal(load(text, &p, &said), ERR_INVALID);
		assert_non_null(strstr(said, ":6: «position» has no such value"));
		free(said);
	}
}

static void a_profile_without_its_sql_has_no_sections(void **state)
{
	struct profile p;
	char *said = NULL;
	size_t size = 0;
	FILE *report = open_memstream(&said, &size);

	(void)state;
	write_file("manifest", "source = s\nformats = csv\ncolumn = a\n");
	assert_int_equal(unlink(arena_printf(&arena, "%s/mine/map.sql", root)), 0);
	assert_int_equal(profile_load(&arena, root, "mine", &p, report), OK);
	assert_int_equal(p.map.count, 0);
	fclose(report);
	free(said);
}

static void the_sections_that_profiles_share_come_after_its_own(void **state)
{
	struct profile p;
	char *said = NULL;
	FILE *f = fopen(arena_printf(&arena, "%s/shared.sql", root), "w");

	(void)state;
	assert_non_null(f);
	fputs("-- section: three\nselect 3;\n", f);
	fclose(f);
	assert_int_equal(load("source = s\nformats = csv\ncolumn = a\nthen = shared\n", &p, &said),
			 OK);
	assert_int_equal(p.map.count, 3);
	assert_string_equal(p.map.sections[2].name, "three");
	free(said);
	assert_int_equal(
		load("source = s\nformats = csv\ncolumn = a\nthen = ../shared\n", &p, &said),
		ERR_INVALID);
	free(said);
	assert_int_equal(load("source = s\nformats = csv\ncolumn = a\nthen = absent\n", &p, &said),
			 ERR_INVALID);
	free(said);
}

static void reads_a_manifest_and_the_sections_of_its_map(void **state)
{
	struct profile p;
	char *said = NULL;

	(void)state;
	assert_int_equal(
		load("# comment\ntitle = Min\nsource = s\nformats = csv xlsx\nleast = 8\n"
		     "header = positional\ncolumn = gnr required | Gårdsnummer\ncolumn = bnr\n",
		     &p, &said),
		OK);
	assert_string_equal(p.title, "Min");
	assert_int_equal(p.column_count, 2);
	assert_true(p.columns[0].is_required);
	assert_string_equal(p.columns[0].aliases[0], "Gårdsnummer");
	assert_false(p.columns[1].is_required);
	assert_true(p.is_positional);
	assert_int_equal(p.map.count, 2);
	assert_string_equal(script_find(&p.map, "two"), "\nselect 2;\n");
	assert_null(script_find(&p.map, "three"));
	free(said);
}

static void tells_the_line_of_a_mistake(void **state)
{
	static const char *const wrong[] = {
		"source = s\ncolor = red\n",
		"source = s\nheader = maybe\n",
		"source = s\ncolumn = Gnr\n",
		"source = s\nleast = many\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct profile p;
		char *said = NULL;

		assert_int_equal(load(wrong[i], &p, &said), ERR_INVALID);
		assert_non_null(strstr(said, "manifest:2:"));
		free(said);
	}
}

static void knows_a_header_however_it_is_written(void **state)
{
	const struct profile_column c = { "epsg", true, { "EPSG-kode", "Øst" }, 2 };

	(void)state;
	assert_true(profile_is_header(&c, "epsg kode", 9));
	assert_true(profile_is_header(&c, " EPSG ", 6));
	assert_true(profile_is_header(&c, "ØST", 4));
	assert_true(profile_is_header(&c, "øst", 4));
	assert_false(profile_is_header(&c, "ost", 3));
	assert_false(profile_is_header(&c, "", 0));
}

static void a_name_is_never_a_path(void **state)
{
	struct profile p;
	FILE *null = fopen("/dev/null", "w");

	(void)state;
	assert_int_equal(profile_load(&arena, root, "../mine", &p, null), ERR_NOT_FOUND);
	assert_int_equal(profile_load(&arena, root, "absent", &p, null), ERR_NOT_FOUND);
	fclose(null);
}

static int make_root(void **state)
{
	(void)state;
	return !mkdtemp(root) || mkdir(arena_printf(&arena, "%s/mine", root), 0700);
}

static int remove_root(void **state)
{
	(void)state;
	unlink(arena_printf(&arena, "%s/mine/manifest", root));
	unlink(arena_printf(&arena, "%s/mine/map.sql", root));
	unlink(arena_printf(&arena, "%s/shared.sql", root));
	rmdir(arena_printf(&arena, "%s/mine", root));
	rmdir(root);
	arena_release(&arena);
	return 0;
}

static bool names(const struct profile *p, size_t column, const char *header)
{
	return profile_is_header(&p->columns[column], header, strlen(header));
}

static void a_choice_decides_alone(void **state)
{
	const char *const senseless[] = { "[]",
					  "{}",
					  "x",
					  "{\"d\":\"A\"}",
					  "{\"a\":1}",
					  "{\"a\":\"\"}",
					  "{\"a\":\"A\",\"b\":\"A\"}",
					  "{\"a\":\"A\",\"a\":\"B\"}" };
	struct profile p;
	char *said = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(senseless) / sizeof(senseless[0]); i++) {
		assert_int_equal(
			load("source = s\nformats = csv\ncolumn = a\ncolumn = b\n", &p, &said), OK);
		assert_non_null(profile_choose(&arena, &p, senseless[i]));
		free(said);
	}
	assert_int_equal(load("source = s\nformats = csv\nheader = positional\nleast = 2\n"
			      "column = a | Alfa\ncolumn = b | Beta\ncolumn = c | Gamma\n",
			      &p, &said),
			 OK);
	assert_null(profile_choose(&arena, &p, "{\"a\":\"Beta\"}"));
	assert_true(names(&p, 0, "Beta"));
	assert_false(names(&p, 0, "Alfa")); /* names and aliases say nothing more */
	assert_false(names(&p, 0, "beta")); /* the header as it stands */
	assert_false(names(&p, 1, "Beta"));
	assert_false(names(&p, 1, "b"));
	assert_false(names(&p, 2, "")); /* a column without a header is nobody's */
	assert_false(p.is_positional);
	assert_int_equal(p.least, 1);
	free(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sections_that_profiles_share_come_after_its_own),
		cmocka_unit_test(reads_a_manifest_and_the_sections_of_its_map),
		cmocka_unit_test(reads_which_elements_are_rows_and_which_sheet),
		cmocka_unit_test(reads_what_columns_hold),
		cmocka_unit_test(knows_where_a_row_says_that_it_lies),
		cmocka_unit_test(a_profile_without_its_sql_has_no_sections),
		cmocka_unit_test(tells_the_line_of_a_mistake),
		cmocka_unit_test(knows_a_header_however_it_is_written),
		cmocka_unit_test(a_name_is_never_a_path),
		cmocka_unit_test(a_choice_decides_alone),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
