/* What a workbook (XLSX) says before its sheets: which sheets there are and where, the texts that
 * cells share, and which styles show dates. */
#pragma once

#include "importers/reader_sheet.h"
#include "importers/reader_source.h"
#include "importers/reader_tree.h"

enum {
	BOOK_STYLES_MAX = 65536,
	BOOK_FORMATS_MAX = 2000,
	BOOK_PATH_MAX = 400,
	BOOK_RELATIONS_MAX = 1000,
};

struct book_sheet {
	char name[SHEET_NAME_MAX + 1];
	char relation[64];
	char path[BOOK_PATH_MAX];
	bool is_hidden;
};

struct book {
	struct archive *archive;
	struct book_sheet sheets[SHEETS_MAX];
	size_t sheet_count;
	bool is_1904;
	char base[BOOK_PATH_MAX]; /* folder of the workbook's own part, with its slash */
	char strings_path[BOOK_PATH_MAX], styles_path[BOOK_PATH_MAX];

	char *strings; /* one after another */
	size_t strings_used, strings_size;
	size_t *ends; /* of each, in `strings` */
	size_t string_count, string_room;

	bool is_date[BOOK_STYLES_MAX]; /* by a cell's style */
	size_t style_count;
	unsigned date_formats[BOOK_FORMATS_MAX]; /* own formats that show dates */
	size_t date_format_count;
};

/* Reads all of it. NULL, or a word for reader_fail() with more in `said`. Aborts when there is no
 * memory. */
const char *book_read(struct book *b, struct archive *a, char *said, size_t size);
void book_release(struct book *b);

/* The shared text `i`; empty when there is none. */
struct str book_string(const struct book *b, size_t i);

/* The value of the attribute `name`; empty when absent. */
struct str book_attribute(const struct tree_attribute *attributes, size_t count, const char *name);
