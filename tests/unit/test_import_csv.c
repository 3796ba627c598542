/* The splitter that an export's rows go through: a row it lost would be a building nobody ever
 * hears of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "importers/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 4096 };

static char shown[SHOWN];

/* All records of `text`, given `piece` more bytes each time it asks: «line:fault[cell|cell]». */
static const char *split_pieces(const char *text, size_t length, size_t piece)
{
	static struct csv c;
	char *copy = malloc(length + 1);
	size_t at = 0, seen = piece < length ? piece : length, used = 0;

	memcpy(copy, text, length);
	csv_init(&c, ';');
	shown[0] = '\0';
	for (;;) {
		size_t taken = csv_next(&c, copy + at, seen - at, seen == length);

		at += taken;
		if (taken && c.line) {
			used += (size_t)snprintf(shown + used, SHOWN - used, "%d:%d[", (int)c.line,
						 c.fault);
			for (size_t i = 0; i < c.count; i++)
				used += (size_t)snprintf(shown + used, SHOWN - used, "%s%.*s",
							 i ? "|" : "", STR_ARG(c.cells[i]));
			used += (size_t)snprintf(shown + used, SHOWN - used, "]");
		}
		if (!taken && seen == length)
			break;
		if (!taken)
			seen = seen + piece < length ? seen + piece : length;
	}
	free(copy);
	return shown;
}

static const char *split(const char *text)
{
	return split_pieces(text, strlen(text), strlen(text) + 1);
}

static void splits_cells_and_tells_each_row_its_line(void **state)
{
	(void)state;
	assert_string_equal(split("a;b\n1;2\r\n3;4"), "1:0[a|b]2:0[1|2]3:0[3|4]");
	assert_string_equal(split("a;\n;b\n"), "1:0[a|]2:0[|b]");
	assert_string_equal(split("mac\rold\r"), "1:0[mac]2:0[old]");
}

static void a_quoted_newline_moves_the_line_numbers_after_it(void **state)
{
	(void)state;
	assert_string_equal(split("\"to\nlinjer\";x\nneste;y\n"), "1:0[to\nlinjer|x]3:0[neste|y]");
	assert_string_equal(split("\"to\r\nlinjer\"\nneste\n"), "1:0[to\r\nlinjer]3:0[neste]");
}

static void doubled_quotes_become_single(void **state)
{
	(void)state;
	assert_string_equal(split("\"3\"\" rør\";\"\"\"\"\n"), "1:0[3\" rør|\"]");
}

static void a_quote_inside_plain_text_is_text(void **state)
{
	(void)state;
	assert_string_equal(split("3\" rør;b\n"), "1:0[3\" rør|b]");
}

static void an_open_quote_costs_its_own_line_only(void **state)
{
	(void)state;
	assert_string_equal(split("1;\"open;2\n3;4;5\n6;7;8\n"),
			    "1:1[1|\"open|2]2:0[3|4|5]3:0[6|7|8]");
	assert_string_equal(split("1;\"open"), "1:1[1|\"open]");
}

static void text_after_a_closing_quote_costs_its_own_line_only(void **state)
{
	(void)state;
	assert_string_equal(split("\"a\"b;c\nd;e\n"), "1:2[\"a\"b|c]2:0[d|e]");
	assert_string_equal(split("1;\"open\n2;\"x\"\n3;y\n"), "1:2[1|\"open]2:0[2|x]3:0[3|y]");
}

static void empty_lines_are_records_without_cells(void **state)
{
	(void)state;
	assert_string_equal(split("a\n\n\nb\n"), "1:0[a]2:0[]3:0[]4:0[b]");
	assert_string_equal(split(""), "");
}

static void a_nul_byte_does_not_end_a_cell(void **state)
{
	static const char text[] = "a\0b;c\nd\n";
	static struct csv c;
	char copy[sizeof(text)];

	(void)state;
	memcpy(copy, text, sizeof(text));
	csv_init(&c, ';');
	assert_int_equal(csv_next(&c, copy, sizeof(text) - 1, true), 6);
	assert_int_equal(c.cells[0].length, 3);
	assert_int_equal(c.count, 2);
}

