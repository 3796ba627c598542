/* A round that comes on the wrong day, or not at all, is a statutory control that was not done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plans/recur.h"

static struct recur got;

/* Expands and compares with `expected`: dates with a space between. */
static void expect(const char *rule, const char *starts_on, const char *from, const char *to,
		   const char *expected)
{
	char text[RECUR_DATES_MAX * RECUR_DATE_TEXT + 1] = "";
	size_t length = 0;

	assert_int_equal(recur_expand(rule, starts_on, from, to, RECUR_DATES_MAX, &got), OK);
	for (int i = 0; i < got.count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
					   i ? " " : "", got.dates[i]);
	assert_string_equal(text, expected);
}

static void expect_fault(const char *rule, const char *words)
{
	assert_int_equal(
		recur_expand(rule, "2026-01-01", "2026-01-01", "2026-12-31", RECUR_DATES_MAX, &got),
		ERR_INVALID);
	assert_int_equal(got.count, 0);
	if (!strstr(got.fault, words))
		fail_msg("«%s» does not say «%s»", got.fault, words);
}

/* RFC 5545, section 3.8.5.3, as dates. All start on 2 September 1997 unless said. */
static void gives_the_dates_of_the_rfc(void **state)
{
	(void)state;
	expect("FREQ=DAILY;COUNT=10", "1997-09-02", "1997-09-01", "1998-12-31",
	       "1997-09-02 1997-09-03 1997-09-04 1997-09-05 1997-09-06 1997-09-07 1997-09-08 "
	       "1997-09-09 1997-09-10 1997-09-11");
	expect("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", "1997-01-01", "1998-12-31",
	       "1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12");
	expect("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09-02", "1997-09-02", "1997-10-28",
	       "1997-09-02 1997-09-16 1997-09-30 1997-10-14 1997-10-28");
	expect("FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224;WKST=SU;BYDAY=MO,WE,FR", "1997-09-01",
	       "1997-09-01", "1997-10-05",
	       "1997-09-01 1997-09-03 1997-09-05 1997-09-15 1997-09-17 1997-09-19 1997-09-29 "
	       "1997-10-01 1997-10-03");
	expect("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05", "1997-09-01", "1998-12-31",
	       "1997-09-05 1997-10-03 1997-11-07 1997-12-05 1998-01-02 1998-02-06 1998-03-06 "
	       "1998-04-03 1998-05-01 1998-06-05");
	expect("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "1997-09-01", "1998-02-28",
	       "1997-09-28 1997-10-29 1997-11-28 1997-12-29 1998-01-29 1998-02-26");
	expect("FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06-10", "1997-01-01", "1999-12-31",
	       "1997-06-10 1997-07-10 1998-06-10 1998-07-10 1999-06-10 1999-07-10");
	expect("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "1997-01-01", "1997-01-01",
	       "2000-12-31", "1997-01-01 1997-04-10 1997-07-19 2000-01-01 2000-04-09 2000-07-18");
	expect("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1997-01-01", "1999-12-31",
	       "1997-05-19 1998-05-18 1999-05-17");
	expect("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", "1997-01-01", "1999-12-31",
	       "1997-05-12 1998-05-11 1999-05-17");
	expect("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02", "1997-09-02", "1999-12-31",
	       "1998-02-13 1998-03-13 1998-11-13 1999-08-13");
	expect("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "1997-09-01",
	       "1998-12-31", "1997-09-04 1997-10-07 1997-11-06");
	expect("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", "1997-09-01",
	       "1998-01-31", "1997-09-29 1997-10-30 1997-11-27 1997-12-30 1998-01-29");
}

static void comes_on_the_last_friday_of_the_month(void **state)
{
	(void)state;
	expect("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-01", "2026-01-01", "2026-06-30",
	       "2026-01-30 2026-02-27 2026-03-27 2026-04-24 2026-05-29 2026-06-26");
}

static void knows_leap_years(void **state)
{
	(void)state;
	expect("FREQ=MONTHLY;BYMONTHDAY=-1;BYMONTH=2", "2023-01-01", "2023-01-01", "2028-12-31",
	       "2023-02-28 2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29");
	expect("FREQ=YEARLY;BYYEARDAY=60", "2023-01-01", "2023-01-01", "2025-12-31",
	       "2023-03-01 2024-02-29 2025-03-01");
	/* 2100 is no leap year. */
	expect("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2092-01-01", "2092-01-01", "2105-01-01",
	       "2092-02-29 2096-02-29 2104-02-29");
}

static void leaves_out_days_that_do_not_exist(void **state)
{
	(void)state;
	expect("FREQ=YEARLY", "2024-02-29", "2024-01-01", "2033-12-31",
	       "2024-02-29 2028-02-29 2032-02-29");
	expect("FREQ=MONTHLY", "2026-01-31", "2026-01-01", "2026-07-31",
	       "2026-01-31 2026-03-31 2026-05-31 2026-07-31");
	expect("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", "2026-01-01", "2026-01-01", "2030-12-31",
	       "");
}

static void ends_at_until_and_count(void **state)
{
	(void)state;
	expect("FREQ=DAILY;UNTIL=20260103", "2026-01-01", "2025-12-01", "2026-12-31",
	       "2026-01-01 2026-01-02 2026-01-03");
	/* COUNT counts from the start, not from the window. */
	expect("FREQ=MONTHLY;COUNT=4", "2026-01-15", "2026-03-01", "2026-12-31",
	       "2026-03-15 2026-04-15");
	expect("FREQ=DAILY;COUNT=1", "2026-01-01", "2026-01-02", "2026-12-31", "");
}

