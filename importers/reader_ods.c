#include "importers/reader_ods.h"

#include "importers/reader_book.h"
#include "importers/reader_sheet.h"
#include "importers/reader_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPEAT_MAX = 2000000 /* rows of LibreOffice's largest sheet, twice */ };

enum element { OTHER, TABLE, ROW, CELL, COVERED, PARAGRAPH, SKIPPED };
enum value { VALUE_TEXT, VALUE_GIVEN, VALUE_ERROR };

struct ods_table {
	char name[SHEET_NAME_MAX + 1];
	bool is_hidden, has_rows, is_chosen;
};

struct ods {
	struct sheet_rows rows;
	struct ods_table tables[SHEETS_MAX];
	size_t table_count, table; /* `table` counts from 1; 0 before the first */
	char hidden_styles[SHEETS_MAX][SHEET_NAME_MAX + 1], style[SHEET_NAME_MAX + 1];
	size_t hidden_count;
	bool is_look;
	enum element levels[TREE_DEPTH_MAX];
	size_t depth, skipping; /* depth of the element whose content is passed over, from 1 */
	uint32_t row, row_times;
	size_t column, column_times;
	enum value value;
	bool has_formula, has_value, was_merged;
	unsigned paragraphs; /* of the cell */
	bool is_in_paragraph;
	char given[SHEET_NUMBER_MAX];
	char *text; /* of a cell that is repeated */
	size_t used;
	const char *fault;
};

static uint32_t repeated(const struct tree_attribute *attributes, size_t count, const char *name)
{
	struct str value = book_attribute(attributes, count, name);
	uint32_t n = 0;

	for (size_t i = 0; i < value.length && is_digit(value.at[i]) && n < REPEAT_MAX; i++)
		n = n * 10 + (uint32_t)(value.at[i] - '0');
	return n ? n : 1;
}

static void copy(struct str from, char *to, size_t size)
{
	snprintf(to, size, "%.*s", STR_ARG(from));
}

static void open_table(struct ods *o, const struct tree_attribute *attributes, size_t count)
{
	struct str style = book_attribute(attributes, count, "style-name");
	struct ods_table *t = &o->tables[o->table];

	if (o->table == SHEETS_MAX) {
		o->fault = "too_many_sheets";
		return;
	}
	o->table++;
	if (o->is_look) {
		copy(book_attribute(attributes, count, "name"), t->name, sizeof(t->name));
		for (size_t i = 0; i < o->hidden_count; i++)
			t->is_hidden |= str_equals(style, str_of(o->hidden_styles[i]));
		o->table_count = o->table;
	}
	sheet_begin(&o->rows, o->table, str_of(t->name));
	/* The header of a sheet that is not read is none of the union's. */
	o->rows.has_header = o->is_look && !sheet_is_wanted(o->rows.reader->options.layer, t->name);
	o->row = 0;
}

static void open_row(struct ods *o, const struct tree_attribute *attributes, size_t count)
{
	struct str visibility = book_attribute(attributes, count, "visibility");

	o->row_times = repeated(attributes, count, "number-rows-repeated");
	o->column = 0;
	o->was_merged = false;
	if (visibility.length && !str_equals(visibility, STR("visible")))
		sheet_mark(&o->rows, "hidden", 0);
}

static void open_cell(struct ods *o, bool is_covered, const struct tree_attribute *attributes,
		      size_t count)
{
	static const char *const values[] = { "value", "date-value", "boolean-value",
					      "time-value" };
	bool is_wide = repeated(attributes, count, "number-columns-spanned") > 1 ||
		       repeated(attributes, count, "number-rows-spanned") > 1;
	struct str given = { "", 0 };

	o->column_times = repeated(attributes, count, "number-columns-repeated");
	o->has_formula = book_attribute(attributes, count, "formula").length > 0;
	o->paragraphs = 0;
	o->used = 0;
	o->has_value = false;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]) && !given.length; i++)
		given = book_attribute(attributes, count, values[i]);
	o->value = given.length ? VALUE_GIVEN : VALUE_TEXT;
	/* calcext:value-type follows office:value-type and has the same name without prefix. */
	for (size_t i = 0; i < count; i++) {
		if (str_equals(attributes[i].name, STR("value-type")) &&
		    str_equals(attributes[i].value, STR("error")))
			o->value = VALUE_ERROR;
	}
	copy(given, o->given, sizeof(o->given));
	if (is_wide || (is_covered && !o->was_merged))
		sheet_mark(&o->rows, "merged", o->column + 1);
	o->was_merged = is_wide || is_covered;
}

