#include "importers/reader_sheet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void sheet_init(struct sheet_rows *s, struct reader *r)
{
	memset(s, 0, sizeof(*s));
	s->reader = r;
	s->text = malloc(CSV_RECORD_MAX);
	if (!s->text)
		abort();
}

void sheet_release(struct sheet_rows *s)
{
	for (size_t i = 0; i < s->header_count; i++)
		free(s->headers[i]);
	free(s->text);
}

static void clear_row(struct sheet_rows *s)
{
	memset(s->cells, 0, s->count * sizeof(s->cells[0]));
	s->count = s->used = 0;
	s->is_beyond = s->is_too_long = false;
	s->reader->out.marked = 0;
}

void sheet_begin(struct sheet_rows *s, size_t ordinal, struct str name)
{
	s->ordinal = ordinal;
	s->layer = name;
	s->place_count = 0;
	s->has_header = false;
	s->merge_count = s->merge_first = 0;
	clear_row(s);
}

bool sheet_merge(struct sheet_rows *s, struct merge m)
{
	if (s->merge_count == SHEET_MERGES_MAX)
		return false;
	if (m.from <= m.to && m.left <= m.right)
		s->merges[s->merge_count++] = m;
	return true;
}

static int by_first_row(const void *a, const void *b)
{
	const struct merge *one = a, *other = b;

	return (one->from > other->from) - (one->from < other->from);
}

void sheet_sort_merges(struct sheet_rows *s)
{
	qsort(s->merges, s->merge_count, sizeof(s->merges[0]), by_first_row);
}

/* Where the sheet's column stands in the row that is written, from 0; CSV_CELLS_MAX: nowhere. */
static size_t place_of(const struct sheet_rows *s, size_t column)
{
	if (column == 0 || column > CSV_CELLS_MAX)
		return CSV_CELLS_MAX;
	if (!s->is_union || s->is_header_pass || !s->has_header)
		return column - 1;
	return column <= s->place_count ? s->place[column - 1] : CSV_CELLS_MAX;
}

void sheet_text(struct sheet_rows *s, size_t column, const char *at, size_t length)
{
	size_t i = place_of(s, column);

	if (length == 0)
		return;
	if (i >= CSV_CELLS_MAX) {
		s->is_beyond = true;
		return;
	}
	if (s->used + length > CSV_RECORD_MAX) {
		s->is_too_long = true;
		return;
	}
	memcpy(s->text + s->used, at, length);
	if (s->cells[i].length == 0)
		s->cells[i].at = s->text + s->used;
	/* A cell that is added to after another has come cannot grow in place. */
	if (s->cells[i].at + s->cells[i].length != s->text + s->used)
		s->is_too_long = true;
	s->cells[i].length += length;
	s->used += length;
	s->count = i + 1 > s->count ? i + 1 : s->count;
}

void sheet_mark(struct sheet_rows *s, const char *word, size_t column)
{
	size_t i = column ? place_of(s, column) : 0;

	if (i < CSV_CELLS_MAX)
		rowpipe_mark(&s->reader->out, word, column ? i + 1 : 0);
}

static void mark_merges(struct sheet_rows *s, uint32_t row)
{
	while (s->merge_first < s->merge_count && s->merges[s->merge_first].to < row)
		s->merge_first++;
	for (size_t i = s->merge_first; i < s->merge_count && s->merges[i].from <= row; i++) {
		if (s->merges[i].to >= row)
			sheet_mark(s, "merged", s->merges[i].left);
	}
}

static bool is_placed(const struct sheet_rows *s, size_t place, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (s->place[i] == place)
			return true;
	}
	return false;
}

/* The union's column of this name, made when it is not there; `before` of the sheet's columns have
 * theirs. A name that the sheet has twice is there twice, for the parent to refuse. */
static size_t find_header(struct sheet_rows *s, struct str name, size_t before)
{
	for (size_t i = 1; i < s->header_count; i++) {
		if (str_equals(str_of(s->headers[i]), name) && !is_placed(s, i, before))
			return i;
	}
	if (s->header_count == CSV_CELLS_MAX)
		return CSV_CELLS_MAX;
	s->headers[s->header_count] = strndup(name.length ? name.at : "", name.length);
	if (!s->headers[s->header_count])
		abort();
	return s->header_count++;
}

/* The sheet's own header: each column gets its place in the union. */
static void take_header(struct sheet_rows *s)
{
	if (s->header_count == 0)
		find_header(s, STR("layer"), 0);
	s->place_count = s->count;
	for (size_t i = 0; i < s->count; i++)
		s->place[i] = s->cells[i].length ? find_header(s, s->cells[i], i) : CSV_CELLS_MAX;
	s->has_header = true;
}

static void write_row(struct sheet_rows *s, uint32_t row)
{
	struct reader *r = s->reader;
	size_t count = s->count;
	uint64_t line = row;

	mark_merges(s, row);
	if (s->is_union && s->count) {
		s->cells[0] = s->layer;
		line += (uint64_t)s->ordinal * SHEET_LINES;
	}
	/* A sheet does not store the empty cells at a row's end. */
	count = count > r->out.width ? count : r->out.width;
	count = count > r->options.width ? count : r->options.width;
	reader_row(r, line,
		   s->is_too_long ? "too_long"
		   : s->is_beyond ? "too_many"
				  : NULL,
		   s->cells, count);
}

void sheet_end_row(struct sheet_rows *s, uint32_t row, uint32_t times)
{
	struct rowpipe *out = &s->reader->out;
	char marks[ROWPIPE_MARKS];
	size_t marked = out->marked;

	if (s->is_header_pass || (s->is_union && !s->has_header)) {
		if (!s->has_header && s->count)
			take_header(s);
		clear_row(s);
		return;
	}
	memcpy(marks, out->marks, marked);
	for (uint32_t i = 0; i < times && !out->is_broken; i++) {
		memcpy(out->marks, marks, marked);
		out->marked = marked;
		write_row(s, row + i);
	}
	clear_row(s);
}

