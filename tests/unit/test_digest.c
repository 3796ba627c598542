/* A tablet and the server that hash the same row differently would fetch everything anew each day;
 * two rows that hash alike would stay different for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "fieldapi/digest.h"

static struct arena arena;

static const char *text_of(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

static void rows_hash_as_the_tablet_hashes_them(void **state)
{
	json_t *rows = json_load_file("tests/data/digests.json", 0, NULL), *row;
	char text[DIGEST_TEXT];
	struct digest d;
	size_t i;

	(void)state;
	assert_true(json_array_size(rows) > 5);
	json_array_foreach(rows, i, row)
	{
		assert_true(digest_row(&arena, text_of(row, "t"), text_of(row, "id"),
				       text_of(row, "d"), &d));
		digest_format(&d, text);
		assert_string_equal(text, text_of(row, "h"));
	}
	json_decref(rows);
}

static void the_order_of_keys_and_of_rows_is_of_no_matter(void **state)
{
	struct digest x, y, one = { 0 }, other = { 0 };

	(void)state;
	assert_true(digest_row(&arena, "task", "a", "{\"b\":1,\"a\":[2]}", &x));
	assert_true(digest_row(&arena, "task", "a", " { \"a\" : [2.0], \"b\":1e0 }", &y));
	assert_true(digest_equals(&x, &y));
	assert_true(digest_row(&arena, "task", "b", "{}", &y));
	digest_add(&one, &x);
	digest_add(&one, &y);
	digest_add(&other, &y);
	digest_add(&other, &x);
	assert_true(digest_equals(&one, &other));
	assert_int_equal(one.count, 2);
}

static void a_text_ends_where_it_ends(void **state)
{
	struct digest x, y;

	(void)state;
	digest_row(&arena, "task", "a", "{\"a\":\"bs\",\"c\":\"\"}", &x);
	digest_row(&arena, "task", "a", "{\"a\":\"b\",\"sc\":\"\"}", &y);
	assert_false(digest_equals(&x, &y));
	digest_row(&arena, "ta", "ska", "{}", &x);
	digest_row(&arena, "task", "a", "{}", &y);
	assert_false(digest_equals(&x, &y));
	digest_row(&arena, "task", "a", "{\"a\":[[],[]]}", &x);
	digest_row(&arena, "task", "a", "{\"a\":[[[]]]}", &y);
	assert_false(digest_equals(&x, &y));
}

static void what_is_no_row_is_told(void **state)
{
	static const char *const bad[] = { "", "null", "[1]", "{\"a\":", "{\"a\":1e999}", "{}{}" };
	struct digest d;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(digest_row(&arena, "task", "a", bad[i], &d));
		assert_int_equal(d.count, 1);
	}
}

static void digests_are_read_as_they_are_written(void **state)
{
	static const char *const bad[] = { "",
					   "0",
					   "00000000000000000",
					   "000000000000000G",
					   "000000000000000A",
					   "0x00000000000000" };
	struct digest d = { 7, 0xdeadbeef, 0x01234567 }, again = { 7, 0, 0 };
	char text[DIGEST_TEXT];

	(void)state;
	digest_format(&d, text);
	assert_string_equal(text, "deadbeef01234567");
	assert_true(digest_parse(text, &again));
	assert_true(digest_equals(&d, &again));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(digest_parse(bad[i], &again));
}

static void a_rows_slot_is_its_ids_last_byte(void **state)
{
	(void)state;
	assert_int_equal(digest_slot("0192f3c4-0000-7000-8000-0000000000ff"), 255);
	assert_int_equal(digest_slot("0192f3c4-0000-7000-8000-00000000000a"), 10);
	assert_int_equal(digest_slot("x"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_hash_as_the_tablet_hashes_them),
		cmocka_unit_test(the_order_of_keys_and_of_rows_is_of_no_matter),
		cmocka_unit_test(a_text_ends_where_it_ends),
		cmocka_unit_test(what_is_no_row_is_told),
		cmocka_unit_test(digests_are_read_as_they_are_written),
		cmocka_unit_test(a_rows_slot_is_its_ids_last_byte),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_release(&arena);
	return failed;
}