static void pieces_of_any_size_give_the_same_rows(void **state)
{
	static const char text[] = "a;\"b\r\n\"\"c\"\r\n1;\"open\r\n\r\n2;x\ry;\"z\"\r";
	char whole[SHOWN];

	(void)state;
	snprintf(whole, sizeof(whole), "%s", split(text));
	for (size_t piece = 1; piece < sizeof(text); piece++)
		assert_string_equal(split_pieces(text, sizeof(text) - 1, piece), whole);
}

static void a_line_too_long_is_one_fault_and_the_next_row_lands(void **state)
{
	size_t length = 3 * (size_t)CSV_RECORD_MAX + 4;
	char *text = malloc(length + 1);

	(void)state;
	memset(text, 'x', length);
	memcpy(text + length - 4, "\na;b", 5);
	assert_string_equal(split_pieces(text, length, CSV_RECORD_MAX / 3), "1:3[]2:0[a|b]");
	free(text);
}

static void an_open_quote_before_megabytes_of_rows_loses_none(void **state)
{
	enum { ROWS = 300000 };
	static const char row[] = "1;2;3;4\n";
	static struct csv c;
	size_t length = 2 + ROWS * (sizeof(row) - 1), at = 0, taken, rows = 0, faults = 0;
	char *text = malloc(length);

	(void)state;
	memcpy(text, "\"\n", 2);
	for (size_t i = 0; i < ROWS; i++)
		memcpy(text + 2 + i * (sizeof(row) - 1), row, sizeof(row) - 1);
	csv_init(&c, ';');
	while ((taken = csv_next(&c, text + at, length - at, true))) {
		at += taken;
		faults += c.fault != CSV_FINE;
		rows += c.fault == CSV_FINE && c.count == 4;
	}
	assert_int_equal(faults, 1);
	assert_int_equal(rows, ROWS);
	assert_int_equal(c.next_line, ROWS + 2);
	free(text);
}

static void more_cells_than_the_limit_is_a_fault(void **state)
{
	static char text[CSV_CELLS_MAX + 8];
	static struct csv c;

	(void)state;
	memset(text, ';', sizeof(text));
	csv_init(&c, ';');
	assert_int_equal(csv_next(&c, text, sizeof(text), true), sizeof(text));
	assert_int_equal(c.fault, CSV_TOO_MANY);
	assert_int_equal(c.count, CSV_CELLS_MAX);
}

static void guesses_the_delimiter_of_the_first_line(void **state)
{
	(void)state;
	assert_int_equal(csv_guess_delimiter("a;b,c;d\n,,,,", 12), ';');
	assert_int_equal(csv_guess_delimiter("a,b,c\n", 6), ',');
	assert_int_equal(csv_guess_delimiter("a\tb\n", 4), '\t');
	assert_int_equal(csv_guess_delimiter("\"a,b,c\";d\n", 10), ';');
	assert_int_equal(csv_guess_delimiter("one\n", 4), ';');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_cells_and_tells_each_row_its_line),
		cmocka_unit_test(a_quoted_newline_moves_the_line_numbers_after_it),
		cmocka_unit_test(doubled_quotes_become_single),
		cmocka_unit_test(a_quote_inside_plain_text_is_text),
		cmocka_unit_test(an_open_quote_costs_its_own_line_only),
		cmocka_unit_test(text_after_a_closing_quote_costs_its_own_line_only),
		cmocka_unit_test(empty_lines_are_records_without_cells),
		cmocka_unit_test(a_nul_byte_does_not_end_a_cell),
		cmocka_unit_test(pieces_of_any_size_give_the_same_rows),
		cmocka_unit_test(a_line_too_long_is_one_fault_and_the_next_row_lands),
		cmocka_unit_test(an_open_quote_before_megabytes_of_rows_loses_none),
		cmocka_unit_test(more_cells_than_the_limit_is_a_fault),
		cmocka_unit_test(guesses_the_delimiter_of_the_first_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
