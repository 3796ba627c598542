#include "importers/reader_book.h"

#include "importers/reader_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One part that is being read. `path` is how deep in it we are, as the names that matter. */
struct part {
	struct book *book;
	bool is_in_xfs;    /* cellXfs */
	bool is_in_text;   /* <t> */
	unsigned phonetic; /* <rPh>, which is how a text sounds, and what it holds */
	bool is_root;      /* of _rels/.rels */
	char main[BOOK_PATH_MAX];
	struct {
		char id[64], target[BOOK_PATH_MAX];
	} * relations;
	size_t relation_count;
};

struct str book_attribute(const struct tree_attribute *attributes, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equals(attributes[i].name, str_of(name)))
			return attributes[i].value;
	}
	return (struct str){ "", 0 };
}

static void copy(struct str from, char *to, size_t size)
{
	snprintf(to, size, "%.*s", STR_ARG(from));
}

static bool ends_with(struct str text, const char *end)
{
	size_t n = strlen(end);

	return text.length >= n && !memcmp(text.at + text.length - n, end, n);
}

static unsigned to_number(struct str s)
{
	unsigned n = 0;

	for (size_t i = 0; i < s.length && is_digit(s.at[i]) && n < 100000000; i++)
		n = n * 10 + (unsigned)(s.at[i] - '0');
	return n;
}

static bool no_text(void *context, struct str piece)
{
	(void)context;
	(void)piece;
	return true;
}

static bool no_close(void *context)
{
	(void)context;
	return true;
}

/* -- relations --------------------------------------------------------------------------------- */

/* A target is relative to the workbook's folder, or from the root when it starts with a slash. */
static void resolve(const struct book *b, struct str target, char to[BOOK_PATH_MAX])
{
	bool is_rooted = target.length && target.at[0] == '/';
	size_t base = is_rooted ? 0 : strlen(b->base);

	target.at += is_rooted;
	target.length -= is_rooted;
	if (base + target.length >= BOOK_PATH_MAX)
		target.length = base = 0;
	memcpy(to, b->base, base);
	if (target.length)
		memcpy(to + base, target.at, target.length);
	to[base + target.length] = '\0';
}

static bool open_relation(void *context, struct str name, const struct tree_attribute *attributes,
			  size_t count)
{
	struct part *p = context;
	struct str type = book_attribute(attributes, count, "Type");
	struct str target = book_attribute(attributes, count, "Target");
	char path[BOOK_PATH_MAX];

	if (!str_equals(name, STR("Relationship")))
		return true;
	resolve(p->book, target, path);
	if (p->is_root) {
		if (ends_with(type, "/officeDocument"))
			memcpy(p->main, path, sizeof(path));
		return true;
	}
	if (ends_with(type, "/sharedStrings"))
		memcpy(p->book->strings_path, path, sizeof(path));
	else if (ends_with(type, "/styles"))
		memcpy(p->book->styles_path, path, sizeof(path));
	if (p->relation_count == BOOK_RELATIONS_MAX)
		return true;
	copy(book_attribute(attributes, count, "Id"), p->relations[p->relation_count].id,
	     sizeof(p->relations->id));
	memcpy(p->relations[p->relation_count++].target, path, sizeof(path));
	return true;
}

/* -- the workbook ------------------------------------------------------------------------------ */

static bool open_workbook(void *context, struct str name, const struct tree_attribute *attributes,
			  size_t count)
{
	struct part *p = context;
	struct book *b = p->book;
	struct book_sheet *sheet = &b->sheets[b->sheet_count];
	struct str value;

	if (str_equals(name, STR("workbookPr"))) {
		value = book_attribute(attributes, count, "date1904");
		b->is_1904 = str_equals(value, STR("1")) || str_equals(value, STR("true"));
	}
	if (!str_equals(name, STR("sheet")) || b->sheet_count == SHEETS_MAX)
		return true;
	copy(book_attribute(attributes, count, "name"), sheet->name, sizeof(sheet->name));
	copy(book_attribute(attributes, count, "id"), sheet->relation, sizeof(sheet->relation));
	value = book_attribute(attributes, count, "state");
	sheet->is_hidden = value.length > 0 && !str_equals(value, STR("visible"));
	for (size_t i = 0; i < p->relation_count; i++) {
		if (!strcmp(p->relations[i].id, sheet->relation))
			memcpy(sheet->path, p->relations[i].target, BOOK_PATH_MAX);
	}
	b->sheet_count++;
	return true;
}

/* -- styles ------------------------------------------------------------------------------------ */

/* The formats that Excel has without saying them: 14–22 and 45–47 are dates and times, 27–36 and
 * 50–58 are in East Asian versions. */
static bool is_date_number(const struct book *b, unsigned format)
{
	if ((format >= 14 && format <= 22) || (format >= 45 && format <= 47) ||
	    (format >= 27 && format <= 36) || (format >= 50 && format <= 58))
		return true;
	for (size_t i = 0; i < b->date_format_count; i++) {
		if (b->date_formats[i] == format)
			return true;
	}
	return false;
}

