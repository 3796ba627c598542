#include "jobs/health.h"

static enum err alive(struct req *rq)
{
	buf_text(&rq->out, "{\"status\":\"alive\",\"version\":\"" FDVU_VERSION "\"}");
	rq->out_type = "application/json";
	return OK;
}

static enum err ready(struct req *rq)
{
	struct db *db = NULL;
	enum err e;

	if (http_is_stopping(rq->http))
		return req_fail(rq, ERR_BUSY, "stopping");
	if (!(e = db_take(app_of(rq)->pools, DB_JOB, &db)))
		e = db_run(db, &rq->arena, Q_HEALTH_READY, NULL, NULL);
	db_give(db);
	if (e)
		return req_fail(rq, ERR_BUSY, "the database does not answer, or lacks its schema");
	buf_text(&rq->out, "{\"status\":\"ready\"}");
	rq->out_type = "application/json";
	return OK;
}

static enum err figures(struct req *rq)
{
	http_measure(rq->http, &rq->out);
	rq->out_type = "text/plain; version=0.0.4; charset=utf-8";
	return OK;
}

static void measure_pools(struct pools *pools, struct buf *to)
{
	buf_text(to, "# HELP fdvu_pool_connections Database connections by role.\n"
		     "# TYPE fdvu_pool_connections gauge\n");
	for (int i = 0; i < DB__MAX; i++) {
		struct pool_use use = pools_use(pools, (enum db_role)i);

		buf_printf(to, "fdvu_pool_connections{role=\"%s\",state=\"taken\"} %d\n", use.role,
			   use.taken);
		buf_printf(to, "fdvu_pool_connections{role=\"%s\",state=\"size\"} %d\n", use.role,
			   use.size);
	}
	buf_text(to, "# HELP fdvu_pool_waits_total Takes that had to wait.\n"
		     "# TYPE fdvu_pool_waits_total counter\n"
		     "# HELP fdvu_pool_timeouts_total Takes that got none in time.\n"
		     "# TYPE fdvu_pool_timeouts_total counter\n");
	for (int i = 0; i < DB__MAX; i++) {
		struct pool_use use = pools_use(pools, (enum db_role)i);

		buf_printf(to, "fdvu_pool_waits_total{role=\"%s\"} %lu\n", use.role,
			   (unsigned long)use.waits);
		buf_printf(to, "fdvu_pool_timeouts_total{role=\"%s\"} %lu\n", use.role,
			   (unsigned long)use.timeouts);
	}
}

void health_measure(void *closure, struct buf *to)
{
	struct app *app = closure;
	struct rows *rows;
	struct arena a;
	struct db *db;

	measure_pools(app->pools, to);
	if (db_take(app->pools, DB_JOB, &db))
		return;
	arena_init(&a);
	buf_text(to, "# HELP fdvu_jobs Jobs in the queue by state.\n# TYPE fdvu_jobs gauge\n");
	if (!db_run(db, &a, Q_HEALTH_JOBS, NULL, &rows))
		for (int i = 0; i < rows_count(rows); i++)
			buf_printf(to, "fdvu_jobs{state=\"%s\"} %s\n", rows_at(rows, i, 0),
				   rows_at(rows, i, 1));
	db_give(db);
	arena_release(&a);
}

const struct route health_routes[] = {
	{ "GET", "/healthz", ROLE_ALL | ROLE_PUBLIC, alive,
	  .summary = "Whether the process lives" },
	{ "GET", "/readyz", ROLE_ALL | ROLE_PUBLIC, ready,
	  .summary = "Whether it can answer: the database is there and has its schema" },
	{ "GET", "/metrics", ROLE_ALL | ROLE_PUBLIC, figures, .summary = "Figures for Prometheus" },
	{ 0 },
};
