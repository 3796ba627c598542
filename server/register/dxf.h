/* Rooms out of a DXF drawing (AutoCAD's exchange format, text form): closed polylines of the model
 * space and the texts that stand in them. Pure: untrusted bytes in, no I/O. Blocks are not opened.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
	DXF_RINGS_MAX = 5000,
	DXF_POINTS_MAX = 200000,
	DXF_TEXTS_MAX = 20000,
	DXF_NAME_MAX = 80, /* bytes */
};

struct dxf_point {
	double x, y; /* in the drawing's own units, y upwards */
};

struct dxf_ring {
	struct str layer; /* in the drawing's bytes */
	const struct dxf_point *points;
	size_t count; /* at least 3; the first is not repeated */
	double area;  /* positive */
	struct dxf_point least, most;
};

struct dxf_text {
	struct str text; /* as written, with its format codes */
	struct dxf_point at;
};

struct dxf {
	struct dxf_ring *rings;
	struct dxf_text *texts;
	size_t ring_count, text_count;
	size_t skipped;    /* polylines that are open or have no area */
	double unit_m;     /* metres a unit is; 0: the drawing does not say */
	const char *fault; /* why it could not be read, in words */
	long line;         /* where */
};

/* Reads a whole drawing. What `out` holds lives in `a` and in `bytes`. ERR_UNPROCESSABLE with
 * `fault` and `line` when it is no DXF or passes a limit. */
enum err dxf_read(struct arena *a, const char *bytes, size_t length, struct dxf *out);

/* Is the point inside the ring? */
bool dxf_holds(const struct dxf_ring *ring, struct dxf_point at);

/* A text or a layer's name as people read it: UTF-8, without format codes, at most DXF_NAME_MAX
 * bytes. Owned by `a`. */
char *dxf_words(struct arena *a, struct str text);

/* The name of each ring, by number: the texts for which it is the smallest that holds them, joined;
 * NULL when there are none. */
const char **dxf_names(struct arena *a, const struct dxf *d);