static bool open_style(void *context, struct str name, const struct tree_attribute *attributes,
		       size_t count)
{
	struct part *p = context;
	struct book *b = p->book;
	unsigned format = to_number(book_attribute(attributes, count, "numFmtId"));

	if (str_equals(name, STR("numFmt"))) {
		if (b->date_format_count < BOOK_FORMATS_MAX &&
		    sheet_is_date_format(book_attribute(attributes, count, "formatCode")))
			b->date_formats[b->date_format_count++] = format;
	} else if (str_equals(name, STR("cellXfs"))) {
		p->is_in_xfs = true;
	} else if (str_equals(name, STR("cellStyles")) || str_equals(name, STR("dxfs"))) {
		p->is_in_xfs = false;
	} else if (p->is_in_xfs && str_equals(name, STR("xf")) &&
		   b->style_count < BOOK_STYLES_MAX) {
		b->is_date[b->style_count++] = is_date_number(b, format);
	}
	return true;
}

/* -- shared texts ------------------------------------------------------------------------------ */

static void *grown(void *at, size_t *room, size_t least, size_t item)
{
	void *larger;

	if (least <= *room)
		return at;
	*room = *room * 2 > least ? *room * 2 : least + 1024;
	larger = realloc(at, *room * item);
	if (!larger)
		abort();
	return larger;
}

static bool open_text(void *context, struct str name, const struct tree_attribute *attributes,
		      size_t count)
{
	struct part *p = context;
	struct book *b = p->book;

	(void)attributes;
	(void)count;
	p->is_in_text = false;
	if (p->phonetic || str_equals(name, STR("rPh"))) {
		p->phonetic++;
	} else if (str_equals(name, STR("si"))) {
		b->ends = grown(b->ends, &b->string_room, b->string_count + 1, sizeof(*b->ends));
		b->ends[b->string_count++] = b->strings_used;
	} else {
		p->is_in_text = str_equals(name, STR("t"));
	}
	return true;
}

static bool add_text(void *context, struct str piece)
{
	struct part *p = context;
	struct book *b = p->book;

	if (!p->is_in_text || p->phonetic || b->string_count == 0)
		return true;
	b->strings = grown(b->strings, &b->strings_size, b->strings_used + piece.length, 1);
	memcpy(b->strings + b->strings_used, piece.at, piece.length);
	b->strings_used += piece.length;
	b->ends[b->string_count - 1] = b->strings_used;
	return true;
}

static bool close_text(void *context)
{
	struct part *p = context;

	p->phonetic -= p->phonetic > 0;
	p->is_in_text = false;
	return true;
}

struct str book_string(const struct book *b, size_t i)
{
	size_t from;

	if (i >= b->string_count)
		return (struct str){ "", 0 };
	from = i ? b->ends[i - 1] : 0;
	return (struct str){ b->strings + from, b->ends[i] - from };
}

/* -- all of it --------------------------------------------------------------------------------- */

struct reading {
	struct part *part;
	char *said;
	size_t size;
};

/* Reads one part, if it is there: one that must be leaves its mark in the book. */
static const char *read_part(const struct reading *g, const char *path,
			     const struct tree_sink *sink)
{
	struct source s;
	const char *fault;

	if (!g->part->book->archive->open(g->part->book->archive, path, &s))
		return NULL;
	fault = xml_read(&s, sink, g->said, g->size);
	s.close(&s);
	return fault;
}

static const char *read_relations(const struct reading *g)
{
	struct tree_sink sink = { open_relation, no_text, no_close, NULL, g->part };
	struct book *b = g->part->book;
	char path[2 * BOOK_PATH_MAX + 16];
	const char *slash, *fault;

	g->part->is_root = true;
	if ((fault = read_part(g, "_rels/.rels", &sink)))
		return fault;
	g->part->is_root = false;
	if (!g->part->main[0])
		snprintf(g->part->main, sizeof(g->part->main), "xl/workbook.xml");
	slash = strrchr(g->part->main, '/');
	if (slash)
		snprintf(b->base, sizeof(b->base), "%.*s", (int)(slash + 1 - g->part->main),
			 g->part->main);
	snprintf(path, sizeof(path), "%s_rels/%s.rels", b->base, slash ? slash + 1 : g->part->main);
	return read_part(g, path, &sink);
}

static const char *read_parts(const struct reading *g)
{
	struct tree_sink workbook = { open_workbook, no_text, no_close, NULL, g->part };
	struct tree_sink styles = { open_style, no_text, no_close, NULL, g->part };
	struct tree_sink texts = { open_text, add_text, close_text, NULL, g->part };
	struct book *b = g->part->book;
	const char *fault = read_relations(g);

	if (fault || (fault = read_part(g, g->part->main, &workbook)))
		return fault;
	if (b->sheet_count == 0)
		return "library";
	if (b->styles_path[0] && (fault = read_part(g, b->styles_path, &styles)))
		return fault;
	return b->strings_path[0] ? read_part(g, b->strings_path, &texts) : NULL;
}

const char *book_read(struct book *b, struct archive *a, char *said, size_t size)
{
	struct part *p = calloc(1, sizeof(*p));
	const char *fault;

	memset(b, 0, sizeof(*b));
	b->archive = a;
	if (p)
		p->relations = calloc(BOOK_RELATIONS_MAX, sizeof(*p->relations));
	if (!p || !p->relations)
		abort();
	p->book = b;
	said[0] = '\0';
	fault = read_parts(&(struct reading){ p, said, size });
	free(p->relations);
	free(p);
	return fault;
}

void book_release(struct book *b)
{
	free(b->strings);
	free(b->ends);
}
