/*
 * Where things stand: neighbourhoods of Kristiansund on their islands, streets in them, and lots
 * along the streets. Streets are parallel and gently bent, each neighbourhood with its own
 * direction; a neighbourhood ends where another's centre is nearer, or at the shore. Metres,
 * EPSG:25832.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "names.h"
#include "prng.h"

#define TOWN_AREAS    5  /* operating areas (driftsområder), numbered from 1 */
#define LOT_DEPTH_MAX 22 /* metres: the deepest footprint that fits between two streets */

struct town;

struct point {
	double x, y;
};

struct street {
	char name[NAME_MAX_BYTES];
	int code;          /* adressekode, unique in the municipality */
	int neighbourhood; /* index */
	double u0, v;      /* where it starts, in the neighbourhood's own directions */
	double next_u[2];  /* how far each side is built */
	int built;
};

/* A plot with a footprint on it, along a street. */
struct lot {
	struct point at;     /* the footprint's centre */
	double angle;        /* radians, the footprint's long side against east */
	double width, depth; /* metres along and across the street */
	int street;          /* index */
	int number;          /* house number: odd on one side, even on the other */
	int neighbourhood;
};

/* The operating area `area_no` (1 .. TOWN_AREAS)'s name. */
const char *town_area_name(int area_no);

/* Lays out the streets. `lots_per_street` bounds how many lots a street gets (0: as many as fit).
 * Freed by town_free(). */
struct town *town_new(uint64_t seed, int lots_per_street);
void town_free(struct town *t);

/* How many neighbourhoods, and of one: its name, area, cadastral farm number (gnr) and share of
 * buildings. */
int town_neighbourhoods(void);
const char *town_neighbourhood_name(int nb);
int town_area_no(int nb);
int town_gnr(int nb);
int town_weight(int nb, bool is_small);

/* A street's postcode and post town; a long street has one postcode. */
int town_postcode(const struct town *t, int street, const char **post_town);

/*
 * The next free lot of a neighbourhood for a footprint of this size (depth at most LOT_DEPTH_MAX).
 * All of it lies inside the outline and touches no other lot. False when the neighbourhood is full.
 */
bool town_next_lot(struct town *t, int nb, double width, double depth, struct lot *out);

/* How many streets are in use, and street `i` of them. */
int town_streets(const struct town *t);
const struct street *town_street(const struct town *t, int i);

/* The corner of a lot's footprint at (along, across), each -1 .. 1 of half its size, to the
 * centimetre. */
struct point lot_corner(const struct lot *lot, double along, double across);
