/*
 * Rows in the text format of PostgreSQL's COPY, into a sink: the database, or a test that looks at
 * them. Errors stay in the struct, so that a row is written without a check at each column.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "ids.h"
#include "town.h"

#include "queries.gen.h"

/* Where rows go. begin() names the COPY statement; its columns are what the caller then writes. */
struct sink {
	enum err (*begin)(struct sink *sink, enum query q);
	enum err (*data)(struct sink *sink, const char *bytes, size_t length);
	enum err (*end)(struct sink *sink);
	enum err (*settle)(struct sink *sink); /* many rows have come: look at the tables anew */
};

struct copy {
	struct sink *sink;
	struct buf line;
	bool in_row;
	enum err e; /* the first failure; nothing is sent after it */
	uint64_t rows;
};

/* Begins COPY `q`. Ends it with copy_end(), whatever happened between. */
void copy_begin(struct copy *c, struct sink *sink, enum query q);

/* Sends what is left and ends the COPY. Returns the first failure; adds the rows to `*rows`. */
enum err copy_end(struct copy *c, uint64_t *rows);

/* One column each, in the statement's order. Texts are escaped; NULL is null. */
void col_text(struct copy *c, const char *text);
__attribute__((format(printf, 2, 3))) void col_printf(struct copy *c, const char *format, ...);
void col_int(struct copy *c, int64_t n);
void col_bool(struct copy *c, bool yes);
void col_null(struct copy *c);
void col_date(struct copy *c, int days);
void col_time(struct copy *c, int64_t seconds); /* since 1970, UTC; 0 is null */
void col_key(struct copy *c, uint64_t seed, enum demo_table table, int64_t row); /* -1 is null */
void col_point(struct copy *c, struct point at);
void col_polygon(struct copy *c, const struct point *corners, int n);

/* Ends the row. */
void row_end(struct copy *c);
