#include "importers/look.h"

#include "base/buf.h"
#include "importers/csv.h"
#include "importers/import.h"
#include "importers/rowpipe.h"

#include <stdlib.h>
#include <string.h>

enum { HELD_MAX = 4 * CSV_RECORD_MAX, SHOWN_MAX = 40 /* letters of a cell on the screen */ };

/* Columns of rowpipe.h before the cells. */
enum { LINE, FAULT, FAULT_COLUMN, MARKS, BEYOND };

struct looking {
	struct arena *arena;
	struct look *look;
	bool has_header;
	char *held;
	size_t length;
	struct csv record;
};

void look_any(struct profile *p)
{
	memset(p, 0, sizeof(*p));
	p->name = "";
	p->title = "";
	p->formats = "csv xlsx ods xml json gml gpkg shapefile geojson filegdb mapinfo dxf";
	p->delimiter = p->encoding = "auto";
	p->layer = "first";
}

static void count_word(struct look *l, struct str word, bool is_fault, uint64_t line)
{
	struct look_count *c = NULL;

	for (size_t i = 0; i < l->word_count && !c; i++) {
		if (str_equals(str_of(l->words[i].word), word) && l->words[i].is_fault == is_fault)
			c = &l->words[i];
	}
	if (!c) {
		if (l->word_count == LOOK_WORDS || word.length >= CHILD_WORD)
			return;
		c = &l->words[l->word_count++];
		memcpy(c->word, word.at, word.length);
		c->is_fault = is_fault;
	}
	if (c->count < LOOK_LINES)
		c->lines[c->count] = line;
	c->count++;
}

static uint64_t number_of(struct str digits)
{
	uint64_t n = 0;

	for (size_t i = 0; i < digits.length && is_digit(digits.at[i]); i++)
		n = n * 10 + (uint64_t)(digits.at[i] - '0');
	return n;
}

static struct look_row kept(struct looking *g, uint64_t line)
{
	size_t count = g->record.count - ROWPIPE_FIXED;
	struct look_row row = { line, arena_alloc(g->arena, count * sizeof(char *) + 1), count };

	for (size_t i = 0; i < count; i++) {
		const struct str *cell = &g->record.cells[ROWPIPE_FIXED + i];

		row.cells[i] = arena_copy(g->arena, cell->at ? cell->at : "", cell->length);
	}
	return row;
}

static void take_record(struct looking *g)
{
	const struct str *cells = g->record.cells;
	struct look *l = g->look;
	struct str marks;
	uint64_t line;

	if (g->record.count < ROWPIPE_FIXED)
		return;
	line = number_of(cells[LINE]);
	if (!g->has_header) {
		l->header = kept(g, line);
		g->has_header = true;
		return;
	}
	l->total++;
	if (l->row_count < LOOK_ROWS)
		l->rows[l->row_count++] = kept(g, line);
	if (cells[FAULT].length)
		count_word(l, cells[FAULT], true, line);
	for (marks = cells[MARKS]; marks.length;) {
		struct str mark = str_cut(&marks, ' ');

		count_word(l, str_cut(&mark, ':'), false, line);
	}
}

static void split(struct looking *g, bool is_last)
{
	size_t at = 0, taken;

	while ((taken = csv_next(&g->record, g->held + at, g->length - at, is_last))) {
		take_record(g);
		at += taken;
	}
	memmove(g->held, g->held + at, g->length - at);
	g->length -= at;
}

static enum err take(void *context, const char *bytes, size_t length)
{
	struct looking *g = context;

	if (g->length + length > HELD_MAX)
		return ERR_TOO_LARGE;
	memcpy(g->held + g->length, bytes, length);
	g->length += length;
	split(g, false);
	return g->look->is_glance && g->look->row_count == LOOK_ROWS ? ERR_GONE : OK;
}

enum err look_file(struct arena *a, const struct profile *profile, int fd, struct look *look)
{
	struct looking *g = arena_alloc(a, sizeof(*g));
	struct child_call call = { .profile = profile };
	bool is_glance = look->is_glance;
	char program[4096];
	enum err e;

	memset(look, 0, sizeof(*look));
	look->is_glance = is_glance;
	if (!child_program(program, sizeof(program)))
		return ERR_INTERNAL;
	call.program = program;
	g->arena = a;
	g->look = look;
	g->held = arena_alloc(a, HELD_MAX);
	csv_init(&g->record, ',');
	e = child_read(&call, fd, &(struct child_sink){ take, NULL, g }, &look->child);
	split(g, e != ERR_GONE);
	return e == ERR_GONE ? OK : e;
}

