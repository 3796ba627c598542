#include "http/csp.h"

#include <string.h>

#include "base/str.h"

enum { HOST_MAX = 253, PORT_MAX = 5 };

static bool starts_with(struct str text, const char *head)
{
	size_t length = strlen(head);

	return text.length > length && !memcmp(text.at, head, length);
}

static bool is_host_letter(char c)
{
	return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.';
}

/* A scheme and a host in small letters, perhaps a port. No wildcard, no path. */
static bool is_origin(struct str text)
{
	size_t at = starts_with(text, "https://") ? 8 : starts_with(text, "http://") ? 7 : 0;
	size_t first = at, digits = 0;

	if (!at)
		return false;
	while (at < text.length && is_host_letter(text.at[at]))
		at++;
	if (at == first || at - first > HOST_MAX || text.at[first] == '.' || text.at[first] == '-')
		return false;
	if (at == text.length)
		return true;
	if (text.at[at++] != ':')
		return false;
	while (at + digits < text.length && is_digit(text.at[at + digits]))
		digits++;
	return digits > 0 && digits <= PORT_MAX && at + digits == text.length;
}

/* The next word of `rest`; empty at the end. */
static struct str next_word(struct str *rest)
{
	struct str word;

	do {
		word = str_cut(rest, ' ');
	} while (!word.length && rest->at);
	return word;
}

static void write_source(const char *name, const char *own, const char *origins, struct buf *to)
{
	struct str rest = str_of(origins), word;

	buf_printf(to, "%s %s", name, own);
	while ((word = next_word(&rest)).length)
		buf_printf(to, " %.*s", STR_ARG(word));
	buf_text(to, "; ");
}

bool csp_write(const char *origins, struct buf *to)
{
	struct str rest = str_of(origins), word;

	while ((word = next_word(&rest)).length)
		if (!is_origin(word))
			return false;
	buf_text(to, "default-src 'self'; ");
	write_source("img-src", "'self' data: blob:", origins, to);
	buf_text(to, "style-src 'self'; ");
	write_source("connect-src", "'self'", origins, to);
	buf_text(to, "worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
		     "frame-ancestors 'none'");
	return true;
}

bool csp_allows(const char *origins, const char *url)
{
	struct str rest = str_of(origins), word;

	while ((word = next_word(&rest)).length)
		if (!strncmp(url, word.at, word.length) &&
		    (url[word.length] == '/' || url[word.length] == '?' || !url[word.length]))
			return true;
	return false;
}
