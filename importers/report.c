#include "base/clock.h"
#include "importers/csv.h"
#include "importers/import.h"
#include "importers/reader_lockdown.h"

#include <string.h>
#include <unistd.h>

static const double us_a_second = 1e6;

static const struct {
	const char *word, *sentence;
} faults[] = {
	{ "empty", "filen er tom" },
	{ "xls", "filen er i det gamle Excel-formatet (.xls): lagre den som .xlsx eller CSV" },
	{ "pdf", "filen er en PDF" },
	{ "picture", "filen er et bilde" },
	{ "packed", "filen er pakket (gzip, 7z eller rar): pakk den ut, eller bruk zip" },
	{ "program", "filen er et program" },
	{ "dwg", "filen er en DWG-tegning: lagre den som DXF" },
	{ "html", "filen er en nettside (HTML), ikke et uttrekk" },
	{ "vrt", "filen er en GDAL-henvisning (VRT) til andre filer" },
	{ "doctype",
	  "filen har en dokumenttype (DOCTYPE) eller egne entiteter, og det leses ikke" },
	{ "sqlite", "filen er en SQLite-database, men ikke en GeoPackage" },
	{ "sosi", "filen er SOSI: GDALs SOSI-driver åpner filen utenom leseprogrammets sperre og "
		  "brukes derfor ikke. Hent samme datasett som GML eller GeoPackage" },
	{ "lone_shp", "en Shapefile er flere filer: legg .shp, .shx, .dbf og .prj i én zip" },
	{ "lone_tab",
	  "MapInfo er flere filer: legg .tab, .dat, .map og .id (eller .mif og .mid) i én "
	  "zip" },
	{ "no_zip", "filene må være pakket som zip, eller sendes hver for seg" },
	{ "empty_zip", "zip-filen er tom" },
	{ "many_files", "zip-filen har flere filer enn den ene som skulle leses" },
	{ "nested_zip", "zip-filen inneholder en zip-fil" },
	{ "zip_entries", "zip-filen har for mange filer" },
	{ "bomb", "filen pakker seg ut til mye mer enn den er (pakket bombe?)" },
	{ "read", "filen lot seg ikke lese" },
	{ "too_large", "innholdet er for stort til å pakkes ut i minnet: pakk det ut, eller bruk "
		       "GeoPackage" },
	{ "too_many", "filen har for mange kolonner" },
	{ "too_many_sheets", "regnearket har for mange ark" },
	{ "too_many_merges", "regnearket har for mange sammenslåtte celler" },
	{ "empty_rows", "regnearket har for mange tomme rader" },
	{ "no_rows", "filen har ingen rader" },
	{ "no_layer", "arket eller laget som profilen leser, finnes ikke eller er tomt" },
	{ "no_record", "filen har ingen av elementene som profilen leser" },
	{ "no_column", "ingen av postene har det som må være med" },
	{ "depth", "filen har for mange nivåer i hverandre" },
	{ "name", "filen har et for langt navn på et element" },
	{ "attributes", "filen har et element med for mange attributter" },
	{ "profile", "profilens manifest lar seg ikke bruke" },
	{ "memory", "filen trenger mer minne enn leseprogrammet får (pakket bombe?)" },
	{ "cpu", "filen tar for lang tid å lese" },
	{ "forbidden", "filen fikk leseprogrammet til å prøve noe det ikke har lov til" },
	{ "crashed", "filen er skadet: leseprogrammet stoppet" },
	{ "lockdown", "leseprogrammet kunne ikke sperres inne, og leste derfor ikke filen" },
	{ "library", "filen er skadet, ufullstendig eller ikke det den gir seg ut for" },
};

const char *report_fault(struct arena *a, const struct profile *profile,
			 const struct child_report *child)
{
	const char *sentence = "filen lot seg ikke lese";

	if (!strcmp(child->fault, "format"))
		return arena_printf(a, "profilen leser %s, men filen er %s", profile->formats,
				    child->text);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (!strcmp(child->fault, faults[i].word))
			sentence = faults[i].sentence;
	}
	return child->text[0] ? arena_printf(a, "%s (%s)", sentence, child->text) : sentence;
}

void report_notes(const struct child_report *child, FILE *out)
{
	const struct {
		const char *title, *list;
	} notes[] = {
		{ "Ark eller lag som ikke er lest", child->layers },
		{ "Ark med skjulte kolonner (lest)", child->hidden_columns },
		{ "I postene, men ikke brukt", child->unused },
		{ "Utenfor postene", child->outside },
	};

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		if (notes[i].list[0])
			fprintf(out, "%s: %s\n", notes[i].title, notes[i].list);
	}
}

static enum err tell_watch(struct import *im)
{
	return im->watch ? im->watch->told(im->watch->closure, im) : OK;
}

enum err report_progress(struct import *im, uint64_t rows, bool is_done)
{
	double seconds = (double)(clock_us() - im->started_us) / us_a_second;
	/* The child reads by the same open file, so where it has come is the file's own place. */
	off_t at = lseek(im->fd, 0, SEEK_CUR);

