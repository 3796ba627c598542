/* fdvu-reader: reads one untrusted file, open as standard input, and writes its rows to standard
 * output in the shape of rowpipe.h. It runs with an empty environment, is locked down before the
 * first byte is looked at, and is the only program that links GDAL and libxml2. Standard error is
 * for its parent: lines "note WORD TEXT", and "fault WORD TEXT" when it fails (exit 1). */
#include "importers/reader.h"

#include "importers/reader_csv.h"
#include "importers/reader_file.h"
#include "importers/reader_json.h"
#include "importers/reader_lockdown.h"
#include "importers/reader_ods.h"
#include "importers/reader_ogr.h"
#include "importers/reader_records.h"
#include "importers/reader_sniff.h"
#include "importers/reader_unpack.h"
#include "importers/reader_xlsx.h"
#include "importers/reader_xml.h"
#include "importers/unpack_pipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct reader reader;

/* What is read: the file itself, or a member of the archive that it is. */
struct target {
	const char *format;
	const char *member; /* NULL: the file itself */
	const char *path;   /* GDAL's name of it */
	char room[FILE_NAME_MAX + 64];
};

/* -- options ----------------------------------------------------------------------------------- */

static bool set_count(const char *value, size_t *to)
{
	char *end;

	*to = strtoul(value, &end, 10);
	return *value && !*end && *to <= CSV_CELLS_MAX;
}

static bool set_option(struct reader_options *o, const char *key, const char *value)
{
	bool is_required = !strcmp(key, "--required");

	if (is_required || !strcmp(key, "--column")) {
		if (o->column_count == READER_COLUMNS_MAX)
			return false;
		o->columns[o->column_count++] =
			(struct reader_column){ str_of(value), is_required };
	} else if (!strcmp(key, "--record")) {
		if (o->record_count == READER_RECORDS_MAX)
			return false;
		o->records[o->record_count++] = value;
	} else if (!strcmp(key, "--delimiter")) {
		o->delimiter = value;
	} else if (!strcmp(key, "--encoding")) {
		o->encoding = value;
	} else if (!strcmp(key, "--layer")) {
		o->layer = value;
	} else if (!strcmp(key, "--width")) {
		return set_count(value, &o->width);
	} else if (!strcmp(key, "--least")) {
		return set_count(value, &o->least);
	} else {
		return false;
	}
	return true;
}

static bool parse_options(int argc, char **argv, struct reader_options *o)
{
	if (argc < 2 || argc % 2)
		return false;
	*o = (struct reader_options){
		.formats = argv[1], .delimiter = "auto", .encoding = "auto", .layer = "first"
	};
	for (int i = 2; i < argc; i += 2) {
		if (!set_option(o, argv[i], argv[i + 1]))
			return false;
	}
	return true;
}

/* -- what the file is -------------------------------------------------------------------------- */

static bool is_taken(const char *formats, const char *format)
{
	struct str rest = str_of(formats);

	while (rest.length) {
		if (str_equals(str_cut(&rest, ' '), str_of(format)))
			return true;
	}
	return false;
}

static bool needs_ogr(const char *formats)
{
	struct str rest = str_of(formats);

	while (rest.length) {
		struct str one = str_cut(&rest, ' ');
		char format[32];

		snprintf(format, sizeof(format), "%.*s", one.length > 30 ? 30 : (int)one.length,
			 one.at);
		if (ogr_has(format))
			return true;
	}
	return false;
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && !strcasecmp(name + n - m, end);
}

/* What archives of several files are known by: the file that all others belong to. */
static const struct {
	const char *ending, *format;
} bundles[] = {
	{ ".shp", "shapefile" },
	{ ".gdbtable", "filegdb" },
	{ ".tab", "mapinfo" },
	{ ".mif", "mapinfo" },
};

