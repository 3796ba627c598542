#include "geo/proj.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <proj.h>

enum {
	MASTERS = 64,     /* pairs worked out for the whole program */
	THREAD_PAIRS = 8, /* and cloned into a thread */
	EDGE_POINTS_MAX = 32,
	AUTHORITY_MAX = 16,
};

/* A way between two systems. Both PJ take and give east first. */
struct proj_pair {
	int from, to;
	PJ *way;        /* NULL: there is none */
	PJ *to_degrees; /* from the source, for its area of use */
	double area[2][4];
	PJ *last; /* what the last point went by, whose name is lent out */
};

/* Copies of what the first thread that asked worked out; only cloned from. */
static struct {
	pthread_mutex_t mutex;
	PJ_CONTEXT *context;
	struct proj_pair pairs[MASTERS];
	int next;
} masters = { .mutex = PTHREAD_MUTEX_INITIALIZER };

struct thread {
	PJ_CONTEXT *context;
	struct proj_pair pairs[THREAD_PAIRS];
	int next;
};

static pthread_key_t thread_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static PJ_CONTEXT *new_context(void)
{
	PJ_CONTEXT *context = proj_context_create();

	if (!context)
		abort();
	proj_context_set_enable_network(context, 0);
	proj_log_level(context, PJ_LOG_NONE);
	return context;
}

static void clear_pair(struct proj_pair *pair)
{
	proj_destroy(pair->last);
	proj_destroy(pair->way);
	proj_destroy(pair->to_degrees);
	memset(pair, 0, sizeof(*pair));
}

static void end_thread(void *closure)
{
	struct thread *t = closure;

	for (int i = 0; i < THREAD_PAIRS; i++)
		clear_pair(&t->pairs[i]);
	proj_context_destroy(t->context);
	free(t);
}

static void end_program(void)
{
	struct thread *t = pthread_getspecific(thread_key);

	if (t) {
		pthread_setspecific(thread_key, NULL);
		end_thread(t);
	}
	for (int i = 0; i < MASTERS; i++)
		clear_pair(&masters.pairs[i]);
	proj_context_destroy(masters.context);
}

static void begin_program(void)
{
	if (pthread_key_create(&thread_key, end_thread))
		abort();
	masters.context = new_context();
	atexit(end_program);
}

static struct thread *this_thread(void)
{
	struct thread *t;

	pthread_once(&once, begin_program);
	t = pthread_getspecific(thread_key);
	if (t)
		return t;
	t = calloc(1, sizeof(*t));
	if (!t)
		abort();
	t->context = new_context();
	pthread_setspecific(thread_key, t);
	return t;
}

/* What stands after the last mark of a name that begins as one of these does. */
static const char *after_prefix(const char *text)
{
	static const char *const prefixes[] = {
		"EPSG:",
		"urn:ogc:def:crs:EPSG::",
		"http://www.opengis.net/def/crs/EPSG/0/",
		"https://www.opengis.net/def/crs/EPSG/0/",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncasecmp(text, prefixes[i], strlen(prefixes[i])))
			return text + strlen(prefixes[i]);
	return text;
}

int proj_code(const char *text)
{
	const char *digits = after_prefix(text);
	int code = 0;

	if (!*digits || strlen(digits) > 6)
		return 0;
	for (; *digits; digits++) {
		if (*digits < '0' || *digits > '9')
			return 0;
		code = code * 10 + (*digits - '0');
	}
	return code;
}

