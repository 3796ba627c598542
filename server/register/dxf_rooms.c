#include "register/dxf_rooms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth/ask.h"
#include "db/rows.h"
#include "register/dxf.h"

enum {
	DRAWING_BYTES_MAX = 16 * 1024 * 1024,
	ROOMS_MAX = 1000,
	LAYERS_MAX = 500,
	NUMBERS = 6,
	OUTLINES_BYTES_MAX = 32 * 1024 * 1024,
};

const struct input dxf_rooms_inputs[] = {
	{ "layer", IN_TEXT, QUERY, .max = 200 },
	{ "transform", IN_TEXT, QUERY, .max = 400 },
	{ "dry_run", IN_BOOL, QUERY },
	{ 0 },
};

/* A drawing with what was asked about it. */
struct job {
	struct dxf drawing;
	const char **names;     /* of each ring, NULL: none */
	char **layers;          /* of each ring, as people read it */
	const char *layer;      /* the one that is wanted; NULL: all */
	double t[NUMBERS];      /* a world file's six numbers */
	bool is_placed, is_dry; /* t is given; nothing is made */
};

static enum err read_drawing(struct req *rq, struct job *job)
{
	size_t size = (size_t)rq->spool.size, have = 0;
	char *bytes;
	enum err e;

	if (rq->spool.size > DRAWING_BYTES_MAX)
		return req_fail(rq, ERR_TOO_LARGE, "a drawing of at most 16 MiB");
	bytes = arena_alloc(&rq->arena, size + 1);
	while (have < size) {
		ssize_t n = pread(rq->spool.fd, bytes + have, size - have, (off_t)have);

		if (n <= 0)
			return ERR_INTERNAL;
		have += (size_t)n;
	}
	if ((e = dxf_read(&rq->arena, bytes, size, &job->drawing)))
		return req_fail(rq, e, "line %ld: %s", job->drawing.line, job->drawing.fault);
	return OK;
}

static bool parse_transform(const char *text, double t[NUMBERS])
{
	for (int i = 0; i < NUMBERS; i++) {
		char *end;

		t[i] = strtod(text, &end);
		if (end == text || !isfinite(t[i]) || fabs(t[i]) > 1e8)
			return false;
		if (*end != (i + 1 < NUMBERS ? ',' : '\0'))
			return false;
		text = end + 1;
	}
	return fabs(t[0] * t[3] - t[1] * t[2]) > 1e-12;
}

static struct dxf_point place(const struct job *job, struct dxf_point p)
{
	const double *t = job->t;

	if (!job->is_placed)
		return p;
	return (struct dxf_point){ t[0] * p.x + t[2] * p.y + t[4], t[1] * p.x + t[3] * p.y + t[5] };
}

static bool is_wanted(const struct job *job, size_t ring)
{
	return !job->layer || !strcmp(job->layers[ring], job->layer);
}

/* No two rooms of a storey are called the same. */
static const char *unique(struct req *rq, struct job *job, size_t ring)
{
	const char *name = job->names[ring];
	int same = 1;

	if (!name)
		return arena_printf(&rq->arena, "Rom %zu", ring + 1);
	for (size_t i = 0; i < ring; i++)
		same += is_wanted(job, i) && job->names[i] && !strcmp(job->names[i], name);
	return same > 1 ? arena_printf(&rq->arena, "%s (%d)", name, same) : name;
}

static void write_ring(const struct job *job, const struct dxf_ring *ring, struct buf *to)
{
	buf_char(to, '[');
	for (size_t i = 0; i <= ring->count; i++) {
		struct dxf_point p = place(job, ring->points[i % ring->count]);

		buf_printf(to, i ? ",[%.3f,%.3f]" : "[%.3f,%.3f]", p.x, p.y);
	}
	buf_char(to, ']');
}

static double square_metres(const struct job *job, const struct dxf_ring *ring)
{
	const double *t = job->t, unit = job->drawing.unit_m ? job->drawing.unit_m : 1;

	return ring->area * (job->is_placed ? fabs(t[0] * t[3] - t[1] * t[2]) : unit * unit);
}

/* The layers that have closed polylines, with how many. */
static void write_layers(const struct job *job, struct buf *to)
{
	const char *seen[LAYERS_MAX];
	size_t counts[LAYERS_MAX], n = 0;

	for (size_t i = 0; i < job->drawing.ring_count; i++) {
		size_t at = 0;

		while (at < n && strcmp(seen[at], job->layers[i]) != 0)
			at++;
		if (at == n && n == LAYERS_MAX)
			continue;
		if (at == n) {
			seen[n] = job->layers[i];
			counts[n++] = 0;
		}
		counts[at]++;
	}
	buf_text(to, "{\"layers\":[");
	for (size_t i = 0; i < n; i++) {
		buf_text(to, i ? ",{\"name\":" : "{\"name\":");
		buf_json(to, seen[i], strlen(seen[i]));
		buf_printf(to, ",\"rooms\":%zu}", counts[i]);
	}
	buf_char(to, ']');
}

