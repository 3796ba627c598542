/* A growing piece of text born with a limit, after curl's dynbuf. Once an append
 * would pass the limit the buffer is marked full and takes no more: check once, at the end. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char *at;      /* always ended by a NUL once anything was appended */
	size_t length; /* without the NUL */
	size_t capacity;
	size_t limit; /* most bytes it may hold */
	bool is_full; /* something did not fit */
};

/* Empty, nothing allocated; `limit` in bytes. */
void buf_init(struct buf *b, size_t limit);

/* Frees the memory; ready for buf_init() again. Takes void * so that arena_defer() can call it. */
void buf_release(void *buf);

/* Forgets the contents, keeps the memory. */
void buf_clear(struct buf *b);

void buf_add(struct buf *b, const char *bytes, size_t length);
void buf_text(struct buf *b, const char *text);
void buf_char(struct buf *b, char c);
void buf_uint(struct buf *b, uint64_t n);
__attribute__((format(printf, 2, 3))) void buf_printf(struct buf *b, const char *format, ...);

/* Room for `length` more bytes to be written at the returned place by the caller, who then adds to
 * b->length. NULL when it would pass the limit. */
char *buf_room(struct buf *b, size_t length);

/* Appends `text` as a JSON string with its quotes (RFC 8259, section 7). Bytes that are not UTF-8
 * become U+FFFD, so that what is written is JSON whatever was asked. */
void buf_json(struct buf *b, const char *text, size_t length);

/* Appends `text` as it stands between tags or quotes of XML and HTML. What XML cannot hold (its
 * section 2.2) becomes a blank. */
void buf_xml(struct buf *b, const char *text, size_t length);
