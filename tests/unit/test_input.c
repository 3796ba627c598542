/* Inputs at their borders. What a table lets through reaches SQL, where a refusal has no words for
 * the person who typed it. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "http/input.h"

/* Lists end with NULL. */
static void expect(const struct input *in, const char *const *good, const char *const *wrong)
{
	for (; *good; good++)
		if (input_fault(in, *good, "en"))
			fail_msg("«%s» %s", *good, input_fault(in, *good, "en"));
	for (; *wrong; wrong++)
		if (!input_fault(in, *wrong, "en"))
			fail_msg("«%s» was taken", *wrong);
}

#define GOOD  (const char *const[])
#define WRONG (const char *const[])

static void a_date_is_a_day_that_exists(void **state)
{
	static const struct input in = { "d", IN_DATE };

	(void)state;
	expect(&in,
	       GOOD{ "2026-11-22", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31",
		     "2026-04-30", "2026-01-31", NULL },
	       WRONG{ "",           "2026-02-29",  "1900-02-29",  "2100-02-29",
		      "2026-04-31", "2026-13-01",  "2026-00-10",  "2026-01-00",
		      "2026-01-32", "0000-01-01",  "2026-1-01",   "26-01-01",
		      "20260101",   "2026-01-1",   "2026-01-01 ", " 2026-01-01",
		      "2026/01/01", "2026-01-0x",  "+026-01-01",  "2026-01-01T",
		      "infinity",   "2026-01-011", "today",       NULL });
}

static void a_time_has_a_date_and_an_offset(void **state)
{
	static const struct input in = { "t", IN_TIME };

	(void)state;
	expect(&in,
	       GOOD{ "2026-11-22T14:10:00Z", "2026-11-22t14:10:00z", "2026-11-22T14:10:00+01:00",
		     "2026-11-22T00:00:00-15:59", "2026-11-22T23:59:59.999999+01:00",
		     "2024-02-29T12:00:00.1Z", "2026-11-22T14:10:00.1234567890123456789Z", NULL },
	       WRONG{ "2026-11-22T14:10:00",
		      "2026-11-22 14:10:00Z",
		      "2026-11-22T24:00:00Z",
		      "2026-11-22T14:60:00Z",
		      "2026-11-22T14:10:60Z",
		      "2026-11-22T14:10:00.Z",
		      "2026-11-22T14:10:00+0100",
		      "2026-11-22T14:10:00+01",
		      "2026-11-22T14:10Z",
		      "2026-11-22T14:10:00+16:00",
		      "2026-11-22T14:10:00+01:60",
		      "2026-02-29T14:10:00Z",
		      "2026-11-22T14:10:00Zx",
		      "2026-11-22T1:10:00Z",
		      "",
		      "2026-11-22",
		      "2026-11-22T14:10:00+01:000",
		      "2026-11-22T14.10.00Z",
		      "2026-11-22T14:10:00.12345678901234567890Z",
		      NULL });
}

static void a_whole_number_stays_within_its_bounds(void **state)
{
	static const struct input free = { "n", IN_INT, .min = -5, .max = 5 };
	static const struct input plain = { "n", IN_INT };

	(void)state;
	expect(&free, GOOD{ "-5", "5", "0", "-0", "00", NULL },
	       WRONG{ "-6", "6", "", "+1", " 1", "1 ", "\v1", "\f1", "\n1", "1.0", "1e2", "0x1",
		      "--1", "1-", "-", "99999999999999999999", "-99999999999999999999", NULL });
	expect(&plain, GOOD{ "0", "2147483647", NULL }, WRONG{ "-1", "2147483648", NULL });
}

static void a_number_is_finite_and_decimal(void **state)
{
	static const struct input in = { "n", IN_NUMBER };

	(void)state;
	expect(&in, GOOD{ "0", "-1.5", "1e3", "1E-3", "123456.789", "1000000000000000", NULL },
	       WRONG{ "",      "nan", "inf", "-inf", "Infinity", "1e999",
		      "0x10",  "1p3", " 1",  "1 ",   "\v1",      "1,5",
		      "1.5.5", "e",   ".",   "-",    "1e",       "10000000000000000",
		      "1_000", NULL });
}

static void a_point_is_two_numbers_of_metres(void **state)
{
	static const struct input in = { "p", IN_POINT };

	(void)state;
	expect(&in,
	       GOOD{ "435000,6998000", "-1.5,2.25", "0,0", "100000000,-100000000", "1e3,1e3",
		     NULL },
	       WRONG{ "", ",", "1", "1,", ",1", "1,2,", "1,2,3", "1, 2", " 1,2", "1;2", "1 2",
		      "100000001,0", "nan,0", "inf,0", "0x1,2", "1,1e9",
		      "1.0000000000000000000000000000000000,2", NULL });
}

