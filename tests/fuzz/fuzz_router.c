/* Any header and any path through guard and router, as they come off the wire. What is found must
 * be a route of the method asked for, with ids that fit. Input: lines; the first is the target, the
 * others are headers. */
#include "http/guard.h"
#include "http/router.h"

#include <stdlib.h>
#include <string.h>

#include "base/uuid.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct route table[] = {
	{ "GET", "/api/v1/cases", ROLE_OFFICE },
	{ "GET", "/api/v1/cases/{id}", ROLE_OFFICE },
	{ "PATCH", "/api/v1/cases/{id}", ROLE_OFFICE },
	{ "PUT", "/api/v1/files/{sha256}", ROLE_OFFICE },
	{ "GET", "/a/{id}/b/{name}/{code}", ROLE_PUBLIC },
	{ 0 },
};

static void check_route(const struct router *router, const char *method, const char *path)
{
	const char *ids[PATH_IDS] = { NULL };
	char allow[ALLOW_MAX];
	struct arena a = { 0 };
	int found = router_find(router, &a, method, path, ids, allow);

	if (found < -2 || found >= router->count ||
	    (found == -2) != (allow[0] != '\0' && found < 0))
		abort();
	if (found >= 0 && strcmp(router->routes[found]->method, method) != 0 &&
	    strcmp(method, "HEAD") != 0)
		abort();
	if (found == 1 && !uuid_is_valid(ids[0]))
		abort();
	if (found == 4 && (!ids[2] || strchr(ids[2], '/')))
		abort();
	arena_release(&a);
}

static void check_headers(char *lines)
{
	struct framing f = { 0 };
	char *next;

	for (char *line = lines; line; line = next) {
		char *colon;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		colon = strchr(line, ':');
		if (colon)
			*colon++ = '\0';
		guard_see(&f, line, colon);
	}
	if (guard_is_good(&f) && (f.lengths > 1 || f.codings > 1 || f.hosts != 1 ||
				  (f.lengths && f.codings) || (f.codings && !f.is_chunked)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "PATCH", "" };
	static struct router router;
	char *text = malloc(length + 1), *headers;

	if (!router.count)
		router_add(&router, table);
	memcpy(text, bytes, length);
	text[length] = '\0';
	headers = strchr(text, '\n');
	if (headers)
		*headers++ = '\0';
	guard_uri_is_good(text);
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		check_route(&router, methods[i], text);
	if (headers)
		check_headers(headers);
	free(text);
	return 0;
}
