/* Rooms out of DXF drawings: what AutoCAD writes, and what somebody else may. */
#include "register/dxf.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static enum err read_text(const char *text, struct dxf *out)
{
	return dxf_read(&arena, arena_text(&arena, text), strlen(text), out);
}

#define HEAD                                                                                       \
	"  0\nSECTION\n  2\nHEADER\n  9\n$INSUNITS\n 70\n     4\n  0\nENDSEC\n  0\nSECTION\n  2\nENTITIES\n"
#define TAIL "  0\nENDSEC\n  0\nEOF\n"
#define SQUARE                                                                                     \
	"  0\nLWPOLYLINE\n  8\nROM\n 90\n4\n 70\n1\n 10\n0.0\n 20\n0.0\n 10\n4000.0\n 20\n0.0\n"   \
	" 10\n4000.0\n 20\n3000.0\n 10\n0.0\n 20\n3000.0\n"

static void reads_a_closed_polyline_with_the_text_in_it(void **state)
{
	struct dxf d;
	const char **names;

	(void)state;
	assert_int_equal(
		read_text(HEAD SQUARE
			  "  0\nTEXT\n  8\nTXT\n 10\n100\n 20\n200\n 40\n250\n  1\n101\n"
			  "  0\nTEXT\n  8\nTXT\n 10\n100\n 20\n100\n 40\n250\n  1\nStue\n"
			  "  0\nTEXT\n  8\nTXT\n 10\n9000\n 20\n100\n 40\n250\n  1\nute\n" TAIL,
			  &d),
		OK);
	assert_int_equal(d.ring_count, 1);
	assert_int_equal(d.rings[0].count, 4);
	assert_true(fabs(d.rings[0].area - (12e6)) <= 1e-6);
	assert_true(fabs(d.unit_m - (0.001)) <= 0);
	assert_string_equal(dxf_words(&arena, d.rings[0].layer), "ROM");
	names = dxf_names(&arena, &d);
	assert_string_equal(names[0], "101 Stue");
}

static void reads_old_polylines_and_windows_line_ends(void **state)
{
	struct dxf d;

	(void)state;
	assert_int_equal(
		read_text(
			"0\r\nSECTION\r\n2\r\nENTITIES\r\n0\r\nPOLYLINE\r\n8\r\nA\r\n70\r\n1\r\n10\r\n0\r\n"
			"0\r\nVERTEX\r\n10\r\n0\r\n20\r\n0\r\n0\r\nVERTEX\r\n10\r\n2\r\n20\r\n0\r\n"
			"0\r\nVERTEX\r\n10\r\n2\r\n20\r\n2\r\n0\r\nSEQEND\r\n0\r\nENDSEC\r\n0\r\nEOF\r\n",
			&d),
		OK);
	assert_int_equal(d.ring_count, 1);
	assert_true(fabs(d.rings[0].area - (2)) <= 1e-9);
	assert_true(fabs(d.unit_m - (0)) <= 0);
}

static void closes_a_line_that_ends_where_it_began_and_leaves_open_ones(void **state)
{
	struct dxf d;

	(void)state;
	assert_int_equal(
		read_text(
			HEAD
			"0\nLWPOLYLINE\n8\nA\n70\n0\n10\n0\n20\n0\n10\n1\n20\n0\n10\n1\n20\n1\n10\n0\n20\n0\n"
			"0\nLWPOLYLINE\n8\nA\n70\n0\n10\n0\n20\n0\n10\n1\n20\n0\n10\n1\n20\n1\n"
			"0\nLWPOLYLINE\n8\nA\n70\n1\n10\n0\n20\n0\n10\n1\n20\n0\n10\n2\n20\n0\n" TAIL,
			&d),
		OK);
	assert_int_equal(d.ring_count, 1);
	assert_int_equal(d.rings[0].count, 3);
	assert_int_equal(d.skipped, 2);
}

static void bends_a_line_where_it_bulges(void **state)
{
	struct dxf d;

	(void)state;
	/* Two half circles of radius 1: a whole one. */
	assert_int_equal(
		read_text(
			HEAD
			"0\nLWPOLYLINE\n8\nA\n70\n1\n10\n-1\n20\n0\n42\n1\n10\n1\n20\n0\n42\n1\n" TAIL,
			&d),
		OK);
	assert_int_equal(d.ring_count, 1);
	assert_true(fabs(d.rings[0].area - (3.14159)) <= 0.03);
	assert_true(d.rings[0].least.y < -0.99 && d.rings[0].most.y > 0.99);
	/* A square's side bent outwards, the way being anticlockwise: larger. */
	assert_int_equal(
		read_text(
			HEAD
			"0\nLWPOLYLINE\n8\nA\n70\n1\n10\n0\n20\n0\n42\n1\n10\n2\n20\n0\n10\n2\n20\n2\n10\n0\n20\n2\n" TAIL,
			&d),
		OK);
	assert_true(fabs(d.rings[0].area - (4 + 3.14159 / 2)) <= 0.03);
}