	im->seen = rows;
	im->seen_bytes = at > 0 ? (uint64_t)at : 0;
	if (!im->options->shows_progress)
		return tell_watch(im);
	fprintf(stderr, "\r\033[K%llu rader, %.0f i sekundet%s", (unsigned long long)rows,
		seconds > 0 ? (double)rows / seconds : 0, is_done ? "\n" : "");
	fflush(stderr);
	return tell_watch(im);
}

enum err report_step(struct import *im, const char *step)
{
	im->step = step;
	if (im->options->shows_progress) {
		fprintf(stderr, "\r\033[K%s …", step);
		fflush(stderr);
	}
	return tell_watch(im);
}

/* Each is answered by a section of common.sql: text and number, a line each. */
static const struct {
	const char *section, *title;
} lists[IMPORT_LISTS] = {
	[LIST_LANDED_IN] = { "landed_in", "Landet i" },
	[LIST_FLAGS] = { "flags", "Merket" },
	[LIST_REASONS] = { "reasons", "Avvist" },
	[LIST_QUEUE] = { "queue_reasons", "I kø" },
};

void report_lists(struct import *im)
{
	for (int i = 0; i < IMPORT_LISTS; i++) {
		const char *sql = script_find(&im->common, lists[i].section);

		if (!sql || db_run_sql(im->db, im->arena, sql, 0, NULL, &im->lists[i]))
			im->lists[i] = NULL;
	}
}

static void print_lists(const struct import *im)
{
	for (int i = 0; i < IMPORT_LISTS; i++) {
		const struct rows *rows = im->lists[i];
		int count = rows ? rows_count(rows) : 0;

		if (count)
			fprintf(im->out, "%s:\n", lists[i].title);
		for (int k = 0; k < count; k++)
			fprintf(im->out, "  %6s  %s\n", rows_at(rows, k, 1), rows_at(rows, k, 0));
	}
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
	print_lists(im);
	print_columns(im);
	if (c->blank)
		fprintf(im->out, "Tomme rader: %llu\n", (unsigned long long)c->blank);
	report_notes(&im->child, im->out);
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

/* -- for programs ------------------------------------------------------------------------------ */

static void add_text(struct buf *to, const char *text)
{
	buf_json(to, text, strlen(text));
}

static void add_count(struct buf *to, const char *name, uint64_t count)
{
	buf_printf(to, "\"%s\":%llu,", name, (unsigned long long)count);
}

static void add_lists(const struct import *im, struct buf *to)
{
	for (int i = 0; i < IMPORT_LISTS; i++) {
		const struct rows *rows = im->lists[i];
		int count = rows ? rows_count(rows) : 0;

		buf_printf(to, "\"%s\":[", lists[i].section);
		for (int k = 0; k < count; k++) {
			buf_printf(to, "%s{\"count\":%s,\"text\":", k ? "," : "",
				   rows_at(rows, k, 1));
			add_text(to, rows_at(rows, k, 0));
			buf_char(to, '}');
		}
		buf_text(to, "],");
	}
}

/* The file's columns in its order; those that are not read have no name. */
static void add_columns(const struct import *im, struct buf *to)
{
	buf_text(to, "\"columns\":[");
	for (size_t i = 0; i < im->width; i++) {
		buf_text(to, i ? ",{\"header\":" : "{\"header\":");
		add_text(to, im->headers[i]);
		buf_text(to, ",\"name\":");
		if (strncmp(im->columns[i], "x_", 2) != 0)
			add_text(to, im->columns[i]);
		else
			buf_text(to, "null");
		buf_char(to, '}');
	}
	buf_text(to, "],");
}

void report_child_json(const struct child_report *child, struct buf *to)
{
	const struct {
		const char *name, *text;
	} texts[] = {
		{ "format", child->format },          { "encoding", child->encoding },
		{ "layers_not_read", child->layers }, { "hidden_columns", child->hidden_columns },
		{ "unused", child->unused },          { "outside", child->outside },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_printf(to, "\"%s\":", texts[i].name);
		add_text(to, texts[i].text);
		buf_char(to, ',');
	}
	add_count(to, "blank", child->blank);
}

void report_json(struct import *im, struct buf *to)
{
	const struct import_counts *c = &im->counts;
	double seconds = (double)(clock_us() - im->started_us) / us_a_second;

	buf_char(to, '{');
	add_count(to, "read", c->read);
	add_count(to, "landed", c->landed);
	add_count(to, "updated", c->updated);
	add_count(to, "unchanged", c->unchanged);
	add_count(to, "rejected", c->rejected);
	add_count(to, "queued", c->queued);
	if (im->options->files) {
		add_count(to, "files_taken", c->files_taken);
		add_count(to, "files_missing", c->files_missing);
	}
	add_lists(im, to);
	add_columns(im, to);
	report_child_json(&im->child, to);
	buf_printf(to, "\"has_rejects\":%s,\"seconds\":%.1f}", im->rejects_path ? "true" : "false",
		   seconds);
}
