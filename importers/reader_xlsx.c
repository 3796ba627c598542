#include "importers/reader_xlsx.h"

#include "importers/reader_book.h"
#include "importers/reader_xml.h"

#include <stdlib.h>
#include <string.h>

enum { SCAN_PIECE = 64 * 1024, VALUE_MAX = 64 };

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOLEAN, CELL_ERROR };
enum inside { IN_NOTHING, IN_VALUE, IN_FORMULA, IN_INLINE };

/* The sheet that is being read. */
struct sheet {
	struct book book;
	struct sheet_rows rows;
	bool is_looking; /* only whether there are rows, and the header of them */
	bool is_merges_only;
	bool has_rows;
	bool is_in_data;
	unsigned hidden_columns;
	uint32_t row, column;
	enum cell_type type;
	enum inside inside;
	unsigned phonetic;
	bool is_date, has_formula, has_value;
	char value[VALUE_MAX]; /* of a cell that is no text */
	size_t length;
	const char *fault;
};

static struct sheet *sheet;

static bool is_true(struct str s)
{
	return str_equals(s, STR("1")) || str_equals(s, STR("true"));
}

static void open_row(const struct tree_attribute *attributes, size_t count)
{
	struct str number = book_attribute(attributes, count, "r");
	uint32_t row = 0;

	for (size_t i = 0; i < number.length && is_digit(number.at[i]) && row < 100000000; i++)
		row = row * 10 + (uint32_t)(number.at[i] - '0');
	/* Rows without a number, or out of order, follow the one before. */
	sheet->row = row > sheet->row ? row : sheet->row + 1;
	sheet->column = 0;
	if (is_true(book_attribute(attributes, count, "hidden")))
		sheet_mark(&sheet->rows, "hidden", 0);
}

static enum cell_type type_of(struct str t)
{
	if (str_equals(t, STR("s")))
		return CELL_SHARED;
	if (str_equals(t, STR("str")) || str_equals(t, STR("inlineStr")) || str_equals(t, STR("d")))
		return CELL_TEXT;
	if (str_equals(t, STR("b")))
		return CELL_BOOLEAN;
	return str_equals(t, STR("e")) ? CELL_ERROR : CELL_NUMBER;
}

static void open_cell(const struct tree_attribute *attributes, size_t count)
{
	struct str style = book_attribute(attributes, count, "s");
	uint32_t column, row;
	size_t s = 0;

	if (!sheet_reference(book_attribute(attributes, count, "r"), &column, &row))
		column = sheet->column + 1;
	sheet->column = column > sheet->column ? column : sheet->column + 1;
	for (size_t i = 0; i < style.length && is_digit(style.at[i]) && s < BOOK_STYLES_MAX; i++)
		s = s * 10 + (size_t)(style.at[i] - '0');
	sheet->is_date = s < sheet->book.style_count && sheet->book.is_date[s];
	sheet->type = type_of(book_attribute(attributes, count, "t"));
	sheet->has_formula = sheet->has_value = false;
	sheet->length = 0;
}

static bool add_merge(struct str ref)
{
	struct str from = str_cut(&ref, ':');
	struct merge m = { 0 };

	if (!sheet_reference(from, &m.left, &m.from) || !sheet_reference(ref, &m.right, &m.to))
		return true;
	if (sheet_merge(&sheet->rows, m))
		return true;
	sheet->fault = "too_many_merges";
	return false;
}

static bool open_node(void *context, struct str name, const struct tree_attribute *attributes,
		      size_t count)
{
	(void)context;
	if (sheet->is_merges_only)
		return !str_equals(name, STR("mergeCell")) ||
		       add_merge(book_attribute(attributes, count, "ref"));
	if (sheet->phonetic || str_equals(name, STR("rPh"))) {
		sheet->phonetic++;
		return true;
	}
	sheet->inside = IN_NOTHING;
	if (str_equals(name, STR("c"))) {
		open_cell(attributes, count);
	} else if (str_equals(name, STR("v"))) {
		sheet->inside = IN_VALUE;
	} else if (str_equals(name, STR("f"))) {
		sheet->inside = IN_FORMULA;
		sheet->has_formula = true;
	} else if (str_equals(name, STR("t"))) {
		sheet->inside = IN_INLINE;
	} else if (str_equals(name, STR("row"))) {
		open_row(attributes, count);
	} else if (str_equals(name, STR("sheetData"))) {
		sheet->is_in_data = true;
	} else if (str_equals(name, STR("col"))) {
		sheet->hidden_columns += is_true(book_attribute(attributes, count, "hidden"));
	}
	return true;
}

