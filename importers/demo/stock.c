/* Shares the scale's components out over buildings and outdoor areas, and names each one's part. */
#include <assert.h>
#include <stdlib.h>

#include "parts.h"
#include "world.h"

/* How much of the whole stock a building has: its own technique, then homes, then rooms. */
enum {
	WEIGHT_BUILDING = 24,
	WEIGHT_PLANT = 12,
	WEIGHT_DWELLING = 8,
	WEIGHT_ROOM = 3,
	WEIGHT_OUTDOOR = 6
};

static int building_weight(const struct building *b)
{
	return (b->kind->group == KIND_PLANT ? WEIGHT_PLANT : WEIGHT_BUILDING) +
	       b->dwellings * WEIGHT_DWELLING + b->rooms * WEIGHT_ROOM;
}

/* Shares by weight so that the sum is exact: each gets what the running total has grown by. */
static void share_out(struct world *w)
{
	int64_t all = 0, sum = 0;
	int total = scale_figures[w->scale].components, done = 0;

	for (int i = 0; i < w->building_count; i++)
		all += building_weight(&w->buildings[i]);
	all += (int64_t)w->outdoor_count * WEIGHT_OUTDOOR;
	for (int i = 0; i < w->building_count; i++) {
		sum += building_weight(&w->buildings[i]);
		w->buildings[i].first_component = done;
		w->buildings[i].components = (int)(total * sum / all) - done;
		done += w->buildings[i].components;
	}
	for (int i = 0; i < w->outdoor_count; i++) {
		sum += WEIGHT_OUTDOOR;
		w->outdoors[i].first_component = done;
		w->outdoors[i].components = (int)(total * sum / all) - done;
		done += w->outdoors[i].components;
	}
	assert(done == total);
}

static void add(struct world *w, int place, int part, int serial, int building)
{
	w->components[w->component_count++] =
		(struct component){ place, (short)part, (short)serial, building };
}

/* One round of a part per dwelling or room, most important part first, until `until` is reached. */
static void add_rounds(struct world *w, int building, enum part_where where, int first_place,
		       int places, int until)
{
	const struct building *b = &w->buildings[building];

	for (int n = 0;; n++) {
		int part = part_nth(where, b->kind->group, b->main_storeys, n);

		if (part < 0)
			return;
		for (int i = 0; i < places; i++) {
			if (w->component_count == until)
				return;
			add(w, first_place + i, part, 1, building);
		}
	}
}

static void add_to_building(struct world *w, int i)
{
	const struct building *b = &w->buildings[i];
	int place = place_of_building(w, i), until = w->component_count + b->components;
	enum kind_group group = b->kind->group;

	for (int n = 0; w->component_count < until; n++) {
		int part = part_nth(PART_BUILDING, group, b->main_storeys, n);

		if (part < 0)
			break;
		add(w, place, part, 1, i);
	}
	add_rounds(w, i, PART_DWELLING, place_of_dwelling(w, b->first_dwelling), b->dwellings,
		   until);
	add_rounds(w, i, PART_ROOM, place_of_room(w, b->first_room), b->rooms, until);
	for (int n = 0; w->component_count < until; n++)
		add(w, place, part_repeated(group, n), n + 2, i);
}

static void add_to_outdoor(struct world *w, int i)
{
	const struct outdoor *o = &w->outdoors[i];

	for (int n = 0; n < o->components; n++) {
		int part = part_nth(PART_OUTDOOR, KIND_ANY, 0, n % 6);

		assert(part >= 0);
		add(w, place_of_outdoor(w, i), part, n / 6 + 1, -1);
	}
}

void world_add_components(struct world *w)
{
	w->components = calloc((size_t)scale_figures[w->scale].components, sizeof(*w->components));
	assert(w->components);
	share_out(w);
	for (int i = 0; i < w->building_count; i++)
		add_to_building(w, i);
	for (int i = 0; i < w->outdoor_count; i++)
		add_to_outdoor(w, i);
	assert(w->component_count == scale_figures[w->scale].components);
}
