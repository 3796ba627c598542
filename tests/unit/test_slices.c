/* A batch cut into its mutations before any is parsed: one that is cut wrong takes others with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fieldapi/merge.h"
#include "fieldapi/slices.h"

static void finds_a_member_whatever_stands_beside_it(void **state)
{
	static const char *const texts[] = {
		"{\"a\":[1,2]}",
		" { \"x\" : {\"a\":7} , \"a\" : [1,2] } ",
		"{\"a\":0,\"y\":\"}]\\\"\",\"a\":[1,2]}",
		"{\"x\":tru,\"a\":[1,2],\"\\u0000\":\"\\\\\"}",
	};
	struct slice found;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_true(slices_member(str_of(texts[i]), "a", &found));
		assert_true(str_equals(found.text, STR("[1,2]")));
		assert_int_equal(found.depth, 1);
	}
	assert_true(slices_member(STR("{}"), "a", &found));
	assert_null(found.text.at);
}

static void is_not_led_astray_by_text_that_does_not_end(void **state)
{
	static const char *const texts[] = { "",           "[",
					     "{",          "{\"a\":[1,2}",
					     "{a:1}",      "{\"a\" 1}",
					     "{\"a\":1}}", "{\"a\":\"\\\"}",
					     "{\"a\":1,}", "\"a\"" };
	struct slice found;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (slices_member(str_of(texts[i]), "a", &found))
			fail_msg("«%s»", texts[i]);
}

static void cuts_an_array_into_its_elements(void **state)
{
	struct slice each[3];

	(void)state;
	assert_int_equal(slices_elements(STR("[]"), each, 3), 0);
	assert_int_equal(slices_elements(STR("[ {\"a\":[[]]} , x, \"],\" ]"), each, 3), 3);
	assert_true(str_equals(each[0].text, STR("{\"a\":[[]]}")));
	assert_int_equal(each[0].depth, 3);
	assert_true(str_equals(each[1].text, STR("x")));
	assert_true(str_equals(each[2].text, STR("\"],\"")));
	assert_int_equal(slices_elements(STR("[1,2,3,4]"), each, 3), 4);
	assert_int_equal(slices_elements(STR("{}"), each, 3), -1);
	assert_int_equal(slices_elements(STR("[1,]"), each, 3), -1);
	assert_int_equal(slices_elements(STR("[1]]"), each, 3), -1);
}

static struct arena arena;

static void equal_values_have_one_form(void **state)
{
	static const struct {
		enum input_kind kind;
		const char *a, *b;
		bool is_same;
	} pairs[] = {
		{ IN_NUMBER, "1.50", "1.5", true },
		{ IN_NUMBER, "150e-2", "1.5", true },
		{ IN_NUMBER, "0.0", "0", true },
		{ IN_NUMBER, "-1", "1", false },
		{ IN_NUMBER, "12345678901234567890.1", "12345678901234567890.2", false },
		{ IN_TIME, "2026-11-20T12:00:00+01:00", "2026-11-20 11:00:00+00", true },
		{ IN_TIME, "2026-11-20T11:00:00.500Z", "2026-11-20 11:00:00.5+00", true },
		{ IN_TIME, "2026-03-01T00:30:00+01:00", "2026-02-28 23:30:00+00", true },
		{ IN_TIME, "2026-11-20T11:00:00Z", "2026-11-20 11:00:01+00", false },
		{ IN_BOOL, "true", "t", true },
		{ IN_UUID, "ABCDEF", "abcdef", true },
		{ IN_TEXT, "1.50", "1.5", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		bool is_same = !strcmp(merge_canonical(&arena, pairs[i].kind, pairs[i].a),
				       merge_canonical(&arena, pairs[i].kind, pairs[i].b));

		if (is_same != pairs[i].is_same)
			fail_msg("%s and %s", pairs[i].a, pairs[i].b);
	}
	assert_null(merge_canonical(&arena, IN_TIME, NULL));
}

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_a_member_whatever_stands_beside_it),
		cmocka_unit_test(is_not_led_astray_by_text_that_does_not_end),
		cmocka_unit_test(cuts_an_array_into_its_elements),
		cmocka_unit_test(equal_values_have_one_form),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
