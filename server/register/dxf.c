#include "register/dxf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_BYTES_MAX = 4096,
	NUMBER_BYTES_MAX = 40,
	RAW_MAX = 10000,       /* vertices of one polyline */
	ARC_STEPS = 8,         /* of a quarter of a turn */
	CODE_MAX = 1071,       /* the largest group code there is */
	TEXT_BYTES_MAX = 1000, /* of an MTEXT's pieces */
};

static const double number_max = 1e12;
static const double quarter_turn = 1.5707963267948966;

enum type { OTHER, LWPOLYLINE, POLYLINE, VERTEX, TEXT, MTEXT };

struct vertex {
	struct dxf_point at;
	double bulge; /* tangent of a quarter of the arc's angle to the next vertex */
};

/* An entity as its groups come in. */
struct entity {
	enum type type;
	struct str layer, text;
	int flags;
	bool is_paper, has_second;
	int align;
	struct dxf_point first, second;
	double bulge;
};

struct reader {
	struct arena *arena;
	struct dxf *out;
	const char *at, *end;
	long line;
	int code;
	struct str value;
	struct entity now, line_of; /* this entity; the POLYLINE that its VERTEX belongs to */
	struct vertex *raw;
	size_t raw_count;
	struct dxf_point *points;
	size_t point_count, point_room;
};

static bool fail(struct reader *r, const char *fault)
{
	if (!r->out->fault) {
		r->out->fault = fault;
		r->out->line = r->line;
	}
	return false;
}

static bool next_line(struct reader *r, struct str *out)
{
	size_t left = (size_t)(r->end - r->at);
	const char *end = left ? memchr(r->at, '\n', left) : NULL;

	r->line++;
	if (!left)
		return fail(r, "the drawing ends too early");
	out->at = r->at;
	out->length = end ? (size_t)(end - r->at) : left;
	r->at = end ? end + 1 : r->end;
	if (out->length > LINE_BYTES_MAX)
		return fail(r, "a line is too long");
	if (out->length && out->at[out->length - 1] == '\r')
		out->length--;
	return true;
}

static struct str trim(struct str text)
{
	while (text.length && is_space(text.at[0])) {
		text.at++;
		text.length--;
	}
	while (text.length && is_space(text.at[text.length - 1]))
		text.length--;
	return text;
}

static bool parse_number(struct reader *r, double *out)
{
	struct str text = trim(r->value);
	char copy[NUMBER_BYTES_MAX + 1], *end;

	if (!text.length || text.length > NUMBER_BYTES_MAX)
		return fail(r, "not a number");
	for (size_t i = 0; i < text.length; i++)
		if (!memchr("0123456789+-.eE", text.at[i], 15))
			return fail(r, "not a number");
	memcpy(copy, text.at, text.length);
	copy[text.length] = '\0';
	*out = strtod(copy, &end);
	if (*end || !isfinite(*out) || fabs(*out) > number_max)
		return fail(r, "not a number");
	return true;
}

static bool parse_whole(struct reader *r, int *out)
{
	double number;

	if (!parse_number(r, &number))
		return false;
	if (fabs(number) > 1e9)
		return fail(r, "not a number");
	*out = (int)number;
	return true;
}

/* A group: its code on one line, its value on the next. */
static bool next_group(struct reader *r)
{
	if (!next_line(r, &r->value) || !parse_whole(r, &r->code))
		return false;
	if (r->code < -5 || r->code > CODE_MAX)
		return fail(r, "no group code of DXF");
	return next_line(r, &r->value);
}

static bool value_is(const struct reader *r, const char *word)
{
	return str_equals(trim(r->value), str_of(word));
}

static bool add_point(struct reader *r, struct dxf_point at)
{
	if (r->point_count == r->point_room)
		return fail(r, "too many points");
	r->points[r->point_count++] = at;
	return true;
}

/* The points between two vertices where the line bends: a bulge of 1 is half a circle to the left
 * of the way. */
static bool add_arc(struct reader *r, struct dxf_point a, struct dxf_point b, double bulge)
{
	double turn = 4 * atan(bulge);
	double dx = b.x - a.x, dy = b.y - a.y;
	double away = (1 - bulge * bulge) / (4 * bulge); /* middle of the chord to the centre */
	struct dxf_point centre = { (a.x + b.x) / 2 - dy * away, (a.y + b.y) / 2 + dx * away };
	double from = atan2(a.y - centre.y, a.x - centre.x);
	double radius = hypot(a.x - centre.x, a.y - centre.y);
	int steps = (int)ceil(fabs(turn) / quarter_turn * ARC_STEPS);

	for (int i = 1; i < steps; i++) {
		double at = from + turn * i / steps;

		if (!add_point(r, (struct dxf_point){ centre.x + radius * cos(at),
						      centre.y + radius * sin(at) }))
			return false;
	}
	return true;
}

