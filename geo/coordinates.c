#include "geo/coordinates.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "geo/position.h"
#include "geo/proj.h"

enum { NAME_MAX_TEXT = 60, AT_MAX = 100, POINTS_MAX = 1000, METRES_DIGITS = 3, DEGREES_DIGITS = 8 };

/* What is asked: between which systems. */
struct asked {
	struct proj_crs from, to;
	struct proj_pair *pair;
};

static enum err find_crs(struct req *rq, const char *name, const char *pointer,
			 struct proj_crs *crs)
{
	int code = proj_code(req_value(rq, name));

	if (proj_crs_get(code, crs))
		return OK;
	req_fault(rq, pointer,
		  "not a coordinate system that is known here: EPSG:25831-25836, 4258, 4326, 3857, "
		  "5105-5130 (NTM), 27391-27398 and 4273 (NGO 1948), 4937, 4979, "
		  "5942-5976 (NN2000), 6144-6176 (NN1954)");
	return ERR_INVALID;
}

static enum err find_pair(struct req *rq, const char *mark, struct asked *a)
{
	char missing[PROJ_GRIDS_MAX];
	enum err from = find_crs(rq, "from", arena_printf(&rq->arena, "%sfrom", mark), &a->from);
	enum err to = find_crs(rq, "to", arena_printf(&rq->arena, "%sto", mark), &a->to);

	if (from || to)
		return ERR_INVALID;
	a->pair = proj_pair(a->from.code, a->to.code);
	if (a->pair)
		return OK;
	proj_missing(a->from.code, a->to.code, missing);
	return req_fail(rq, ERR_UNPROCESSABLE,
			missing[0] ? "no transformation without grids that are not installed: %s"
				   : "there is no transformation between these two%s",
			missing);
}

static void add_number(struct buf *to, double value, const char *unit)
{
	int digits = strcmp(unit, "degree") ? METRES_DIGITS : DEGREES_DIGITS;

	if (isfinite(value))
		buf_printf(to, "%.*f", digits, value);
	else
		buf_text(to, "null");
}

static void add_axes(struct buf *to, const struct proj_crs *crs)
{
	buf_printf(to, "\"to\":\"EPSG:%d\",\"name\":", crs->code);
	buf_json(to, crs->name, strlen(crs->name));
	for (int i = 0; i < crs->axis_count; i++) {
		buf_text(to, i ? "," : ",\"axis\":[");
		buf_json(to, crs->axes[i].direction, strlen(crs->axes[i].direction));
	}
	for (int i = 0; i < crs->axis_count; i++) {
		buf_text(to, i ? "," : "],\"unit\":[");
		buf_json(to, crs->axes[i].unit, strlen(crs->axes[i].unit));
	}
	buf_char(to, ']');
}

/* The members of one point: in the authority's order, and by the names of the directions. */
static void add_point(struct buf *to, const struct asked *a, struct proj_point p,
		      const struct proj_fate *fate)
{
	const struct proj_axis *axes = a->to.axes;
	struct proj_point turned = p;
	double in_order[PROJ_AXES];

	proj_turn(&a->to, &turned);
	in_order[0] = turned.x;
	in_order[1] = turned.y;
	in_order[2] = turned.z;
	buf_text(to, "\"at\":");
	for (int i = 0; i < a->to.axis_count; i++) {
		buf_char(to, i ? ',' : '[');
		add_number(to, in_order[i], axes[i].unit);
	}
	buf_text(to, "],\"east\":");
	add_number(to, p.x, axes[0].unit);
	buf_text(to, ",\"north\":");
	add_number(to, p.y, axes[0].unit);
	buf_text(to, ",\"accuracy_m\":");
	if (fate->is_good && fate->accuracy_m >= 0)
		buf_printf(to, "%g", fate->accuracy_m);
	else
		buf_text(to, "null");
	buf_text(to, ",\"operation\":");
	if (fate->is_good && fate->operation)
		buf_json(to, fate->operation, strlen(fate->operation));
	else
		buf_text(to, "null");
	buf_printf(to, ",\"is_outside\":%s", fate->is_good && !fate->is_outside ? "false" : "true");
}

