/* What a GIS program asks becomes what PostgreSQL is asked: a box turned wrong is another town. */
#include "geo/ogc_ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"

static void knows_a_system_by_each_of_its_names(void **state)
{
	const char *const names[] = { "http://www.opengis.net/def/crs/EPSG/0/25833", "EPSG:25833",
				      "[EPSG:25833]", "urn:ogc:def:crs:EPSG::25833",
				      "urn:ogc:def:crs:EPSG:9.6:25833" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_non_null(ogc_crs_find(names[i]));
		assert_int_equal(ogc_crs_find(names[i])->srid, 25833);
	}
	assert_int_equal(ogc_crs_find("OGC:CRS84")->srid, 4326);
	assert_non_null(ogc_crs_find("http://www.opengis.net/def/crs/OGC/1.3/CRS84"));
}

static void knows_no_system_by_a_part_or_more_of_its_name(void **state)
{
	const char *const names[] = { "",
				      "EPSG",
				      "EPSG:",
				      "EPSG:2583",
				      "EPSG:258333",
				      "[EPSG:25833",
				      "EPSG:25833]",
				      "epsg:25833",
				      "EPSG/0/25833" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_null(ogc_crs_find(names[i]));
}

static void turns_a_box_of_latitudes_to_the_east_first(void **state)
{
	struct arena a = { 0 };
	struct ogc_ask ask;

	(void)state;
	ogc_ask_init(&ask, ogc_layer_find("buildings", ROLE_OFFICE));
	assert_null(ogc_ask_take(&ask, &a, "bbox", "63,7,64,8", "en"));
	assert_null(ogc_ask_take(&ask, &a, "bbox-crs", "EPSG:4326", "en"));
	assert_null(ogc_ask_end(&ask, &a, "en"));
	assert_string_equal(ask.params[P_X1], "7");
	assert_string_equal(ask.params[P_Y1], "63");
	assert_string_equal(ask.params[P_X2], "8");
	assert_string_equal(ask.params[P_LIMIT], "101");
	arena_release(&a);
}

static void picks_the_first_format_of_accept_that_it_has(void **state)
{
	(void)state;
	assert_int_equal(ogc_format_accepted(NULL), OGC_JSON);
	assert_int_equal(ogc_format_accepted("*/*"), OGC_JSON);
	assert_int_equal(ogc_format_accepted("text/html,application/xhtml+xml"), OGC_HTML);
	assert_int_equal(ogc_format_accepted("application/geo+json, text/html"), OGC_JSON);
}

static void decodes_base64_and_nothing_else(void **state)
{
	unsigned char out[8];

	(void)state;
	assert_int_equal(base64_decode("cTpv", out, sizeof(out)), 3);
	assert_memory_equal(out, "q:o", 3);
	assert_int_equal(base64_decode("cTo=", out, sizeof(out)), 2);
	assert_int_equal(base64_decode("cTo", out, sizeof(out)), 2);
	assert_int_equal(base64_decode("c", out, sizeof(out)), 0);
	assert_int_equal(base64_decode("cT-_", out, sizeof(out)), 0);
	assert_int_equal(base64_decode("cTo==x", out, sizeof(out)), 0);
	assert_int_equal(base64_decode("cTr=", out, sizeof(out)), 0);
	assert_int_equal(base64_decode("QUJDREVGR0g=", out, sizeof(out)), 8);
	assert_int_equal(base64_decode("QUJDREVGR0hJ", out, sizeof(out)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_a_system_by_each_of_its_names),
		cmocka_unit_test(knows_no_system_by_a_part_or_more_of_its_name),
		cmocka_unit_test(turns_a_box_of_latitudes_to_the_east_first),
		cmocka_unit_test(picks_the_first_format_of_accept_that_it_has),
		cmocka_unit_test(decodes_base64_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
