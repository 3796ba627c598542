#include "http/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { STATUSES = 24, BUCKETS = 10 };

static const int statuses[STATUSES] = { 200, 201, 202, 204, 206, 304, 400, 401, 403, 404, 405, 409,
					410, 412, 413, 415, 422, 426, 429, 460, 500, 503, 302, 0 };

/* Upper bounds in microseconds; the last is infinity. */
static const uint64_t bounds[BUCKETS] = { 500,   1000,   2500,   5000,    10000,
					  25000, 100000, 500000, 2500000, UINT64_MAX };

struct series {
	atomic_ulong by_status[STATUSES];
	atomic_ulong by_latency[BUCKETS];
	atomic_ulong us;
};

struct metrics {
	int routes;
	struct series series[];
};

struct metrics *metrics_new(int routes)
{
	struct metrics *m = calloc(1, sizeof(*m) + (size_t)(routes + 1) * sizeof(struct series));

	if (!m)
		abort();
	m->routes = routes;
	return m;
}

void metrics_free(struct metrics *m)
{
	free(m);
}

void metrics_count(struct metrics *m, int route, int status, uint64_t us)
{
	struct series *s = &m->series[route < 0 ? m->routes : route];
	int i = 0;

	while (i < STATUSES - 1 && statuses[i] != status)
		i++;
	atomic_fetch_add_explicit(&s->by_status[i], 1, memory_order_relaxed);
	for (i = 0; us > bounds[i]; i++)
		;
	atomic_fetch_add_explicit(&s->by_latency[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&s->us, us, memory_order_relaxed);
}

static void write_name(const struct router *router, int route, struct buf *to)
{
	if (route < router->count)
		buf_printf(to, "method=\"%s\",route=\"%s\"", router->routes[route]->method,
			   router->routes[route]->path);
	else
		buf_text(to, "method=\"\",route=\"other\"");
}

static void write_latency(struct series *s, const struct router *router, int route, struct buf *to)
{
	unsigned long sum = 0;

	for (int i = 0; i < BUCKETS; i++) {
		sum += atomic_load_explicit(&s->by_latency[i], memory_order_relaxed);
		buf_text(to, "fdvu_request_seconds_bucket{");
		write_name(router, route, to);
		if (i < BUCKETS - 1)
			buf_printf(to, ",le=\"%g\"} %lu\n", (double)bounds[i] / 1e6, sum);
		else
			buf_printf(to, ",le=\"+Inf\"} %lu\n", sum);
	}
	buf_text(to, "fdvu_request_seconds_sum{");
	write_name(router, route, to);
	buf_printf(to, "} %.6f\nfdvu_request_seconds_count{",
		   (double)atomic_load_explicit(&s->us, memory_order_relaxed) / 1e6);
	write_name(router, route, to);
	buf_printf(to, "} %lu\n", sum);
}

void metrics_write(struct metrics *m, const struct router *router, struct buf *to)
{
	buf_text(to, "# HELP fdvu_requests_total Requests answered.\n"
		     "# TYPE fdvu_requests_total counter\n");
	for (int r = 0; r <= m->routes; r++) {
		for (int i = 0; i < STATUSES; i++) {
			unsigned long n = atomic_load_explicit(&m->series[r].by_status[i],
							       memory_order_relaxed);

			if (!n)
				continue;
			buf_text(to, "fdvu_requests_total{");
			write_name(router, r, to);
			buf_printf(to, ",status=\"%d\"} %lu\n", statuses[i], n);
		}
	}
	buf_text(to, "# HELP fdvu_request_seconds From the first byte to the last.\n"
		     "# TYPE fdvu_request_seconds histogram\n");
	for (int r = 0; r <= m->routes; r++)
		if (atomic_load_explicit(&m->series[r].us, memory_order_relaxed))
			write_latency(&m->series[r], router, r, to);
}
