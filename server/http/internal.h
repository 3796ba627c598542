/* What the files of server/http share. */
#pragma once

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/http.h"
#include "http/metrics.h"
#include "http/router.h"
#include "http/static.h"

struct http {
	struct MHD_Daemon *daemon;
	const struct config *config;
	struct http_hooks hooks;
	struct router router;
	struct metrics *metrics;
	struct pages *pages;
	struct buf csp;    /* Content-Security-Policy of the pages */
	atomic_int active; /* requests between their first byte and their last */
	atomic_bool is_stopping;
	atomic_uint connections;
	atomic_long streams; /* event streams that are open */
};

/* Makes the MHD response of what the handler left in `rq` and queues it. */
enum MHD_Result reply_queue(struct req *rq);

/* Puts a problem (RFC 9457) of `e` into the reply. */
void reply_problem(struct req *rq, enum err e);
