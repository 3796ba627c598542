#include "town.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "outline.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

#define STREET_LENGTH  340.0 /* metres between two cross streets */
#define STREET_EVERY   400.0 /* the cross street and its pavements included */
#define STREET_SPACING 66.0  /* two lots, back to back, and the street */
#define SETBACK        8.0   /* from the middle of the street to the front wall */
#define SHORE          6.0 /* nothing is built nearer the shore or the neighbours' lots than this */
#define BEND           18.0  /* how far a street swings to each side */
#define BEND_LENGTH    720.0 /* and over what length */
#define SPARSE_PERCENT 60    /* streets where a municipality of ordinary size owns nothing */
#define START_MAX      180   /* and how far along the others its first lot may be */
#define GRID_ROWS      40    /* streets looked for on each side of a centre */
#define GRID_COLUMNS   6     /* and in each direction along them */

static const double pi = 3.14159265358979323846;

static const char *const areas[TOWN_AREAS] = { "Kirkelandet", "Innlandet", "Nordlandet",
					       "Gomalandet", "Frei" };

static const struct neighbourhood {
	const char *name;
	int area_no;
	enum outline_ring ring;
	struct point centre;
	double degrees; /* direction of its streets, against east */
	int gnr;
	int postcodes[2];
	int weight, weight_small;
} neighbourhoods[] = {
	{ "Kirkelandet", 1, RING_TOWN, { 434900, 6999450 }, 28, 7, { 6509, 6510 }, 16, 26 },
	{ "Karihola", 1, RING_TOWN, { 434450, 7000120 }, 75, 4, { 6516, 6516 }, 6, 0 },
	{ "Innlandet", 2, RING_TOWN, { 436120, 6998980 }, -32, 3, { 6509, 6508 }, 6, 10 },
	{ "Gomalandet", 4, RING_TOWN, { 436450, 7000050 }, 58, 5, { 6512, 6515 }, 10, 10 },
	{ "Nordlandet", 3, RING_NORDLANDET, { 438150, 6998950 }, 12, 8, { 6511, 6517 }, 16, 14 },
	{ "Løkkemyra", 3, RING_NORDLANDET, { 439600, 6999100 }, -8, 11, { 6517, 6518 }, 11, 0 },
	{ "Dale", 3, RING_NORDLANDET, { 440700, 7000200 }, 35, 14, { 6514, 6517 }, 7, 0 },
	{ "Kvernberget", 3, RING_NORDLANDET, { 441700, 6999000 }, 5, 17, { 6517, 6517 }, 4, 0 },
	{ "Rensvik", 5, RING_FREI, { 440900, 6996700 }, 20, 121, { 6520, 6521 }, 11, 8 },
	{ "Storbakken", 5, RING_FREI, { 441700, 6995300 }, -25, 124, { 6521, 6521 }, 5, 0 },
	{ "Kvalvåg", 5, RING_FREI, { 443100, 6994300 }, 70, 132, { 6522, 6522 }, 4, 0 },
	{ "Flatset", 5, RING_FREI, { 438200, 6991200 }, -15, 140, { 6523, 6523 }, 3, 0 },
	{ "Bjerkestrand", 5, RING_FREI, { 436300, 6990800 }, 40, 143, { 6523, 6522 }, 1, 0 },
};

/* A street that could be built: ordered by how far it is from its neighbourhood's centre. */
struct site {
	double u0, v, distance;
};

struct town {
	uint64_t seed;
	int lots_per_street;
	struct street *streets;
	int street_count;
	struct {
		struct site *sites;
		int site_count;
		int next_site; /* the first one that is no street yet */
		int open;      /* the street being built, -1 for none */
		double bend_phase;
	} at[COUNT(neighbourhoods)];
};

/* ── from a neighbourhood's own directions to the map ─────────────────────── */

static double bend_at(const struct town *t, int nb, double u)
{
	return BEND * sin(2 * pi * u / BEND_LENGTH + t->at[nb].bend_phase);
}

