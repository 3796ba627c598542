/* Writes areas and the place tree. */
#include <stdio.h>
#include <string.h>

#include "base/matrikkel.h"
#include "ids.h"
#include "outline.h"
#include "register.h"

#define MUNICIPALITY_NO "1505"

/* 26 letters and the address without one, rounded up: the address's row number is building * 32 +
 * letter. */
#define ADDRESSES_EACH 32

#define BUILDINGS_PER_COPY 1000

void building_name(const struct world *w, int building, char out[LABEL_MAX])
{
	const struct building *b = &w->buildings[building];
	const char *street = town_street(w->town, b->lot.street)->name;
	const char *where = town_neighbourhood_name(b->lot.neighbourhood);

	if (b->dwellings && w->dwellings[b->first_dwelling].letter)
		snprintf(out, LABEL_MAX, "%s %dA–%c", street, b->lot.number,
			 w->dwellings[b->first_dwelling + b->dwellings - 1].letter);
	else if (!b->kind->word)
		snprintf(out, LABEL_MAX, "%s %d", street, b->lot.number);
	else if (b->kind->code == 311 && (b->serial || b->lot.neighbourhood))
		snprintf(out, LABEL_MAX, "%s kontorbygg", street);
	else if (!b->lot.neighbourhood && !b->serial &&
		 (b->kind->code == 311 || b->kind->code == 642 || b->kind->code == 661))
		snprintf(out, LABEL_MAX, "Kristiansund %s", b->kind->word);
	else if (b->kind->group == KIND_PLANT || b->serial)
		snprintf(out, LABEL_MAX, "%s %s", street, b->kind->word);
	else
		snprintf(out, LABEL_MAX, "%s %s", where, b->kind->word);
}

/* Begins a place's row: id, parent, kind, name, area (0: none) and code. */
static void place_row(const struct world *w, struct copy *c, int place, int parent,
		      const char *kind, const char *name, int area)
{
	char code[9];

	col_key(c, w->seed, DEMO_PLACE, place);
	col_key(c, w->seed, DEMO_PLACE, parent);
	col_text(c, kind);
	col_text(c, name);
	if (area)
		col_int(c, area);
	else
		col_null(c);
	demo_code(w->seed, DEMO_PLACE, (uint64_t)place, code);
	col_text(c, strcmp(kind, "property") == 0 || strcmp(kind, "storey") == 0 || parent < 0
			    ? NULL
			    : code);
}

/* Ends it: geometry (none when n is 0), whether all may see it, and a warning. */
static void place_row_end(struct copy *c, const struct point *corners, int n, bool is_public,
			  const char *warning)
{
	if (n)
		col_polygon(c, corners, n);
	else
		col_null(c);
	col_bool(c, is_public);
	col_text(c, warning);
	row_end(c);
}

static void property_places(const struct world *w, struct copy *c)
{
	for (int i = 0; i < w->property_count; i++) {
		const struct property *p = &w->properties[i];
		char name[MATRIKKEL_TEXT_MAX];

		matrikkel_format(&(struct matrikkel){ MUNICIPALITY_NO, p->gnr, p->bnr, 0, 0 },
				 name);
		place_row(w, c, place_of_property(w, i), 0, "property", name, town_area_no(p->nb));
		place_row_end(c, NULL, 0, false, NULL);
	}
}

/* What whoever goes there must know first. */
static const char *warning_of(const struct world *w, int building)
{
	const struct building *b = &w->buildings[building];
	struct prng p = prng_of(w->seed, 'W', (uint64_t)building);
	int draw = prng_below(&p, 100);

	if (b->built_year < 1980 && draw < 6)
		return "Asbest i eternittkledning. Se miljøkartlegging før arbeid.";
	if (b->kind->group == KIND_PUBLIC && draw > 88)
		return "Koble ut brannalarmen hos vaktsentralen før varmt arbeid.";
	if (b->kind->code == 214)
		return "Gassfare i pumpesump. Mål luften før nedstigning.";
	return NULL;
}