void sheet_write_union(struct sheet_rows *s)
{
	for (size_t i = 0; i < s->header_count; i++)
		s->cells[i] = str_of(s->headers[i]);
	reader_row(s->reader, 0, NULL, s->cells, s->header_count);
	memset(s->cells, 0, sizeof(s->cells));
}

bool sheet_is_many(const char *layer)
{
	return strchr(layer, '|') || !strcmp(layer, "all");
}

bool sheet_is_wanted(const char *layer, const char *name)
{
	struct str rest = str_of(layer);

	if (!strcmp(layer, "first") || !strcmp(layer, "all"))
		return true;
	while (rest.length) {
		struct str one = str_cut(&rest, '|');

		while (one.length && one.at[0] == ' ') {
			one.at++;
			one.length--;
		}
		while (one.length && one.at[one.length - 1] == ' ')
			one.length--;
		if (one.length == strlen(name) && !strncasecmp(one.at, name, one.length))
			return true;
	}
	return false;
}

/* -- values ------------------------------------------------------------------------------------ */

static bool to_double(struct str raw, double *value)
{
	char copy[SHEET_NUMBER_MAX], *end;

	if (raw.length == 0 || raw.length >= sizeof(copy) ||
	    !(is_digit(raw.at[0]) || raw.at[0] == '-' || raw.at[0] == '.'))
		return false;
	memcpy(copy, raw.at, raw.length);
	copy[raw.length] = '\0';
	if (strspn(copy, "0123456789.+-eE") != raw.length)
		return false;
	*value = strtod(copy, &end);
	return *end == '\0' && isfinite(*value);
}

/* Excel shows 15 figures; the rest is what binary fractions leave. */
size_t sheet_number(struct str raw, char *to)
{
	static const double whole_max = 1e15;
	double value = 0;
	bool is_plain = raw.length <= 15;

	for (size_t i = 0; i < raw.length && is_plain; i++)
		is_plain = raw.at[i] != 'E' && raw.at[i] != 'e';
	if (is_plain || !to_double(raw, &value)) {
		size_t n = raw.length < SHEET_NUMBER_MAX ? raw.length : SHEET_NUMBER_MAX;

		if (n)
			memcpy(to, raw.at, n);
		return n;
	}
	if (fabs(value) < whole_max && fabs(value) >= 1e-4) {
		int n = snprintf(to, SHEET_NUMBER_MAX, "%.15g", value);

		if (!memchr(to, 'e', (size_t)n))
			return (size_t)n;
	}
	if (value == floor(value) && fabs(value) < 1e20)
		return (size_t)snprintf(to, SHEET_NUMBER_MAX, "%.0f", value);
	return (size_t)snprintf(to, SHEET_NUMBER_MAX, "%.15g", value);
}

size_t sheet_date(struct str raw, bool is_1904, char *to)
{
	static const double day_s = 86400, serial_max = 2958466; /* 1.1.10000 */
	static const int epoch = 25569, shift_1904 = 1462;       /* 1.1.1970 */
	double serial;
	time_t seconds;
	struct tm tm;
	long time_s;

	if (!to_double(raw, &serial) || serial < 0 || serial >= serial_max)
		return 0;
	time_s = lround((serial - floor(serial)) * day_s);
	if (serial < 1 && !is_1904) {
		return (size_t)snprintf(to, SHEET_NUMBER_MAX, "%02ld:%02ld:%02ld", time_s / 3600,
					time_s / 60 % 60, time_s % 60);
	}
	/* Excel believes that 1900 was a leap year: before 1 March its serials are one too low. */
	serial = floor(serial) + (is_1904 ? shift_1904 : serial < 60 ? 1 : 0);
	seconds = (time_t)((serial - epoch) * day_s) + time_s;
	if (!gmtime_r(&seconds, &tm))
		return 0;
	return strftime(to, SHEET_NUMBER_MAX, time_s ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d", &tm);
}

bool sheet_is_date_format(struct str format)
{
	bool is_quoted = false;

	for (size_t i = 0; i < format.length; i++) {
		char c = format.at[i];

		if (c == '"') {
			is_quoted = !is_quoted;
		} else if (is_quoted) {
			continue;
		} else if (c == '\\' || c == '_' || c == '*') {
			i++;
		} else if (c == '[') {
			char next = i + 1 < format.length ? (char)(format.at[i + 1] | 0x20) : 0;
			bool is_elapsed = next == 'h' || next == 's' ||
					  (next == 'm' && i + 2 < format.length &&
					   (format.at[i + 2] == ']' || format.at[i + 2] == 'm'));

			if (is_elapsed)
				return true;
			while (i < format.length && format.at[i] != ']')
				i++;
		} else if (c == ';') {
			return false; /* the first part is of the numbers above zero */
		} else if (strchr("dmyhsDMYHS", c) && c) {
			return true;
		}
	}
	return false;
}

bool sheet_reference(struct str text, uint32_t *column, uint32_t *row)
{
	size_t i = 0;

	*column = *row = 0;
	for (; i < text.length && i < 4; i++) {
		char c = (char)(text.at[i] & ~0x20);

		if (c < 'A' || c > 'Z')
			break;
		*column = *column * 26 + (uint32_t)(c - 'A' + 1);
	}
	for (; i < text.length && is_digit(text.at[i]) && *row < 100000000; i++)
		*row = *row * 10 + (uint32_t)(text.at[i] - '0');
	return i == text.length && *column > 0 && *column <= SHEET_COLUMNS_MAX;
}
