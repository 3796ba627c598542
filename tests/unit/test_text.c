/* Pieces of text and the buffer that answers are written to: a limit that does not hold is memory
 * without end, an escape that is missing is an answer that no client can read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/str.h"

static void holds_exactly_its_limit(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	buf_text(&b, "0123456789");
	assert_false(b.is_full);
	assert_string_equal(b.at, "0123456789");
	buf_char(&b, 'x');
	assert_true(b.is_full);
	assert_string_equal(b.at, "0123456789");
	buf_release(&b);
}

/* Half an answer must not be followed by its end, as if it were whole. */
static void takes_nothing_more_once_it_is_full(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_text(&b, "abcdef");
	assert_true(b.is_full);
	assert_int_equal(b.length, 0);
	buf_char(&b, 'x');
	buf_printf(&b, "%d", 1);
	buf_json(&b, "y", 1);
	assert_null(buf_room(&b, 1));
	assert_int_equal(b.length, 0);
	buf_clear(&b);
	buf_text(&b, "abcd");
	assert_false(b.is_full);
	assert_string_equal(b.at, "abcd");
	buf_release(&b);
}

static void a_length_near_the_largest_does_not_wrap(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	buf_text(&b, "abc");
	assert_null(buf_room(&b, SIZE_MAX));
	assert_null(buf_room(&b, SIZE_MAX - 2));
	assert_int_equal(b.length, 3);
	buf_release(&b);
}

static void grows_and_keeps_what_it_has(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000000);
	for (unsigned i = 0; i < 20000; i++) {
		buf_uint(&b, i % 10);
		buf_char(&b, ',');
	}
	assert_int_equal(b.length, 40000);
	for (size_t i = 0; i < 20000; i++) {
		assert_int_equal(b.at[2 * i], '0' + (int)(i % 10));
		assert_int_equal(b.at[2 * i + 1], ',');
	}
	assert_int_equal(b.at[b.length], '\0');
	buf_release(&b);
	assert_null(b.at);
}

static void writes_the_least_and_largest_numbers(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	buf_uint(&b, 0);
	buf_char(&b, ' ');
	buf_uint(&b, UINT64_MAX);
	assert_string_equal(b.at, "0 18446744073709551615");
	buf_release(&b);
}

static void expect_json(const char *text, size_t length, const char *expected)
{
	struct buf b;

	buf_init(&b, 1000);
	buf_json(&b, text, length);
	assert_string_equal(b.at, expected);
	buf_release(&b);
}

static void escapes_what_json_demands(void **state)
{
	(void)state;
	expect_json("", 0, "\"\"");
	expect_json("a\"b\\c/", 6, "\"a\\\"b\\\\c/\"");
	expect_json("\n\r\t", 3, "\"\\n\\u000d\\u0009\"");
	expect_json("\0x\x1f\x7f", 4, "\"\\u0000x\\u001f\x7f\"");
	expect_json("Ærlig «talt» 🏠", strlen("Ærlig «talt» 🏠"), "\"Ærlig «talt» 🏠\"");
}

/* Every control character comes back from a parser as it went in. */
static void a_parser_reads_back_every_byte_below_128(void **state)
{
	char text[127];
	struct buf b;
	json_t *back;

	(void)state;
	for (int i = 0; i < 127; i++)
		text[i] = (char)(i + 1);
	buf_init(&b, 2000);
	buf_json(&b, text, sizeof(text));
	back = json_loadb(b.at, b.length, JSON_DECODE_ANY, NULL);
	assert_non_null(back);
	assert_int_equal(json_string_length(back), sizeof(text));
	assert_memory_equal(json_string_value(back), text, sizeof(text));
	json_decref(back);
	buf_release(&b);
}

/* A name on a label or a page says what it says, and closes no tag and no quotes. */
static void escapes_what_xml_demands(void **state)
{
	const char *text = "<b a=\"x\">Ås & 'Ø'\n\x01</b>";
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	buf_xml(&b, text, strlen(text));
	assert_string_equal(b.at, "&lt;b a=&quot;x&quot;&gt;Ås &amp; &#39;Ø&#39;\n &lt;/b&gt;");
	buf_clear(&b);
	buf_xml(&b, text + 1, 4);
	assert_string_equal(b.at, "b a=");
	buf_release(&b);
}

/* A path in the log or a header told back may hold any bytes: the line must still be JSON. */
static void bytes_that_are_no_characters_become_the_replacement(void **state)
{
	(void)state;
	expect_json("a\xff\xfe"
		    "b",
		    4,
		    "\"a\xef\xbf\xbd\xef\xbf\xbd"
		    "b\"");
	expect_json("\xc3", 1, "\"\xef\xbf\xbd\""); /* cut in a character */
	expect_json("\xe2\x82", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	expect_json("\xc0\xaf", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");                 /* overlong */
	expect_json("\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""); /* surrogate */
	expect_json("\xf4\x8f\xbf\xbf", 4, "\"\xf4\x8f\xbf\xbf\"");                 /* U+10FFFF */
	expect_json("\xf4\x90\x80\x80", 4, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	/* The length decides, not what follows in memory. */
	expect_json("\xc3\xa5", 1, "\"\xef\xbf\xbd\"");
}

static void cuts_text_at_a_mark(void **state)
{
	struct str text = STR("a/bc//d");

	(void)state;
	assert_true(str_equals(str_cut(&text, '/'), STR("a")));
	assert_true(str_equals(str_cut(&text, '/'), STR("bc")));
	assert_true(str_equals(str_cut(&text, '/'), STR("")));
	assert_non_null(text.at);
	assert_true(str_equals(str_cut(&text, '/'), STR("d")));
	assert_null(text.at);
	assert_int_equal(str_cut(&text, '/').length, 0);
	text = STR("x/");
	assert_true(str_equals(str_cut(&text, '/'), STR("x")));
	assert_non_null(text.at); /* an empty last part is a part */
	assert_int_equal(text.length, 0);
}

static void compares_by_length_and_bytes(void **state)
{
	(void)state;
	assert_true(str_equals(str_of(NULL), STR("")));
	assert_false(str_equals(STR("ab"), STR("a")));
	assert_false(str_equals(STR("ab"), STR("ac")));
	assert_true(str_equals(STR("a\0b"), STR("a\0b")));
	assert_false(str_equals(STR("a\0b"), STR("a\0c")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_exactly_its_limit),
		cmocka_unit_test(takes_nothing_more_once_it_is_full),
		cmocka_unit_test(a_length_near_the_largest_does_not_wrap),
		cmocka_unit_test(grows_and_keeps_what_it_has),
		cmocka_unit_test(writes_the_least_and_largest_numbers),
		cmocka_unit_test(escapes_what_json_demands),
		cmocka_unit_test(a_parser_reads_back_every_byte_below_128),
		cmocka_unit_test(escapes_what_xml_demands),
		cmocka_unit_test(bytes_that_are_no_characters_become_the_replacement),
		cmocka_unit_test(cuts_text_at_a_mark),
		cmocka_unit_test(compares_by_length_and_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
