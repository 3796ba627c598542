/* fdvu-reader: reads one untrusted file, open as standard input, and writes its rows to standard
 * output in the shape of rowpipe.h. It runs with an empty environment, is locked down before the
 * first byte is looked at, and is the only program that links GDAL. Standard error is for its
 * parent: lines "note WORD VALUE", and "fault WORD TEXT" when it fails (exit 1). */
#include "importers/charset.h"
#include "importers/csv.h"
#include "importers/reader_lockdown.h"
#include "importers/rowpipe.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	WINDOW = 4 * CSV_RECORD_MAX,
	SHEET_FILE_MAX = 256 * 1024 * 1024, /* bytes of a spreadsheet file */
	EMPTY_ROWS_MAX = 100000,            /* empty rows in a sheet before the reader gives up */
	TEXT_MAX = 300,                     /* bytes of a library's message passed on */
};

struct options {
	const char *format;    /* csv, xlsx */
	const char *delimiter; /* one character, or "auto" */
	const char *encoding;  /* auto, utf-8, windows-1252 */
	size_t width;          /* least number of columns */
	size_t least;          /* fewest cells in a row; 0: as many as the first row has */
};

static struct rowpipe pipe_out;
static struct csv splitter;
static char window[WINDOW];

static int fail(const char *word, const char *text)
{
	fprintf(stderr, "fault %s %.*s\n", word, TEXT_MAX, text);
	return 1;
}

static int finish(uint64_t blank)
{
	if (!rowpipe_flush(&pipe_out))
		return fail("pipe", "");
	fprintf(stderr, "note rows %llu\nnote blank %llu\n", (unsigned long long)pipe_out.rows,
		(unsigned long long)blank);
	return 0;
}

/* The first row decides how wide the rows are. */
static void set_width(const struct options *o, size_t count)
{
	pipe_out.width = count > o->width ? count : o->width;
	pipe_out.least = o->least ? o->least : pipe_out.width;
}

/* Bytes read into the window after the `held` first ones; sets *is_last at the end of the file. */
static size_t fill(size_t held, bool *is_last)
{
	while (held < WINDOW && !*is_last) {
		ssize_t n = read(STDIN_FILENO, window + held, WINDOW - held);

		if (n <= 0)
			*is_last = true;
		else
			held += (size_t)n;
	}
	return held;
}

/* Reads the whole file once to know its encoding. CHARSET__MAX when the file goes beyond what is
 * read. */
static enum charset find_charset(const struct options *o)
{
	struct charset_guess guess = { 0 };
	enum charset says = CHARSET_UTF8;
	bool is_last = false, is_first = true;

	while (!is_last) {
		size_t n = fill(0, &is_last);

		if (is_first && charset_mark(window, n, &says))
			return says;
		is_first = false;
		if (strcmp(o->encoding, "auto") != 0)
			break;
		charset_count(&guess, window, n);
	}
	if (!strcmp(o->encoding, "windows-1252"))
		return CHARSET_WINDOWS_1252;
	return strcmp(o->encoding, "auto") ? CHARSET_UTF8 : charset_choose(&guess);
}

static bool is_blank(const struct csv *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->cells[i].length > 0)
			return false;
	}
	return c->fault != CSV_TOO_LONG;
}

static void write_record(const struct options *o, uint64_t *blank)
{
	static const char *const faults[] = {
		[CSV_FINE] = NULL,
		[CSV_OPEN_QUOTE] = "open_quote",
		[CSV_AFTER_QUOTE] = "after_quote",
		[CSV_TOO_LONG] = "too_long",
		[CSV_TOO_MANY] = "too_many",
	};

	if (splitter.line == 0)
		return;
	if (is_blank(&splitter)) {
		++*blank;
		return;
	}
	if (pipe_out.width == 0)
		set_width(o, splitter.count);
	rowpipe_row(&pipe_out, splitter.line, faults[splitter.fault], splitter.cells,
		    splitter.count);
}

/* Excel's own first line "sep=;" names the delimiter and is no row. */
static size_t take_sep_line(char *at, size_t length)
{
	if (length < 6 || memcmp(at, "sep=", 4) != 0 || (at[5] != '\n' && at[5] != '\r'))
		return 0;
	splitter.delimiter = at[4];
	splitter.next_line++;
	return length > 6 && at[5] == '\r' && at[6] == '\n' ? 7 : 6;
}

static int read_csv(const struct options *o)
{
	static const char *const names[] = { "utf-8", "windows-1252", "utf-16" };
	enum charset charset = find_charset(o), says;
	bool is_last = false;
	size_t held, at, taken;
	uint64_t blank = 0;

	if (charset == CHARSET_UTF16)
		return fail("utf16", "");
	if (lseek(STDIN_FILENO, 0, SEEK_SET))
		return fail("read", "not a file");
	rowpipe_init(&pipe_out, STDOUT_FILENO, charset);
	held = fill(0, &is_last);
	at = charset_mark(window, held, &says);
	csv_init(&splitter, o->delimiter[0]);
	if (!strcmp(o->delimiter, "auto"))
		splitter.delimiter = csv_guess_delimiter(window + at, held - at);
	at += take_sep_line(window + at, held - at);
	fprintf(stderr, "note encoding %s\n", names[charset]);
	for (;;) {
		taken = csv_next(&splitter, window + at, held - at, is_last);
		at += taken;
		if (taken) {
			write_record(o, &blank);
		} else if (is_last) {
			break;
		} else {
			memmove(window, window + at, held - at);
			held = fill(held - at, &is_last);
			at = 0;
		}
		if (pipe_out.is_broken)
			break;
	}
	return finish(blank);
}

