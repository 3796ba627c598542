#include "importers/rowpipe.h"

#include <stdio.h>
#include <string.h>

#include "base/fd.h"

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

void rowpipe_init(struct rowpipe *p, int fd, enum charset charset)
{
	memset(p, 0, sizeof(*p));
	p->fd = fd;
	p->charset = charset;
}

bool rowpipe_flush(struct rowpipe *p)
{
	if (!p->is_broken && !fd_write(p->fd, p->buffer, p->used))
		p->is_broken = true;
	p->sent += p->used;
	p->used = 0;
	p->is_broken = p->is_broken || rowpipe_is_over(p);
	return !p->is_broken;
}

bool rowpipe_is_over(const struct rowpipe *p)
{
	return p->most && p->sent > p->most;
}

void rowpipe_mark(struct rowpipe *p, const char *word, size_t column)
{
	static const size_t last = sizeof(" more");
	char text[64];
	int n = column ? snprintf(text, sizeof(text), " %s:%zu", word, column)
		       : snprintf(text, sizeof(text), " %s", word);

	if (p->marked + (size_t)n + last > ROWPIPE_MARKS) {
		if (p->marked < last || memcmp(p->marks + p->marked - 5, " more", 5) != 0) {
			memcpy(p->marks + p->marked, " more", 5);
			p->marked += 5;
		}
		return;
	}
	memcpy(p->marks + p->marked, text, (size_t)n);
	p->marked += (size_t)n;
}

static void put(struct rowpipe *p, const char *at, size_t length)
{
	while (length > 0) {
		size_t room = ROWPIPE_BUFFER - p->used, n = length < room ? length : room;

		memcpy(p->buffer + p->used, at, n);
		p->used += n;
		at += n;
		length -= n;
		if (p->used == ROWPIPE_BUFFER)
			rowpipe_flush(p);
	}
}

static void put_number(struct rowpipe *p, uint64_t n)
{
	char digits[24];

	put(p, digits, (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n));
}

/* What a cell holds besides plain text. */
struct look {
	bool needs_quotes;
	bool needs_care; /* bytes that cannot be copied as they are */
	const char *fault;
};

static size_t letter_length(const struct rowpipe *p, const char *at, size_t length)
{
	char out[3];

	if (p->charset == CHARSET_WINDOWS_1252)
		return charset_from_1252((unsigned char)*at, out) ? 1 : 0;
	return charset_letter((const unsigned char *)at, length);
}

static struct look look_at(const struct rowpipe *p, struct str cell)
{
	struct look l = { 0 };

	for (size_t i = 0; i < cell.length;) {
		unsigned char b = (unsigned char)cell.at[i];
		size_t n = 1;

		if (b >= 0x80) {
			n = letter_length(p, cell.at + i, cell.length - i);
			l.needs_care |= n == 0 || p->charset == CHARSET_WINDOWS_1252;
			if (n == 0 && !l.fault)
				l.fault = "encoding";
		} else if (b == '"' || b == ',' || b == '\n' || b == '\r' || b == '\\') {
			l.needs_quotes = true;
			l.needs_care |= b == '"';
		} else if (b < 0x20 && b != '\t') {
			l.needs_care = true;
			if (b == 0 || !l.fault)
				l.fault = b == 0 ? "nul" : "control";
		}
		i += n ? n : 1;
	}
	return l;
}

static void put_careful(struct rowpipe *p, struct str cell)
{
	for (size_t i = 0; i < cell.length;) {
		const char *at = cell.at + i;
		unsigned char b = (unsigned char)*at;
		char out[3];
		size_t n = 1;

		if (b == '"') {
			put(p, "\"\"", 2);
		} else if (b < 0x20 && b != '\t' && b != '\n' && b != '\r') {
			put(p, replacement, 3);
		} else if (b < 0x80) {
			put(p, at, 1);
		} else if (p->charset == CHARSET_WINDOWS_1252) {
			n = charset_from_1252(b, out);
			put(p, n ? out : replacement, n ? n : 3);
			n = 1;
		} else {
			n = charset_letter((const unsigned char *)at, cell.length - i);
			put(p, n ? at : replacement, n ? n : 3);
			n = n ? n : 1;
		}
		i += n;
	}
}

static void put_cell(struct rowpipe *p, struct str cell)
{
	struct look l = look_at(p, cell);

	if (l.needs_quotes)
		put(p, "\"", 1);
	if (l.needs_care)
		put_careful(p, cell);
	else
		put(p, cell.at, cell.length);
	if (l.needs_quotes)
		put(p, "\"", 1);
}

/* The cells beyond the width as one piece of text. */
static void put_beyond(struct rowpipe *p, const struct str *cells, size_t count)
{
	bool is_first = true;

	put(p, "\"", 1);
	for (size_t i = p->width; i < count; i++) {
		if (!is_first)
			put(p, " | ", 3);
		is_first = false;
		put_careful(p, cells[i]);
	}
	put(p, "\"", 1);
}

void rowpipe_row(struct rowpipe *p, uint64_t line, const char *fault, const struct str *cells,
		 size_t count)
{
	size_t column = 0, beyond = 0;

	for (size_t i = 0; i < count && !fault; i++) {
		fault = look_at(p, cells[i]).fault;
		column = fault ? i + 1 : 0;
	}
	for (size_t i = p->width; i < count; i++)
		beyond += cells[i].length > 0;
	if (!fault && (beyond || count < p->least))
		fault = beyond ? "beyond" : "too_few";
	put_number(p, line);
	put(p, ",", 1);
	if (fault)
		put(p, fault, strlen(fault));
	put(p, ",", 1);
	if (column)
		put_number(p, column);
	put(p, ",", 1);
	if (p->marked)
		put(p, p->marks + 1, p->marked - 1);
	p->marked = 0;
	put(p, ",", 1);
	if (beyond)
		put_beyond(p, cells, count);
	for (size_t i = 0; i < p->width; i++) {
		put(p, ",", 1);
		if (i < count)
			put_cell(p, cells[i]);
	}
	put(p, "\n", 1);
	p->rows++;
}
