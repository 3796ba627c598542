/* The rows of workbooks, XLSX and ODS, with what a spreadsheet hides: formulas, merged cells,
 * hidden rows and error values are marked on their rows (rowpipe.h), none is passed over. Cells
 * come as the text that means the value: numbers with a point, dates as yyyy-mm-dd, booleans as
 * true and false. Dates that are plain numbers stay numbers. */
#pragma once

#include "importers/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SHEETS_MAX = 200,
	SHEET_NAME_MAX = 100,      /* bytes; Excel's limit is 31 letters */
	SHEET_COLUMNS_MAX = 16384, /* Excel's */
	SHEET_MERGES_MAX = 20000,
	SHEET_LINES = 10000000, /* line = sheet's place * this + row, when several are read */
};

/* Cells that are one on the screen: rows and columns from 1. */
struct merge {
	uint32_t from, to;
	uint32_t left, right;
};

/* One row as it is put together, and the sheets it may be of. */
struct sheet_rows {
	struct reader *reader;
	bool is_union;       /* several sheets, their headers put together, «layer» before them */
	bool is_header_pass; /* only the headers are gathered */
	size_t ordinal;      /* of the sheet among those read, from 1 */
	struct str layer;

	/* The union's columns, and where each of the sheet's goes. */
	char *headers[CSV_CELLS_MAX];
	size_t header_count;
	size_t place[CSV_CELLS_MAX];
	size_t place_count;
	bool has_header; /* the sheet's first row has come */

	/* The row being read. */
	struct str cells[CSV_CELLS_MAX];
	size_t starts[CSV_CELLS_MAX];
	size_t count;
	bool is_beyond; /* a cell with a value further right than CSV_CELLS_MAX */
	char *text;     /* CSV_RECORD_MAX bytes */
	size_t used;
	bool is_too_long;

	struct merge merges[SHEET_MERGES_MAX];
	size_t merge_count, merge_first;
};

/* Ready for sheets. Aborts when there is no memory. */
void sheet_init(struct sheet_rows *s, struct reader *r);
void sheet_release(struct sheet_rows *s);

/* A sheet begins. */
void sheet_begin(struct sheet_rows *s, size_t ordinal, struct str name);

/* Notes merged cells; false when there are too many. Then, before the rows, sheet_sort_merges(). */
bool sheet_merge(struct sheet_rows *s, struct merge m);
void sheet_sort_merges(struct sheet_rows *s);

/* Adds text to the cell in `column` (from 1) of the row being read. */
void sheet_text(struct sheet_rows *s, size_t column, const char *at, size_t length);
/* Marks the cell; it may be empty. */
void sheet_mark(struct sheet_rows *s, const char *word, size_t column);
/* The row is whole, and stands there `times` times, from `row` on. */
void sheet_end_row(struct sheet_rows *s, uint32_t row, uint32_t times);

/* Writes the header of several sheets, after the header pass. */
void sheet_write_union(struct sheet_rows *s);

/* Whether the manifest's `layer` names this sheet; is_many when it names several or all. */
bool sheet_is_wanted(const char *layer, const char *name);
bool sheet_is_many(const char *layer);

/* A number as Excel keeps it («0.10000000000000001», «1.5E+3») as people see it («0.1», «1500»);
 * what is no number is copied. Returns its length; `to` has SHEET_NUMBER_MAX bytes. */
enum { SHEET_NUMBER_MAX = 64 };
size_t sheet_number(struct str raw, char *to);

/* An Excel serial as yyyy-mm-dd, with Thh:mm:ss when it has a time of day, or hh:mm:ss alone when
 * it has no day. Returns its length, 0 when it is no date. */
size_t sheet_date(struct str raw, bool is_1904, char *to);

/* Whether a number format («dd.mm.yyyy», «[$-414]d. mmmm yyyy») shows a date or a time. */
bool sheet_is_date_format(struct str format);

/* «BC12» into column 55 and row 12; the row is 0 when absent. False when it is none. */
bool sheet_reference(struct str text, uint32_t *column, uint32_t *row);
