/* Files of readings as people make them: what can be read is read right, and what cannot is said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "register/lines.h"

static void number_is(const char *cell, const char *want)
{
	char out[LINE_NUMBER_TEXT] = "";

	assert_int_equal(line_number(str_of(cell), out), LINE_FINE);
	assert_string_equal(out, want);
}

static void number_fails(const char *cell, enum line_fault want)
{
	char out[LINE_NUMBER_TEXT];

	if (line_number(str_of(cell), out) != want)
		fail_msg("«%s» must be %s", cell, line_fault_name(want));
}

static void reads_norwegian_numbers(void **state)
{
	(void)state;
	number_is("12345", "12345");
	number_is("12 345,67", "12345.67");
	number_is("12\xc2\xa0"
		  "345,67",
		  "12345.67");
	number_is("1\xe2\x80\xaf"
		  "234",
		  "1234");
	number_is("12.345,67", "12345.67");
	number_is("1.234.567", "1234567");
	number_is("1.234.567,8", "1234567.8");
	number_is(" 0,5 ", "0.5");
	number_is("0.123", "0.123");
	number_is("12345.678", "12345.678");
	number_is("12.34", "12.34");
	number_is("12 345.67", "12345.67");
	number_is("-3,5", "-3.5");
	number_is("\xe2\x88\x92"
		  "3,5",
		  "-3.5");
	number_is("007", "007");
}

static void refuses_what_is_no_number_for_certain(void **state)
{
	(void)state;
	number_fails("12.345", LINE_AMBIGUOUS);
	number_fails("1.234", LINE_AMBIGUOUS);
	number_fails("", LINE_NUMBER);
	number_fails("-", LINE_NUMBER);
	number_fails(",5", LINE_NUMBER);
	number_fails("5,", LINE_NUMBER);
	number_fails("1,2,3", LINE_NUMBER);
	number_fails("12 34", LINE_NUMBER);
	number_fails("1234 567", LINE_NUMBER);
	number_fails("1.23.456", LINE_NUMBER);
	number_fails("1,234.5", LINE_NUMBER);
	number_fails("1e5", LINE_NUMBER);
	number_fails("0x10", LINE_NUMBER);
	number_fails("NaN", LINE_NUMBER);
	number_fails("12kWh", LINE_NUMBER);
	number_fails("--5", LINE_NUMBER);
	number_fails("1111111111111111111111111111111111111111", LINE_NUMBER);
}

static void time_is(const char *cell, const char *want, bool offset)
{
	char out[LINE_TIME_TEXT] = "";
	bool has_offset;

	assert_int_equal(line_time(str_of(cell), out, &has_offset), LINE_FINE);
	assert_string_equal(out, want);
	assert_int_equal(has_offset, offset);
}

static void time_fails(const char *cell)
{
	char out[LINE_TIME_TEXT];
	bool has_offset;

	if (line_time(str_of(cell), out, &has_offset) != LINE_TIME)
		fail_msg("«%s» is no time", cell);
}

static void reads_times_as_people_and_programs_write_them(void **state)
{
	(void)state;
	time_is("26.11.2026", "2026-11-26 12:00:00", false);
	time_is("6.1.2026 7:05", "2026-01-06 07:05:00", false);
	time_is("26.11.2026 14.05", "2026-11-26 14:05:00", false);
	time_is("2026-11-26", "2026-11-26 12:00:00", false);
	time_is("2026-11-26 14:05:09", "2026-11-26 14:05:09", false);
	time_is("2026-11-26T14:05:09.123Z", "2026-11-26 14:05:09+00:00", true);
	time_is("2026-11-26T14:05+01:00", "2026-11-26 14:05:00+01:00", true);
	time_is("2026-11-26T14:05-0530", "2026-11-26 14:05:00-05:30", true);
	time_is("29.02.2024", "2024-02-29 12:00:00", false);
}

static void refuses_times_that_are_none(void **state)
{
	(void)state;
	time_fails("");
	time_fails("29.02.2023");
	time_fails("31.04.2026");
	time_fails("26.13.2026");
	time_fails("26.11.26");
	time_fails("11/26/2026");
	time_fails("26.11.2026 24:00");
	time_fails("26.11.2026 12:60");
	time_fails("26.11.2026 12");
	time_fails("2026-11-26T12:00+15:00");
	time_fails("2026-11-26T12:00Zx");
	time_fails("2026-11-26 +01:00");
	time_fails("i går");
}

static void a_day_is_no_time(void **state)
{
	char out[LINE_TIME_TEXT];

	(void)state;
	assert_int_equal(line_day(STR("1.2.2024"), out), LINE_FINE);
	assert_string_equal(out, "2024-02-01");
	assert_int_equal(line_day(STR("1.2.2024 12:00"), out), LINE_TIME);
}

static void cell_is(struct str cell, const char *want)
{
	assert_true(str_equals(cell, str_of(want)));
}

static void splits_lines_and_keeps_their_numbers(void **state)
{
	struct lines lines;
	struct line line;

	(void)state;
	lines_init(&lines, STR("\xef\xbb\xbfm\xc3\xa5ler;tid;stand\r\n\r\n A ;\"b c\"; 1 ;\nx;y\n"
			       "a;b;c;d\na;;c\na;\"b\"x;c\nlast;2;3"));
	assert_true(lines_next(&lines, &line));
	assert_true(line_is_heading(&line));
	assert_true(lines_next(&lines, &line));
	assert_int_equal(line.number, 3);
	assert_int_equal(line.fault, LINE_FINE);
	assert_false(line_is_heading(&line));
	cell_is(line.cells[0], "A");
	cell_is(line.cells[1], "b c");
	cell_is(line.cells[2], "1");
	for (int i = 0; i < 3; i++) {
		assert_true(lines_next(&lines, &line));
		assert_int_equal(line.fault, LINE_COLUMNS);
	}
	assert_true(lines_next(&lines, &line));
	assert_int_equal(line.fault, LINE_QUOTES);
	assert_true(lines_next(&lines, &line));
	assert_int_equal(line.number, 8);
	cell_is(line.cells[0], "last");
	assert_false(lines_next(&lines, &line));
}

static void splits_at_tabs_when_the_first_line_has_one(void **state)
{
	struct lines lines;
	struct line line;

	(void)state;
	lines_init(&lines, STR("a;1\t2026-01-01\t4,5\n"));
	assert_true(lines_next(&lines, &line));
	assert_int_equal(line.fault, LINE_FINE);
	cell_is(line.cells[0], "a;1");
}

static void says_what_is_no_text_or_too_much(void **state)
{
	static char text[LINE_BYTES_MAX + 10];
	struct lines lines;
	struct line line;

	(void)state;
	lines_init(&lines, STR("a;b\xff;1\na;b\x01;1\n"));
	for (int i = 0; i < 2; i++) {
		assert_true(lines_next(&lines, &line));
		assert_int_equal(line.fault, LINE_NOT_UTF8);
	}
	memset(text, 'x', sizeof(text));
	lines_init(&lines, (struct str){ text, sizeof(text) });
	assert_true(lines_next(&lines, &line));
	assert_int_equal(line.fault, LINE_TOO_LONG);
}

static void stops_after_the_most_lines(void **state)
{
	static char text[(LINES_MAX + 5) * 2];
	struct lines lines;
	struct line line = { 0 };
	int count = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 ? '\n' : 'x';
	lines_init(&lines, (struct str){ text, sizeof(text) });
	while (lines_next(&lines, &line))
		count++;
	assert_int_equal(count, LINES_MAX + 1);
	assert_int_equal(line.fault, LINE_TOO_MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_norwegian_numbers),
		cmocka_unit_test(refuses_what_is_no_number_for_certain),
		cmocka_unit_test(reads_times_as_people_and_programs_write_them),
		cmocka_unit_test(refuses_times_that_are_none),
		cmocka_unit_test(a_day_is_no_time),
		cmocka_unit_test(splits_lines_and_keeps_their_numbers),
		cmocka_unit_test(splits_at_tabs_when_the_first_line_has_one),
		cmocka_unit_test(says_what_is_no_text_or_too_much),
		cmocka_unit_test(stops_after_the_most_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