static void building_places(const struct world *w, struct copy *c)
{
	for (int i = 0; i < w->building_count; i++) {
		const struct building *b = &w->buildings[i];
		struct point corners[CORNERS_MAX];
		char name[LABEL_MAX];
		int n = building_corners(b, corners);

		building_name(w, i, name);
		place_row(w, c, place_of_building(w, i), place_of_property(w, b->property),
			  "building", name, building_area(w, i));
		place_row_end(c, corners, n,
			      b->kind->group == KIND_PUBLIC || b->kind->group == KIND_HALL,
			      warning_of(w, i));
	}
}

static void storey_name(const struct storey *s, char out[LABEL_MAX])
{
	switch (s->plane) {
	case 'K':
		snprintf(out, LABEL_MAX, "Kjeller");
		break;
	case 'U':
		snprintf(out, LABEL_MAX, "Underetasje");
		break;
	case 'L':
		snprintf(out, LABEL_MAX, "Loft");
		break;
	default:
		snprintf(out, LABEL_MAX, "%d. etasje", s->number);
	}
}

static void h_number(const struct world *w, int dwelling, char out[6])
{
	const struct dwelling *d = &w->dwellings[dwelling];
	const struct storey *s = &w->storeys[d->storey];

	hnumber_format(&(struct hnumber){ s->plane, s->number, d->sequence }, out);
}

static void inner_places(const struct world *w, struct copy *c)
{
	char name[LABEL_MAX];

	for (int i = 0; i < w->storey_count; i++) {
		const struct storey *s = &w->storeys[i];

		storey_name(s, name);
		place_row(w, c, place_of_storey(w, i), place_of_building(w, s->building), "storey",
			  name, building_area(w, s->building));
		place_row_end(c, NULL, 0, false, NULL);
	}
	for (int i = 0; i < w->dwelling_count; i++) {
		const struct dwelling *d = &w->dwellings[i];

		h_number(w, i, name);
		place_row(w, c, place_of_dwelling(w, i), place_of_storey(w, d->storey), "dwelling",
			  name, building_area(w, d->building));
		place_row_end(c, NULL, 0, false, NULL);
	}
	for (int i = 0; i < w->room_count; i++) {
		const struct room *r = &w->rooms[i];

		if (r->serial)
			snprintf(name, sizeof(name), "%s %d", r->name, r->serial);
		else
			snprintf(name, sizeof(name), "%s", r->name);
		place_row(w, c, place_of_room(w, i), place_of_storey(w, r->storey), "room", name,
			  building_area(w, r->building));
		place_row_end(c, NULL, 0, false, NULL);
	}
}

static void outdoor_places(const struct world *w, struct copy *c)
{
	for (int i = 0; i < w->outdoor_count; i++) {
		const struct outdoor *o = &w->outdoors[i];
		struct point corners[4] = { lot_corner(&o->lot, -1, -1), lot_corner(&o->lot, 1, -1),
					    lot_corner(&o->lot, 1, 1), lot_corner(&o->lot, -1, 1) };
		char name[LABEL_MAX];

		snprintf(name, sizeof(name), "%s %s",
			 o->is_playground ? "Lekeplass" : "Grøntområde",
			 town_street(w->town, o->lot.street)->name);
		place_row(w, c, place_of_outdoor(w, i), place_of_property(w, o->property),
			  "outdoor_area", name, town_area_no(o->lot.neighbourhood));
		place_row_end(c, corners, 4, true, NULL);
	}
}

