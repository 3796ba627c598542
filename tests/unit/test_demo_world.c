/* What the demo holds: exact counts, dwellings with doors, and components that fit their buildings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/matrikkel.h"
#include "importers/demo/ids.h"
#include "importers/demo/parts.h"
#include "importers/demo/register.h"
#include "importers/demo/world.h"

#define TODAY 20000

static struct world *worlds[SCALE__MAX];

static int make_worlds(void **state)
{
	(void)state;
	for (int i = 0; i < SCALE__MAX; i++) {
		worlds[i] = world_new((enum scale)i, 7, TODAY);
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

static void each_scale_has_exactly_what_it_says(void **state)
{
	static const struct {
		int buildings, dwellings, components;
	} wanted[] = { { 60, 400, 5000 }, { 450, 1300, 30000 }, { 20000, 100000, 1000000 } };

	(void)state;
	for (int s = 0; s < SCALE__MAX; s++) {
		assert_int_equal(worlds[s]->building_count, wanted[s].buildings);
		assert_int_equal(worlds[s]->dwelling_count, wanted[s].dwellings);
		assert_int_equal(worlds[s]->component_count, wanted[s].components);
	}
	assert_int_equal(scale_figures[SCALE_CITY].tasks, 1000000);
}

static void small_has_the_buildings_every_municipality_has(void **state)
{
	static const int codes[] = { 311, 612, 613, 614, 651, 721, 732, 822, 642 };

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		int n = 0;

		for (int b = 0; b < worlds[SCALE_SMALL]->building_count; b++)
			n += worlds[SCALE_SMALL]->buildings[b].kind->code == codes[i];
		if (!n)
			fail_msg("no building of type %d", codes[i]);
	}
}

static void every_dwelling_has_a_number_of_its_own_on_a_storey_that_is_there(void **state)
{
	(void)state;
	for (int s = 0; s < SCALE__MAX; s++) {
		const struct world *w = worlds[s];

		for (int i = 0; i < w->dwelling_count; i++) {
			const struct dwelling *d = &w->dwellings[i];
			const struct storey *storey = &w->storeys[d->storey];
			struct hnumber h = { storey->plane, storey->number, d->sequence }, read;
			char text[6];

			hnumber_format(&h, text);
			assert_true(hnumber_parse(text, &read));
			assert_int_not_equal(read.plane, 'K');
			assert_int_equal(storey->building, d->building);
			if (i && w->dwellings[i - 1].storey == d->storey)
				assert_int_equal(d->sequence, w->dwellings[i - 1].sequence + 1);
			else
				assert_int_equal(d->sequence, 1);
		}
	}
}

static void storeys_are_counted_from_the_ground_without_gaps(void **state)
{
	const struct world *w = worlds[SCALE_TOWN];

	(void)state;
	for (int i = 0; i < w->building_count; i++) {
		const struct building *b = &w->buildings[i];
		int main_storeys = 0;

		for (int s = b->first_storey; s < b->first_storey + b->storeys; s++)
			if (w->storeys[s].plane == 'H')
				assert_int_equal(w->storeys[s].number, ++main_storeys);
		assert_int_equal(main_storeys, b->main_storeys);
	}
}

static void no_two_properties_have_the_same_number(void **state)
{
	(void)state;
	for (int s = 0; s < SCALE__MAX; s++) {
		static int highest[1000];
		const struct world *w = worlds[s];

		memset(highest, 0, sizeof(highest));
		for (int i = 0; i < w->property_count; i++) {
			const struct property *p = &w->properties[i];

			assert_in_range(p->gnr, 1, 999);
			assert_true(p->bnr > highest[p->gnr]);
			highest[p->gnr] = p->bnr;
		}
	}
}

static void components_lie_on_places_of_their_building(void **state)
{
	const struct world *w = worlds[SCALE_TOWN];

	(void)state;
	for (int i = 0; i < w->building_count; i++) {
		const struct building *b = &w->buildings[i];

		for (int k = b->first_component; k < b->first_component + b->components; k++) {
			const struct component *c = &w->components[k];
			int dwelling = c->place - place_of_dwelling(w, 0);
			int room = c->place - place_of_room(w, 0);

			assert_int_equal(c->building, i);
			if (c->place == place_of_building(w, i))
				continue;
			if (room >= 0)
				assert_int_equal(w->rooms[room].building, i);
			else
				assert_int_equal(w->dwellings[dwelling].building, i);
		}
	}
}

static void only_buildings_with_storeys_to_climb_have_lifts(void **state)
{
	const struct world *w = worlds[SCALE_TOWN];
	int lifts = 0;

	(void)state;
	for (int i = 0; i < w->component_count; i++)
		if (strcmp(part_at(w->components[i].part)->element, "621") == 0) {
			assert_true(w->buildings[w->components[i].building].main_storeys >= 3);
			lifts++;
		}
	assert_true(lifts > 10);
}

static void old_components_are_in_worse_condition_than_new_ones(void **state)
{
	const struct world *w = worlds[SCALE_TOWN];
	double sums[2] = { 0 };
	int counts[2] = { 0 };

	(void)state;
	for (int i = 0; i < w->component_count; i++) {
		struct component_facts f = component_facts(w, i);
		int life = part_at(w->components[i].part)->life_years * 365;
		int is_old = TODAY - f.installed_on > life * 8 / 10;

		assert_true(f.installed_on <= TODAY && f.cost_ore > 0);
		if (f.grade < 0 || f.grade > 3)
			continue;
		sums[is_old] += f.grade;
		counts[is_old]++;
	}
	assert_true(counts[0] > 1000 && counts[1] > 1000);
	assert_true(sums[1] / counts[1] > sums[0] / counts[0] + 0.7);
}

static int by_code(const void *a, const void *b)
{
	return memcmp(a, b, 9);
}

static void no_two_labels_have_the_same_code(void **state)
{
	enum { EACH = 100000 };
	char(*codes)[9] = calloc(2 * EACH, sizeof(*codes));

	(void)state;
	assert_non_null(codes);
	for (uint64_t i = 0; i < EACH; i++) {
		demo_code(1, DEMO_PLACE, i, codes[i]);
		demo_code(1, DEMO_COMPONENT, i, codes[EACH + i]);
		assert_int_equal(strspn(codes[i], "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 8);
	}
	qsort(codes, 2 * EACH, sizeof(*codes), by_code);
	for (int i = 1; i < 2 * EACH; i++)
		assert_memory_not_equal(codes[i - 1], codes[i], 9);
	free(codes);
}

static void keys_are_uuids_of_version_7_in_the_order_of_rows(void **state)
{
	char last[UUID_TEXT] = "", id[UUID_TEXT];

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		demo_uuid(1, DEMO_TASK, i, id);
		assert_true(uuid_is_valid(id));
		assert_int_equal(id[14], '7');
		assert_non_null(strchr("89ab", id[19]));
		assert_true(strncmp(last, id, 13) < 0);
		memcpy(last, id, sizeof(last));
	}
}

static void days_are_counted_as_the_calendar_has_them(void **state)
{
	int year, month, day;

	(void)state;
	assert_int_equal(day_of(1970, 1, 1), 0);
	assert_int_equal(day_of(2000, 3, 1), 11017);
	assert_int_equal(day_of(2026, 11, 20), 20777);
	for (int d = -1000; d < 40000; d += 13) {
		day_split(d, &year, &month, &day);
		assert_int_equal(day_of(year, month, day), d);
	}
	assert_int_equal(day_weekday(day_of(2026, 11, 20)), 4); /* a Friday */
	assert_int_equal(day_work(day_of(2026, 11, 21)), day_of(2026, 11, 23));
	assert_int_equal(day_parse("2024-02-29"), day_of(2024, 2, 29));
	assert_int_equal(day_parse("2026-02-29"), -1);
	assert_int_equal(day_parse("2026-1-1"), -1);
	assert_int_equal(day_parse("2026-01-011"), -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_scale_has_exactly_what_it_says),
		cmocka_unit_test(small_has_the_buildings_every_municipality_has),
		cmocka_unit_test(every_dwelling_has_a_number_of_its_own_on_a_storey_that_is_there),
		cmocka_unit_test(storeys_are_counted_from_the_ground_without_gaps),
		cmocka_unit_test(no_two_properties_have_the_same_number),
		cmocka_unit_test(components_lie_on_places_of_their_building),
		cmocka_unit_test(only_buildings_with_storeys_to_climb_have_lifts),
		cmocka_unit_test(old_components_are_in_worse_condition_than_new_ones),
		cmocka_unit_test(no_two_labels_have_the_same_code),
		cmocka_unit_test(keys_are_uuids_of_version_7_in_the_order_of_rows),
		cmocka_unit_test(days_are_counted_as_the_calendar_has_them),
	};

	return cmocka_run_group_tests(tests, make_worlds, free_worlds);
}
