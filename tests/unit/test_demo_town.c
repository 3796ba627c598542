/* The demo's map must look like a town on land: houses in the sea or in one another make a map
 * nobody trusts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "importers/demo/outline.h"
#include "importers/demo/world.h"

#define TODAY 20000

static struct world *worlds[SCALE__MAX];

static int make_worlds(void **state)
{
	(void)state;
	for (int i = 0; i < SCALE__MAX; i++) {
		worlds[i] = world_new((enum scale)i, 1, TODAY);
		if (!worlds[i])
			return -1;
	}
	return 0;
}

static int free_worlds(void **state)
{
	(void)state;
	for (int i = 0; i < SCALE__MAX; i++)
		world_free(worlds[i]);
	return 0;
}

static void knows_land_from_sea(void **state)
{
	(void)state;
	assert_int_equal(outline_ring_at(434900, 6999450), RING_TOWN);
	assert_int_equal(outline_ring_at(438150, 6998950), RING_NORDLANDET);
	assert_int_equal(outline_ring_at(440900, 6996700), RING_FREI);
	assert_int_equal(outline_ring_at(437500, 6988600), RING_ISLET);
	assert_int_equal(outline_ring_at(436500, 6998000), RING_NONE);
	assert_int_equal(outline_ring_at(0, 0), RING_NONE);
}

static void every_corner_of_every_building_is_on_land(void **state)
{
	(void)state;
	for (int s = 0; s < SCALE__MAX; s++)
		for (int i = 0; i < worlds[s]->building_count; i++) {
			struct point corners[CORNERS_MAX];
			int n = building_corners(&worlds[s]->buildings[i], corners);

			for (int k = 0; k < n; k++)
				assert_int_not_equal(outline_ring_at(corners[k].x, corners[k].y),
						     RING_NONE);
		}
}

static void every_playground_is_on_land(void **state)
{
	(void)state;
	for (int s = 0; s < SCALE__MAX; s++)
		for (int i = 0; i < worlds[s]->outdoor_count; i++)
			for (int k = 0; k < 4; k++) {
				struct point p = lot_corner(&worlds[s]->outdoors[i].lot,
							    k & 1 ? 1 : -1, k & 2 ? 1 : -1);

				assert_int_not_equal(outline_ring_at(p.x, p.y), RING_NONE);
			}
}

/* Separating axes: two rectangles are apart if a side of either has all of the other beyond it. */
static bool is_apart(const struct lot *a, const struct lot *b)
{
	for (int side = 0; side < 2; side++) {
		double angle = a->angle + side * acos(0), x = cos(angle), y = sin(angle);
		double half = (side ? a->depth : a->width) / 2, least = INFINITY, most = -INFINITY;

		for (int k = 0; k < 4; k++) {
			struct point p = lot_corner(b, k & 1 ? 1 : -1, k & 2 ? 1 : -1);
			double along = (p.x - a->at.x) * x + (p.y - a->at.y) * y;

			least = fmin(least, along);
			most = fmax(most, along);
		}
		if (least > half || most < -half)
			return true;
	}
	return false;
}

static int west_to_east(const void *a, const void *b)
{
	const struct lot *l = a, *r = b;

	return (l->at.x > r->at.x) - (l->at.x < r->at.x);
}

static void no_two_buildings_stand_in_one_another(void **state)
{
	(void)state;
	for (int s = 0; s < SCALE__MAX; s++) {
		const struct world *w = worlds[s];
		int n = w->building_count + w->outdoor_count;
		struct lot *lots = malloc((size_t)n * sizeof(*lots));

		assert_non_null(lots);
		for (int i = 0; i < n; i++)
			lots[i] = i < w->building_count ? w->buildings[i].lot
							: w->outdoors[i - w->building_count].lot;
		qsort(lots, (size_t)n, sizeof(*lots), west_to_east);
		for (int i = 0; i < n; i++)
			for (int k = i + 1; k < n && lots[k].at.x - lots[i].at.x < 100; k++)
				if (!is_apart(&lots[i], &lots[k]) && !is_apart(&lots[k], &lots[i]))
					fail_msg("at %.0f %.0f", lots[i].at.x, lots[i].at.y);
		free(lots);
	}
}

static void no_two_houses_of_a_street_have_the_same_number(void **state)
{
	(void)state;
	for (int s = 0; s < SCALE__MAX; s++) {
		const struct world *w = worlds[s];

		for (int i = 1; i < w->building_count; i++) {
			const struct lot *a = &w->buildings[i - 1].lot, *b = &w->buildings[i].lot;

			/* Buildings are in the order of street and number. */
			assert_true(a->street < b->street ||
				    (a->street == b->street && a->number < b->number));
			assert_true(b->number > 0);
		}
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void no_two_streets_have_the_same_name(void **state)
{
	int n = name_street_count();
	char(*names)[NAME_MAX_BYTES] = calloc((size_t)n, sizeof(*names));

	(void)state;
	assert_non_null(names);
	for (int i = 0; i < n; i++)
		name_street(i, names[i]);
	qsort(names, (size_t)n, sizeof(*names), by_text);
	for (int i = 1; i < n; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			fail_msg("two streets are called %s", names[i]);
	free(names);
}

static void buildings_stand_in_the_area_that_they_say(void **state)
{
	(void)state;
	for (int i = 0; i < worlds[SCALE_TOWN]->building_count; i++) {
		const struct lot *lot = &worlds[SCALE_TOWN]->buildings[i].lot;
		bool is_frei = town_area_no(lot->neighbourhood) == 5;

		assert_int_equal(outline_ring_at(lot->at.x, lot->at.y) == RING_FREI, is_frei);
		assert_int_equal(town_street(worlds[SCALE_TOWN]->town, lot->street)->neighbourhood,
				 lot->neighbourhood);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_land_from_sea),
		cmocka_unit_test(every_corner_of_every_building_is_on_land),
		cmocka_unit_test(every_playground_is_on_land),
		cmocka_unit_test(no_two_buildings_stand_in_one_another),
		cmocka_unit_test(no_two_houses_of_a_street_have_the_same_number),
		cmocka_unit_test(no_two_streets_have_the_same_name),
		cmocka_unit_test(buildings_stand_in_the_area_that_they_say),
	};

	return cmocka_run_group_tests(tests, make_worlds, free_worlds);
}
