#include "importers/inside.h"

#include "geo/proj.h"
#include "importers/rowpipe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OURS = 25832 };

void inside_init(struct inside *in, const struct import *im, const struct squares *squares)
{
	const char *const *names = im->profile.position;

	memset(in, 0, sizeof(*in));
	if (!names[0] || !squares->within || squares->width < 1 || squares->metres < 1)
		return;
	in->epsg = import_place(im, names[0]);
	in->north = import_place(im, names[1]);
	in->east = import_place(im, names[2]);
	if (in->epsg == im->width || in->north == im->width || in->east == im->width)
		return;
	in->squares = *squares;
	in->height = (long)strlen(squares->within) / squares->width;
}

/* A cell as a number; NAN when it is none. */
static double read(const struct csv *record, size_t place, enum cell_type type)
{
	char room[CELL_NUMBER_MAX], text[CELL_NUMBER_MAX];
	struct str value;

	if (cell_read(type, record->cells[ROWPIPE_FIXED + place], room, &value) != CELL_GOOD ||
	    value.length >= sizeof(text))
		return NAN;
	memcpy(text, value.at, value.length);
	text[value.length] = '\0';
	return strtod(text, NULL);
}

static bool is_square(const struct inside *in, double x, double y)
{
	const struct squares *s = &in->squares;
	double i = floor(x / (double)s->metres) - (double)s->x;
	double j = floor(y / (double)s->metres) - (double)s->y;

	return i >= 0 && i < (double)s->width && j >= 0 && j < (double)in->height &&
	       s->within[(long)j * s->width + (long)i] == '1';
}

static bool is_inside(const struct inside *in, int epsg, struct proj_point at)
{
	struct proj_pair *way;

	if (epsg == OURS)
		return is_square(in, at.x, at.y);
	way = proj_pair(epsg, OURS);
	return way && proj_apply(way, &at, NULL, 1) && is_square(in, at.x, at.y);
}

bool inside_has(struct inside *in, const struct csv *record)
{
	double epsg, east, north;

	if (!in->height)
		return false;
	epsg = read(record, in->epsg, CELL_WHOLE);
	east = read(record, in->east, CELL_COORDINATE);
	north = read(record, in->north, CELL_COORDINATE);
	if (!isfinite(epsg) || !isfinite(east) || !isfinite(north))
		return false;
	if (epsg == in->last_epsg && east == in->last_east && north == in->last_north)
		return in->was_inside;
	in->last_epsg = epsg;
	in->last_east = east;
	in->last_north = north;
	return in->was_inside = is_inside(in, (int)epsg, (struct proj_point){ east, north, 0 });
}