/* Takes a point in the authority's order over and writes its members. */
static bool take_over(struct buf *to, const struct asked *a, const double at[POSITION_MAX])
{
	struct proj_point p = { at[0], at[1], at[2] };
	struct proj_fate fate;

	proj_turn(&a->from, &p);
	proj_apply(a->pair, &p, &fate, 1);
	add_point(to, a, p, &fate);
	return fate.is_good;
}

static const struct input one_inputs[] = {
	{ "from", IN_TEXT, QUERY | REQUIRED, .max = NAME_MAX_TEXT },
	{ "to", IN_TEXT, QUERY | REQUIRED, .max = NAME_MAX_TEXT },
	{ "at", IN_TEXT, QUERY | REQUIRED, .max = AT_MAX },
	{ 0 },
};

static enum err one(struct req *rq)
{
	double at[POSITION_MAX] = { 0 };
	struct asked a;
	enum err e;

	if (!position_parse(req_value(rq, "at"), at)) {
		req_fault(rq, "?at",
			  "two or three numbers in the order of the system's axes: x,y or x,y,h");
		return ERR_INVALID;
	}
	if ((e = find_pair(rq, "?", &a)))
		return e;
	buf_char(&rq->out, '{');
	add_axes(&rq->out, &a.to);
	buf_char(&rq->out, ',');
	if (!take_over(&rq->out, &a, at))
		return req_fail(rq, ERR_UNPROCESSABLE,
				"the point is where the transformation has no meaning");
	buf_char(&rq->out, '}');
	rq->out_type = "application/json";
	return OK;
}

static const struct input many_inputs[] = {
	{ "from", IN_TEXT, REQUIRED, .max = NAME_MAX_TEXT },
	{ "to", IN_TEXT, REQUIRED, .max = NAME_MAX_TEXT },
	{ "points", IN_JSON, REQUIRED },
	{ 0 },
};

static bool read_point(const json_t *value, double at[POSITION_MAX])
{
	size_t count = json_array_size(value);

	if (count < 2 || count > POSITION_MAX)
		return false;
	at[2] = 0;
	for (size_t i = 0; i < count; i++) {
		if (!json_is_number(json_array_get(value, i)))
			return false;
		at[i] = json_number_value(json_array_get(value, i));
	}
	return true;
}

/* Every fault of the list at once, before the first is taken over. */
static enum err check_points(struct req *rq, const json_t *points)
{
	double at[POSITION_MAX];
	enum err e = OK;

	if (!json_is_array(points) || json_array_size(points) > POINTS_MAX) {
		req_fault(rq, "/points", "a list of at most 1000 points");
		return ERR_INVALID;
	}
	for (size_t i = 0; i < json_array_size(points); i++) {
		if (read_point(json_array_get(points, i), at))
			continue;
		req_fault(rq, arena_printf(&rq->arena, "/points/%zu", i), "two or three numbers");
		e = ERR_INVALID;
	}
	return e;
}

static enum err many(struct req *rq)
{
	const json_t *points = json_object_get((json_t *)rq->json, "points");
	struct asked a;
	enum err e;

	if ((e = check_points(rq, points)) || (e = find_pair(rq, "/", &a)))
		return e;
	buf_char(&rq->out, '{');
	add_axes(&rq->out, &a.to);
	buf_text(&rq->out, ",\"items\":[");
	for (size_t i = 0; i < json_array_size(points); i++) {
		double at[POSITION_MAX];

		read_point(json_array_get(points, i), at);
		buf_text(&rq->out, i ? ",{" : "{");
		take_over(&rq->out, &a, at);
		buf_char(&rq->out, '}');
	}
	buf_text(&rq->out, "]}");
	rq->out_type = "application/json";
	return OK;
}

const struct route coordinate_routes[] = {
	{ "GET", "/api/v1/coordinates", ROLE_ALL | ROLE_PUBLIC, one, one_inputs,
	  .summary = "A point in another coordinate system" },
	{ "POST", "/api/v1/coordinates", ROLE_ALL | ROLE_PUBLIC, many, many_inputs,
	  .summary = "Points in another coordinate system" },
	{ 0 },
};
