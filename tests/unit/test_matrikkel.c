/* A property's number misread is a document or a case on somebody else's house. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../server/base/matrikkel.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct matrikkel_home kristiansund = { "1505", "Kristiansund" };

static void reads_every_form_people_and_archives_write(void **state)
{
	static const struct {
		const char *text, *full;
	} forms[] = {
		{ "1505-10/25/0/0", "1505-10/25/0/0" }, { "1108-123/12/1/1", "1108-123/12/1/1" },
		{ "1108-123/12", "1108-123/12/0/0" },   { "0301-100-10-0-0", "0301-100/10/0/0" },
		{ "301-100/10", "0301-100/10/0/0" },    { "3238-32/16/2", "3238-32/16/2/0" },
		{ "12/34", "1505-12/34/0/0" },          { "32 / 16", "1505-32/16/0/0" },
		{ "  32/16  ", "1505-32/16/0/0" },      { "Kristiansund 32/16", "1505-32/16/0/0" },
		{ "1505 - 7 / 8", "1505-7/8/0/0" },
	};
	char text[MATRIKKEL_TEXT_MAX];
	struct matrikkel m;

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		if (!matrikkel_parse(forms[i].text, &kristiansund, &m))
			fail_msg("refused %s", forms[i].text);
		matrikkel_format_full(&m, text);
		assert_string_equal(text, forms[i].full);
	}
}

static void refuses_what_could_mean_another_property(void **state)
{
	static const char *const bad[] = {
		"",
		"12",
		"12/",
		"/12",
		"1108/123/12/1/1",
		"1505-12/34/0/0/0",
		"Nannestad 32/16",
		"1505-0/25",
		"1505-10/0",
		"1505-10/25-1",
		"1505-10/100000",
		"15051-10/25",
		"10/25x",
		"10/-25",
		"1505--10/25",
	};
	struct matrikkel m = { .gnr = 77 };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (matrikkel_parse(bad[i], &kristiansund, &m))
			fail_msg("accepted %s", bad[i]);
	assert_false(matrikkel_parse("12/34", NULL, &m));
	assert_int_equal(m.gnr, 77);
}

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
		cmocka_unit_test(reads_every_form_people_and_archives_write),
		cmocka_unit_test(refuses_what_could_mean_another_property),
		cmocka_unit_test(writes_the_short_form_without_empty_parts),
		cmocka_unit_test(reads_and_writes_dwelling_numbers),
		cmocka_unit_test(refuses_dwelling_numbers_that_name_no_door),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
