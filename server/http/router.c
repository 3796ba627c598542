#include "http/router.h"

#include <stdlib.h>
#include <string.h>

#include "base/uuid.h"

enum { SEGMENT_MAX = 128 };

void router_add(struct router *r, const struct route *table)
{
	for (; table->method; table++) {
		if (r->count == ROUTES_MAX)
			abort();
		r->fixed[r->count] = strcspn(table->path, "{");
		r->routes[r->count++] = table;
	}
}

static bool id_fits(struct str name, struct str value)
{
	char text[SEGMENT_MAX + 1];

	if (!value.length || value.length > SEGMENT_MAX)
		return false;
	memcpy(text, value.at, value.length);
	text[value.length] = '\0';
	if (str_equals(name, STR("id")))
		return uuid_is_valid(text);
	if (str_equals(name, STR("sha256")))
		return value.length == 64 && strspn(text, "0123456789abcdef") == 64;
	return true;
}

static bool path_fits(const char *pattern, const char *path, struct str ids[PATH_IDS], int *count)
{
	struct str want = str_of(pattern), have = str_of(path);

	*count = 0;
	while (want.at && have.at) {
		struct str a = str_cut(&want, '/'), b = str_cut(&have, '/');

		if (a.length && a.at[0] == '{') {
			struct str name = { a.at + 1, a.length - 2 };

			if (*count == PATH_IDS || !id_fits(name, b))
				return false;
			ids[(*count)++] = b;
		} else if (!str_equals(a, b)) {
			return false;
		}
	}
	return !want.at && !have.at;
}

static void add_method(char allow[ALLOW_MAX], const char *method)
{
	if (strstr(allow, method) || strlen(allow) + strlen(method) + 3 > ALLOW_MAX)
		return;
	if (allow[0])
		memcpy(allow + strlen(allow), ", ", 3);
	memcpy(allow + strlen(allow), method, strlen(method) + 1);
}

int router_find(const struct router *r, struct arena *a, const char *method, const char *path,
		const char *ids[PATH_IDS], char allow[ALLOW_MAX])
{
	bool is_head = !strcmp(method, "HEAD"), is_there = false;
	int get = -1; /* what answers a HEAD that has no route of its own */

	memset(allow, 0, ALLOW_MAX);
	for (int i = 0; i < r->count; i++) {
		struct str found[PATH_IDS];
		int count;

		/* Most routes are told apart by how they begin. */
		if (strncmp(r->routes[i]->path, path, r->fixed[i]) != 0)
			continue;
		if (!path_fits(r->routes[i]->path, path, found, &count))
			continue;
		is_there = true;
		add_method(allow, r->routes[i]->method);
		if (strcmp(r->routes[i]->method, method) &&
		    !(is_head && get < 0 && !strcmp(r->routes[i]->method, "GET")))
			continue;
		for (int j = 0; j < count; j++)
			ids[j] = arena_copy(a, found[j].at, found[j].length);
		if (!strcmp(r->routes[i]->method, method))
			return i;
		get = i;
	}
	if (get >= 0)
		return get;
	return is_there ? -2 : -1;
}
