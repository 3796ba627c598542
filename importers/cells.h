/* Cells as people write them, read as what a profile's manifest says they are: the same rules as
 * pg_temp.clean, whole and number of common.sql, for files of millions of rows. Pure: no I/O. */
#pragma once

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* What a column holds. */
enum cell_type {
	CELL_AS_IT_IS, /* nothing is said of it */
	CELL_TEXT,
	CELL_WHOLE,
	CELL_NUMBER,
	CELL_COORDINATE, /* a number for which a double is exact enough */
};

enum {
	CELL_NUMBER_MAX = 40, /* bytes of a number as it is written out, its NUL counted */
	CELL_WHOLE_MAX = 999999999,
};

enum cell_state { CELL_EMPTY, CELL_GOOD, CELL_WRONG };

/* Reads a cell of UTF-8. When it is CELL_GOOD `value` is what PostgreSQL reads: a part of `cell`,
 * or in `room`. */
enum cell_state cell_read(enum cell_type type, struct str cell, char room[CELL_NUMBER_MAX],
			  struct str *value);

/* Whether a text may hold letters in more than one piece («a» and a ring), which must be composed
 * before it is compared. Sure when it says no. */
bool cell_may_be_decomposed(struct str cell);

/* The type's name in PostgreSQL. */
const char *cell_type_sql(enum cell_type type);
