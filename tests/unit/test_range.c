/* A download that goes on at the wrong place is a first load that never fits together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/range.h"

static void a_part_is_what_was_asked_for(void **state)
{
	static const struct {
		const char *text;
		enum range what;
		uint64_t from, length;
	} cases[] = {
		{ "bytes=0-0", RANGE_PART, 0, 1 },
		{ "bytes=10-", RANGE_PART, 10, 90 },
		{ "bytes=10-19", RANGE_PART, 10, 10 },
		{ "bytes=90-1000", RANGE_PART, 90, 10 },
		{ "bytes=-10", RANGE_PART, 90, 10 },
		{ "bytes=-1000", RANGE_PART, 0, 100 },
		{ "bytes=100-", RANGE_NONE, 0, 100 },
		{ "bytes=999-1000", RANGE_NONE, 0, 100 },
		{ "bytes=-0", RANGE_NONE, 0, 100 },
		{ NULL, RANGE_ALL, 0, 100 },
		{ "", RANGE_ALL, 0, 100 },
		{ "bytes=", RANGE_ALL, 0, 100 },
		{ "bytes=-", RANGE_ALL, 0, 100 },
		{ "bytes=5-4", RANGE_ALL, 0, 100 },
		{ "bytes=0-1,5-6", RANGE_ALL, 0, 100 },
		{ "bytes=a-", RANGE_ALL, 0, 100 },
		{ "items=0-1", RANGE_ALL, 0, 100 },
		{ "bytes=9999999999999999999-", RANGE_ALL, 0, 100 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t from, length;

		assert_int_equal(range_parse(cases[i].text, 100, &from, &length), cases[i].what);
		assert_int_equal(from, cases[i].from);
		assert_int_equal(length, cases[i].length);
	}
}

static void an_empty_file_has_no_parts(void **state)
{
	uint64_t from, length;

	(void)state;
	assert_int_equal(range_parse("bytes=0-", 0, &from, &length), RANGE_NONE);
	assert_int_equal(range_parse("bytes=-1", 0, &from, &length), RANGE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_is_what_was_asked_for),
		cmocka_unit_test(an_empty_file_has_no_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
