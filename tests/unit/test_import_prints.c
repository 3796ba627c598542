/* Which rows of a file are the same as last time: two rows with one fingerprint would let a change
 * go unseen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "importers/print.h"
#include "importers/rowset.h"

#include <string.h>

static struct import im;

static int set_up(void **state)
{
	(void)state;
	memset(&im, 0, sizeof(im));
	im.width = 3;
	im.columns[0] = "a";
	im.columns[1] = "x_2";
	im.columns[2] = "b";
	im.profile.column_count = 2;
	im.profile.columns[0] = (struct profile_column){ .name = "a", .type = CELL_TEXT };
	im.profile.columns[1] = (struct profile_column){ .name = "b", .type = CELL_WHOLE };
	return 0;
}

/* The fingerprint of a record as the reader writes it; NULL when it has none. */
static const char *print_in(const char *record, const struct print_state *state,
			    char hex[PRINT_TEXT])
{
	static struct csv c;
	static char text[200];
	struct print p;
	bool has_one;

	csv_init(&c, ',');
	memcpy(text, record, strlen(record) + 1);
	assert_int_equal(csv_next(&c, text, strlen(text), true), strlen(record));
	print_init(&p, &im, state);
	has_one = print_row(&p, &c, hex);
	print_release(&p);
	return has_one ? hex : NULL;
}

static const char *print_of(const char *record, const char *says, char hex[PRINT_TEXT])
{
	return print_in(record, &(struct print_state){ says, "", { 0 } }, hex);
}

static void assert_same(const char *one, const char *other, bool is_same)
{
	char left[PRINT_TEXT], right[PRINT_TEXT];

	assert_non_null(print_of(one, "1505", left));
	assert_non_null(print_of(other, "1505", right));
	assert_int_equal(strcmp(left, right) == 0, is_same);
}

static void tells_rows_apart_by_the_profiles_columns(void **state)
{
	(void)state;
	assert_same("2,,,,,Kirkegata,old,4\n", "9,,,,,Kirkegata,new,4\n", true);
	assert_same("2,,,,,Kirkegata,,4\n", "2,,,,,Kirkegata,,5\n", false);
	assert_same("2,,,,,Kirkegata,,4\n", "2,,,,,Kirkegata ,,4\n", false);
}

static void tells_where_one_cell_ends_and_the_next_begins(void **state)
{
	(void)state;
	assert_same("2,,,,,12,,3\n", "2,,,,,1,,23\n", false);
	assert_same("2,,,,,\"1\t2\",,3\n", "2,,,,,1,,\"2\t3\"\n", false);
}

static void gives_damaged_and_marked_rows_none(void **state)
{
	char hex[PRINT_TEXT];

	(void)state;
	assert_null(print_of("2,too_few,,,,Kirkegata,,4\n", "1505", hex));
	assert_null(print_of("2,,,hidden,,Kirkegata,,4\n", "1505", hex));
}

static void changes_with_all_that_rows_are_judged_by(void **state)
{
	static const char row[] = "2,,,,,Kirkegata,,4\n";
	char first[PRINT_TEXT], hex[PRINT_TEXT];

	(void)state;
	print_of(row, "1505", first);
	assert_string_equal(print_of(row, "1505", hex), first);
	assert_string_not_equal(print_of(row, "1577", hex), first);
	im.profile.columns[1].to = 99;
	assert_string_not_equal(print_of(row, "1505", hex), first);
	set_up(NULL);
	im.profile.map.sections[0] = (struct section){ "land", "select 1" };
	im.profile.map.count = 1;
	assert_string_not_equal(print_of(row, "1505", hex), first);
	set_up(NULL);
	im.profile.columns[2] = (struct profile_column){ .name = "c" };
	im.profile.column_count = 3;
	assert_string_not_equal(print_of(row, "1505", hex), first);
}

/* Of a municipality of which two squares are said to be wholly within. */
static bool depends_on_outlines(const char *record)
{
	static const struct squares squares = { 870, 13982, 2, 500, "1001" };
	const struct print_state here = { "1505", "here", squares };
	const struct print_state there = { "1505", "there", squares };
	char one[PRINT_TEXT], other[PRINT_TEXT];

	assert_non_null(print_in(record, &here, one));
	assert_non_null(print_in(record, &there, other));
	return strcmp(one, other) != 0;
}

/* 435 000–435 500 east, 6 991 000–6 991 500 north is the square of the south-west; the one to the
 * north-east of it is the other that is within. */
static void rows_that_surely_lie_inside_do_not_depend_on_the_outlines(void **state)
{
	(void)state;
	im.columns[0] = "n";
	im.columns[1] = "e";
	im.columns[2] = "epsg";
	im.profile.column_count = 3;
	im.profile.columns[0] = (struct profile_column){ .name = "n", .type = CELL_COORDINATE };
	im.profile.columns[1] = (struct profile_column){ .name = "e", .type = CELL_COORDINATE };
	im.profile.columns[2] = (struct profile_column){ .name = "epsg", .type = CELL_WHOLE };
	assert_true(depends_on_outlines("2,,,,,6991200,435200,25832\n")); /* no column says so */
	im.profile.position[0] = "epsg";
	im.profile.position[1] = "n";
	im.profile.position[2] = "e";
	assert_false(depends_on_outlines("2,,,,,\"6991200,5\",435200,25832\n"));
	assert_false(depends_on_outlines("2,,,,,6991600,435700,25832\n"));
	assert_true(depends_on_outlines("2,,,,,6991200,435700,25832\n"));
	assert_true(depends_on_outlines("2,,,,,6991600,435200,25832\n"));
	assert_true(depends_on_outlines("2,,,,,6990900,435200,25832\n"));
	assert_true(depends_on_outlines("2,,,,,435200,6991200,25832\n"));
	assert_true(depends_on_outlines("2,,,,,6991200,435200,25833\n"));
	assert_true(depends_on_outlines("2,,,,,6991200,435200,99999\n"));
	assert_true(depends_on_outlines("2,,,,,6991200,435200,\n"));
	assert_true(depends_on_outlines("2,,,,,nord,435200,25832\n"));
	/* The same place in UTM zone 33 and in degrees. */
	assert_false(depends_on_outlines("2,,,,,\"7 011 463,16\",132384.65,25833\n"));
	assert_false(depends_on_outlines("2,,,,,63.04502,7.71965,4258\n"));
}

static void keeps_numbers_of_rows(void **state)
{
	struct rowset s;

	(void)state;
	rowset_init(&s);
	assert_false(rowset_has(&s, 0));
	rowset_add(&s, 0);
	rowset_add(&s, 1000000);
	rowset_add(&s, 1000000);
	assert_int_equal(s.count, 2);
	assert_true(rowset_has(&s, 0));
	assert_true(rowset_has(&s, 1000000));
	assert_false(rowset_has(&s, 999999));
	assert_false(rowset_has(&s, UINT64_MAX));
	rowset_release(&s);
	assert_false(rowset_has(&s, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(tells_rows_apart_by_the_profiles_columns, set_up),
		cmocka_unit_test_setup(tells_where_one_cell_ends_and_the_next_begins, set_up),
		cmocka_unit_test_setup(gives_damaged_and_marked_rows_none, set_up),
		cmocka_unit_test_setup(changes_with_all_that_rows_are_judged_by, set_up),
		cmocka_unit_test_setup(rows_that_surely_lie_inside_do_not_depend_on_the_outlines,
				       set_up),
		cmocka_unit_test(keeps_numbers_of_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
