/* Coordinates from one reference system to another, by PROJ and without network. Horizontal
 * coordinates are in metres or degrees; heights in metres.
 *
 * Axis order. Inside the program a point is always east (or longitude) first: `x` east, `y` north.
 * What an authority says is another matter: EPSG:4258, EPSG:4326 and the old Norwegian NGO 1948
 * axes (EPSG:27391 – 27398) are north first. A door that speaks the authority's order turns its
 * points by proj_turn() on their way in and out.
 *
 * A PJ must not be used by two threads: each thread has its own context, made when it first asks
 * and freed when it ends. A pair is worked out once for the whole program and cloned into threads.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { PROJ_NAME_MAX = 160, PROJ_AXES = 3, PROJ_GRIDS_MAX = 400 };

struct proj_point {
	double x, y, z; /* east, north, height; z is 0 when there is none */
};

struct proj_axis {
	char name[32];      /* «Easting», as EPSG calls it */
	char direction[16]; /* «east», «north», «up» */
	char unit[16];      /* «metre», «degree» */
};

struct proj_crs {
	int code; /* EPSG */
	char name[PROJ_NAME_MAX];
	struct proj_axis axes[PROJ_AXES]; /* in the authority's order */
	int axis_count;
	bool is_north_first;
	double west, south, east, north; /* area of use, degrees */
};

struct proj_pair; /* from one system to another; owned by the thread */

/* What became of a point. */
struct proj_fate {
	bool is_good;          /* else the rest of this is nothing */
	bool is_outside;       /* not in the area of use of both systems: right by form only */
	double accuracy_m;     /* below 0: unknown */
	const char *operation; /* PROJ's name of what was done; lives as long as the pair */
};

/* The EPSG number that `text` names: «EPSG:25832», «urn:ogc:def:crs:EPSG::25832»,
 * «http://www.opengis.net/def/crs/EPSG/0/25832» or «25832». 0 when it is not such a name. Whether
 * we know the system is proj_is_known()'s to say. */
int proj_code(const char *text);

/* Is it one of those that Norwegian municipalities meet? ETRS89, WGS 84 and NGO 1948 geographic,
 * UTM zones 31 – 36, NTM zones 5 – 30, the NGO 1948 axes I – VIII, Web Mercator, and the same with
 * heights in NN1954 or NN2000. Other systems are refused: each pair costs memory and 3 – 30 ms. */
bool proj_is_known(int code);

/* Describes a system. False when it is not known. */
bool proj_crs_get(int code, struct proj_crs *out);

/* The way between two known systems; NULL when there is none, see proj_missing(). */
struct proj_pair *proj_pair(int from, int to);

/* The files with height or shift grids that a way between the two would need and that are not
 * installed, separated by commas; "" when that is not what is wrong. */
void proj_missing(int from, int to, char out[PROJ_GRIDS_MAX]);

/* Takes points over, in place. `fates` (may be NULL) has room for as many. False when one of them
 * could not be taken over: it becomes HUGE_VAL. */
bool proj_apply(struct proj_pair *pair, struct proj_point *points, struct proj_fate *fates,
		size_t count);

/* The authority's order to ours, or back. */
static inline void proj_turn(const struct proj_crs *crs, struct proj_point *p)
{
	double x = p->x;

	if (!crs->is_north_first)
		return;
	p->x = p->y;
	p->y = x;
}

/* The smallest box of the pair's target that holds the box (west, south, east, north) of its
 * source, whose edges may become curves. False when it cannot be taken over. */
bool proj_box(struct proj_pair *pair, const double box[4], int points_an_edge, double out[4]);