/* The direction of the street at u, radians against east. */
static double angle_at(const struct town *t, int nb, double u)
{
	double slope =
		BEND * 2 * pi / BEND_LENGTH * cos(2 * pi * u / BEND_LENGTH + t->at[nb].bend_phase);

	return neighbourhoods[nb].degrees * pi / 180 + atan(slope);
}

static struct point map_point(const struct town *t, int nb, double u, double v)
{
	const struct neighbourhood *n = &neighbourhoods[nb];
	double a = n->degrees * pi / 180, w = v + bend_at(t, nb, u);

	return (struct point){ n->centre.x + u * cos(a) - w * sin(a),
			       n->centre.y + u * sin(a) + w * cos(a) };
}

static double distance2(struct point a, struct point b)
{
	return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

/* Whether the point is on the neighbourhood's island and nearer its centre than any other's there.
 */
static bool belongs(int nb, struct point p)
{
	const struct neighbourhood *n = &neighbourhoods[nb];
	double own = distance2(p, n->centre);

	if (outline_ring_at(p.x, p.y) != n->ring)
		return false;
	for (int i = 0; i < COUNT(neighbourhoods); i++)
		if (neighbourhoods[i].ring == n->ring &&
		    distance2(p, neighbourhoods[i].centre) < own)
			return false;
	return true;
}

struct point lot_corner(const struct lot *lot, double along, double across)
{
	double u = along * lot->width / 2, v = across * lot->depth / 2;
	double x = lot->at.x + u * cos(lot->angle) - v * sin(lot->angle);
	double y = lot->at.y + u * sin(lot->angle) + v * cos(lot->angle);

	return (struct point){ round(x * 100) / 100, round(y * 100) / 100 };
}

/* ── streets ──────────────────────────────────────────────────────────────── */

static int nearer(const void *a, const void *b)
{
	const struct site *l = a, *r = b;

	if (l->distance != r->distance)
		return l->distance < r->distance ? -1 : 1;
	if (l->v != r->v)
		return l->v < r->v ? -1 : 1;
	return l->u0 < r->u0 ? -1 : l->u0 > r->u0;
}

static void find_sites(struct town *t, int nb)
{
	struct site *sites =
		calloc((size_t)(2 * GRID_ROWS + 1) * (2 * GRID_COLUMNS + 1), sizeof(*sites));
	int n = 0;

	assert(sites);
	for (int row = -GRID_ROWS; row <= GRID_ROWS; row++)
		for (int column = -GRID_COLUMNS; column <= GRID_COLUMNS; column++) {
			double u0 = column * STREET_EVERY - STREET_LENGTH / 2;
			double v = row * STREET_SPACING;
			struct point middle = map_point(t, nb, u0 + STREET_LENGTH / 2, v);

			if (belongs(nb, middle))
				sites[n++] = (struct site){
					u0, v, distance2(middle, neighbourhoods[nb].centre)
				};
		}
	qsort(sites, (size_t)n, sizeof(*sites), nearer);
	t->at[nb].sites = sites;
	t->at[nb].site_count = n;
}

struct town *town_new(uint64_t seed, int lots_per_street)
{
	struct town *t = calloc(1, sizeof(*t));

	assert(t);
	t->seed = seed;
	t->lots_per_street = lots_per_street;
	t->streets = calloc((size_t)name_street_count(), sizeof(*t->streets));
	assert(t->streets);
	for (int nb = 0; nb < COUNT(neighbourhoods); nb++) {
		struct prng p = prng_of(seed, 'N', (uint64_t)nb);

		t->at[nb].bend_phase = prng_real(&p, 0, 2 * pi);
		t->at[nb].open = -1;
		find_sites(t, nb);
	}
	return t;
}

void town_free(struct town *t)
{
	if (!t)
		return;
	for (int nb = 0; nb < COUNT(neighbourhoods); nb++)
		free(t->at[nb].sites);
	free(t->streets);
	free(t);
}

/*
 * Opens the nearest street not yet built. Unless streets are built full, some are passed over and
 * the others begin anywhere: what a municipality owns is spread over a town. False when there is
 * none left.
 */
static bool open_street(struct town *t, int nb)
{
	struct prng p = prng_of(t->seed, 'T', (uint64_t)t->street_count);
	const struct site *site;
	struct street *s;

	do {
		if (t->at[nb].next_site >= t->at[nb].site_count ||
		    t->street_count >= name_street_count())
			return false;
		site = &t->at[nb].sites[t->at[nb].next_site++];
	} while (t->lots_per_street && prng_chance(&p, SPARSE_PERCENT));
	s = &t->streets[t->street_count];
	name_street(t->street_count, s->name);
	s->code = 1000 + 10 * t->street_count;
	s->neighbourhood = nb;
	s->u0 = site->u0;
	s->v = site->v;
	if (t->lots_per_street)
		s->next_u[0] = s->next_u[1] = 12 * prng_below(&p, START_MAX / 12);
	t->at[nb].open = t->street_count++;
	return true;
}

/* ── lots ─────────────────────────────────────────────────────────────────── */

static bool is_free(int nb, const struct lot *lot)
{
	struct lot padded = *lot;

	padded.width += 2 * SHORE;
	padded.depth += 2 * SHORE;
	for (int along = -1; along <= 1; along++)
		for (int across = -1; across <= 1; across += 2)
			if (!belongs(nb, lot_corner(&padded, along, across)))
				return false;
	return true;
}

/* Places the footprint on the side that is built least far. False when the street is full. */
static bool place(struct town *t, int street, double width, double depth, struct lot *out)
{
	struct street *s = &t->streets[street];
	int nb = s->neighbourhood;
	double room = width + (width > 25 ? 14 : 7);

	while (!t->lots_per_street || s->built < t->lots_per_street) {
		int side = s->next_u[0] <= s->next_u[1] ? 0 : 1;
		double start = s->next_u[side], u = s->u0 + start + room / 2;
		double v = s->v + (side ? -1 : 1) * (SETBACK + depth / 2);

		if (start + room > STREET_LENGTH)
			return false;
		*out = (struct lot){ map_point(t, nb, u, v),
				     angle_at(t, nb, u),
				     width,
				     depth,
				     street,
				     2 * (int)(start / 12) + 1 + side,
				     nb };
		if (is_free(nb, out)) {
			s->next_u[side] = start + room;
			s->built++;
			return true;
		}
		s->next_u[side] += 12;
	}
	return false;
}

bool town_next_lot(struct town *t, int nb, double width, double depth, struct lot *out)
{
	assert(depth <= LOT_DEPTH_MAX && width < STREET_LENGTH / 2);
	for (;;) {
		if (t->at[nb].open >= 0 && place(t, t->at[nb].open, width, depth, out))
			return true;
		if (!open_street(t, nb))
			return false;
	}
}

/* ── what the tables say ──────────────────────────────────────────────────── */

const char *town_area_name(int area_no)
{
	assert(area_no >= 1 && area_no <= TOWN_AREAS);
	return areas[area_no - 1];
}

int town_neighbourhoods(void)
{
	return COUNT(neighbourhoods);
}

const char *town_neighbourhood_name(int nb)
{
	return neighbourhoods[nb].name;
}

int town_area_no(int nb)
{
	return neighbourhoods[nb].area_no;
}

int town_gnr(int nb)
{
	return neighbourhoods[nb].gnr;
}

int town_weight(int nb, bool is_small)
{
	return is_small ? neighbourhoods[nb].weight_small : neighbourhoods[nb].weight;
}

int town_postcode(const struct town *t, int street, const char **post_town)
{
	const struct neighbourhood *n = &neighbourhoods[t->streets[street].neighbourhood];

	*post_town = n->area_no == 5 ? "FREI" : "KRISTIANSUND N";
	return n->postcodes[(t->streets[street].code / 10) % 2];
}

int town_streets(const struct town *t)
{
	return t->street_count;
}

const struct street *town_street(const struct town *t, int i)
{
	return &t->streets[i];
}
