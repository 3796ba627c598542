/* Cells of spreadsheets and registers as people write them: the vectors are those that
 * pg_temp.clean, whole and number of common.sql are tested with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "importers/cells.h"

#include <string.h>

/* What the cell is read as: NULL when it is wrong, "" when it is empty. Lives until the next call.
 */
static const char *read_as(enum cell_type type, const char *cell)
{
	static char text[200];
	char room[CELL_NUMBER_MAX];
	struct str value;

	switch (cell_read(type, str_of(cell), room, &value)) {
	case CELL_EMPTY:
		return "";
	case CELL_WRONG:
		return NULL;
	case CELL_GOOD:
		break;
	}
	memcpy(text, value.at, value.length);
	text[value.length] = '\0';
	return text;
}

static void takes_the_blanks_off_a_text(void **state)
{
	(void)state;
	assert_string_equal(read_as(CELL_TEXT, " Kirkegata\t4 \r\n"), "Kirkegata\t4");
	assert_string_equal(read_as(CELL_TEXT, "\xc2\xa0\xef\xbb\xbfÅs\xc2\xa0"), "Ås");
	assert_string_equal(read_as(CELL_TEXT, " \xc2\xa0 "), "");
	assert_string_equal(read_as(CELL_TEXT, ""), "");
	assert_string_equal(read_as(CELL_AS_IT_IS, " a "), " a ");
}

static void reads_whole_numbers(void **state)
{
	static const char *const wrong[] = { "1234567890", "12.5", "12.", "1 2",
					     "-1",         "tolv", "0x1", "12,0" };

	(void)state;
	assert_string_equal(read_as(CELL_WHOLE, "12"), "12");
	assert_string_equal(read_as(CELL_WHOLE, " 0012 "), "0012");
	assert_string_equal(read_as(CELL_WHOLE, "12.000"), "12");
	assert_string_equal(read_as(CELL_WHOLE, "123456789"), "123456789");
	assert_string_equal(read_as(CELL_WHOLE, "  "), "");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_null(read_as(CELL_WHOLE, wrong[i]));
}

static void reads_numbers_in_norwegian_and_english_writing(void **state)
{
	static const char *const same[][2] = {
		{ "1 250,50", "1250.50" },
		{ "1.250,50", "1250.50" },
		{ "1250.5", "1250.5" },
		{ "6998536,36", "6998536.36" },
		{ "1.250", "1.250" },
		{ "1,250", "1.250" },
		{ "1.250.000", "1250000" },
		{ "1 250 000,5", "1250000.5" },
		{ "-12,5", "-12.5" },
		{ "-12.5", "-12.5" },
		{ "1\xc2\xa0"
		  "250",
		  "1250" },
		{ "1\xe2\x80\xaf"
		  "250,0",
		  "1250.0" },
		{ " 7 ", "7" },
		{ "0", "0" },
	};
	static const char *const wrong[] = {
		"1,250.50",
		"1 25",
		"12 3456",
		"1234 567",
		"1..2",
		"1,2,3",
		"--1",
		"1e5",
		"NaN",
		"kr 5",
		",",
		".",
		"-",
		"5,",
		".5",
		"1 250 ,5",
		"12345678901234567890123456789012345678901234",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_string_equal(read_as(CELL_NUMBER, same[i][0]), same[i][1]);
		assert_string_equal(read_as(CELL_COORDINATE, same[i][0]), same[i][1]);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_null(read_as(CELL_NUMBER, wrong[i]));
}

static void knows_letters_that_may_be_in_pieces(void **state)
{
	static const char *const whole[] = { "Kirkegata 4B", "Ærøskøbing Ås é ü", "«10 – 12» €", "",
					     "ſ ȯ" };
	static const char *const pieces[] = { "A\xcc\x8as",   "o\xcc\x88", "\xe2\x84\xab",
					      "\xe2\x80\x80", "漢字",      "\xe2\x80" };

	(void)state;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		assert_false(cell_may_be_decomposed(str_of(whole[i])));
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		assert_true(cell_may_be_decomposed(str_of(pieces[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_blanks_off_a_text),
		cmocka_unit_test(reads_whole_numbers),
		cmocka_unit_test(reads_numbers_in_norwegian_and_english_writing),
		cmocka_unit_test(knows_letters_that_may_be_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