/* Twice the area, by Gauss; about the first point, so that large coordinates lose no digits. */
static double twice_area(const struct dxf_point *p, size_t count)
{
	double sum = 0;

	for (size_t i = 1; i + 1 < count; i++)
		sum += (p[i].x - p[0].x) * (p[i + 1].y - p[0].y) -
		       (p[i + 1].x - p[0].x) * (p[i].y - p[0].y);
	return sum;
}

static void note_bounds(struct dxf_ring *ring)
{
	ring->least = ring->most = ring->points[0];
	for (size_t i = 1; i < ring->count; i++) {
		ring->least.x = fmin(ring->least.x, ring->points[i].x);
		ring->least.y = fmin(ring->least.y, ring->points[i].y);
		ring->most.x = fmax(ring->most.x, ring->points[i].x);
		ring->most.y = fmax(ring->most.y, ring->points[i].y);
	}
}

/* A polyline is whole: a ring when it is closed and has an area. */
static bool end_polyline(struct reader *r, const struct entity *e)
{
	size_t n = r->raw_count, first = r->point_count;
	struct vertex *v = r->raw;
	struct dxf_ring *ring = &r->out->rings[r->out->ring_count];
	bool is_closed = e->flags & 1;

	r->raw_count = 0;
	if (n > 1 && v[0].at.x == v[n - 1].at.x && v[0].at.y == v[n - 1].at.y) {
		is_closed = true;
		n--;
	}
	if (e->is_paper || !is_closed || n < 2) {
		r->out->skipped += n > 0;
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		const struct vertex *to = &v[(i + 1) % n];

		if (!add_point(r, v[i].at))
			return false;
		if (fabs(v[i].bulge) > 1e-6 && fabs(v[i].bulge) < 1e3 &&
		    !add_arc(r, v[i].at, to->at, v[i].bulge))
			return false;
	}
	ring->points = r->points + first;
	ring->count = r->point_count - first;
	ring->area = fabs(twice_area(ring->points, ring->count)) / 2;
	if (ring->count < 3 || !(ring->area > 0)) {
		r->point_count = first;
		r->out->skipped++;
		return true;
	}
	if (r->out->ring_count == DXF_RINGS_MAX - 1)
		return fail(r, "too many polylines");
	ring->layer = e->layer;
	note_bounds(ring);
	r->out->ring_count++;
	return true;
}

static bool end_text(struct reader *r)
{
	struct entity *e = &r->now;
	bool is_second = e->type == TEXT && e->align && e->has_second;

	if (e->is_paper || !trim(e->text).length)
		return true;
	if (r->out->text_count == DXF_TEXTS_MAX)
		return fail(r, "too many texts");
	r->out->texts[r->out->text_count++] =
		(struct dxf_text){ e->text, is_second ? e->second : e->first };
	return true;
}

static bool add_vertex(struct reader *r)
{
	if (r->raw_count == RAW_MAX)
		return fail(r, "a polyline has too many vertices");
	r->raw[r->raw_count++] = (struct vertex){ { 0, 0 }, 0 };
	return true;
}

static bool end_entity(struct reader *r)
{
	switch (r->now.type) {
	case LWPOLYLINE:
		return end_polyline(r, &r->now);
	case VERTEX:
		if (r->now.flags & 16) /* a spline's frame, not on the line */
			return true;
		if (!add_vertex(r))
			return false;
		r->raw[r->raw_count - 1] = (struct vertex){ r->now.first, r->now.bulge };
		return true;
	case POLYLINE:
		r->line_of = r->now;
		r->raw_count = 0;
		return true;
	case TEXT:
	case MTEXT:
		return end_text(r);
	case OTHER:
		break;
	}
	return true;
}

static bool begin_entity(struct reader *r)
{
	static const struct {
		const char *word;
		enum type type;
	} types[] = {
		{ "LWPOLYLINE", LWPOLYLINE }, { "POLYLINE", POLYLINE },
		{ "VERTEX", VERTEX },         { "TEXT", TEXT },
		{ "MTEXT", MTEXT },
	};
	bool is_end = value_is(r, "SEQEND");

	if (!end_entity(r))
		return false;
	if (is_end && r->line_of.type == POLYLINE && !end_polyline(r, &r->line_of))
		return false;
	if (is_end)
		r->line_of.type = OTHER;
	r->now = (struct entity){ .type = OTHER };
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (value_is(r, types[i].word))
			r->now.type = types[i].type;
	if (r->now.type == VERTEX && r->line_of.type != POLYLINE)
		r->now.type = OTHER;
	if (r->now.type == LWPOLYLINE)
		r->raw_count = 0;
	return true;
}

/* Long MTEXT comes in pieces: 3, 3, …, 1. */
static void add_piece(struct reader *r)
{
	struct str have = r->now.text, more = r->value;

	if (have.length + more.length > TEXT_BYTES_MAX)
		return;
	if (have.length) {
		char *both = arena_alloc(r->arena, have.length + more.length + 1);

		memcpy(both, have.at, have.length);
		memcpy(both + have.length, more.at, more.length);
		more = (struct str){ both, have.length + more.length };
	}
	r->now.text = more;
}