/* -- for people -------------------------------------------------------------------------------- */

const char *look_meaning(const char *word)
{
	static const struct {
		const char *word, *text;
	} known[] = {
		{ "open_quote", "anførselstegn som aldri lukkes" },
		{ "after_quote", "tekst etter avsluttende anførselstegn" },
		{ "too_long", "raden er for lang" },
		{ "too_many", "for mange kolonner" },
		{ "too_few", "for få kolonner" },
		{ "beyond", "flere kolonner enn overskriften" },
		{ "nul", "NUL-tegn" },
		{ "control", "styretegn" },
		{ "encoding", "bytes som ikke er tekst" },
		{ "formula", "formler (den lagrede verdien er lest)" },
		{ "no_value", "formler uten lagret verdi" },
		{ "merged", "sammenslåtte celler" },
		{ "hidden", "skjulte rader (lest)" },
		{ "error", "feilverdier" },
		{ "curve", "kurver (lest som rette linjer)" },
		{ "binary", "binære felt (ikke lest)" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!strcmp(known[i].word, word))
			return known[i].text;
	}
	return word;
}

static void print_columns(const struct profile *p, const struct look *l, FILE *out)
{
	fprintf(out, "Kolonner:\n");
	for (size_t i = 0; i < l->header.count; i++) {
		const char *header = l->header.cells[i], *to = "";

		for (size_t k = 0; k < p->column_count && !*to; k++) {
			if (profile_is_header(&p->columns[k], header, strlen(header)))
				to = p->columns[k].name;
		}
		if (p->is_positional && i < p->column_count)
			to = p->columns[i].name;
		fprintf(out, "  %3zu  %s%s%s\n", i + 1, header, *to ? " → " : "", to);
	}
	for (size_t k = 0; k < p->column_count && !p->is_positional; k++) {
		bool is_there = false;

		for (size_t i = 0; i < l->header.count && !is_there; i++)
			is_there = profile_is_header(&p->columns[k], l->header.cells[i],
						     strlen(l->header.cells[i]));
		if (!is_there)
			fprintf(out, "  mangler  %s%s\n", p->columns[k].name,
				p->columns[k].is_required ? " (må være med)" : "");
	}
}

/* A cell on one line, cut when it is long; never in the middle of a letter. */
static void print_cell(const char *cell, FILE *out)
{
	size_t letters = 0;

	for (; *cell; cell++) {
		letters += ((unsigned char)*cell & 0xc0) != 0x80;
		if (letters > SHOWN_MAX) {
			fputs("…", out);
			return;
		}
		fputc((unsigned char)*cell < 0x20 ? ' ' : *cell, out);
	}
}

static void print_counts(const struct look *l, bool is_fault, FILE *out)
{
	for (size_t i = 0; i < l->word_count; i++) {
		const struct look_count *c = &l->words[i];

		if (c->is_fault != is_fault)
			continue;
		fprintf(out, "%s: %llu %s (linje", is_fault ? "Feil" : "Merket",
			(unsigned long long)c->count, look_meaning(c->word));
		for (uint64_t k = 0; k < c->count && k < LOOK_LINES; k++)
			fprintf(out, "%s %llu", k ? "," : "", (unsigned long long)c->lines[k]);
		fprintf(out, "%s)\n", c->count > LOOK_LINES ? " …" : "");
	}
}

void look_print(struct arena *a, const struct profile *profile, const struct look *l, FILE *out)
{
	fprintf(out, "Format: %s", l->child.format[0] ? l->child.format : "ukjent");
	fprintf(out, "%s%s\n", l->child.encoding[0] ? ", tegnsett " : "", l->child.encoding);
	if (l->header.count)
		print_columns(profile, l, out);
	for (size_t i = 0; i < l->row_count; i++) {
		fprintf(out, "linje %llu: ", (unsigned long long)l->rows[i].line);
		for (size_t k = 0; k < l->rows[i].count; k++) {
			fputs(k ? " | " : "", out);
			print_cell(l->rows[i].cells[k], out);
		}
		fputc('\n', out);
	}
	print_counts(l, true, out);
	print_counts(l, false, out);
	report_notes(&l->child, out);
	if (l->child.fault[0])
		fprintf(out, "Filen lar seg ikke lese: %s.\n", report_fault(a, profile, &l->child));
	else
		fprintf(out, "%llu rader etter overskriften, %llu tomme\n",
			(unsigned long long)l->total, (unsigned long long)l->child.blank);
}
