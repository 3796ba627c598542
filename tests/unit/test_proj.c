#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "geo/proj.h"

static struct proj_point taken(int from, int to, double x, double y)
{
	struct proj_point p = { x, y, 0 };
	struct proj_pair *pair = proj_pair(from, to);

	assert_non_null(pair);
	assert_true(proj_apply(pair, &p, NULL, 1));
	return p;
}

static void at(struct proj_point p, double x, double y, double within)
{
	if (fabs(p.x - x) > within || fabs(p.y - y) > within)
		fail_msg("%.4f %.4f, not %.4f %.4f", p.x, p.y, x, y);
}

/* The city of Kristiansund in four systems: docs of the domain, and cs2cs of PROJ 9.1. */
static void knows_where_kristiansund_is(void **state)
{
	(void)state;
	at(taken(4258, 25832, 7.7280, 63.1105), 435816.72, 6998536.36, 0.01);
	at(taken(4258, 25833, 7.7280, 63.1105), 133631.13, 7018676.31, 0.01);
	at(taken(25833, 25832, 133631.13, 7018676.31), 435816.72, 6998536.36, 0.02);
	at(taken(25832, 4258, 435816.72, 6998536.36), 7.7280, 63.1105, 1e-6);
	at(taken(25832, 4326, 435816.72, 6998536.36), 7.7280, 63.1105, 1e-6);
}

static void reads_the_names_of_systems(void **state)
{
	(void)state;
	assert_int_equal(proj_code("EPSG:25832"), 25832);
	assert_int_equal(proj_code("epsg:4258"), 4258);
	assert_int_equal(proj_code("urn:ogc:def:crs:EPSG::25833"), 25833);
	assert_int_equal(proj_code("http://www.opengis.net/def/crs/EPSG/0/5110"), 5110);
	assert_int_equal(proj_code("3857"), 3857);
	assert_int_equal(proj_code(""), 0);
	assert_int_equal(proj_code("EPSG:"), 0);
	assert_int_equal(proj_code("EPSG:25832 "), 0);
	assert_int_equal(proj_code("EPSG:-4326"), 0);
	assert_int_equal(proj_code("EPSG:99999999999999999999"), 0);
	assert_int_equal(proj_code("+proj=utm +zone=32"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_where_kristiansund_is),
		cmocka_unit_test(reads_the_names_of_systems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
