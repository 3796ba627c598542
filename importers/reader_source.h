/* Where a reader's bytes come from: the file itself, a member of a zip archive, or (in tests)
 * memory. */
#pragma once

#include "importers/charset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source {
	/* Up to `room` bytes; 0 at the end, or when `fault` is set. */
	size_t (*read)(struct source *s, char *to, size_t room);
	/* Back to the first byte. False with `fault` set when it cannot. */
	bool (*rewind)(struct source *s);
	void (*close)(struct source *s); /* NULL: nothing to close */
	void *of;                        /* what the functions above know it by */
	uint64_t size;                   /* bytes the source takes on disk; 0 when not known */
	uint64_t seen;                   /* bytes given since the start */
	const char *fault;               /* a word for reader_fail(), NULL while all is well */
};

/* Members of a zip archive by name. */
struct archive {
	/* Opens a member; false when it is not there or cannot be read. */
	bool (*open)(struct archive *a, const char *member, struct source *s);
	void *of;
};

/* A source that reads UTF-16 (its mark passed over) as UTF-8. */
struct source_utf16 {
	struct source base; /* what is read from */
	struct source *raw;
	struct charset_utf16 state;
	bool is_big;
	char waiting[4096 * 2 + CHARSET_UTF16_ROOM];
	size_t from, to;
};

void source_utf16_init(struct source_utf16 *u, struct source *raw, bool is_big);

/* Fills `to` as far as the source goes. */
size_t source_fill(struct source *s, char *to, size_t room);
