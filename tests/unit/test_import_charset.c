/* Norwegian letters in, Norwegian letters out: «Øvre» must not become «Ã˜vre» in the register. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "importers/charset.h"
#include "importers/rowpipe.h"

#include <string.h>
#include <unistd.h>

static enum charset guess_of(const char *text, size_t piece)
{
	struct charset_guess g = { 0 };
	size_t length = strlen(text);

	for (size_t at = 0; at < length; at += piece)
		charset_count(&g, text + at, length - at < piece ? length - at : piece);
	return charset_choose(&g);
}

static void tells_utf8_from_windows_1252(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < 20; piece++) {
		assert_int_equal(guess_of("Øvre Enggate 12 – €", piece), CHARSET_UTF8);
		assert_int_equal(guess_of("\xd8vre Enggate \x96 \x80", piece),
				 CHARSET_WINDOWS_1252);
		assert_int_equal(guess_of("Kirkelandet", piece), CHARSET_UTF8);
		assert_int_equal(guess_of("Gr\xf8nnev\xe6r", piece), CHARSET_WINDOWS_1252);
	}
}

static void one_bad_byte_does_not_turn_a_utf8_file_around(void **state)
{
	(void)state;
	assert_int_equal(guess_of("Øvre æ ø å \xff", 100), CHARSET_UTF8);
}

static void refuses_what_is_not_utf8(void **state)
{
	static const char *const bad[] = { "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
					   "\x80",     "\xe2\x82",     "\xc3(" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(charset_letter((const unsigned char *)bad[i], strlen(bad[i])), 0);
	assert_int_equal(charset_letter((const unsigned char *)"å", 2), 2);
	assert_int_equal(charset_letter((const unsigned char *)"€", 3), 3);
	assert_int_equal(charset_letter((const unsigned char *)"😀", 4), 4);
}

static void writes_windows_1252_as_utf8(void **state)
{
	char out[3];

	(void)state;
	assert_int_equal(charset_from_1252(0xe5, out), 2);
	assert_memory_equal(out, "å", 2);
	assert_int_equal(charset_from_1252(0x80, out), 3);
	assert_memory_equal(out, "€", 3);
	assert_int_equal(charset_from_1252('a', out), 1);
	assert_int_equal(charset_from_1252(0x81, out), 0);
}

static void sees_the_byte_order_mark(void **state)
{
	enum charset says = CHARSET__MAX;

	(void)state;
	assert_int_equal(charset_mark("\xef\xbb\xbfhode", 7, &says), 3);
	assert_int_equal(says, CHARSET_UTF8);
	assert_int_equal(charset_mark("\xff\xfeh\0", 4, &says), 2);
	assert_int_equal(says, CHARSET_UTF16);
	assert_int_equal(charset_mark("hode", 4, &says), 0);
}

/* What a row of cells becomes in the pipe. */
static const char *row_of(enum charset charset, size_t width, const char *fault,
			  const struct str *cells, size_t count)
{
	static struct rowpipe p;
	static char text[4096];
	int ends[2];
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	rowpipe_init(&p, ends[1], charset);
	p.width = p.least = width;
	rowpipe_row(&p, 7, fault, cells, count);
	assert_true(rowpipe_flush(&p));
	n = read(ends[0], text, sizeof(text) - 1);
	text[n] = '\0';
	close(ends[0]);
	close(ends[1]);
	return text;
}

static void a_row_is_written_as_copy_reads_it(void **state)
{
	const struct str cells[] = { STR("a,b"), STR("3\" rør"), STR(""), STR("to\nlinjer") };

	(void)state;
	assert_string_equal(row_of(CHARSET_UTF8, 4, NULL, cells, 4),
			    "7,,,,,\"a,b\",\"3\"\" rør\",,\"to\nlinjer\"\n");
}

static void a_latin_1_row_comes_out_as_utf8(void **state)
{
	const struct str cells[] = { STR("\xd8vre"), STR("Sm\xf8la") };

	(void)state;
	assert_string_equal(row_of(CHARSET_WINDOWS_1252, 2, NULL, cells, 2), "7,,,,,Øvre,Smøla\n");
}

