/* A strict CSV splitter (RFC 4180, any one-byte delimiter) that never loses a row. OGR's own reader
 * pads short rows, cuts long ones, ends a cell at a NUL and lets one open quote swallow the rest of
 * the file, all without an error; here each of these is a record of its own with a fault and its
 * line number. */
#pragma once

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CSV_RECORD_MAX = 1024 * 1024, /* bytes of one record, its newlines counted */
	CSV_CELLS_MAX = 500,
};

enum csv_fault {
	CSV_FINE,
	CSV_OPEN_QUOTE,  /* a quote that never closes */
	CSV_AFTER_QUOTE, /* text between a closing quote and the next delimiter */
	CSV_TOO_LONG,    /* a line longer than CSV_RECORD_MAX; its cells are not given */
	CSV_TOO_MANY,    /* more than CSV_CELLS_MAX cells; the first ones are given */
};

struct csv {
	char delimiter;
	uint64_t next_line; /* where the next record starts, from 1 */
	bool is_skipping;   /* inside a line that was too long */

	/* The record that csv_next() found; the cells point into the bytes it was given. */
	uint64_t line;
	enum csv_fault fault;
	struct str cells[CSV_CELLS_MAX];
	size_t count;
};

/* Ready for the first byte of a file, its byte order mark taken off. */
void csv_init(struct csv *c, char delimiter);

/* Splits the record at the start of `at` and returns how many bytes it took, or 0 when it does not
 * end within `length` bytes: call again with more of the file, or with `is_last` when there is no
 * more. With CSV_RECORD_MAX bytes it always ends. Doubled quotes are made single in place. c->line
 * is 0 when what was taken is the rest of a line that was too long, and no record. A faulty quote
 * costs its own line only: that line's cells are given as they stand, cut at each delimiter, and
 * the next record starts on the next line. An empty line is a record without cells. */
size_t csv_next(struct csv *c, char *at, size_t length, bool is_last);

/* The delimiter that the first line uses most outside quotes: one of ; , tab |, and ';' if none. */
char csv_guess_delimiter(const char *at, size_t length);
