/* A piece of text with its length: not ended by a NUL, not owned. Print it with
 * "%.*s" and STR_ARG(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *at;
	size_t length;
};

#define STR(literal)  ((struct str){ literal, sizeof(literal) - 1 })
#define STR_ARG(text) (int)(text).length, (text).at

static inline struct str str_of(const char *text)
{
	return (struct str){ text, text ? strlen(text) : 0 };
}

static inline bool str_equals(struct str a, struct str b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

/* Cuts `text` at the first `mark`: the part before it is returned, `text` becomes what follows
 * (empty, with at == NULL, when there was none). */
static inline struct str str_cut(struct str *text, char mark)
{
	const char *end = text->length ? memchr(text->at, mark, text->length) : NULL;
	struct str head = *text;

	if (!end) {
		*text = (struct str){ NULL, 0 };
		return head;
	}
	head.length = (size_t)(end - text->at);
	*text = (struct str){ end + 1, text->length - head.length - 1 };
	return head;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
