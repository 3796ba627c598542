/* The framing guard: what libmicrohttpd 0.9.75 lets through and a proxy may read otherwise
 * (request smuggling; RFC 9112, sections 6.3 and 11.2). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct framing {
	int lengths, codings, hosts;
	bool is_chunked, is_bad;
	uint64_t length;
};

/* Looks at one header of the request. */
void guard_see(struct framing *f, const char *name, const char *value);

/* Whether the request may be answered: one Host, at most one of Content-Length and
 * «Transfer-Encoding: chunked», no space before a colon, a length of digits. */
bool guard_is_good(const struct framing *f);

/* Whether the target is free of what must never reach a router: %00, a control character, or %2F in
 * the path. */
bool guard_uri_is_good(const char *uri);
