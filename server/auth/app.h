/* What every feature's handlers share: settings, the database, the live feed. Reached by
 * app_of(rq). */
#pragma once

#include "base/config.h"
#include "db/db.h"
#include "http/http.h"

struct events;
struct live;
struct tiles;
struct import_worker;

struct app {
	const struct config *config;
	struct pools *pools;
	struct tiles *tiles;           /* NULL: none is kept */
	struct live *live;             /* NULL when the process serves no event streams */
	struct events *events;         /* tablets that wait for a hint */
	struct import_worker *imports; /* NULL: this process runs none */
};

static inline struct app *app_of(struct req *rq)
{
	return rq->app;
}
