/* Storeys, dwellings with their numbers, and rooms. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define STOREYS_MAX 12 /* K, U, eight H, L and one to spare */

static void *grown(void *at, int n, size_t size)
{
	/* Doubles at powers of two, so that growing costs nothing to speak of. */
	if (n && (n & (n - 1)))
		return at;
	at = realloc(at, size * (size_t)(n ? 2 * n : 1));
	assert(at);
	return at;
}

static int add_storey(struct world *w, int building, char plane, int number)
{
	w->storeys = grown(w->storeys, w->storey_count, sizeof(*w->storeys));
	w->storeys[w->storey_count] = (struct storey){ building, plane, number };
	w->buildings[building].storeys++;
	return w->storey_count++;
}

static void add_dwelling(struct world *w, int building, int storey, int sequence, char letter)
{
	struct prng p = prng_of(w->seed, 'd', (uint64_t)w->dwelling_count);
	int rooms = 1 + prng_weighted(&p, (const int[]){ 12, 38, 32, 14, 4 }, 5);

	/* A row house has no single-room dwellings. */
	if (letter && rooms < 2)
		rooms = 2;
	w->dwellings = grown(w->dwellings, w->dwelling_count, sizeof(*w->dwellings));
	w->dwellings[w->dwelling_count++] =
		(struct dwelling){ building, storey, sequence,
				   letter,   rooms,  20 + rooms * 16 + prng_below(&p, 12) };
	w->buildings[building].dwellings++;
}

/* Doors along the street: row houses and vertically divided two-family houses. */
static bool is_row(const struct building *b)
{
	return b->kind->code == 131 || b->kind->code == 136 || b->kind->code == 121;
}

/*
 * Shares `n` dwellings over storeys. `storeys` has them from the lowest; the first is the cellar
 * when there is one, where nobody lives; a basement has two dwellings at most.
 */
static void spread_dwellings(struct world *w, int building, const int *storeys, int count, int n)
{
	const struct building *b = &w->buildings[building];
	int from = b->has_cellar ? 1 : 0, done = 0;

	for (int s = from; s < count; s++) {
		int left_storeys = count - s, here = (n - done + left_storeys - 1) / left_storeys;

		if (w->storeys[storeys[s]].plane == 'U' && here > 2)
			here = 2;
		for (int i = 1; i <= here && done < n; i++, done++)
			add_dwelling(w, building, storeys[s], i, 0);
	}
	assert(done == n);
}

static void add_building_storeys(struct world *w, int i)
{
	struct building *b = &w->buildings[i];
	int storeys[STOREYS_MAX] = { 0 }, count = 0, n = b->dwellings, ground;

	b->first_storey = w->storey_count;
	b->first_dwelling = w->dwelling_count;
	b->dwellings = 0; /* counted again as they get their doors */
	if (b->has_cellar)
		storeys[count++] = add_storey(w, i, 'K', 1);
	if (b->has_basement)
		storeys[count++] = add_storey(w, i, 'U', 1);
	ground = count;
	for (int number = 1; number <= b->main_storeys; number++)
		storeys[count++] = add_storey(w, i, 'H', number);
	if (b->has_loft)
		storeys[count++] = add_storey(w, i, 'L', 1);
	if (is_row(b))
		for (int d = 0; d < n; d++)
			add_dwelling(w, i, storeys[ground], d + 1, (char)('A' + d));
	else if (n == 1)
		add_dwelling(w, i, storeys[ground], 1, 0);
	else
		spread_dwellings(w, i, storeys, count, n);
}

static void add_rooms(struct world *w, int i)
{
	struct building *b = &w->buildings[i];
	struct prng p = prng_of(w->seed, 'R', (uint64_t)i);

	b->first_room = w->room_count;
	for (int k = 0; k < 6 && b->kind->rooms[k].name; k++) {
		const struct room_kind *r = &b->kind->rooms[k];
		int first = w->room_count;

		for (int s = 0; s < b->storeys; s++) {
			const struct storey *storey = &w->storeys[b->first_storey + s];
			int n = storey->plane == 'H' ? prng_range(&p, r->low, r->high) : 0;

			for (int c = 0; c < n; c++) {
				w->rooms = grown(w->rooms, w->room_count, sizeof(*w->rooms));
				w->rooms[w->room_count] =
					(struct room){ i, b->first_storey + s, r->name,
						       w->room_count - first + 1 };
				w->room_count++;
			}
		}
		if (w->room_count == first + 1)
			w->rooms[first].serial = 0;
	}
	b->rooms = w->room_count - b->first_room;
}

void world_add_storeys(struct world *w)
{
	for (int i = 0; i < w->building_count; i++)
		add_building_storeys(w, i);
	for (int i = 0; i < w->building_count; i++)
		add_rooms(w, i);
	assert(w->dwelling_count == scale_figures[w->scale].dwellings);
}
