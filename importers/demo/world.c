#include "world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define HOUSES_PER_PROPERTY 4
#define BNR_STEP_MAX        3 /* numbers between ours are other people's properties */

static void *array(size_t n, size_t size)
{
	void *at = calloc(n ? n : 1, size);

	assert(at);
	return at;
}

/* ── which buildings ──────────────────────────────────────────────────────── */

static void add_buildings(struct world *w, const struct building_kind *kind, int n)
{
	for (int i = 0; i < n; i++)
		w->buildings[w->building_count++].kind = kind;
}

/* Public kinds by number, dwellings' kinds by weight in what is left. */
static void choose_kinds(struct world *w)
{
	int total = scale_figures[w->scale].buildings, rest, weights = 0, gone = 0;

	w->buildings = array((size_t)total, sizeof(*w->buildings));
	for (int i = 0; i < kind_count(); i++) {
		add_buildings(w, kind_at(i), kind_at(i)->counts[w->scale]);
		weights += kind_at(i)->weight;
	}
	rest = total - w->building_count;
	assert(weights > 0);
	for (int i = 0, sum = 0; i < kind_count(); i++) {
		int until;

		sum += kind_at(i)->weight;
		until = (int)((int64_t)rest * sum / weights);
		add_buildings(w, kind_at(i), until - gone);
		gone = until;
	}
	assert(w->building_count == total);
}

static void shuffle(struct world *w)
{
	struct prng p = prng_of(w->seed, 'S', 0);

	for (int i = w->building_count - 1; i > 0; i--) {
		int j = prng_below(&p, i + 1);
		struct building kept = w->buildings[i];

		w->buildings[i] = w->buildings[j];
		w->buildings[j] = kept;
	}
}

/* Shares out the scale's dwellings: each building its least, then the rest by room and chance. */
static void share_dwellings(struct world *w)
{
	int left = scale_figures[w->scale].dwellings, room = 0;
	double part;

	for (int i = 0; i < w->building_count; i++) {
		struct building *b = &w->buildings[i];

		b->dwellings = b->kind->dwellings[0];
		left -= b->dwellings;
		room += b->kind->dwellings[1] - b->dwellings;
	}
	assert(left >= 0 && left <= room);
	part = room ? (double)left / room : 0;
	for (int i = 0; i < w->building_count; i++) {
		struct building *b = &w->buildings[i];
		struct prng p = prng_of(w->seed, 'D', (uint64_t)i);
		int most = b->kind->dwellings[1] - b->dwellings;
		int more = (int)(most * part * prng_real(&p, 0.4, 1.5));

		more = more > most ? most : more > left ? left : more;
		b->dwellings += more;
		left -= more;
	}
	for (int i = 0; left > 0; i = (i + 1) % w->building_count)
		if (w->buildings[i].dwellings < w->buildings[i].kind->dwellings[1]) {
			w->buildings[i].dwellings++;
			left--;
		}
}

/* ── where they stand ─────────────────────────────────────────────────────── */

/* Footprints grow with the number of dwellings behind one another's doors. */
static void choose_size(struct building *b, struct prng *p)
{
	const struct building_kind *k = b->kind;
	int most = k->dwellings[1] - k->dwellings[0];
	double share = most ? (double)(b->dwellings - k->dwellings[0]) / most : prng_real(p, 0, 1);

	b->lot.width = k->width[0] + share * (k->width[1] - k->width[0]);
	b->lot.depth = prng_range(p, k->depth[0], k->depth[1]);
	b->main_storeys = prng_range(p, k->storeys[0], k->storeys[1]);
	b->built_year = prng_range(p, k->built[0], k->built[1]);
	b->has_cellar = b->built_year < 1985 && prng_chance(p, 40);
	b->has_basement = k->group == KIND_BLOCK && b->dwellings > 6 && prng_chance(p, 15);
	b->has_loft = k->code == 142 && b->built_year < 1970 && prng_chance(p, 50);
}

/* Town hall, theatre, library and fire station stand in the middle of the town. */
static bool is_central(const struct building_kind *kind)
{
	return kind->code == 311 || kind->code == 661 || kind->code == 642 || kind->code == 822;
}

static bool place_building(struct world *w, int i)
{
	struct building *b = &w->buildings[i];
	struct prng p = prng_of(w->seed, 'B', (uint64_t)i);
	bool is_small = w->scale == SCALE_SMALL;
	int weights[32], n = town_neighbourhoods(), first;
	struct lot lot;

	for (int nb = 0; nb < n; nb++)
		weights[nb] = town_weight(nb, is_small);
	first = prng_weighted(&p, weights, n);
	if (is_central(b->kind) && prng_chance(&p, w->scale == SCALE_CITY ? 30 : 100))
		first = 0;
	choose_size(b, &p);
	/* A full neighbourhood hands on to the next. */
	for (int step = 0; step < n; step++)
		if (town_next_lot(w->town, (first + step) % n, b->lot.width, b->lot.depth, &lot)) {
			b->lot = lot;
			return true;
		}
	return false;
}

static int by_address(const void *a, const void *b)
{
	const struct building *l = a, *r = b;

	if (l->lot.street != r->lot.street)
		return l->lot.street - r->lot.street;
	return l->lot.number - r->lot.number;
}