/* Columns of Q_DEMO_COPY_BUILDING. */
static void building_row(const struct world *w, struct copy *c, int i)
{
	static const char *const heating[] = { "Elektrisk", "Fjernvarme", "Varmepumpe luft-luft",
					       "Varmepumpe sjøvann", "Bioenergi" };
	const struct building *b = &w->buildings[i];
	struct prng p = prng_of(w->seed, 'F', (uint64_t)i);
	double gross = building_ground_m2(b) * (b->storeys - (b->has_loft ? 0.4 : 0));
	int age = day_year(w->today) - b->built_year, energy = 1 + age / 14 + prng_range(&p, -1, 1);

	col_key(c, w->seed, DEMO_PLACE, place_of_building(w, i));
	col_int(c, 182000000 + (int64_t)i * 37 + prng_below(&p, 37));
	col_int(c, b->kind->code);
	col_text(c, prng_chance(&p, 70) ? "TB" : "FA");
	col_int(c, b->built_year);
	col_int(c, b->main_storeys);
	col_printf(c, "%.0f", gross);
	col_printf(c, "%.0f", gross * 0.88);
	col_text(c, heating[prng_weighted(&p, (const int[]){ 52, 16, 18, 8, 6 }, 5)]);
	col_printf(c, "%c", 'A' + (energy < 0 ? 0 : energy > 6 ? 6 : energy));
	col_bool(c, b->built_year < 1925);
	col_text(c, b->dwellings && prng_chance(&p, 30) ? "Kommunalt boligforetak"
							: "Kristiansund kommune");
	col_text(c, b->kind->use);
	col_printf(c, "Eiendomsdrift %s", town_area_name(building_area(w, i)));
	row_end(c);
}

/* Columns of Q_DEMO_COPY_ADDRESS. letter 0: the building's own. */
static void address_row(const struct world *w, struct copy *c, int building, char letter,
			double along)
{
	const struct building *b = &w->buildings[building];
	const struct street *s = town_street(w->town, b->lot.street);
	char text[2] = { letter, '\0' };
	const char *post_town;
	int postcode = town_postcode(w->town, b->lot.street, &post_town);

	col_key(c, w->seed, DEMO_ADDRESS,
		(int64_t)building * ADDRESSES_EACH + (letter ? (letter - 'A' + 1) : 0));
	col_text(c, MUNICIPALITY_NO);
	col_int(c, s->code);
	col_text(c, s->name);
	col_int(c, b->lot.number);
	col_text(c, letter ? text : NULL);
	col_int(c, postcode);
	col_text(c, post_town);
	col_key(c, w->seed, DEMO_PLACE, place_of_property(w, b->property));
	col_key(c, w->seed, DEMO_PLACE, place_of_building(w, building));
	col_point(c, lot_corner(&b->lot, along, 0));
	col_printf(c, MUNICIPALITY_NO "-%d-%d-%s", s->code, b->lot.number, letter ? text : "");
	row_end(c);
}

static void building_addresses(const struct world *w, struct copy *c, int i)
{
	const struct building *b = &w->buildings[i];

	if (!b->dwellings || !w->dwellings[b->first_dwelling].letter)
		address_row(w, c, i, 0, 0);
	for (int n = 0; n < b->dwellings; n++)
		if (w->dwellings[b->first_dwelling + n].letter)
			address_row(w, c, i, w->dwellings[b->first_dwelling + n].letter,
				    (2.0 * n + 1) / b->dwellings - 1);
}

/*
 * Addresses in several statements: each updates its buildings' labels, and triggers of that update
 * may compare all old rows with all new ones.
 */
static enum err addresses_write(const struct world *w, struct sink *sink, uint64_t *rows)
{
	struct copy c;
	enum err e;

	for (int first = 0; first < w->building_count; first += BUILDINGS_PER_COPY) {
		int end = first + BUILDINGS_PER_COPY;

		copy_begin(&c, sink, Q_DEMO_COPY_ADDRESS);
		for (int i = first; i < end && i < w->building_count; i++)
			building_addresses(w, &c, i);
		if ((e = copy_end(&c, rows)))
			return e;
	}
	return OK;
}

