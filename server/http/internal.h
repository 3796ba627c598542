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

/* How many bytes of body the request's route takes. */
size_t body_limit(const struct req *rq);

/* Takes a piece of the body: gathers it, spools it or hands it on, as its route says. What is wrong
 * becomes `rq->refused`. MHD_NO ends the connection. */
enum MHD_Result body_take(struct req *rq, const char *bytes, size_t length);

/* Whether the body came as gzip. It is unpacked at its end, within its limit. */
bool body_is_packed(struct req *rq);

/* After the last piece: `rq->body` or `rq->spool` is whole. */
enum err body_end(struct req *rq);

/* Closes the spooled file. */
void body_forget(struct req *rq);

/* Makes the MHD response of what the handler left in `rq` and queues it. */
enum MHD_Result reply_queue(struct req *rq);

/* Puts a problem (RFC 9457) of `e` into the reply. */
void reply_problem(struct req *rq, enum err e);
