/*
 * The demo municipality in memory: what there is and what belongs to what, by row numbers. Texts
 * and keys are made when the rows are written (rows_*.c). Places are numbered in the order of their
 * rows: the municipality, properties, buildings, storeys, dwellings, rooms, outdoor areas.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kinds.h"
#include "town.h"

#define CORNERS_MAX 6

struct property {
	int nb, gnr, bnr;
	int first_building;
	bool has_garden; /* an outdoor area of its own */
};

struct building {
	const struct building_kind *kind;
	struct lot lot;
	int property, serial; /* serial: the how manyth of its kind in its neighbourhood, from 0 */
	int built_year, main_storeys;
	bool has_cellar, has_basement, has_loft;
	int first_storey, storeys;
	int first_dwelling, dwellings;
	int first_room, rooms;
	int first_component, components;
};

struct storey {
	int building;
	char plane; /* K U H L */
	int number;
};

struct dwelling {
	int building, storey;
	int sequence; /* from the left, from 1 */
	char letter;  /* of its address; 0 for the building's own */
	int rooms, area_m2;
};

struct room {
	int building, storey;
	const char *name;
	int serial; /* from 1; 0 when it is the only one in the building */
};

struct outdoor {
	int property;
	struct lot lot;
	bool is_playground;
	int first_component, components;
};

/* A component: which part it is, of what, and how manyth there. */
struct component {
	int place;  /* place number */
	short part; /* index of part_at() */
	short serial;
	int building; /* -1 for outdoor areas */
};

struct world {
	uint64_t seed;
	enum scale scale;
	int today; /* days since 1970 */
	struct town *town;
	struct property *properties;
	struct building *buildings;
	struct storey *storeys;
	struct dwelling *dwellings;
	struct room *rooms;
	struct outdoor *outdoors;
	struct component *components;
	int property_count, building_count, storey_count, dwelling_count, room_count, outdoor_count,
		component_count;
};

/* Makes all of it. `today` in days since 1970. Freed by world_free(). NULL when the streets cannot
 * hold the buildings, which no scale does. */
struct world *world_new(enum scale scale, uint64_t seed, int today);
void world_free(struct world *w);

/* The place number of each kind's row `i`. The municipality's is 0. */
int place_of_property(const struct world *w, int i);
int place_of_building(const struct world *w, int i);
int place_of_storey(const struct world *w, int i);
int place_of_dwelling(const struct world *w, int i);
int place_of_room(const struct world *w, int i);
int place_of_outdoor(const struct world *w, int i);
int place_count(const struct world *w);

/* The area that a building lies in. */
int building_area(const struct world *w, int building);

/* The footprint's corners, counter-clockwise, to the centimetre: 4, or 6 for an L. Returns how
 * many. */
int building_corners(const struct building *b, struct point out[CORNERS_MAX]);

/* Ground area in m². */
double building_ground_m2(const struct building *b);

/* The parts of the plan that have files of their own. */
void world_add_storeys(struct world *w);
void world_add_components(struct world *w);