static void takes_both_ends_of_the_window(void **state)
{
	(void)state;
	expect("FREQ=DAILY", "2020-01-01", "2026-11-22", "2026-11-24",
	       "2026-11-22 2026-11-23 2026-11-24");
	expect("FREQ=DAILY", "2026-11-24", "2026-11-22", "2026-11-24", "2026-11-24");
	expect("FREQ=DAILY", "2026-11-25", "2026-11-22", "2026-11-24", "");
	expect("FREQ=DAILY", "2020-01-01", "2026-11-24", "2026-11-22", "");
	/* Over the night in which the clocks go back: days are days. */
	expect("FREQ=DAILY", "2026-10-24", "2026-10-24", "2026-10-27",
	       "2026-10-24 2026-10-25 2026-10-26 2026-10-27");
}

static void starts_only_when_the_rule_says_so(void **state)
{
	(void)state;
	/* 1 January 2026 is a Thursday. */
	expect("FREQ=WEEKLY;BYDAY=MO", "2026-01-01", "2026-01-01", "2026-01-19",
	       "2026-01-05 2026-01-12 2026-01-19");
}

static void stops_at_its_limits(void **state)
{
	(void)state;
	assert_int_equal(recur_expand("FREQ=DAILY", "2026-01-01", "2026-01-01", "2029-12-31",
				      RECUR_DATES_MAX, &got),
			 OK);
	assert_int_equal(got.count, RECUR_DATES_MAX);
	assert_true(got.is_cut);
	assert_int_equal(
		recur_expand("FREQ=DAILY", "2026-01-01", "2026-01-01", "2029-12-31", 3, &got), OK);
	assert_int_equal(got.count, 3);
	assert_true(got.is_cut);
	assert_int_equal(recur_expand("FREQ=DAILY", "0001-01-01", "2026-01-01", "2026-12-31",
				      RECUR_DATES_MAX, &got),
			 ERR_INVALID);
	assert_non_null(strstr(got.fault, "starts_on"));
}

static void says_what_is_wrong_with_a_rule(void **state)
{
	char long_rule[RECUR_RULE_MAX + 20];

	(void)state;
	expect_fault("", "1 to 300");
	expect_fault("every Friday", "«every Friday»");
	expect_fault("INTERVAL=2", "FREQ");
	expect_fault("FREQ=HOURLY", "FREQ must be");
	expect_fault("FREQ=DAILY;BYHOUR=9", "«BYHOUR»");
	expect_fault("FREQ=DAILY;RSCALE=CHINESE", "«RSCALE»");
	expect_fault("FREQ=DAILY;INTERVAL=0", "RFC 5545");
	expect_fault("FREQ=DAILY;INTERVAL=-2", "RFC 5545");
	expect_fault("FREQ=DAILY;INTERVAL", "«INTERVAL»");
	expect_fault("FREQ=DAILY;COUNT=ten", "RFC 5545");
	expect_fault("FREQ=DAILY;COUNT=2;UNTIL=20270101", "RFC 5545");
	expect_fault("FREQ=DAILY;FREQ=WEEKLY", "RFC 5545");
	expect_fault("FREQ=DAILY;UNTIL=20260230", "UNTIL must be a date");
	expect_fault("FREQ=DAILY;UNTIL=20260101T000000Z", "UNTIL must be a date");
	expect_fault("FREQ=WEEKLY;BYDAY=2MO", "BYDAY");
	expect_fault("FREQ=WEEKLY;BYDAY=MO,XX", "RFC 5545");
	expect_fault("FREQ=WEEKLY;BYMONTHDAY=3", "RFC 5545");
	expect_fault("FREQ=MONTHLY;BYMONTHDAY=32", "RFC 5545");
	expect_fault("FREQ=YEARLY;BYMONTH=13", "RFC 5545");
	expect_fault("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RFC 5545");
	memset(long_rule, 'A', sizeof(long_rule));
	memcpy(long_rule, "FREQ=", 5);
	long_rule[sizeof(long_rule) - 1] = '\0';
	expect_fault(long_rule, "1 to 300");
}

static void says_which_date_is_wrong(void **state)
{
	(void)state;
	assert_int_equal(
		recur_expand("FREQ=DAILY", "2026-02-30", "2026-01-01", "2026-12-31", 9, &got),
		ERR_INVALID);
	assert_non_null(strstr(got.fault, "starts_on: «2026-02-30»"));
	assert_int_equal(
		recur_expand("FREQ=DAILY", "2026-02-20", "26-01-01", "2026-12-31", 9, &got),
		ERR_INVALID);
	assert_non_null(strstr(got.fault, "from"));
	assert_int_equal(
		recur_expand("FREQ=DAILY", "2026-02-20", "2026-01-01", "2026-12-3x", 9, &got),
		ERR_INVALID);
	assert_non_null(strstr(got.fault, "to:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_dates_of_the_rfc),
		cmocka_unit_test(comes_on_the_last_friday_of_the_month),
		cmocka_unit_test(knows_leap_years),
		cmocka_unit_test(leaves_out_days_that_do_not_exist),
		cmocka_unit_test(ends_at_until_and_count),
		cmocka_unit_test(takes_both_ends_of_the_window),
		cmocka_unit_test(starts_only_when_the_rule_says_so),
		cmocka_unit_test(stops_at_its_limits),
		cmocka_unit_test(says_what_is_wrong_with_a_rule),
		cmocka_unit_test(says_which_date_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