static bool is_ods(const struct zip_entry *entries, size_t count)
{
	char type[64];
	struct source s;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (!strcmp(entries[i].name, "mimetype") && zip_source("mimetype", &s)) {
			n = source_fill(&s, type, sizeof(type) - 1);
			s.close(&s);
		}
	}
	type[n] = '\0';
	return !strcmp(type, "application/vnd.oasis.opendocument.spreadsheet");
}

/* An XLSX whose workbook stands elsewhere is told by its list of parts. */
static bool is_xlsx(const struct zip_entry *entries, size_t count)
{
	bool has_types = false, has_sheet = false;

	for (size_t i = 0; i < count; i++) {
		has_types = has_types || !strcmp(entries[i].name, "[Content_Types].xml");
		has_sheet = has_sheet || strstr(entries[i].name, "worksheets/");
	}
	return has_types && has_sheet;
}

/* The members that belong to this one into memory: all of its folder, or those of its name. GDAL
 * knows a geodatabase by its folder's ending. */
static const char *unpack(struct target *f, const char *member, bool is_folder)
{
	const char *slash = strrchr(member, '/');

	f->path = f->room;
	snprintf(f->room, sizeof(f->room), "%s%s", is_folder ? "/vsimem/x.gdb" : "/vsimem/x/",
		 is_folder ? ""
		 : slash   ? slash + 1
			   : member);
	return zip_unpack(member, is_folder, is_folder ? f->room : "/vsimem/x");
}

/* The one file that an archive carries, notes about it aside. */
static const char *sniff_single(struct target *f, const struct zip_entry *entries, size_t count)
{
	static char head[SNIFF_HEAD];
	const struct zip_entry *only = NULL;
	const char *fault = NULL;
	struct source s;
	size_t n;

	for (size_t i = 0; i < count; i++) {
		const struct zip_entry *e = &entries[i];

		if (!strncmp(e->name, "__MACOSX/", 9) || ends_with(e->name, ".pdf") ||
		    ends_with(e->name, ".xsd") || strcasestr(e->name, "readme") ||
		    strcasestr(e->name, "lesmeg"))
			continue;
		if (only)
			return "many_files";
		only = e;
	}
	if (!only)
		return "empty_zip";
	if (!zip_source(only->name, &s))
		return "library";
	n = source_fill(&s, head, sizeof(head));
	fault = s.fault;
	s.close(&s);
	if (fault)
		return fault;
	f->format = sniff(head, n, &fault);
	f->member = only->name;
	if (f->format && !strcmp(f->format, "zip"))
		return "nested_zip";
	if (f->format && (!strcmp(f->format, "gml") || !strcmp(f->format, "geojson"))) {
		f->path = f->room;
		snprintf(f->room, sizeof(f->room), "/vsizip/{/vsiinput/input}/%s", only->name);
	} else if (f->format && ogr_has(f->format)) {
		return unpack(f, only->name, false);
	}
	return fault;
}

/* A Shapefile without its table or its index would be read in part, without a word. */
static bool is_complete(const struct zip_entry *entries, size_t count, const char *name)
{
	static const char *const needed[] = { ".dbf", ".shx" };
	size_t stem = strlen(name) - 4, found = 0;

	if (!ends_with(name, ".shp"))
		return true;
	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < count; i++) {
			if (strlen(entries[i].name) == stem + 4 &&
			    !strncasecmp(entries[i].name, name, stem) &&
			    ends_with(entries[i].name, needed[k])) {
				found++;
				break;
			}
		}
	}
	return found == 2;
}

static const char *sniff_zip(struct target *f)
{
	struct zip_entry *entries;
	size_t count;
	const char *fault = zip_list(&entries, &count, FILE_ENTRIES_MAX);

	if (fault)
		return fault;
	if (is_ods(entries, count) || is_xlsx(entries, count)) {
		f->format = is_xlsx(entries, count) ? "xlsx" : "ods";
		return NULL;
	}
	for (size_t k = 0; k < sizeof(bundles) / sizeof(bundles[0]); k++) {
		for (size_t i = 0; i < count; i++) {
			if (!ends_with(entries[i].name, bundles[k].ending))
				continue;
			f->format = bundles[k].format;
			if (!is_complete(entries, count, entries[i].name))
				return "lone_shp";
			return unpack(f, entries[i].name, !strcmp(f->format, "filegdb"));
		}
	}
	return sniff_single(f, entries, count);
}

