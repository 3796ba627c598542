/* Labels: what hangs on a boiler for twenty years must be read by any telephone, and what is
 * written on it must not break the picture. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "register/label.h"

static const struct label plain = { .address = "https://fdvu.example.no/q/7K3M9PQX",
				    .name = "Aggregat 1",
				    .mark = "=360.001-JV001",
				    .where = "Storgata 5, Rådhuset, Kjeller",
				    .code = "7K3M9PQX" };

static char *svg_of(const struct label *l, struct buf *b)
{
	buf_init(b, 100000);
	assert_int_equal(label_svg(l, b), OK);
	assert_false(b->is_full);
	return b->at;
}

static void says_what_and_where_it_is(void **state)
{
	struct buf b;
	const char *svg = svg_of(&plain, &b);

	(void)state;
	assert_non_null(strstr(svg, ">Aggregat 1</text>"));
	assert_non_null(strstr(svg, ">=360.001-JV001</text>"));
	assert_non_null(strstr(svg, ">Storgata 5, Rådhuset, Kjeller</text>"));
	assert_non_null(strstr(svg, ">7K3M9PQX</text>"));
	buf_release(&b);
}

/* The three finder patterns of 7 dark modules in a row stand in the corners: above left first. */
static void begins_with_a_finder_pattern_inside_its_quiet_zone(void **state)
{
	struct buf b;

	(void)state;
	assert_non_null(strstr(svg_of(&plain, &b), "d=\"M4 4h7v1h-7z"));
	buf_release(&b);
}

static void names_are_words_not_markup(void **state)
{
	struct label l = plain;
	struct buf b;

	(void)state;
	l.name = "<b>Vifte</b> & kanal\x01";
	assert_non_null(strstr(svg_of(&l, &b), ">&lt;b&gt;Vifte&lt;/b&gt; &amp; kanal </text>"));
	assert_null(strstr(b.at, "<b>"));
	assert_null(strchr(b.at, '\x01'));
	buf_release(&b);
}

static void long_names_break_between_words_and_end_in_an_ellipsis(void **state)
{
	struct label l = plain;
	struct buf b;

	(void)state;
	l.name = "Ventilasjonsaggregat for øvre fløy med varmegjenvinner og kjølebatteri";
	assert_non_null(strstr(svg_of(&l, &b), ">Ventilasjonsaggregat</text>"));
	assert_non_null(strstr(b.at, ">for øvre fløy med…</text>"));
	buf_release(&b);
}

/* Half an «ø» is no text: the browser would show nothing at all. */
static void a_word_without_end_is_cut_between_characters(void **state)
{
	struct label l = plain;
	struct buf b;

	(void)state;
	l.name = "øøøøøøøøøøøøøøøøøøøøøøøøøøøøøø";
	assert_non_null(strstr(svg_of(&l, &b), ">øøøøøøøøøøøøøøøøøøøøøø</text>"));
	buf_release(&b);
}

static void an_address_too_long_for_a_code_is_refused(void **state)
{
	static char address[4000];
	struct label l = plain;
	struct buf b;

	(void)state;
	memset(address, 'a', sizeof(address) - 1);
	l.address = address;
	buf_init(&b, 100000);
	assert_int_equal(label_svg(&l, &b), ERR_TOO_LARGE);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_and_where_it_is),
		cmocka_unit_test(begins_with_a_finder_pattern_inside_its_quiet_zone),
		cmocka_unit_test(names_are_words_not_markup),
		cmocka_unit_test(long_names_break_between_words_and_end_in_an_ellipsis),
		cmocka_unit_test(a_word_without_end_is_cut_between_characters),
		cmocka_unit_test(an_address_too_long_for_a_code_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
