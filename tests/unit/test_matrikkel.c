/* A property's number misread is a document or a case on somebody else's house. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../server/base/matrikkel.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void writes_the_short_form_without_empty_parts(void **state)
{
	char text[MATRIKKEL_TEXT_MAX];

	(void)state;
	matrikkel_format(&(struct matrikkel){ "1505", 10, 25, 0, 0 }, text);
	assert_string_equal(text, "1505-10/25");
	matrikkel_format(&(struct matrikkel){ "1505", 10, 25, 3, 0 }, text);
	assert_string_equal(text, "1505-10/25/3");
	matrikkel_format(&(struct matrikkel){ "0301", 10, 25, 0, 4 }, text);
	assert_string_equal(text, "0301-10/25/0/4");
}

static void reads_and_writes_dwelling_numbers(void **state)
{
	char text[6];
	struct hnumber h;

	(void)state;
	assert_true(hnumber_parse("H0204", &h));
	assert_int_equal(h.plane, 'H');
	assert_int_equal(h.storey, 2);
	assert_int_equal(h.sequence, 4);
	hnumber_format(&h, text);
	assert_string_equal(text, "H0204");
	assert_true(hnumber_parse("K0101", &h) && hnumber_parse("U0112", &h) &&
		    hnumber_parse("L0301", &h));
}

static void refuses_dwelling_numbers_that_name_no_door(void **state)
{
	static const char *const bad[] = { "",      "H",     "H001",  "H00101", "A0101",
					   "h0101", "H0001", "H0100", "H01O1",  "01011" };
	struct hnumber h;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (hnumber_parse(bad[i], &h))
			fail_msg("accepted %s", bad[i]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_short_form_without_empty_parts),
		cmocka_unit_test(reads_and_writes_dwelling_numbers),
		cmocka_unit_test(refuses_dwelling_numbers_that_name_no_door),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
