/* The lines of a small text file that people made: meter readings (serial;time;value) and mean
 * temperatures (station;day;degrees), with Norwegian numbers and dates. A strict splitter: what
 * cannot be read for certain is a fault of its line and never guessed. Pure functions; nothing is
 * allocated, the cells point into the text. */
#pragma once

#include "base/str.h"

enum {
	LINES_CELLS = 3,      /* cells of each line */
	LINES_MAX = 20000,    /* lines of a file */
	LINE_BYTES_MAX = 500, /* of one line */
	LINE_NUMBER_TEXT = 32,
	LINE_TIME_TEXT = 40,
};

enum line_fault {
	LINE_FINE,
	LINE_TOO_LONG,  /* longer than LINE_BYTES_MAX */
	LINE_NOT_UTF8,  /* bytes that are no text, or a control character */
	LINE_COLUMNS,   /* not LINES_CELLS cells, or an empty one */
	LINE_QUOTES,    /* a quotation mark that does not enclose a whole cell */
	LINE_TIME,      /* no time that there is */
	LINE_NUMBER,    /* no number */
	LINE_AMBIGUOUS, /* 12.345: thousands or thousandths? */
	LINE_NEGATIVE,  /* a counter is never below zero */
	LINE_TOO_MANY,  /* past LINES_MAX: the rest of the file is not read */
	LINE_FAULT__MAX
};

/* The name of a fault in answers: «time», «ambiguous». */
const char *line_fault_name(enum line_fault f);

struct lines {
	struct str rest;
	int number; /* of the line last given, from 1 */
	char delimiter;
};

struct line {
	int number;
	enum line_fault fault;
	struct str text; /* the whole line without its end */
	struct str cells[LINES_CELLS];
};

/* Begins at the start of `text`; a byte order mark is taken off. The delimiter is the tab when the
 * first line has one, else «;»: a comma is in the numbers. */
void lines_init(struct lines *l, struct str text);

/* The next line that holds anything; false at the end. Blanks round cells and quotation marks round
 * a whole cell are taken off. */
bool lines_next(struct lines *l, struct line *out);

/* Whether a first line only names its columns: no digit in its second and third cell. */
bool line_is_heading(const struct line *line);

/*
 * Reads «12345», «12 345,67» (blank, no-break or thin), «12.345,67», «-3,5», «−3,5», «12345.67».
 * A single dot with three digits after it and one to three before is LINE_AMBIGUOUS. Writes the
 * number as PostgreSQL reads it.
 */
enum line_fault line_number(struct str cell, char out[LINE_NUMBER_TEXT]);

/*
 * Reads «26.11.2026», «26.11.2026 14:05[:09]», «2026-11-26», «2026-11-26 14:05», with «T» for the
 * blank, and «Z» or «+01:00» at the end of one with a time. Writes «2026-11-26 14:05:09» and the
 * offset if there was one. A day alone is its noon. `has_offset` false: Norwegian time is meant.
 */
enum line_fault line_time(struct str cell, char out[LINE_TIME_TEXT], bool *has_offset);

/* As line_time(), for a day without a time: «2026-11-26». */
enum line_fault line_day(struct str cell, char out[LINE_TIME_TEXT]);
