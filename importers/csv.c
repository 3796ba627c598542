#include "importers/csv.h"

#include <string.h>

enum scan { SCAN_DONE, SCAN_MORE, SCAN_OPEN_QUOTE, SCAN_AFTER_QUOTE };

struct scanned {
	const char *end;   /* after the record's newline */
	uint64_t newlines; /* inside it, its own counted */
	size_t cells;      /* found, of which CSV_CELLS_MAX are kept */
};

void csv_init(struct csv *c, char delimiter)
{
	memset(c, 0, sizeof(*c));
	c->delimiter = delimiter;
	c->next_line = 1;
}

static bool ends_line(char b)
{
	return b == '\n' || b == '\r';
}

/* The byte after the newline at `at`, which is \n, \r\n or a lone \r. NULL when more bytes must
 * tell. */
static const char *after_newline(const char *at, const char *end, bool is_last)
{
	if (*at == '\n')
		return at + 1;
	if (at + 1 == end)
		return is_last ? end : NULL;
	return at[1] == '\n' ? at + 2 : at + 1;
}

static uint64_t count_newlines(const char *at, const char *end)
{
	uint64_t n = 0;

	for (; at < end; at++)
		n += *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] != '\n'));
	return n;
}

static void keep_cell(struct csv *c, struct scanned *s, const char *from, const char *to)
{
	if (s->cells < CSV_CELLS_MAX)
		c->cells[s->cells] = (struct str){ from, (size_t)(to - from) };
	s->cells++;
}

/* The closing quote of the cell that starts at `at`, after its opening quote; NULL if it is not
 * here. */
static const char *closing_quote(const char *at, const char *end)
{
	while ((at = memchr(at, '"', (size_t)(end - at)))) {
		if (at + 1 == end || at[1] != '"')
			return at;
		at += 2;
	}
	return NULL;
}

/* Finds the record's cells and end, changing nothing. Quoted cells are kept with their quotes. */
static enum scan scan_record(struct csv *c, const char *at, const char *end, bool is_last,
			     struct scanned *s)
{
	const char *start = at;

	for (;;) {
		const char *from = at;

		if (at < end && *at == '"') {
			at = closing_quote(at + 1, end);
			if (!at)
				return is_last ? SCAN_OPEN_QUOTE : SCAN_MORE;
			if (++at == end && !is_last)
				return SCAN_MORE;
			if (at < end && *at != c->delimiter && !ends_line(*at))
				return SCAN_AFTER_QUOTE;
		} else {
			while (at < end && *at != c->delimiter && !ends_line(*at))
				at++;
		}
		keep_cell(c, s, from, at);
		if (at == end) {
			s->end = end;
			break;
		}
		if (*at++ == c->delimiter)
			continue;
		s->end = after_newline(at - 1, end, is_last);
		if (!s->end)
			return SCAN_MORE;
		break;
	}
	if (s->end == end && !is_last && !ends_line(end[-1]))
		return SCAN_MORE;
	s->newlines = count_newlines(start, s->end);
	return SCAN_DONE;
}

/* Takes the quotes off each quoted cell and makes doubled ones single, where they stand. */
static void unquote(struct csv *c, char *base)
{
	for (size_t i = 0; i < c->count; i++) {
		struct str *cell = &c->cells[i];
		char *from, *to, *end;

		if (cell->length < 2 || cell->at[0] != '"')
			continue;
		from = to = base + (cell->at - base) + 1;
		end = from + cell->length - 2;
		if (!memchr(from, '"', cell->length - 2)) {
			*cell = (struct str){ from, cell->length - 2 };
			continue;
		}
		cell->at = to;
		while (from < end) {
			if (*from == '"')
				from++;
			*to++ = *from++;
		}
		cell->length = (size_t)(to - cell->at);
	}
}

static const char *line_end(const char *at, const char *end)
{
	while (at < end && !ends_line(*at))
		at++;
	return at;
}

/* A record that cannot be split by the rules: its first line as it stands. 0 when the line's end is
 * not among the bytes yet. */
static size_t take_first_line(struct csv *c, const char *at, const char *end, bool is_last)
{
	const char *stop = line_end(at, end), *after, *from = at;
	struct scanned s = { 0 };

	if (stop == end && !is_last)
		return 0;
	after = stop == end ? end : after_newline(stop, end, is_last);
	if (!after)
		return 0;
	for (const char *p = at;; p++) {
		if (p < stop && *p != c->delimiter)
			continue;
		keep_cell(c, &s, from, p);
		if (p == stop)
			break;
		from = p + 1;
	}
	c->count = s.cells < CSV_CELLS_MAX ? s.cells : CSV_CELLS_MAX;
	c->next_line += stop < end;
	return (size_t)(after - at);
}

/* Takes the rest of a line that was too long. */
static size_t skip_line(struct csv *c, const char *at, const char *end, bool is_last)
{
	const char *stop = line_end(at, end), *after = end;

	if (stop < end) {
		after = after_newline(stop, end, is_last);
		if (!after)
			return (size_t)(stop - at);
		c->is_skipping = false;
		c->next_line++;
	}
	return (size_t)(after - at);
}

static size_t finish(struct csv *c, char *at, const struct scanned *s)
{
	if (s->cells > CSV_CELLS_MAX)
		c->fault = CSV_TOO_MANY;
	c->count = s->cells < CSV_CELLS_MAX ? s->cells : CSV_CELLS_MAX;
	c->next_line += s->newlines;
	unquote(c, at);
	if (c->count == 1 && c->cells[0].length == 0)
		c->count = 0;
	return (size_t)(s->end - at);
}

size_t csv_next(struct csv *c, char *at, size_t length, bool is_last)
{
	bool is_whole = is_last && length <= CSV_RECORD_MAX;
	const char *end = at + (length < CSV_RECORD_MAX ? length : CSV_RECORD_MAX);
	struct scanned s = { 0 };
	enum scan result;
	size_t taken;

	c->line = 0;
	c->count = 0;
	c->fault = CSV_FINE;
	if (length == 0)
		return 0;
	if (c->is_skipping)
		return skip_line(c, at, at + length, is_last);
	result = scan_record(c, at, end, is_whole, &s);
	if (result == SCAN_MORE && length < CSV_RECORD_MAX)
		return 0;
	c->line = c->next_line;
	if (result == SCAN_DONE)
		return finish(c, at, &s);
	c->fault = result == SCAN_AFTER_QUOTE ? CSV_AFTER_QUOTE : CSV_OPEN_QUOTE;
	taken = take_first_line(c, at, end, is_whole);
	if (taken || length < CSV_RECORD_MAX)
		return taken;
	c->fault = CSV_TOO_LONG;
	c->is_skipping = true;
	return CSV_RECORD_MAX - 1; /* its last byte may be the \r of a \r\n */
}

char csv_guess_delimiter(const char *at, size_t length)
{
	static const char choices[] = ";,\t|";
	size_t counts[sizeof(choices)] = { 0 }, best = 0;
	bool is_quoted = false;

	for (size_t i = 0; i < length && (is_quoted || !ends_line(at[i])); i++) {
		const char *found = at[i] ? strchr(choices, at[i]) : NULL;

		if (at[i] == '"')
			is_quoted = !is_quoted;
		else if (found && !is_quoted)
			counts[found - choices]++;
	}
	for (size_t i = 1; choices[i]; i++) {
		if (counts[i] > counts[best])
			best = i;
	}
	return choices[best];
}
