#include "outline.h"

#include <stdbool.h>
#include <stddef.h>

struct vertex {
	double x, y;
};

static const struct vertex town[] = {
	{ 433842.2, 6999051.7 }, { 436010.8, 6998324.2 }, { 437349, 6999312.2 },
	{ 436582.7, 7001203.5 }, { 435822.8, 7000183.7 }, { 434233.3, 7000681.4 },
	{ 433842.2, 6999051.7 },
};

static const struct vertex frei[] = {
	{ 434058.9, 6990428.7 }, { 439444.1, 6988684.9 }, { 442447.8, 6991199.4 },
	{ 444066.1, 6993445.4 }, { 443650.2, 6994337 },   { 444520, 6996260.2 },
	{ 444380.4, 6997309 },   { 441790.2, 6997923.4 }, { 439269.6, 6997176.7 },
	{ 438617.1, 6995567.6 }, { 437154.4, 6996351.8 }, { 435366, 6995760.5 },
	{ 434618.2, 6994214.5 }, { 435649.5, 6992523.8 }, { 434243.7, 6992161.4 },
	{ 434058.9, 6990428.7 },
};

static const struct vertex islet[] = {
	{ 436447.5, 6988298.4 },
	{ 438588.1, 6988465.1 },
	{ 437583.5, 6989163.8 },
	{ 436447.5, 6988298.4 },
};

static const struct vertex nordlandet[] = {
	{ 436656.3, 6998709.5 }, { 436830.7, 6998057.6 }, { 438973.2, 6997813.1 },
	{ 442763, 6998358.6 },   { 443171.4, 6999311 },   { 442285.3, 7001083.6 },
	{ 440204.1, 7001190.6 }, { 436656.3, 6998709.5 },
};

static const struct {
	const struct vertex *at;
	size_t n;
} rings[OUTLINE_RINGS] = {
	{ town, sizeof(town) / sizeof(town[0]) },
	{ frei, sizeof(frei) / sizeof(frei[0]) },
	{ islet, sizeof(islet) / sizeof(islet[0]) },
	{ nordlandet, sizeof(nordlandet) / sizeof(nordlandet[0]) },
};

/* Counts how many edges a ray to the east crosses. */
static bool is_inside(const struct vertex *v, size_t n, double x, double y)
{
	bool inside = false;

	for (size_t i = 0, j = n - 1; i < n; j = i++)
		if ((v[i].y > y) != (v[j].y > y) &&
		    x < (v[j].x - v[i].x) * (y - v[i].y) / (v[j].y - v[i].y) + v[i].x)
			inside = !inside;
	return inside;
}

enum outline_ring outline_ring_at(double x, double y)
{
	for (int i = 0; i < OUTLINE_RINGS; i++)
		if (is_inside(rings[i].at, rings[i].n, x, y))
			return (enum outline_ring)i;
	return RING_NONE;
}

const char *outline_ewkt(void)
{
	return "SRID=25832;MULTIPOLYGON("
	       "((433842.2 6999051.7,436010.8 6998324.2,437349 6999312.2,"
	       "436582.7 7001203.5,435822.8 7000183.7,434233.3 7000681.4,"
	       "433842.2 6999051.7)),"
	       "((434058.9 6990428.7,439444.1 6988684.9,442447.8 6991199.4,"
	       "444066.1 6993445.4,443650.2 6994337,444520 6996260.2,"
	       "444380.4 6997309,441790.2 6997923.4,439269.6 6997176.7,"
	       "438617.1 6995567.6,437154.4 6996351.8,435366 6995760.5,"
	       "434618.2 6994214.5,435649.5 6992523.8,434243.7 6992161.4,"
	       "434058.9 6990428.7)),"
	       "((436447.5 6988298.4,438588.1 6988465.1,437583.5 6989163.8,"
	       "436447.5 6988298.4)),"
	       "((436656.3 6998709.5,436830.7 6998057.6,438973.2 6997813.1,"
	       "442763 6998358.6,443171.4 6999311,442285.3 7001083.6,"
	       "440204.1 7001190.6,436656.3 6998709.5)))";
}
