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
static const char *print_of(const char *record, const char *says, char hex[PRINT_TEXT])
{
	static struct csv c;
	static char text[200];
	struct print p;
	bool has_one;

	csv_init(&c, ',');
	memcpy(text, record, strlen(record) + 1);
	assert_int_equal(csv_next(&c, text, strlen(text), true), strlen(record));
	print_init(&p, &im, says);
	has_one = print_row(&p, &c, hex);
	print_release(&p);
	return has_one ? hex : NULL;
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
		cmocka_unit_test(keeps_numbers_of_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
