/* What operators and load balancers ask: alive, ready, and the figures. */
#pragma once

#include "auth/app.h"

extern const struct route health_routes[];

/* Adds the pools' use and the queue of jobs to the metrics (http_hooks.measure). `closure` is
 * struct app. */
void health_measure(void *closure, struct buf *to);
