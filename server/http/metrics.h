/* Counters for Prometheus: requests by route and status, with latency buckets. */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "http/router.h"

struct metrics;

/* For routes 0 … count - 1, and one more for everything else. */
struct metrics *metrics_new(int routes);
void metrics_free(struct metrics *m);

/* Counts one answered request. `route` < 0 is «everything else». */
void metrics_count(struct metrics *m, int route, int status, uint64_t us);

/* Writes them in Prometheus' text format 0.0.4. */
void metrics_write(struct metrics *m, const struct router *router, struct buf *to);