static bool add_text(void *context, struct str piece)
{
	size_t room = VALUE_MAX - sheet->length;

	(void)context;
	if (sheet->phonetic || (sheet->inside != IN_VALUE && sheet->inside != IN_INLINE))
		return true;
	if (sheet->inside == IN_INLINE || sheet->type == CELL_TEXT || sheet->type == CELL_ERROR) {
		sheet->has_value = true;
		sheet_text(&sheet->rows, sheet->column, piece.at, piece.length);
		return true;
	}
	if (piece.length > room) { /* no number is so long: as text, and with what came before */
		sheet_text(&sheet->rows, sheet->column, sheet->value, sheet->length);
		sheet_text(&sheet->rows, sheet->column, piece.at, piece.length);
		sheet->has_value = true;
		sheet->type = CELL_TEXT;
		return true;
	}
	memcpy(sheet->value + sheet->length, piece.at, piece.length);
	sheet->length += piece.length;
	return true;
}

static struct str shared_text(struct str index)
{
	size_t i = 0;

	for (size_t k = 0; k < index.length; k++) {
		if (!is_digit(index.at[k]) || i > SIZE_MAX / 20)
			return (struct str){ "", 0 };
		i = i * 10 + (size_t)(index.at[k] - '0');
	}
	if (i >= sheet->book.string_count) {
		sheet->fault = "library"; /* a text that is not there would be a loss */
		return (struct str){ "", 0 };
	}
	return book_string(&sheet->book, i);
}

static void close_cell(void)
{
	struct str raw = { sheet->value, sheet->length };
	char to[SHEET_NUMBER_MAX];
	size_t n = 0;

	if (sheet->length && sheet->type == CELL_SHARED) {
		struct str text = shared_text(raw);

		sheet_text(&sheet->rows, sheet->column, text.at, text.length);
	} else if (sheet->length && sheet->type == CELL_BOOLEAN) {
		struct str text = is_true(raw) ? STR("true") : STR("false");

		sheet_text(&sheet->rows, sheet->column, text.at, text.length);
	} else if (sheet->length) {
		n = sheet->is_date ? sheet_date(raw, sheet->book.is_1904, to) : 0;
		n = n ? n : sheet_number(raw, to);
		sheet_text(&sheet->rows, sheet->column, to, n);
	}
	if (sheet->type == CELL_ERROR)
		sheet_mark(&sheet->rows, "error", sheet->column);
	if (sheet->has_formula)
		sheet_mark(&sheet->rows, sheet->has_value || sheet->length ? "formula" : "no_value",
			   sheet->column);
	sheet->length = 0;
}

/* xml_read() does not say what closes, so each level is counted by what is open: a cell's parts set
 * `inside`, and what follows them is the cell's or the row's own end. */
struct level {
	char kind; /* c cell, r row, 0 other */
};

static struct level levels[TREE_DEPTH_MAX];
static size_t depth;

static bool open_level(void *context, struct str name, const struct tree_attribute *attributes,
		       size_t count)
{
	if (depth == TREE_DEPTH_MAX) {
		sheet->fault = "depth";
		return false;
	}
	levels[depth++].kind = str_equals(name, STR("c"))     ? 'c'
			       : str_equals(name, STR("row")) ? 'r'
							      : 0;
	return open_node(context, name, attributes, count);
}

static bool close_level(void *context)
{
	char kind = depth ? levels[--depth].kind : 0;

	(void)context;
	sheet->inside = IN_NOTHING;
	if (sheet->phonetic) {
		sheet->phonetic--;
		return true;
	}
	if (sheet->is_merges_only || !kind)
		return true;
	if (kind == 'c') {
		close_cell();
		return !sheet->fault;
	}
	sheet->has_rows = sheet->has_rows || sheet->rows.count > 0;
	sheet_end_row(&sheet->rows, sheet->row, 1);
	if (sheet->rows.reader->blank > READER_EMPTY_ROWS_MAX)
		sheet->fault = "empty_rows";
	return !sheet->fault && !sheet->rows.reader->out.is_broken &&
	       !(sheet->is_looking && sheet->has_rows);
}

/* Whether the bytes «mergeCell» are in the sheet at all: most have none, and are then parsed once.
 */