static void leaves_paper_space_and_blocks_alone(void **state)
{
	struct dxf d;

	(void)state;
	assert_int_equal(
		read_text(
			"0\nSECTION\n2\nBLOCKS\n" SQUARE "0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
			"0\nLWPOLYLINE\n67\n1\n8\nA\n70\n1\n10\n0\n20\n0\n10\n1\n20\n0\n10\n1\n20\n1\n" TAIL,
			&d),
		OK);
	assert_int_equal(d.ring_count, 0);
}

static void gives_a_text_to_the_smallest_room_around_it(void **state)
{
	struct dxf d;
	const char **names;

	(void)state;
	assert_int_equal(
		read_text(
			HEAD SQUARE
			"0\nLWPOLYLINE\n8\nROM\n70\n1\n10\n10\n20\n10\n10\n90\n20\n10\n10\n90\n20\n90\n10\n10\n20\n90\n"
			"0\nMTEXT\n10\n50\n20\n50\n1\n{\\fArial|b0;Bod}\\P2,1 m\\U+00B2\n" TAIL,
			&d),
		OK);
	names = dxf_names(&arena, &d);
	assert_null(names[0]);
	assert_string_equal(names[1], "Bod 2,1 m\xc2\xb2");
}

static char *words(const char *text)
{
	return dxf_words(&arena, str_of(text));
}

static void makes_words_readable(void **state)
{
	(void)state;
	assert_string_equal(words("  K\xf8kken \x01 "), "K\xc3\xb8kken");
	assert_string_equal(words("Kj\xc3\xb8kken"), "Kj\xc3\xb8kken");
	assert_string_equal(words("\\A1;\\H2.5x;B\\~a\\\\d"), "B a\\d");
	assert_string_equal(words("\\U+00E5"), "\xc3\xa5");
	assert_string_equal(words("\\U+D800\\U+00"), "+00");
	assert_string_equal(words("\\"), "");
	assert_true(
		strlen(words("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")) <= DXF_NAME_MAX);
}

static void refuses_what_is_no_drawing_and_says_where(void **state)
{
	static const struct {
		const char *text;
		long line;
	} wrong[] = {
		{ "", 1 },
		{ "AutoCAD Binary DXF\r\n\x1a", 1 },
		{ "0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n10\nx\n", 8 },
		{ "0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n10\nnan\n", 8 },
		{ "0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n10\n0x10\n", 8 },
		{ "0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n10\n1e300\n", 8 },
		{ "0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n20\n1\n", 8 },
		{ "0\nSECTION\n2\nENTITIES\n99999\nx\n", 5 },
		{ "0\nSECTION\n2\nENTITIES\n0\n", 6 },
		{ "0\nSTOP\n", 2 },
		{ "5\nSECTION\n", 2 },
	};
	struct dxf d;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(read_text(wrong[i].text, &d), ERR_UNPROCESSABLE);
		assert_non_null(d.fault);
		if (d.line != wrong[i].line)
			fail_msg("«%s» is wrong in line %ld, not %ld: %s", wrong[i].text,
				 wrong[i].line, d.line, d.fault);
	}
}

static enum err read_buf(struct buf *b, struct dxf *out)
{
	buf_text(b, TAIL);
	return dxf_read(&arena, b->at, b->length, out);
}

static void has_a_limit_on_everything(void **state)
{
	enum { VERTICES = 150000, TEXTS = 75000, SPACES = 10000 };
	struct buf b;
	struct dxf d;

	(void)state;
	buf_init(&b, 16 * 1024 * 1024);
	buf_text(&b, "0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n70\n1\n");
	for (int i = 0; i < VERTICES; i++)
		buf_printf(&b, "10\n%d\n20\n%d\n", i % 97, i % 89);
	assert_int_equal(read_buf(&b, &d), ERR_UNPROCESSABLE);
	buf_clear(&b);
	buf_text(&b, "0\nSECTION\n2\nENTITIES\n");
	for (int i = 0; i < TEXTS; i++)
		buf_text(&b, "0\nTEXT\n1\na\n");
	assert_int_equal(read_buf(&b, &d), ERR_UNPROCESSABLE);
	buf_clear(&b);
	for (int i = 0; i < SPACES; i++)
		buf_char(&b, ' ');
	assert_int_equal(read_buf(&b, &d), ERR_UNPROCESSABLE);
	assert_false(b.is_full);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(reads_a_closed_polyline_with_the_text_in_it, forget),
		cmocka_unit_test_teardown(reads_old_polylines_and_windows_line_ends, forget),
		cmocka_unit_test_teardown(
			closes_a_line_that_ends_where_it_began_and_leaves_open_ones, forget),
		cmocka_unit_test_teardown(bends_a_line_where_it_bulges, forget),
		cmocka_unit_test_teardown(leaves_paper_space_and_blocks_alone, forget),
		cmocka_unit_test_teardown(gives_a_text_to_the_smallest_room_around_it, forget),
		cmocka_unit_test_teardown(makes_words_readable, forget),
		cmocka_unit_test_teardown(refuses_what_is_no_drawing_and_says_where, forget),
		cmocka_unit_test_teardown(has_a_limit_on_everything, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