static void what_is_not_text_is_a_fault_with_its_column(void **state)
{
	const struct str nul[] = { STR("ok"), { "a\0b", 3 } };
	const struct str bad[] = { STR("\xff") };
	const struct str bell[] = { STR("\a") };

	(void)state;
	assert_string_equal(row_of(CHARSET_UTF8, 2, NULL, nul, 2), "7,nul,2,,,ok,a\xef\xbf\xbd"
								   "b\n");
	assert_string_equal(row_of(CHARSET_UTF8, 1, NULL, bad, 1), "7,encoding,1,,,\xef\xbf\xbd\n");
	assert_string_equal(row_of(CHARSET_UTF8, 1, NULL, bell, 1), "7,control,1,,,\xef\xbf\xbd\n");
}

static void ragged_rows_are_faults_and_keep_their_cells(void **state)
{
	const struct str cells[] = { STR("a"), STR("b"), STR("c\"d") };

	(void)state;
	assert_string_equal(row_of(CHARSET_UTF8, 4, NULL, cells, 3),
			    "7,too_few,,,,a,b,\"c\"\"d\",\n");
	assert_string_equal(row_of(CHARSET_UTF8, 2, NULL, cells, 3), "7,beyond,,,\"c\"\"d\",a,b\n");
}

static void empty_cells_beyond_the_header_are_no_fault(void **state)
{
	const struct str cells[] = { STR("a"), STR(""), STR("") };

	(void)state;
	assert_string_equal(row_of(CHARSET_UTF8, 1, NULL, cells, 3), "7,,,,,a\n");
}

static void what_people_should_know_of_a_row_is_written_with_it(void **state)
{
	static struct rowpipe p;
	const struct str cells[] = { STR("a"), STR("b") };
	char text[4096];
	int ends[2];
	ssize_t n;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	rowpipe_init(&p, ends[1], CHARSET_UTF8);
	p.width = p.least = 2;
	rowpipe_mark(&p, "hidden", 0);
	rowpipe_mark(&p, "formula", 2);
	rowpipe_row(&p, 7, NULL, cells, 2);
	rowpipe_row(&p, 8, NULL, cells, 2);
	assert_true(rowpipe_flush(&p));
	n = read(ends[0], text, sizeof(text) - 1);
	text[n] = '\0';
	assert_string_equal(text, "7,,,hidden formula:2,,a,b\n8,,,,,a,b\n");
	close(ends[0]);
	close(ends[1]);
}

/* In pieces of every size: a piece may end inside a letter. */
static void utf_16_becomes_utf_8(void **state)
{
	const char little[] = "h\0\xf8\0\x3d\xd8\x00\xde\xac\x20";
	const char big[] = "\0h\0\xf8\xd8\x3d\xde\x00\x20\xac";

	(void)state;
	for (size_t piece = 1; piece <= 10; piece++) {
		for (int is_big = 0; is_big < 2; is_big++) {
			struct charset_utf16 u = { .is_big = is_big };
			char to[64];
			size_t n = 0;

			for (size_t i = 0; i < 10; i += piece)
				n += charset_from_utf16(&u, (is_big ? big : little) + i,
							10 - i < piece ? 10 - i : piece, to + n);
			assert_int_equal(n, 10);
			assert_memory_equal(to, "hø\xf0\x9f\x98\x80€", 10);
		}
	}
}

static void half_a_utf_16_letter_is_no_letter(void **state)
{
	struct charset_utf16 u = { .is_big = true };
	char to[32];

	(void)state;
	assert_int_equal(charset_from_utf16(&u, "\xd8\x3d\0a\xde\0", 6, to), 3);
	assert_memory_equal(to,
			    "\xff"
			    "a\xff",
			    3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_utf8_from_windows_1252),
		cmocka_unit_test(one_bad_byte_does_not_turn_a_utf8_file_around),
		cmocka_unit_test(refuses_what_is_not_utf8),
		cmocka_unit_test(writes_windows_1252_as_utf8),
		cmocka_unit_test(sees_the_byte_order_mark),
		cmocka_unit_test(a_row_is_written_as_copy_reads_it),
		cmocka_unit_test(a_latin_1_row_comes_out_as_utf8),
		cmocka_unit_test(what_is_not_text_is_a_fault_with_its_column),
		cmocka_unit_test(ragged_rows_are_faults_and_keep_their_cells),
		cmocka_unit_test(empty_cells_beyond_the_header_are_no_fault),
		cmocka_unit_test(what_people_should_know_of_a_row_is_written_with_it),
		cmocka_unit_test(utf_16_becomes_utf_8),
		cmocka_unit_test(half_a_utf_16_letter_is_no_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
