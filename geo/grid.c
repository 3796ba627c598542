#include "geo/grid.h"

#include <stddef.h>
#include <string.h>

enum { NUMBER_DIGITS = 8 };

static const struct grid grids[GRIDS] = {
	/* Half of the equator's length: π · 6378137 m. */
	{ "WebMercatorQuad", 3857, -20037508.342789244, 20037508.342789244, 156543.03392804097,
	  0.4540, 20 },
	{ "utm32n", 25832, -2000000, 9045984, 21664, 1, 18 },
};

const struct grid *grid_number(int number)
{
	return &grids[number];
}

const struct grid *grid_find(const char *name)
{
	for (int i = 0; i < GRIDS; i++) {
		size_t length = strlen(grids[i].name);

		if (strncasecmp(name, grids[i].name, length))
			continue;
		if (!name[length] || !strcmp(name + length, ".json"))
			return &grids[i];
	}
	return NULL;
}

/* A number without sign or leading zeros, up to `end`; -1 when it is none. */
static long number(const char *text, const char *end)
{
	long n = 0;

	if (text == end || end - text > NUMBER_DIGITS || (*text == '0' && end - text > 1))
		return -1;
	for (; text < end; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		n = n * 10 + (*text - '0');
	}
	return n;
}

static const char *without_ending(const char *text)
{
	size_t length = strlen(text);

	if (length > 4 &&
	    (!strcmp(text + length - 4, ".mvt") || !strcmp(text + length - 4, ".pbf")))
		return text + length - 4;
	return text + length;
}

bool tile_parse(const struct grid *grid, const char *z, const char *x, const char *y,
		struct tile *out)
{
	long zoom = number(z, z + strlen(z));

	if (zoom < 0 || zoom > grid->zoom_max)
		return false;
	*out = (struct tile){ grid, (int)zoom, number(x, x + strlen(x)),
			      number(y, without_ending(y)) };
	return out->x >= 0 && out->y >= 0 && out->x < 1L << zoom && out->y < 1L << zoom;
}

void tile_bounds(const struct tile *tile, double out[4])
{
	const struct grid *g = tile->grid;
	double side = g->resolution * GRID_PIXELS / (double)(1L << tile->z);

	out[0] = g->left + side * (double)tile->x;
	out[1] = g->top - side * (double)(tile->y + 1);
	out[2] = out[0] + side;
	out[3] = g->top - side * (double)tile->y;
}

double grid_pixel_m(const struct grid *grid, int z)
{
	return grid->resolution * grid->scale / (double)(1L << z);
}
