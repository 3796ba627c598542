/* Which rows surely lie in a municipality that is set up here: a row's position by PROJ, and the
 * squares that PostGIS has found to be wholly within an outline. Of the others the database
 * judges. */
#pragma once

#include "importers/csv.h"
#include "importers/import.h"

/* Squares of EPSG:25832, from south-west, row by row. */
struct squares {
	long x, y, width;   /* where they begin and how many there are in a row, in squares */
	long metres;        /* of their sides */
	const char *within; /* «1» for each that is; NULL: there are none */
};

struct inside {
	size_t epsg, north, east; /* places in the file */
	struct squares squares;
	long height;
	/* The last row's answer: the dwellings of one address stand together. */
	double last_epsg, last_east, last_north;
	bool was_inside;
};

/* Ready for rows of im's columns; what `squares` points to is used as long. */
void inside_init(struct inside *in, const struct import *im, const struct squares *squares);

/* Whether a record of rowpipe.h, neither damaged nor marked, surely lies there. */
bool inside_has(struct inside *in, const struct csv *record);