static enum element kind_of(const struct ods *o, struct str name)
{
	static const struct {
		const char *name;
		enum element kind;
	} known[] = {
		{ "table", TABLE },       { "table-row", ROW },
		{ "table-cell", CELL },   { "covered-table-cell", COVERED },
		{ "p", PARAGRAPH },       { "annotation", SKIPPED },
		{ "shapes", SKIPPED },    { "tracked-changes", SKIPPED },
		{ "ruby-text", SKIPPED },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (str_equals(name, str_of(known[i].name)))
			return known[i].kind == TABLE && o->table && o->row_times ? SKIPPED
										  : known[i].kind;
	}
	return OTHER;
}

static void add(struct ods *o, const char *at, size_t length)
{
	if (o->used + length > CSV_RECORD_MAX) {
		o->rows.is_too_long = true;
		return;
	}
	memcpy(o->text + o->used, at, length);
	o->used += length;
}

static void open_other(struct ods *o, struct str name, const struct tree_attribute *attributes,
		       size_t count)
{
	if (str_equals(name, STR("s"))) {
		uint32_t spaces = repeated(attributes, count, "c");

		for (uint32_t i = 0; i < spaces && i < 1000; i++)
			add(o, " ", 1);
	} else if (str_equals(name, STR("tab"))) {
		add(o, "\t", 1);
	} else if (str_equals(name, STR("line-break"))) {
		add(o, "\n", 1);
	} else if (str_equals(name, STR("style"))) {
		copy(book_attribute(attributes, count, "name"), o->style, sizeof(o->style));
	} else if (str_equals(name, STR("table-properties")) && o->hidden_count < SHEETS_MAX &&
		   str_equals(book_attribute(attributes, count, "display"), STR("false"))) {
		memcpy(o->hidden_styles[o->hidden_count++], o->style, sizeof(o->style));
	}
}

static void open_paragraph(struct ods *o)
{
	if (o->paragraphs++)
		add(o, "\n", 1);
	o->is_in_paragraph = true;
}

static bool open_node(void *context, struct str name, const struct tree_attribute *attributes,
		      size_t count)
{
	struct ods *o = context;
	enum element kind = kind_of(o, name);

	if (o->depth == TREE_DEPTH_MAX) {
		o->fault = "depth";
		return false;
	}
	o->levels[o->depth++] = kind;
	if (o->skipping)
		return true;
	if (kind == SKIPPED)
		o->skipping = o->depth;
	else if (kind == TABLE)
		open_table(o, attributes, count);
	else if (o->table == 0 || o->fault)
		open_other(o, name, attributes, count);
	else if (kind == ROW)
		open_row(o, attributes, count);
	else if (kind == CELL || kind == COVERED)
		open_cell(o, kind == COVERED, attributes, count);
	else if (kind == PARAGRAPH)
		open_paragraph(o);
	else if (kind == OTHER)
		open_other(o, name, attributes, count);
	return !o->fault;
}

static bool add_text(void *context, struct str piece)
{
	struct ods *o = context;

	if (o->skipping || !o->is_in_paragraph)
		return true;
	add(o, piece.at, piece.length);
	return true;
}