static bool may_have_merges(struct source *s)
{
	static const char word[] = "mergeCell";
	static char piece[SCAN_PIECE];
	size_t held = 0, n;

	while ((n = source_fill(s, piece + held, SCAN_PIECE - held)) > 0) {
		held += n;
		if (memmem(piece, held, word, sizeof(word) - 1))
			return true;
		n = held < sizeof(word) ? held : sizeof(word);
		memmove(piece, piece + held - n, n);
		held = n;
	}
	return false;
}

static const char *parse(struct source *s, char *said)
{
	struct tree_sink sink = { open_level, add_text, close_level, NULL, NULL };
	const char *fault;

	depth = 0;
	sheet->row = sheet->column = 0;
	sheet->inside = IN_NOTHING;
	sheet->phonetic = 0;
	sheet->hidden_columns = 0;
	sheet->has_rows = sheet->is_in_data = false;
	fault = xml_read(s, &sink, said, READER_TEXT_MAX);
	return fault ? fault : sheet->fault;
}

static const char *read_merges(struct source *s, char *said)
{
	const char *fault = NULL;

	if (may_have_merges(s) && s->rewind(s)) {
		sheet->is_merges_only = true;
		fault = parse(s, said);
		sheet->is_merges_only = false;
		sheet_sort_merges(&sheet->rows);
	}
	if (!fault && !s->rewind(s))
		fault = s->fault ? s->fault : "library";
	return fault ? fault : s->fault;
}

/* One sheet: only looked at (its header, whether it has rows), or written. */
static const char *read_sheet(size_t i, bool is_look, char *said)
{
	struct book_sheet *b = &sheet->book.sheets[i];
	struct source s;
	const char *fault = NULL;

	if (!sheet->book.archive->open(sheet->book.archive, b->path, &s))
		return "library";
	sheet_begin(&sheet->rows, i + 1, str_of(b->name));
	sheet->is_looking = is_look;
	sheet->rows.is_header_pass = is_look;
	/* The header of a sheet that is not read is none of the union's. */
	sheet->rows.has_header =
		is_look && !sheet_is_wanted(sheet->rows.reader->options.layer, b->name);
	if (!is_look)
		fault = read_merges(&s, said);
	fault = fault ? fault : parse(&s, said);
	s.close(&s);
	if (!is_look && sheet->hidden_columns)
		reader_note("hidden_columns", "%s", b->name);
	return fault;
}

/* Which sheets are read: those that are named, or the first that can be seen and has rows. */
static const char *choose(const char *layer, bool is_chosen[SHEETS_MAX], char *said)
{
	bool is_first = !strcmp(layer, "first"), is_found = false;

	for (int hidden = 0; hidden < 1 + is_first; hidden++) {
		for (size_t i = 0; i < sheet->book.sheet_count; i++) {
			struct book_sheet *b = &sheet->book.sheets[i];
			const char *fault;

			if (!b->path[0] || (is_first && b->is_hidden != (hidden == 1)) ||
			    is_chosen[i])
				continue;
			if ((fault = read_sheet(i, true, said)))
				return fault;
			if (!sheet->has_rows)
				continue;
			is_chosen[i] = sheet_is_wanted(layer, b->name) && !(is_first && is_found);
			is_found = is_found || is_chosen[i];
			if (!is_chosen[i])
				reader_note("layer", "%s", b->name);
		}
	}
	return is_found || is_first ? NULL : "no_layer";
}

static const char *read_all(struct reader *r, char *said)
{
	static bool is_chosen[SHEETS_MAX];
	const char *fault;

	sheet->rows.is_union = sheet_is_many(r->options.layer);
	if ((fault = choose(r->options.layer, is_chosen, said)))
		return fault;
	if (sheet->rows.is_union)
		sheet_write_union(&sheet->rows);
	for (size_t i = 0; i < sheet->book.sheet_count && !fault; i++) {
		if (is_chosen[i])
			fault = read_sheet(i, false, said);
	}
	return fault;
}

int reader_xlsx(struct reader *r, struct archive *a)
{
	char said[READER_TEXT_MAX] = "";
	const char *fault;
	int status;

	sheet = calloc(1, sizeof(*sheet));
	if (!sheet)
		abort();
	sheet_init(&sheet->rows, r);
	fault = book_read(&sheet->book, a, said, sizeof(said));
	if (!fault)
		fault = read_all(r, said);
	status = fault && !r->out.is_broken ? reader_fail(fault, said) : reader_finish(r);
	book_release(&sheet->book);
	sheet_release(&sheet->rows);
	free(sheet);
	return status;
}