bool proj_is_known(int code)
{
	static const struct {
		int first, last;
	} known[] = {
		{ 3857, 3857 },   /* Web Mercator */
		{ 4258, 4258 },   /* ETRS89 */
		{ 4273, 4273 },   /* NGO 1948 */
		{ 4326, 4326 },   /* WGS 84 */
		{ 4937, 4937 },   /* ETRS89 with heights above the ellipsoid */
		{ 4979, 4979 },   /* WGS 84 with the same */
		{ 5105, 5130 },   /* NTM zones 5 to 30 */
		{ 5942, 5942 },   /* ETRS89 + NN2000 */
		{ 5945, 5976 },   /* NTM zones and UTM zones 31 to 36 + NN2000 */
		{ 6144, 6176 },   /* the same three + NN1954 */
		{ 25831, 25836 }, /* UTM zones 31 to 36 */
		{ 27391, 27398 }, /* NGO 1948 axes I to VIII */
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (code >= known[i].first && code <= known[i].last)
			return true;
	return false;
}

static PJ *open_crs(PJ_CONTEXT *context, int code)
{
	char number[AUTHORITY_MAX];

	if (!proj_is_known(code))
		return NULL;
	snprintf(number, sizeof(number), "%d", code);
	return proj_create_from_database(context, "EPSG", number, PJ_CATEGORY_CRS, 0, NULL);
}

/* The part of a compound system that is not its height. */
static PJ *horizontal(PJ_CONTEXT *context, PJ *crs)
{
	return proj_get_type(crs) == PJ_TYPE_COMPOUND_CRS ? proj_crs_get_sub_crs(context, crs, 0)
							  : proj_clone(context, crs);
}

static void add_axes(PJ_CONTEXT *context, PJ *crs, struct proj_crs *out)
{
	PJ *system = proj_crs_get_coordinate_system(context, crs);
	int count = system ? proj_cs_get_axis_count(context, system) : 0;

	for (int i = 0; i < count && out->axis_count < PROJ_AXES; i++) {
		struct proj_axis *axis = &out->axes[out->axis_count++];
		const char *name = "", *direction = "", *unit = "";

		proj_cs_get_axis_info(context, system, i, &name, NULL, &direction, NULL, &unit,
				      NULL, NULL);
		snprintf(axis->name, sizeof(axis->name), "%s", name);
		snprintf(axis->direction, sizeof(axis->direction), "%s", direction);
		snprintf(axis->unit, sizeof(axis->unit), "%s", unit);
	}
	proj_destroy(system);
}

bool proj_crs_get(int code, struct proj_crs *out)
{
	PJ_CONTEXT *context = this_thread()->context;
	PJ *crs = open_crs(context, code), *part;

	memset(out, 0, sizeof(*out));
	if (!crs)
		return false;
	out->code = code;
	snprintf(out->name, sizeof(out->name), "%s", proj_get_name(crs));
	if (!proj_get_area_of_use(context, crs, &out->west, &out->south, &out->east, &out->north,
				  NULL))
		out->west = -180, out->south = -90, out->east = 180, out->north = 90;
	part = horizontal(context, crs);
	add_axes(context, part, out);
	proj_destroy(part);
	if (proj_get_type(crs) == PJ_TYPE_COMPOUND_CRS) {
		part = proj_crs_get_sub_crs(context, crs, 1);
		add_axes(context, part, out);
		proj_destroy(part);
	}
	proj_destroy(crs);
	out->is_north_first = !strcmp(out->axes[0].direction, "north");
	return true;
}

static PJ *normalized(PJ_CONTEXT *context, PJ *way)
{
	PJ *turned = way ? proj_normalize_for_visualization(context, way) : NULL;

	proj_destroy(way);
	return turned;
}

/* Without «ballpark» steps: those pass heights on unchanged and shifts of datum by as if they were
 * nothing, which is worse than no answer. */
static PJ *find_way(PJ_CONTEXT *context, PJ *from, PJ *to)
{
	static const char *const options[] = { "ALLOW_BALLPARK=NO", NULL };

	return normalized(context,
			  proj_create_crs_to_crs_from_pj(context, from, to, NULL, options));
}

static void note_area(PJ_CONTEXT *context, PJ *crs, double area[4])
{
	if (!proj_get_area_of_use(context, crs, &area[0], &area[1], &area[2], &area[3], NULL))
		area[0] = -180, area[1] = -90, area[2] = 180, area[3] = 90;
}

static void make_pair(PJ_CONTEXT *context, int from, int to, struct proj_pair *pair)
{
	PJ *source = open_crs(context, from), *target = open_crs(context, to);
	PJ *degrees = open_crs(context, 4326), *flat = NULL;

	clear_pair(pair);
	pair->from = from;
	pair->to = to;
	if (source && target && degrees) {
		pair->way = find_way(context, source, target);
		flat = horizontal(context, source);
		pair->to_degrees = normalized(context, proj_create_crs_to_crs_from_pj(
							       context, flat, degrees, NULL, NULL));
		note_area(context, source, pair->area[0]);
		note_area(context, target, pair->area[1]);
	}
	proj_destroy(flat);
	proj_destroy(degrees);
	proj_destroy(target);
	proj_destroy(source);
}

static void clone_pair(PJ_CONTEXT *context, const struct proj_pair *master, struct proj_pair *pair)
{
	clear_pair(pair);
	*pair = *master;
	pair->last = NULL;
	pair->way = master->way ? proj_clone(context, master->way) : NULL;
	pair->to_degrees = master->to_degrees ? proj_clone(context, master->to_degrees) : NULL;
}

static struct proj_pair *find_pair(struct proj_pair *pairs, int count, int from, int to)
{
	for (int i = 0; i < count; i++)
		if (pairs[i].from == from && pairs[i].to == to)
			return &pairs[i];
	return NULL;
}

static bool copy_master(struct thread *t, int from, int to, struct proj_pair *pair)
{
	const struct proj_pair *master;

	pthread_mutex_lock(&masters.mutex);
	master = find_pair(masters.pairs, MASTERS, from, to);
	if (master)
		clone_pair(t->context, master, pair);
	pthread_mutex_unlock(&masters.mutex);
	return master;
}

/* Two threads that worked out the same pair at once keep it twice: no harm. */
static void keep_master(const struct proj_pair *pair)
{
	pthread_mutex_lock(&masters.mutex);
	clone_pair(masters.context, pair, &masters.pairs[masters.next++ % MASTERS]);
	pthread_mutex_unlock(&masters.mutex);
}

struct proj_pair *proj_pair(int from, int to)
{
	struct thread *t = this_thread();
	struct proj_pair *pair = find_pair(t->pairs, THREAD_PAIRS, from, to);

	if (!proj_is_known(from) || !proj_is_known(to))
		return NULL;
	if (pair)
		return pair->way ? pair : NULL;
	pair = &t->pairs[t->next++ % THREAD_PAIRS];
	if (!copy_master(t, from, to, pair)) {
		make_pair(t->context, from, to, pair);
		keep_master(pair);
	}
	return pair->way ? pair : NULL;
}

/* The files of one operation that are not there. */
static void add_missing(PJ_CONTEXT *context, const PJ *operation, char out[PROJ_GRIDS_MAX])
{
	int count = proj_coordoperation_get_grid_used_count(context, operation);

	for (int i = 0; i < count; i++) {
		const char *name = NULL;
		int is_there = 0;
		size_t length = strlen(out);

		if (!proj_coordoperation_get_grid_used(context, operation, i, &name, NULL, NULL,
						       NULL, NULL, NULL, &is_there))
			continue;
		if (!is_there && name && !strstr(out, name))
			snprintf(out + length, PROJ_GRIDS_MAX - length, "%s%s", length ? ", " : "",
				 name);
	}
}

void proj_missing(int from, int to, char out[PROJ_GRIDS_MAX])
{
	PJ_CONTEXT *context = this_thread()->context;
	PJ *source = open_crs(context, from), *target = open_crs(context, to);
	PJ_OPERATION_FACTORY_CONTEXT *factory =
		proj_create_operation_factory_context(context, NULL);
	PJ_OBJ_LIST *ways = NULL;

	out[0] = '\0';
	if (source && target && factory) {
		proj_operation_factory_context_set_grid_availability_use(
			context, factory, PROJ_GRID_AVAILABILITY_IGNORED);
		proj_operation_factory_context_set_spatial_criterion(
			context, factory, PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
		ways = proj_create_operations(context, source, target, factory);
	}
	for (int i = 0; ways && i < proj_list_get_count(ways); i++) {
		PJ *way = proj_list_get(context, ways, i);

		add_missing(context, way, out);
		proj_destroy(way);
	}
	proj_list_destroy(ways);
	proj_operation_factory_context_destroy(factory);
	proj_destroy(target);
	proj_destroy(source);
}

static bool is_within(const double area[4], const PJ_COORD *degrees)
{
	return degrees->xy.x >= area[0] && degrees->xy.x <= area[2] && degrees->xy.y >= area[1] &&
	       degrees->xy.y <= area[3];
}

static void tell_fate(struct proj_pair *pair, const struct proj_point *from, struct proj_fate *fate)
{
	PJ_COORD at = proj_coord(from->x, from->y, 0, HUGE_VAL);

	proj_destroy(pair->last);
	pair->last = proj_trans_get_last_used_operation(pair->way);
	fate->operation = pair->last ? proj_pj_info(pair->last).description : NULL;
	fate->accuracy_m = pair->last ? proj_pj_info(pair->last).accuracy : -1;
	fate->is_outside = true;
	if (!pair->to_degrees)
		return;
	proj_errno_reset(pair->to_degrees);
	at = proj_trans(pair->to_degrees, PJ_FWD, at);
	fate->is_outside = !is_within(pair->area[0], &at) || !is_within(pair->area[1], &at);
}

bool proj_apply(struct proj_pair *pair, struct proj_point *points, struct proj_fate *fates,
		size_t count)
{
	bool is_good = true;

	for (size_t i = 0; i < count; i++) {
		struct proj_point from = points[i];
		PJ_COORD to = proj_coord(from.x, from.y, from.z, HUGE_VAL);
		bool worked;

		proj_errno_reset(pair->way);
		to = proj_trans(pair->way, PJ_FWD, to);
		points[i] = (struct proj_point){ to.xyz.x, to.xyz.y, to.xyz.z };
		worked = isfinite(to.xyz.x) && isfinite(to.xyz.y) && isfinite(to.xyz.z);
		is_good &= worked;
		if (!fates)
			continue;
		fates[i] = (struct proj_fate){ .is_good = worked, .accuracy_m = -1 };
		if (worked)
			tell_fate(pair, &from, &fates[i]);
	}
	return is_good;
}

bool proj_box(struct proj_pair *pair, const double box[4], int points_an_edge, double out[4])
{
	struct proj_point edge[4 * EDGE_POINTS_MAX];
	int n = points_an_edge < 1 ? 1 : points_an_edge;
	int count = 0;

	if (n > EDGE_POINTS_MAX)
		n = EDGE_POINTS_MAX;
	for (int i = 0; i < n; i++) {
		double x = box[0] + (box[2] - box[0]) * i / n;
		double y = box[1] + (box[3] - box[1]) * i / n;

		edge[count++] = (struct proj_point){ x, box[1], 0 };
		edge[count++] = (struct proj_point){ box[2] - (x - box[0]), box[3], 0 };
		edge[count++] = (struct proj_point){ box[2], y, 0 };
		edge[count++] = (struct proj_point){ box[0], box[3] - (y - box[1]), 0 };
	}
	if (!proj_apply(pair, edge, NULL, (size_t)count))
		return false;
	out[0] = out[2] = edge[0].x;
	out[1] = out[3] = edge[0].y;
	for (int i = 1; i < count; i++) {
		out[0] = fmin(out[0], edge[i].x);
		out[1] = fmin(out[1], edge[i].y);
		out[2] = fmax(out[2], edge[i].x);
		out[3] = fmax(out[3], edge[i].y);
	}
	return true;
}