static void close_cell(struct ods *o)
{
	char number[SHEET_NUMBER_MAX];
	struct str value = { o->text, o->used };

	if (o->value == VALUE_GIVEN)
		value = (struct str){ number, sheet_number(str_of(o->given), number) };
	for (size_t i = 0; i < o->column_times && (value.length || o->has_formula); i++) {
		size_t column = o->column + 1 + i;

		sheet_text(&o->rows, column, value.at, value.length);
		if (o->value == VALUE_ERROR)
			sheet_mark(&o->rows, "error", column);
		if (o->has_formula)
			sheet_mark(&o->rows, value.length ? "formula" : "no_value", column);
		if (column > CSV_CELLS_MAX)
			break;
	}
	o->column += o->column_times;
	o->paragraphs = 0;
	o->used = 0;
}

static void close_row(struct ods *o)
{
	struct ods_table *t = &o->tables[o->table - 1];
	struct reader *r = o->rows.reader;
	bool is_empty = o->rows.count == 0 && !o->rows.is_beyond && !o->rows.is_too_long;

	if (o->is_look)
		t->has_rows |= !is_empty;
	if (is_empty) { /* the million that LibreOffice keeps below the last one are no rows */
		o->rows.reader->out.marked = 0;
	} else if (o->is_look || t->is_chosen) {
		sheet_end_row(&o->rows, o->row + 1, o->row_times);
	} else {
		sheet_begin(&o->rows, o->table, str_of(t->name));
	}
	o->row += o->row_times;
	o->row_times = 0;
	if (r->out.is_broken)
		o->fault = "pipe";
}

static bool close_node(void *context)
{
	struct ods *o = context;
	enum element kind = o->levels[--o->depth];

	if (o->skipping) {
		if (o->depth < o->skipping)
			o->skipping = 0;
		return true;
	}
	if (kind == PARAGRAPH)
		o->is_in_paragraph = false;
	else if (o->table && (kind == CELL || kind == COVERED))
		close_cell(o);
	else if (o->table && kind == ROW)
		close_row(o);
	return !o->fault;
}

static const char *parse(struct ods *o, struct source *s, bool is_look, char *said)
{
	struct tree_sink sink = { open_node, add_text, close_node, NULL, o };
	const char *fault;

	o->is_look = o->rows.is_header_pass = is_look;
	o->table = o->depth = o->skipping = 0;
	o->row_times = 0;
	fault = xml_read(s, &sink, said, READER_TEXT_MAX);
	return fault ? fault : o->fault;
}

static const char *choose(struct ods *o, const char *layer)
{
	bool is_first = !strcmp(layer, "first"), is_found = false;

	for (int hidden = 0; hidden < 1 + is_first; hidden++) {
		for (size_t i = 0; i < o->table_count; i++) {
			struct ods_table *t = &o->tables[i];

			if (!t->has_rows || (is_first && t->is_hidden != (hidden == 1)))
				continue;
			t->is_chosen = sheet_is_wanted(layer, t->name) && !(is_first && is_found);
			is_found = is_found || t->is_chosen;
			if (!t->is_chosen)
				reader_note("layer", "%s", t->name);
		}
	}
	return is_found || is_first ? NULL : "no_layer";
}

static const char *read_all(struct ods *o, struct source *s, char *said)
{
	const char *layer = o->rows.reader->options.layer;
	const char *fault;

	o->rows.is_union = sheet_is_many(layer);
	if ((fault = parse(o, s, true, said)) || (fault = choose(o, layer)))
		return fault;
	if (o->rows.is_union)
		sheet_write_union(&o->rows);
	if (!s->rewind(s))
		return s->fault ? s->fault : "library";
	return parse(o, s, false, said);
}

int reader_ods(struct reader *r, struct archive *a)
{
	struct ods *o = calloc(1, sizeof(*o));
	char said[READER_TEXT_MAX] = "";
	const char *fault = "library";
	struct source s;
	int status;

	if (o)
		o->text = malloc(CSV_RECORD_MAX);
	if (!o || !o->text)
		abort();
	sheet_init(&o->rows, r);
	if (a->open(a, "content.xml", &s)) {
		fault = read_all(o, &s, said);
		s.close(&s);
	}
	status = fault && !r->out.is_broken ? reader_fail(fault, said) : reader_finish(r);
	sheet_release(&o->rows);
	free(o->text);
	free(o);
	return status;
}