static const char *sniff_file(struct target *f)
{
	static char head[SNIFF_HEAD];
	const char *fault;

	f->format = sniff(head, file_head(head, sizeof(head)), &fault);
	if (fault)
		return fault;
	if (!strcmp(f->format, "zip"))
		return sniff_zip(f);
	if (!strcmp(f->format, "mapinfo"))
		return "lone_tab";
	f->path = f->room;
	snprintf(f->room, sizeof(f->room), "/vsiinput/input.%s", f->format);
	return NULL;
}

/* -- reading ----------------------------------------------------------------------------------- */

static int read_records(struct source *s, bool is_xml)
{
	static struct records records;
	const char *fault = records_init(&records, &reader);
	struct tree_sink sink = records_sink(&records);
	char said[READER_TEXT_MAX];

	if (fault)
		return reader_fail("profile", fault);
	fault = is_xml ? xml_read(s, &sink, said, sizeof(said))
		       : json_read(s, &sink, said, sizeof(said));
	if (fault)
		return reader_fail(lockdown_is_over_memory() ? "memory" : fault, said);
	return records_finish(&records);
}

static int read_found(const struct target *f)
{
	struct archive archive = zip_archive();
	struct source s;

	if (!strcmp(f->format, "xlsx"))
		return reader_xlsx(&reader, &archive);
	if (!strcmp(f->format, "ods"))
		return reader_ods(&reader, &archive);
	if (ogr_has(f->format))
		return reader_ogr(&reader, f->format, f->path);
	if (f->member && !zip_source(f->member, &s))
		return reader_fail("library", f->member);
	if (!f->member)
		file_source(&s);
	if (!strcmp(f->format, "csv"))
		return reader_csv(&reader, &s);
	return read_records(&s, !strcmp(f->format, "xml"));
}

static int read_file(void)
{
	struct target f = { 0 };
	const char *formats = reader.options.formats, *fault = sniff_file(&f);
	uint64_t plain = (uint64_t)READER_PLAIN_MIB << 20;

	if (fault)
		return reader_fail(fault, file_failures.first);
	/* GML is XML too, and GeoJSON JSON: the profile says how it wants them. */
	if (!strcmp(f.format, "gml") && !is_taken(formats, "gml"))
		f.format = "xml";
	else if (!strcmp(f.format, "geojson") && !is_taken(formats, "geojson"))
		f.format = "json";
	reader_note("format", "%s", f.format);
	if (!strcmp(f.format, "sosi"))
		return reader_fail("sosi", "");
	if (!is_taken(formats, f.format))
		return reader_fail("format", f.format);
	reader.out.most = file_size() * READER_RATIO_MAX;
	reader.out.most = reader.out.most > plain ? reader.out.most : plain;
	return read_found(&f);
}

int main(int argc, char **argv)
{
	struct rowpipe *out = &reader.out;

	if (!parse_options(argc, argv, &reader.options)) {
		fputs("usage: fdvu-reader FORMATS [--delimiter C] [--encoding E] [--width N] [--least N]\n"
		      "       [--layer NAMES] [--record PATH]... [--column|--required PATHS]...\n",
		      stderr);
		return 2;
	}
	rowpipe_init(out, STDOUT_FILENO, CHARSET_UTF8);
	file_prepare();
	if (needs_ogr(reader.options.formats))
		ogr_prepare();
	if (!lockdown())
		return reader_fail("lockdown", "");
	return strcmp(reader.options.formats, unpack_pipe_format) ? read_file() : reader_unpack();
}
