#include "http/guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool parse_length(const char *text, uint64_t *out)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || text[digits])
		return false;
	errno = 0;
	*out = strtoull(text, NULL, 10);
	return errno == 0;
}

void guard_see(struct framing *f, const char *name, const char *value)
{
	size_t length = strlen(name);

	if (!strcasecmp(name, "Content-Length")) {
		f->lengths++;
		if (!value || !parse_length(value, &f->length))
			f->is_bad = true;
	} else if (!strcasecmp(name, "Transfer-Encoding")) {
		f->codings++;
		f->is_chunked = value && !strcasecmp(value, "chunked");
	} else if (!strcasecmp(name, "Host")) {
		f->hosts++;
	} else if (!length || strchr(" \t", name[length - 1])) {
		f->is_bad = true; /* «Name : value» hides a header from a proxy */
	}
}

bool guard_is_good(const struct framing *f)
{
	return !f->is_bad && f->hosts == 1 && f->lengths + f->codings <= 1 &&
	       f->codings <= (f->is_chunked ? 1 : 0);
}

bool guard_uri_is_good(const char *uri)
{
	bool in_path = true;

	for (const char *c = uri; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
		if (c[0] == '%' && c[1] == '0' && c[2] == '0')
			return false;
		if (*c == '?')
			in_path = false;
		/* MHD decodes the path before we see it: «/api%2Fv1» would be a second name of a
		 * route, which a proxy's rules do not know. */
		if (in_path && c[0] == '%' && c[1] == '2' && (c[2] | 32) == 'f')
			return false;
	}
	return true;
}