static void a_box_is_four_numbers_of_metres(void **state)
{
	static const struct input in = { "b", IN_BBOX };

	(void)state;
	expect(&in, GOOD{ "1,2,3,4", "-1.5,2,3e2,4", NULL },
	       WRONG{ "", "1,2,3", "1,2,3,4,5", "1,2,3,", "1,2,,4", "1,2,3,x", "1,2,3,4 ", NULL });
}

static void a_code_is_letters_digits_and_three_marks(void **state)
{
	static const struct input in = { "c", IN_CODE, .max = 10 };
	static const struct input plain = { "c", IN_CODE };
	char longest[62];

	(void)state;
	expect(&in, GOOD{ "water_leak", "TG2", "a-b.c", "0", NULL },
	       WRONG{ "", "12345678901", "a b", "æ", "a/b", "a'b", "a\n", "a%b", NULL });
	memset(longest, 'x', 60);
	longest[60] = '\0';
	assert_null(input_fault(&plain, longest, "en"));
	longest[60] = 'x';
	longest[61] = '\0';
	assert_non_null(input_fault(&plain, longest, "en"));
}

static void a_hash_is_64_small_hexadecimal_digits(void **state)
{
	static const struct input in = { "s", IN_SHA256 };

	(void)state;
	expect(&in,
	       GOOD{ "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", NULL },
	       WRONG{ "", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a",
		      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0",
		      "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
		      "ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", NULL });
}

static void a_truth_is_one_of_two_words(void **state)
{
	static const struct input in = { "b", IN_BOOL };

	(void)state;
	expect(&in, GOOD{ "true", "false", NULL },
	       WRONG{ "", "TRUE", "1", "0", "yes", "true ", NULL });
}

static void a_key_is_a_uuid(void **state)
{
	static const struct input in = { "u", IN_UUID };

	(void)state;
	expect(&in,
	       GOOD{ "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
		     NULL },
	       WRONG{ "", "017f22e279b07cc398c4dc0c0c07398f",
		      "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}", NULL });
}

/* Somebody who writes in æ, ø and å has as much room as others. */
static void text_is_measured_in_characters(void **state)
{
	static const struct input in = { "t", IN_TEXT, .max = 5 };
	static const struct input required = { "t", IN_TEXT, REQUIRED };
	char longest[4002];

	(void)state;
	expect(&in, GOOD{ "", "åååååå" + 2, "æøå🏠x", "     ", NULL },
	       WRONG{ "åååååå", "abcdef", "🏠🏠🏠🏠🏠🏠", NULL });
	expect(&required, GOOD{ "x", " x", NULL }, WRONG{ "", " ", "\t\r\n ", NULL });
	memset(longest, 'x', 4001);
	longest[4001] = '\0';
	assert_non_null(input_fault(&required, longest, "en"));
	longest[4000] = '\0';
	assert_null(input_fault(&required, longest, "en"));
}

static void json_is_left_to_the_handler(void **state)
{
	static const struct input in = { "j", IN_JSON };

	(void)state;
	expect(&in, GOOD{ "", "{", "x", NULL }, WRONG{ NULL });
}

static void faults_are_told_in_the_language_asked_for(void **state)
{
	static const struct input in = { "n", IN_INT };
	static const struct input text = { "t", IN_TEXT, REQUIRED };

	(void)state;
	assert_string_equal(input_fault(&in, "x", "nb"), "må være et helt tall");
	assert_string_equal(input_fault(&in, "x", "nn"), "må vere eit heilt tal");
	assert_string_equal(input_fault(&in, "x", "en"), "must be a whole number");
	assert_string_equal(input_fault(&in, "-1", "en"), "is out of range");
	assert_string_equal(input_fault(&text, " ", "nb"), "kan ikke være tom");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_date_is_a_day_that_exists),
		cmocka_unit_test(a_time_has_a_date_and_an_offset),
		cmocka_unit_test(a_whole_number_stays_within_its_bounds),
		cmocka_unit_test(a_number_is_finite_and_decimal),
		cmocka_unit_test(a_point_is_two_numbers_of_metres),
		cmocka_unit_test(a_box_is_four_numbers_of_metres),
		cmocka_unit_test(a_code_is_letters_digits_and_three_marks),
		cmocka_unit_test(a_hash_is_64_small_hexadecimal_digits),
		cmocka_unit_test(a_truth_is_one_of_two_words),
		cmocka_unit_test(a_key_is_a_uuid),
		cmocka_unit_test(text_is_measured_in_characters),
		cmocka_unit_test(json_is_left_to_the_handler),
		cmocka_unit_test(faults_are_told_in_the_language_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