/* Numbers the public buildings of a kind in their neighbourhood, for their names. */
static void number_kinds(struct world *w)
{
	int seen[32][64] = { 0 };

	assert(town_neighbourhoods() <= 32 && kind_count() <= 64);
	for (int i = 0; i < w->building_count; i++) {
		struct building *b = &w->buildings[i];

		b->serial = seen[b->lot.neighbourhood][b->kind - kind_at(0)]++;
	}
}

/* Neighbouring houses in a street share a property; each public building has its own. */
static void add_properties(struct world *w)
{
	int bnr[32] = { 0 }, houses = 0;
	const struct building *last = NULL;

	w->properties = array((size_t)w->building_count, sizeof(*w->properties));
	for (int i = 0; i < w->building_count; i++) {
		struct building *b = &w->buildings[i];
		int nb = b->lot.neighbourhood;
		bool joins = last && last->lot.street == b->lot.street && last->dwellings &&
			     b->dwellings && houses < HOUSES_PER_PROPERTY;

		if (!joins) {
			struct prng p = prng_of(w->seed, 'P', (uint64_t)i);

			bnr[nb] += prng_range(&p, 1, BNR_STEP_MAX);
			w->properties[w->property_count++] = (struct property){
				.nb = nb, .gnr = town_gnr(nb), .bnr = bnr[nb], .first_building = i
			};
			houses = 0;
		}
		b->property = w->property_count - 1;
		houses++;
		last = b;
	}
}

/* Playgrounds and squares: a lot of their own beside schools, kindergartens and each larger estate.
 */
static void add_outdoors(struct world *w)
{
	w->outdoors = array((size_t)w->property_count, sizeof(*w->outdoors));
	for (int i = 0; i < w->property_count; i++) {
		const struct building *b = &w->buildings[w->properties[i].first_building];
		struct prng p = prng_of(w->seed, 'O', (uint64_t)i);
		bool is_school = b->kind->code >= 612 && b->kind->code <= 615;
		struct lot lot;

		if (!is_school && !(b->dwellings && prng_chance(&p, 22)))
			continue;
		if (!town_next_lot(w->town, w->properties[i].nb, prng_range(&p, 14, 30),
				   prng_range(&p, 14, 20), &lot))
			continue;
		w->properties[i].has_garden = true;
		w->outdoors[w->outdoor_count++] = (struct outdoor){
			.property = i, .lot = lot, .is_playground = is_school || prng_chance(&p, 70)
		};
	}
}

/* ── all of it ────────────────────────────────────────────────────────────── */

struct world *world_new(enum scale scale, uint64_t seed, int today)
{
	struct world *w = array(1, sizeof(*w));

	w->scale = scale;
	w->seed = seed;
	w->today = today;
	w->town = town_new(seed, scale_figures[scale].lots_per_street);
	choose_kinds(w);
	shuffle(w);
	share_dwellings(w);
	for (int i = 0; i < w->building_count; i++)
		if (!place_building(w, i)) {
			world_free(w);
			return NULL;
		}
	qsort(w->buildings, (size_t)w->building_count, sizeof(*w->buildings), by_address);
	number_kinds(w);
	add_properties(w);
	add_outdoors(w);
	world_add_storeys(w);
	world_add_components(w);
	return w;
}

void world_free(struct world *w)
{
	if (!w)
		return;
	town_free(w->town);
	free(w->properties);
	free(w->buildings);
	free(w->storeys);
	free(w->dwellings);
	free(w->rooms);
	free(w->outdoors);
	free(w->components);
	free(w);
}

/* ── numbers of places ────────────────────────────────────────────────────── */

int place_of_property(const struct world *w, int i)
{
	(void)w;
	return 1 + i;
}

int place_of_building(const struct world *w, int i)
{
	return place_of_property(w, w->property_count) + i;
}

int place_of_storey(const struct world *w, int i)
{
	return place_of_building(w, w->building_count) + i;
}

int place_of_dwelling(const struct world *w, int i)
{
	return place_of_storey(w, w->storey_count) + i;
}

int place_of_room(const struct world *w, int i)
{
	return place_of_dwelling(w, w->dwelling_count) + i;
}

int place_of_outdoor(const struct world *w, int i)
{
	return place_of_room(w, w->room_count) + i;
}

int place_count(const struct world *w)
{
	return place_of_outdoor(w, w->outdoor_count);
}

int building_area(const struct world *w, int building)
{
	return town_area_no(w->buildings[building].lot.neighbourhood);
}

int building_corners(const struct building *b, struct point out[CORNERS_MAX])
{
	/* Large public buildings are L-shaped: a wing less deep than the main part. */
	static const double l_shape[][2] = { { -1, -1 },    { 1, -1 },   { 1, 0.1 },
					     { -0.2, 0.1 }, { -0.2, 1 }, { -1, 1 } };
	static const double box[][2] = { { -1, -1 }, { 1, -1 }, { 1, 1 }, { -1, 1 } };
	bool is_l = b->kind->group == KIND_PUBLIC && b->lot.width > 40;
	int n = is_l ? 6 : 4;

	for (int i = 0; i < n; i++)
		out[i] = is_l ? lot_corner(&b->lot, l_shape[i][0], l_shape[i][1])
			      : lot_corner(&b->lot, box[i][0], box[i][1]);
	return n;
}

double building_ground_m2(const struct building *b)
{
	bool is_l = b->kind->group == KIND_PUBLIC && b->lot.width > 40;

	/* The L leaves 0.6 of the width times 0.45 of the depth open. */
	return b->lot.width * b->lot.depth * (is_l ? 1 - 0.6 * 0.45 : 1);
}