static bool take_place(struct reader *r, double number)
{
	struct entity *e = &r->now;

	if (e->type == LWPOLYLINE) {
		if (r->code == 10 && !add_vertex(r))
			return false;
		if (!r->raw_count)
			return fail(r, "a vertex begins with its x");
		if (r->code == 10)
			r->raw[r->raw_count - 1].at.x = number;
		else if (r->code == 20)
			r->raw[r->raw_count - 1].at.y = number;
		else if (r->code == 42)
			r->raw[r->raw_count - 1].bulge = number;
		return true;
	}
	if (r->code == 10)
		e->first.x = number;
	else if (r->code == 20)
		e->first.y = number;
	else if (r->code == 11)
		e->second.x = number;
	else if (r->code == 21)
		e->second.y = number;
	else
		e->bulge = number;
	e->has_second |= r->code == 11;
	return true;
}

static bool take_group(struct reader *r)
{
	struct entity *e = &r->now;
	double number;

	if (e->type == OTHER)
		return true;
	switch (r->code) {
	case 8:
		e->layer = trim(r->value);
		return true;
	case 1:
	case 3:
		if (e->type == TEXT || e->type == MTEXT)
			add_piece(r);
		return true;
	case 67: {
		int paper;

		if (!parse_whole(r, &paper))
			return false;
		e->is_paper = paper == 1;
		return true;
	}
	case 70:
		return parse_whole(r, &e->flags);
	case 72:
	case 73: {
		int align;

		if (!parse_whole(r, &align))
			return false;
		e->align |= e->type == TEXT ? align : 0;
		return true;
	}
	case 42:
		if (e->type != LWPOLYLINE && e->type != VERTEX)
			return true;
		return parse_number(r, &number) && take_place(r, number);
	case 10:
	case 20:
	case 11:
	case 21:
		return parse_number(r, &number) && take_place(r, number);
	default:
		return true;
	}
}

/* $INSUNITS: 1 inch, 2 foot, 4 mm, 5 cm, 6 m, 14 dm. */
static double unit_of(int code)
{
	static const double units[] = {
		[1] = 0.0254, [2] = 0.3048, [4] = 0.001, [5] = 0.01, [6] = 1, [14] = 0.1
	};

	return code > 0 && code < (int)(sizeof(units) / sizeof(units[0])) ? units[code] : 0;
}

static bool read_header(struct reader *r)
{
	bool is_units = false;
	int code;

	while (next_group(r)) {
		if (r->code == 0)
			return value_is(r, "ENDSEC") || fail(r, "the header does not end");
		if (r->code == 9)
			is_units = value_is(r, "$INSUNITS");
		else if (r->code == 70 && is_units) {
			if (!parse_whole(r, &code))
				return false;
			r->out->unit_m = unit_of(code);
		}
	}
	return false;
}

static bool read_entities(struct reader *r)
{
	while (next_group(r)) {
		if (r->code != 0) {
			if (!take_group(r))
				return false;
			continue;
		}
		if (!begin_entity(r))
			return false;
		if (value_is(r, "ENDSEC"))
			return true;
	}
	return false;
}

static bool skip_section(struct reader *r)
{
	while (next_group(r))
		if (r->code == 0 && value_is(r, "ENDSEC"))
			return true;
	return false;
}

static bool read_sections(struct reader *r)
{
	bool is_ours;

	for (;;) {
		if (!next_group(r))
			return false;
		if (r->code == 999) /* a comment */
			continue;
		if (r->code != 0)
			return fail(r, "no DXF in text form");
		if (value_is(r, "EOF"))
			return true;
		if (!value_is(r, "SECTION"))
			return fail(r, "no DXF in text form");
		if (!next_group(r))
			return false;
		is_ours = r->code == 2;
		if (is_ours && value_is(r, "HEADER")     ? !read_header(r)
		    : is_ours && value_is(r, "ENTITIES") ? !read_entities(r)
							 : !skip_section(r))
			return false;
	}
}

enum err dxf_read(struct arena *a, const char *bytes, size_t length, struct dxf *out)
{
	struct reader r = { .arena = a, .out = out, .at = bytes, .end = bytes + length };
	size_t most = length / 8 + 1; /* the least a point, a ring or a text takes */

	*out = (struct dxf){ 0 };
	r.point_room = most * (ARC_STEPS * 4 + 2) < DXF_POINTS_MAX ? most * (ARC_STEPS * 4 + 2)
								   : DXF_POINTS_MAX;
	r.points = arena_alloc(a, r.point_room * sizeof(*r.points));
	r.raw = arena_alloc(a, RAW_MAX * sizeof(*r.raw));
	out->rings = arena_alloc(a, DXF_RINGS_MAX * sizeof(*out->rings));
	out->texts = arena_alloc(a, DXF_TEXTS_MAX * sizeof(*out->texts));
	if (!read_sections(&r))
		return ERR_UNPROCESSABLE;
	return OK;
}
