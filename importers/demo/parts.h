/*
 * What buildings are made of: components by NS 3451 element, with service life and price. Codes and
 * names are the elements' (domain facts 3.1); lives and prices are round figures of the trade's
 * size, for show.
 */
#pragma once

#include "kinds.h"

enum part_where { PART_BUILDING, PART_DWELLING, PART_ROOM, PART_OUTDOOR, PART__MAX };

/* What the quantity is counted in. */
enum part_measure { MEASURE_ONE, MEASURE_ROOF, MEASURE_FACADE, MEASURE_FLOOR, MEASURE_METRES };

struct part {
	const char *element; /* NS 3451, two or three digits */
	const char *name;
	const char *type; /* TFM's two letters for the component */
	enum part_where where;
	int groups;        /* kind_group bits */
	int least_storeys; /* a lift needs some */
	enum part_measure measure;
	int price_kr; /* per unit */
	int life_years;
	const char *makers[3]; /* the first is NULL when nobody's name is on it */
};

int part_count(void);
const struct part *part_at(int i);

/* The n-th part (from 0) for `where` in a building of `group` with so many storeys; -1 past the
 * last. */
int part_nth(enum part_where where, enum kind_group group, int storeys, int n);

/* A part that a building has any number of (windows, lights, doors): the n-th, going round. */
int part_repeated(enum kind_group group, int n);