/* Columns of Q_DEMO_COPY_DWELLING. */
static void dwelling_row(const struct world *w, struct copy *c, int i)
{
	const struct dwelling *d = &w->dwellings[i];
	char h[6];

	col_key(c, w->seed, DEMO_PLACE, place_of_dwelling(w, i));
	h_number(w, i, h);
	col_text(c, h);
	col_text(c, "B");
	col_int(c, d->rooms);
	col_int(c, d->area_m2);
	col_key(c, w->seed, DEMO_ADDRESS,
		(int64_t)d->building * ADDRESSES_EACH + (d->letter ? (d->letter - 'A' + 1) : 0));
	row_end(c);
}

static enum err areas_write(struct sink *sink, uint64_t *rows)
{
	struct copy c;

	copy_begin(&c, sink, Q_DEMO_COPY_AREA);
	for (int i = 1; i <= TOWN_AREAS; i++) {
		col_int(&c, i);
		col_text(&c, town_area_name(i));
		col_text(&c, MUNICIPALITY_NO);
		row_end(&c);
	}
	return copy_end(&c, rows);
}

/* Municipality, properties and buildings, with the addresses that buildings take their labels from.
 */
static enum err outer_write(const struct world *w, struct sink *sink, uint64_t *rows)
{
	struct copy c;
	enum err e;

	copy_begin(&c, sink, Q_DEMO_COPY_PLACE);
	place_row(w, &c, 0, -1, "municipality", "Kristiansund", 0);
	col_text(&c, outline_ewkt());
	col_bool(&c, true);
	col_null(&c);
	row_end(&c);
	property_places(w, &c);
	building_places(w, &c);
	if ((e = copy_end(&c, rows)) || (e = sink->settle(sink)))
		return e;
	if ((e = addresses_write(w, sink, rows)))
		return e;
	return sink->settle(sink);
}

/* The rest of the tree comes after the addresses: a label then goes down once, and is not changed.
 */
static enum err inner_write(const struct world *w, struct sink *sink, uint64_t *rows)
{
	struct copy c;

	copy_begin(&c, sink, Q_DEMO_COPY_PLACE);
	inner_places(w, &c);
	outdoor_places(w, &c);
	return copy_end(&c, rows);
}

/* Columns of Q_DEMO_COPY_PROPERTY, Q_DEMO_COPY_BUILDING, Q_DEMO_COPY_STOREY, Q_DEMO_COPY_DWELLING.
 */
static enum err extensions_write(const struct world *w, struct sink *sink, uint64_t *rows)
{
	char plane[2] = "";
	struct copy c;
	enum err e;

	copy_begin(&c, sink, Q_DEMO_COPY_PROPERTY);
	for (int i = 0; i < w->property_count; i++) {
		col_key(&c, w->seed, DEMO_PLACE, place_of_property(w, i));
		col_text(&c, MUNICIPALITY_NO);
		col_int(&c, w->properties[i].gnr);
		col_int(&c, w->properties[i].bnr);
		row_end(&c);
	}
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_BUILDING);
	for (int i = 0; i < w->building_count; i++)
		building_row(w, &c, i);
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_STOREY);
	for (int i = 0; i < w->storey_count; i++) {
		col_key(&c, w->seed, DEMO_PLACE, place_of_storey(w, i));
		plane[0] = w->storeys[i].plane;
		col_text(&c, plane);
		col_int(&c, w->storeys[i].number);
		row_end(&c);
	}
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_DWELLING);
	for (int i = 0; i < w->dwelling_count; i++)
		dwelling_row(w, &c, i);
	return copy_end(&c, rows);
}

enum err places_write(const struct world *w, struct sink *sink, uint64_t *rows)
{
	enum err e;

	if ((e = areas_write(sink, rows)) || (e = outer_write(w, sink, rows)) ||
	    (e = inner_write(w, sink, rows)))
		return e;
	return extensions_write(w, sink, rows);
}
