/* Which route a method and a path lead to. */
#pragma once

#include "base/arena.h"
#include "http/http.h"

enum { ROUTES_MAX = 400, ALLOW_MAX = 64 };

struct router {
	const struct route *routes[ROUTES_MAX];
	size_t fixed[ROUTES_MAX]; /* length of each path up to its first {…} */
	int count;
};

/* Adds the routes of a table. Aborts past ROUTES_MAX: a mistake of ours. */
void router_add(struct router *r, const struct route *table);

/* The route's number; the path's {…} are copied to `ids`, owned by `a`. -1: no such path, or an id
 * that cannot be one. -2: the path is there, but not by this method; then `allow` holds the methods
 * that are («GET, POST»). HEAD finds GET unless it
 * has a route of its own. */
int router_find(const struct router *r, struct arena *a, const char *method, const char *path,
		const char *ids[PATH_IDS], char allow[ALLOW_MAX]);
