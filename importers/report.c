#include "base/clock.h"
#include "importers/csv.h"
#include "importers/import.h"
#include "importers/reader_lockdown.h"

#include <string.h>

static const double us_a_second = 1e6;

const char *report_fault(const struct child_report *child)
{
	static const struct {
		const char *word, *sentence;
	} faults[] = {
		{ "utf16", "filen er i UTF-16: lagre den som UTF-8" },
		{ "read", "filen lot seg ikke lese" },
		{ "too_large", "regnearket er for stort: lagre det som CSV" },
		{ "too_many", "regnearket har for mange kolonner" },
		{ "empty_rows", "regnearket har for mange tomme rader" },
		{ "memory", "filen trenger mer minne enn leseprogrammet får (pakket bombe?)" },
		{ "cpu", "filen tar for lang tid å lese" },
		{ "forbidden", "filen fikk leseprogrammet til å prøve noe det ikke har lov til" },
		{ "crashed", "filen er skadet: leseprogrammet stoppet" },
		{ "lockdown",
		  "leseprogrammet kunne ikke sperres inne, og leste derfor ikke filen" },
		{ "library", "filen er skadet, ufullstendig eller ikke det den gir seg ut for" },
	};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (!strcmp(child->fault, faults[i].word))
			return faults[i].sentence;
	}
	return "filen lot seg ikke lese";
}

void report_progress(struct import *im, uint64_t rows, bool is_done)
{
	double seconds = (double)(clock_us() - im->started_us) / us_a_second;

	if (!im->options->shows_progress)
		return;
	fprintf(stderr, "\r\033[K%llu rader, %.0f i sekundet%s", (unsigned long long)rows,
		seconds > 0 ? (double)rows / seconds : 0, is_done ? "\n" : "");
	fflush(stderr);
}

void report_step(struct import *im, const char *step)
{
	if (!im->options->shows_progress)
		return;
	fprintf(stderr, "\r\033[K%s …", step);
	fflush(stderr);
}

/* A list that a section of common.sql answers: text and number, a line each. */
static void print_list(struct import *im, const char *title, const char *sql)
{
	struct rows *rows;

	if (!sql || db_run_sql(im->db, im->arena, sql, 0, NULL, &rows) || rows_count(rows) == 0)
		return;
	fprintf(im->out, "%s\n", title);
	for (int i = 0; i < rows_count(rows); i++)
		fprintf(im->out, "  %6s  %s\n", rows_at(rows, i, 1), rows_at(rows, i, 0));
}

void report_lists(struct import *im)
{
	print_list(im, "Landet i:", script_find(&im->common, "landed_in"));
	print_list(im, "Merket:", script_find(&im->common, "flags"));
	print_list(im, "Avvist:", script_find(&im->common, "reasons"));
	print_list(im, "I kø:", script_find(&im->common, "queue_reasons"));
}

static void print_columns(const struct import *im)
{
	const char *before = "Kolonner som ikke brukes: ";

	for (size_t i = 0; i < im->width; i++) {
		if (strncmp(im->columns[i], "x_", 2) != 0 || !im->headers[i][0])
			continue;
		fprintf(im->out, "%s%s", before, im->headers[i]);
		before = ", ";
	}
	if (*before == ',')
		fputc('\n', im->out);
}

void report_print(struct import *im)
{
	const struct import_counts *c = &im->counts;
	double seconds = (double)(clock_us() - im->started_us) / us_a_second;

	if (im->options->shows_progress)
		fputs("\r\033[K", stderr);
	print_columns(im);
	if (c->blank)
		fprintf(im->out, "Tomme rader: %llu\n", (unsigned long long)c->blank);
	if (im->child.sheets)
		fprintf(im->out, "Ark som ikke er lest: %u\n", im->child.sheets);
	if (im->options->files)
		fprintf(im->out, "Filer: tatt inn %llu, mangler %llu\n",
			(unsigned long long)c->files_taken, (unsigned long long)c->files_missing);
	fprintf(im->out,
		"lest %llu = landet %llu + endret %llu + uendret %llu + avvist %llu + i kø %llu "
		"(%.1f s)\n",
		(unsigned long long)c->read, (unsigned long long)c->landed,
		(unsigned long long)c->updated, (unsigned long long)c->unchanged,
		(unsigned long long)c->rejected, (unsigned long long)c->queued, seconds);
	if (im->rejects_path)
		fprintf(im->out, "Avviste rader: %s\n", im->rejects_path);
	if (im->batch)
		fprintf(im->out, "Innlesing: %s (tas tilbake med: fdvu import undo %s)\n",
			im->batch, im->batch);
	if (im->options->is_dry_run)
		fputs("Prøvekjøring: ingenting er endret.\n", im->out);
}