struct failures {
	unsigned count;
	bool is_memory; /* one of them was an allocation */
	char first[TEXT_MAX];
};

/* GDAL gives fewer rows rather than an error: only its messages tell. */
static void CPL_STDCALL on_error(CPLErr level, CPLErrorNum number, const char *text)
{
	struct failures *f = CPLGetErrorHandlerUserData();

	if (level >= CE_Failure && number == CPLE_OutOfMemory)
		f->is_memory = true;
	if (level >= CE_Failure && f->count++ == 0)
		snprintf(f->first, sizeof(f->first), "%s", text);
}

static int fail_library(const struct failures *f)
{
	if (f->is_memory || lockdown_is_over_memory())
		return fail("memory", f->first);
	return fail("library", f->count ? f->first : "not an XLSX workbook");
}

/* The file as GDAL's in-memory file, so that it needs to open nothing. */
static bool map_sheet(const char *name)
{
	struct stat st;
	void *bytes;

	if (fstat(STDIN_FILENO, &st) || st.st_size <= 0 || st.st_size > SHEET_FILE_MAX)
		return false;
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, STDIN_FILENO,
		     0);
	if (bytes == MAP_FAILED)
		return false;
	return VSIFileFromMemBuffer(name, bytes, (vsi_l_offset)st.st_size, FALSE) != NULL;
}

static void write_sheet_row(const struct options *o, OGRFeatureH row, uint64_t *blank)
{
	static struct str cells[CSV_CELLS_MAX];
	int count = OGR_F_GetFieldCount(row);
	bool is_empty = true;

	if (count > CSV_CELLS_MAX)
		count = CSV_CELLS_MAX;
	for (int i = 0; i < count; i++) {
		cells[i] = str_of(
			OGR_F_IsFieldSetAndNotNull(row, i) ? OGR_F_GetFieldAsString(row, i) : "");
		is_empty = is_empty && cells[i].length == 0;
	}
	if (is_empty) {
		++*blank;
		return;
	}
	if (pipe_out.width == 0)
		set_width(o, (size_t)count);
	rowpipe_row(&pipe_out, (uint64_t)OGR_F_GetFID(row), NULL, cells, (size_t)count);
}

/* Writes the first sheet that has rows; sheets after it are told of, not read. */
static int write_sheets(const struct options *o, GDALDatasetH data, const struct failures *f)
{
	int sheets = GDALDatasetGetLayerCount(data), others = 0;
	bool is_found = false;
	uint64_t blank = 0;

	for (int i = 0; i < sheets; i++) {
		OGRLayerH sheet = GDALDatasetGetLayer(data, i);
		OGRFeatureH row;

		if (OGR_L_GetFeatureCount(sheet, TRUE) == 0)
			continue;
		others += is_found;
		if (is_found)
			continue;
		is_found = true;
		if (OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(sheet)) > CSV_CELLS_MAX)
			return fail("too_many", "");
		OGR_L_ResetReading(sheet);
		while ((row = OGR_L_GetNextFeature(sheet)) && blank <= EMPTY_ROWS_MAX) {
			write_sheet_row(o, row, &blank);
			OGR_F_Destroy(row);
		}
	}
	if (f->count || lockdown_is_over_memory())
		return fail_library(f);
	if (blank > EMPTY_ROWS_MAX)
		return fail("empty_rows", "");
	if (others)
		fprintf(stderr, "note sheets %d\n", others);
	return finish(blank);
}

static int read_sheet(const struct options *o)
{
	static const char name[] = "/vsimem/input.xlsx";
	static const char *const drivers[] = { "XLSX", NULL };
	struct failures failures = { 0 };
	GDALDatasetH data;
	int status;

	CPLPushErrorHandlerEx(on_error, &failures);
	if (!map_sheet(name))
		return fail("too_large", "");
	rowpipe_init(&pipe_out, STDOUT_FILENO, CHARSET_UTF8);
	data = GDALOpenEx(name, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL);
	if (!data)
		return fail_library(&failures);
	status = write_sheets(o, data, &failures);
	GDALClose(data);
	return status;
}

static bool parse_options(int argc, char **argv, struct options *o)
{
	if (argc < 2 || argc % 2)
		return false;
	o->format = argv[1];
	for (int i = 2; i < argc; i += 2) {
		if (!strcmp(argv[i], "--delimiter"))
			o->delimiter = argv[i + 1];
		else if (!strcmp(argv[i], "--encoding"))
			o->encoding = argv[i + 1];
		else if (!strcmp(argv[i], "--width"))
			o->width = strtoul(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--least"))
			o->least = strtoul(argv[i + 1], NULL, 10);
		else
			return false;
	}
	return o->width <= CSV_CELLS_MAX &&
	       (!strcmp(o->format, "csv") || !strcmp(o->format, "xlsx"));
}

int main(int argc, char **argv)
{
	struct options o = { .delimiter = "auto", .encoding = "auto" };
	bool is_sheet;

	if (!parse_options(argc, argv, &o)) {
		fputs("usage: fdvu-reader csv|xlsx [--delimiter C] [--encoding E] [--width N] [--least N]\n",
		      stderr);
		return 2;
	}
	is_sheet = !strcmp(o.format, "xlsx");
	if (is_sheet) {
		CPLSetConfigOption("GDAL_DRIVER_PATH", "disable");
		CPLSetConfigOption("OGR_XLSX_FIELD_TYPES", "STRING");
		CPLSetConfigOption("OGR_XLSX_HEADERS",
				   "DISABLE"); /* the parent tells headers from rows */
		GDALAllRegister();
	}
	if (!lockdown())
		return fail("lockdown", "");
	return is_sheet ? read_sheet(&o) : read_csv(&o);
}