static void write_rooms(struct req *rq, struct job *job)
{
	struct buf *to = &rq->out;
	const char *before = "";

	buf_text(to, ",\"rooms\":[");
	for (size_t i = 0; i < job->drawing.ring_count; i++) {
		const struct dxf_ring *ring = &job->drawing.rings[i];
		const char *name;

		if (!is_wanted(job, i))
			continue;
		name = unique(rq, job, i);
		buf_printf(to, "%s{\"name\":", before);
		buf_json(to, name, strlen(name));
		buf_text(to, ",\"layer\":");
		buf_json(to, job->layers[i], strlen(job->layers[i]));
		buf_printf(to, ",\"area_m2\":%.1f,\"ring\":", square_metres(job, ring));
		write_ring(job, ring, to);
		buf_char(to, '}');
		before = ",";
	}
	buf_text(to, "]}");
}

/* What the statement that makes the rooms reads. */
static const char *outlines(struct req *rq, struct job *job)
{
	struct buf *to = arena_alloc(&rq->arena, sizeof(*to));
	const char *before = "";

	buf_init(to, OUTLINES_BYTES_MAX);
	arena_defer(&rq->arena, buf_release, to);
	buf_char(to, '[');
	for (size_t i = 0; i < job->drawing.ring_count; i++) {
		const char *name;

		if (!is_wanted(job, i))
			continue;
		name = unique(rq, job, i);
		buf_printf(to, "%s{\"name\":", before);
		buf_json(to, name, strlen(name));
		buf_text(to, ",\"outline\":{\"type\":\"Polygon\",\"coordinates\":[");
		write_ring(job, &job->drawing.rings[i], to);
		buf_text(to, "]}}");
		before = ",";
	}
	buf_char(to, ']');
	return to->is_full ? NULL : to->at;
}

static enum err make_rooms(struct req *rq, struct job *job, const char **made)
{
	const char *params[] = { rq->ids[0], outlines(rq, job) };
	struct rows *rows;
	enum err e;

	if (!params[1])
		return ERR_TOO_LARGE;
	if ((e = ask_rows(rq, Q_STOREY_ROOMS_MAKE, params, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	*made = arena_printf(&rq->arena, "%ld",
			     strtol(rows_at(rows, 0, 0), NULL, 10) +
				     strtol(rows_at(rows, 0, 1), NULL, 10));
	return OK;
}

static enum err take_job(struct req *rq, struct job *job)
{
	const char *dry = req_value(rq, "dry_run"), *t = req_value(rq, "transform");
	size_t wanted = 0;
	enum err e;

	job->layer = req_value(rq, "layer");
	job->is_dry = dry && !strcmp(dry, "true");
	job->is_placed = t != NULL;
	if (t && !parse_transform(t, job->t))
		req_fault(rq, "?transform", "a,d,b,e,c,f");
	if (!t && !job->is_dry)
		req_fault(rq, "?transform", "a,d,b,e,c,f");
	if (rq->fault_count)
		return ERR_INVALID;
	if ((e = read_drawing(rq, job)))
		return e;
	job->names = dxf_names(&rq->arena, &job->drawing);
	job->layers = arena_alloc(&rq->arena, (job->drawing.ring_count + 1) * sizeof(char *));
	for (size_t i = 0; i < job->drawing.ring_count; i++) {
		job->layers[i] = dxf_words(&rq->arena, job->drawing.rings[i].layer);
		wanted += is_wanted(job, i);
	}
	if (wanted > ROOMS_MAX)
		return req_fail(rq, ERR_UNPROCESSABLE, "%zu rooms: choose a layer with fewer",
				wanted);
	return OK;
}

enum err dxf_rooms(struct req *rq)
{
	struct job *job = arena_alloc(&rq->arena, sizeof(*job));
	const char *made = "0";
	enum err e;

	if ((e = take_job(rq, job)))
		return e;
	if (!job->is_dry && (e = make_rooms(rq, job, &made)))
		return e;
	write_layers(job, &rq->out);
	if (job->drawing.unit_m > 0)
		buf_printf(&rq->out, ",\"unit_m\":%g", job->drawing.unit_m);
	else
		buf_text(&rq->out, ",\"unit_m\":null");
	buf_printf(&rq->out, ",\"skipped\":%zu,\"made\":%s", job->drawing.skipped, made);
	write_rooms(rq, job);
	rq->out_type = "application/json";
	rq->status = 200;
	return OK;
}
