#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "geo/position.h"
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

/* cs2cs EPSG:4258 EPSG:5108: NTM is north first there, east first here. */
static void knows_ntm_zones(void **state)
{
	(void)state;
	at(taken(4258, 5108, 7.7280, 63.1105), 61029.2144, 1569652.6709, 0.001);
	at(taken(5108, 5107, 61029.2144, 1569652.6709), 111509.6944, 1569438.9317, 0.001);
	at(taken(5108, 25832, 61029.2144, 1569652.6709), 435816.72, 6998536.36, 0.01);
}

/* Axis III begins where 58° north meets the meridian of the old observatory in Oslo, 10° 43' 22.5"
 * east of Greenwich; axis I lies 4° 40' west of it. */
static void knows_the_old_axes(void **state)
{
	(void)state;
	at(taken(27393, 4273, 0, 0), 10.0 + 43.0 / 60 + 22.5 / 3600, 58, 1e-7);
	at(taken(27391, 4273, 0, 0), 6.0 + 3.0 / 60 + 22.5 / 3600, 58, 1e-7);
	at(taken(4258, 27393, 10.7461, 59.9127), 1566.897, 212954.736, 0.01);
	at(taken(4258, 27392, 7.7280, 63.1105), -33141.042, 569486.661, 0.01);
	at(taken(27392, 25832, -33141.042, 569486.661), 435816.72, 6998536.36, 0.02);
}

static void tells_the_order_of_axes(void **state)
{
	static const struct {
		int code;
		bool is_north_first;
		int axis_count;
	} want[] = { { 25832, false, 2 }, { 3857, false, 2 }, { 4258, true, 2 },
		     { 4326, true, 2 },   { 27391, true, 2 }, { 5110, true, 2 },
		     { 5972, false, 3 },  { 5942, true, 3 },  { 4937, true, 3 } };
	struct proj_crs crs;

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_true(proj_crs_get(want[i].code, &crs));
		if (crs.is_north_first != want[i].is_north_first ||
		    crs.axis_count != want[i].axis_count)
			fail_msg("EPSG:%d: north first %d, %d axes", crs.code, crs.is_north_first,
				 crs.axis_count);
	}
	assert_true(proj_crs_get(27391, &crs));
	assert_string_equal(crs.axes[0].direction, "north");
	assert_string_equal(crs.axes[1].direction, "east");
	assert_string_equal(crs.axes[0].unit, "metre");
	assert_false(proj_crs_get(32632, &crs));
	assert_false(proj_crs_get(0, &crs));
}

static void says_how_accurate_it_is(void **state)
{
	struct proj_point p = { -33141.042, 569486.661, 0 };
	struct proj_fate fate;

	(void)state;
	assert_true(proj_apply(proj_pair(27392, 25832), &p, &fate, 1));
	assert_true(fate.is_good);
	assert_false(fate.is_outside);
	assert_true(fabs(fate.accuracy_m - 3) < 0.01);
	assert_non_null(strstr(fate.operation, "NGO 1948"));
	p = (struct proj_point){ 435816.72, 6998536.36, 0 };
	assert_true(proj_apply(proj_pair(25832, 27391), &p, &fate, 1));
	assert_true(fate.is_outside); /* axis I ends at 7° 13' */
	p = (struct proj_point){ 435816.72, 6998536.36, 0 };
	assert_true(proj_apply(proj_pair(25832, 4326), &p, &fate, 1));
	assert_true(fabs(fate.accuracy_m - 1) < 0.01);
}

static void flags_what_lies_outside(void **state)
{
	struct proj_point rome = { 12.5, 41.9, 0 }, nowhere = { 1e300, 1e300, 0 };
	struct proj_fate fate;

	(void)state;
	assert_true(proj_apply(proj_pair(4258, 27393), &rome, &fate, 1));
	assert_true(fate.is_outside);
	assert_false(proj_apply(proj_pair(25832, 4258), &nowhere, &fate, 1));
	assert_false(fate.is_good);
}

/* Without the grid a height would come back as it went: none is better. Debian has no such grids;
 * where they are installed there is a way. */
static void has_no_heights_without_their_grids(void **state)
{
	char missing[PROJ_GRIDS_MAX];

	(void)state;
	if (proj_pair(5972, 6172))
		return;
	proj_missing(5972, 6172, missing);
	assert_true(missing[0]);
	assert_null(proj_pair(25832, 32632));
}

static void turns_a_box_with_curved_edges(void **state)
{
	const double west[4] = { 4, 57, 32, 72 };
	double few[4], many[4];

	(void)state;
	assert_true(proj_box(proj_pair(4258, 25832), west, 1, few));
	assert_true(proj_box(proj_pair(4258, 25832), west, 32, many));
	assert_true(many[1] < few[1]); /* the middle of a parallel lies south of its ends */
}

static void *transform_much(void *closure)
{
	bool *is_right = closure;

	*is_right = true;
	for (int i = 0; i < 2000; i++) {
		struct proj_point p = { 7.7280, 63.1105, 0 };
		struct proj_pair *pair = proj_pair(4258, 25831 + i % 6);

		*is_right &= pair && proj_apply(pair, &p, NULL, 1) && p.y > 6900000;
	}
	return NULL;
}

static void serves_threads_at_once(void **state)
{
	pthread_t threads[8];
	bool right[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, transform_much, &right[i]), 0);
	for (int i = 0; i < 8; i++) {
		pthread_join(threads[i], NULL);
		assert_true(right[i]);
	}
}

static void reads_positions(void **state)
{
	double at[POSITION_MAX];

	(void)state;
	assert_int_equal(position_parse("435816.72,6998536.36", at), 2);
	assert_true(at[0] == 435816.72 && at[1] == 6998536.36);
	assert_int_equal(position_parse("-1e3,+.5,12", at), 3);
	assert_true(at[0] == -1000 && at[1] == 0.5 && at[2] == 12);
	assert_int_equal(position_parse("", at), 0);
	assert_int_equal(position_parse("1", at), 0);
	assert_int_equal(position_parse("1,2,3,4", at), 0);
	assert_int_equal(position_parse("1, 2", at), 0);
	assert_int_equal(position_parse("1,nan", at), 0);
	assert_int_equal(position_parse("1,1e999", at), 0);
	assert_int_equal(position_parse("0x10,1", at), 0);
	assert_int_equal(position_parse("1,2,", at), 0);
	assert_int_equal(position_parse("1-,2", at), 0);
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
		cmocka_unit_test(knows_ntm_zones),
		cmocka_unit_test(knows_the_old_axes),
		cmocka_unit_test(tells_the_order_of_axes),
		cmocka_unit_test(says_how_accurate_it_is),
		cmocka_unit_test(flags_what_lies_outside),
		cmocka_unit_test(has_no_heights_without_their_grids),
		cmocka_unit_test(turns_a_box_with_curved_edges),
		cmocka_unit_test(serves_threads_at_once),
		cmocka_unit_test(reads_positions),
		cmocka_unit_test(reads_the_names_of_systems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
