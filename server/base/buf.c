#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { FIRST_SIZE = 512 };

void buf_init(struct buf *b, size_t limit)
{
	memset(b, 0, sizeof(*b));
	b->limit = limit;
}

void buf_release(void *buf)
{
	struct buf *b = buf;

	free(b->at);
	memset(b, 0, sizeof(*b));
}

void buf_clear(struct buf *b)
{
	b->length = 0;
	b->is_full = false;
	if (b->at)
		b->at[0] = '\0';
}

char *buf_room(struct buf *b, size_t length)
{
	size_t need, capacity;

	if (b->is_full || length > b->limit - b->length) {
		b->is_full = true;
		return NULL;
	}
	need = b->length + length + 1;
	if (need > b->capacity) {
		capacity = b->capacity ? b->capacity : FIRST_SIZE;
		while (capacity < need)
			capacity *= 2;
		b->at = realloc(b->at, capacity);
		if (!b->at) {
			fputs("fdvu: out of memory\n", stderr);
			abort();
		}
		b->capacity = capacity;
	}
	return b->at + b->length;
}

void buf_add(struct buf *b, const char *bytes, size_t length)
{
	char *to = buf_room(b, length);

	if (!to)
		return;
	if (length)
		memcpy(to, bytes, length);
	b->length += length;
	b->at[b->length] = '\0';
}

void buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_uint(struct buf *b, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	buf_add(b, digits + at, sizeof(digits) - at);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	int length;
	char *to;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		abort();
	to = buf_room(b, (size_t)length);
	if (!to)
		return;
	va_start(args, format);
	vsnprintf(to, (size_t)length + 1, format, args);
	va_end(args);
	b->length += (size_t)length;
}

/* What stands for a byte in JSON that is not written as it is. */
static const char *escape(unsigned char c, char hexed[7])
{
	static const char hex[] = "0123456789abcdef";

	if (c == '"')
		return "\\\"";
	if (c == '\\')
		return "\\\\";
	if (c == '\n')
		return "\\n";
	if (c >= 0x80)
		return "\xef\xbf\xbd"; /* U+FFFD: no character begins here */
	memcpy(hexed, "\\u00", 4);
	hexed[4] = hex[c >> 4];
	hexed[5] = hex[c & 15];
	hexed[6] = '\0';
	return hexed;
}

void buf_json(struct buf *b, const char *text, size_t length)
{
	size_t from = 0, i = 0;
	char hexed[7];

	buf_char(b, '"');
	while (i < length) {
		unsigned char c = (unsigned char)text[i];
		size_t bytes = c >= 0x80 ? utf8_length(text + i, length - i)
					 : c >= 0x20 && c != '"' && c != '\\';

		if (bytes) {
			i += bytes;
			continue;
		}
		buf_add(b, text + from, i - from);
		buf_text(b, escape(c, hexed));
		from = ++i;
	}
	buf_add(b, text + from, length - from);
	buf_char(b, '"');
}

static const char *xml_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\t':
	case '\n':
	case '\r':
		return NULL;
	default:
		return (unsigned char)c < ' ' ? " " : NULL;
	}
}

void buf_xml(struct buf *b, const char *text, size_t length)
{
	size_t from = 0;

	for (size_t i = 0; i < length; i++) {
		const char *entity = xml_entity(text[i]);

		if (!entity)
			continue;
		buf_add(b, text + from, i - from);
		buf_text(b, entity);
		from = i + 1;
	}
	buf_add(b, text + from, length - from);
}
