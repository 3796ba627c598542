#include "http/internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/uuid.h"
#include "http/csp.h"
#include "http/guard.h"
#include "http/input.h"

enum {
	IDLE_SECONDS = 60,
	HEADERS_BYTES = 32 * 1024,
	STACK_BYTES = 1024 * 1024,
	CSP_MAX = 4096,
	REPLY_MAX = 64 * 1024 * 1024,
	KEEP_BYTES = 256 * 1024,     /* a larger body's or reply's memory is given back at once */
	DRAIN_MAX = 4 * 1024 * 1024, /* a refused body up to this is read, so that the answer is
					heard: a connection closed with unread bytes is reset */
};

/* One struct req for each connection: its arena and buffers are warm for the next request. */
static void see_connection(void *closure, struct MHD_Connection *connection, void **socket,
			   enum MHD_ConnectionNotificationCode code)
{
	struct http *http = closure;
	struct req *rq;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		rq = calloc(1, sizeof(*rq));
		if (!rq)
			abort();
		rq->http = http;
		rq->connection = connection;
		rq->spool.fd = -1;
		buf_init(&rq->out, REPLY_MAX);
		buf_init(&rq->in, BODY_MAX);
		*socket = rq;
		atomic_fetch_add(&http->connections, 1);
		return;
	}
	rq = *socket;
	atomic_fetch_sub(&http->connections, 1);
	arena_release(&rq->arena);
	buf_release(&rq->out);
	buf_release(&rq->in);
	free(rq);
	*socket = NULL;
}

static struct req *req_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info->socket_context;
}

/* The target as it came, before MHD decodes it. */
static void *see_uri(void *closure, const char *uri, struct MHD_Connection *connection)
{
	(void)closure;
	req_of(connection)->has_uri_fault = !guard_uri_is_good(uri);
	return NULL;
}

static void request_done(void *closure, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct http *http = closure;
	struct req *rq = *state;
	uint64_t us;

	(void)connection;
	(void)code;
	if (!rq)
		return;
	us = clock_us() - rq->started_us;
	metrics_count(http->metrics, rq->route_number, rq->status, us);
	log_request(rq->id);
	log_debug("request", "%s %s %d %lu us", rq->method, rq->path, rq->status,
		  (unsigned long)us);
	log_request(NULL);
	if (rq->intake && !rq->is_answered)
		rq->route->intake->lost(rq);
	json_decref((json_t *)rq->json);
	body_forget(rq);
	arena_reset(&rq->arena);
	if (rq->in.capacity > KEEP_BYTES) {
		buf_release(&rq->in);
		buf_init(&rq->in, BODY_MAX);
	}
	if (rq->out.capacity > KEEP_BYTES) {
		buf_release(&rq->out);
		buf_init(&rq->out, REPLY_MAX);
	}
	rq->is_started = false;
	*state = NULL;
	atomic_fetch_sub(&http->active, 1);
}

/* Everything of the last request is forgotten; memory stays. */
static void req_start(struct req *rq, struct http *http, struct MHD_Connection *connection,
		      const char *method, const char *path)
{
	struct req fresh = { .http = http,
			     .app = http->hooks.app,
			     .connection = connection,
			     .arena = rq->arena,
			     .in = rq->in,
			     .out = rq->out,
			     .spool = { .fd = -1 },
			     .route_number = -1,
			     .has_uri_fault = rq->has_uri_fault,
			     .language = "nb",
			     .method = method,
			     .path = path,
			     .is_started = true };
	uint64_t id;

	*rq = fresh;
	buf_clear(&rq->in);
	buf_clear(&rq->out);
	random_bytes(&id, sizeof(id));
	snprintf(rq->id, sizeof(rq->id), "%016lx", (unsigned long)id);
	rq->started_us = clock_us();
	atomic_fetch_add(&http->active, 1);
}

static enum MHD_Result see_header(void *closure, enum MHD_ValueKind kind, const char *name,
				  const char *value)
{
	(void)kind;
	guard_see(closure, name, value);
	return MHD_YES;
}

const char *req_incoming(struct req *rq, const char *name)
{
	return MHD_lookup_connection_value(rq->connection, MHD_HEADER_KIND, name);
}

uint64_t req_body_length(struct req *rq)
{
	const char *length = req_incoming(rq, "Content-Length");

	return length ? strtoull(length, NULL, 10) : 0;
}

const char *req_cookie(struct req *rq, const char *name)
{
	return MHD_lookup_connection_value(rq->connection, MHD_COOKIE_KIND, name);
}

const char *req_value(const struct req *rq, const char *name)
{
	for (int i = 0; rq->route->inputs && rq->route->inputs[i].name; i++)
		if (!strcmp(rq->route->inputs[i].name, name))
			return rq->values[i];
	return NULL;
}

/* The first of nb, nn and en that the browser names. */
static const char *pick_language(struct req *rq)
{
	static const char *const known[] = { "nb", "nn", "en" };
	const char *accepts = req_incoming(rq, "Accept-Language");

	for (; accepts && *accepts; accepts++)
		for (int i = 0; i < 3; i++)
			if (!strncmp(accepts, known[i], 2))
				return known[i];
	return "nb";
}

/* For clients that know only GET and POST; few routes obey it (tus 1.0.0 asks them to). */
static int find_override(struct req *rq, char allow[ALLOW_MAX])
{
	const struct router *r = &rq->http->router;
	const char *method = req_incoming(rq, "X-HTTP-Method-Override");
	int number = method ? router_find(r, &rq->arena, method, rq->path, rq->ids, allow) : -1;

	if (number < 0 || !r->routes[number]->by_override)
		return -1;
	rq->method = r->routes[number]->method;
	return number;
}

static enum err find_route(struct req *rq)
{
	char allow[ALLOW_MAX];
	int number = find_override(rq, allow);

	if (number < 0)
		number = router_find(&rq->http->router, &rq->arena, rq->method, rq->path, rq->ids,
				     allow);
	if (number >= 0) {
		rq->route_number = number;
		rq->route = rq->http->router.routes[number];
		for (const struct header *h = rq->route->always; h && h->name; h++)
			req_header(rq, h->name, h->value);
		return OK;
	}
	if (number == -1)
		return strcmp(rq->method, "GET") && strcmp(rq->method, "HEAD") ? ERR_NOT_FOUND : OK;
	req_header(rq, "Allow", arena_text(&rq->arena, allow));
	return ERR_METHOD;
}

static enum err check_encoding(struct req *rq)
{
	const char *encoding = req_incoming(rq, "Content-Encoding");

	if (!encoding || body_is_packed(rq) || !strcasecmp(encoding, "identity"))
		return OK;
	req_header(rq, "Accept-Encoding", "gzip");
	return req_fail(rq, ERR_MEDIA_TYPE, "Content-Encoding may be gzip");
}

/* A JSON body says so: else a form of another site could send one without being asked first. */
static enum err check_type(struct req *rq)
{
	const char *type = req_incoming(rq, "Content-Type");

	if (!rq->has_body || rq->route->takes_file || rq->route->intake)
		return OK;
	if (!type || strncmp(type, "application/json", 16))
		return req_fail(rq, ERR_MEDIA_TYPE, "Content-Type must be application/json");
	return check_encoding(rq);
}

/* All that can be decided before the body: framing, route, size, rights. */
static enum err check_request(struct req *rq)
{
	struct framing framing = { 0 };
	enum err e;

	MHD_get_connection_values(rq->connection, MHD_HEADER_KIND, see_header, &framing);
	rq->has_body = framing.is_chunked || framing.length > 0;
	rq->is_drained = guard_is_good(&framing) && !framing.is_chunked &&
			 framing.length <= DRAIN_MAX && !req_incoming(rq, "Expect");
	rq->language = pick_language(rq);
	if (!guard_is_good(&framing))
		return ERR_FRAMING;
	if (rq->has_uri_fault)
		return req_fail(rq, ERR_INVALID, "the address holds a control character or %%2F");
	if ((e = find_route(rq)) || !rq->route)
		return e;
	if (framing.length > body_limit(rq))
		return req_fail(rq, ERR_TOO_LARGE, "at most %zu bytes", body_limit(rq));
	if ((e = check_type(rq)))
		return e;
	if ((e = rq->http->hooks.check(rq)))
		return e;
	return rq->route->intake ? rq->route->intake->begin(rq) : OK;
}

static enum err answer(struct req *rq)
{
	enum err e;

	if (!rq->route)
		return pages_answer(rq->http->pages, rq);
	if ((e = body_end(rq)))
		return e;
	if (!rq->route->takes_any_json && (e = input_check(rq)))
		return e;
	return rq->route->handler ? rq->route->handler(rq) : rq->http->hooks.answer(rq);
}

static enum MHD_Result finish(struct req *rq)
{
	enum err e;

	log_request(rq->id);
	rq->is_answered = true;
	e = rq->refused ? rq->refused : answer(rq);
	if (e)
		reply_problem(rq, e);
	if (e == ERR_INTERNAL || e == ERR_BUSY)
		log_warn("request", "%s %s: %s", rq->method, rq->route ? rq->route->path : rq->path,
			 rq->detail ? rq->detail : "");
	log_request(NULL);
	return reply_queue(rq);
}

static enum MHD_Result on_request(void *closure, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	struct http *http = closure;
	struct req *rq = *state;

	(void)version;
	if (!rq) {
		*state = rq = req_of(connection);
		req_start(rq, http, connection, method, url);
		rq->refused = check_request(rq);
		/* A large refused body, and one that waits to be asked for, is never read: MHD
		 * closes after a reply that is queued here. Otherwise the reply waits for the
		 * last call, which keeps the connection. */
		rq->is_closing = rq->refused &&
				 ((rq->has_body && !rq->is_drained) || rq->refused == ERR_FRAMING);
		return rq->is_closing ? finish(rq) : MHD_YES;
	}
	if (*upload_size) {
		enum MHD_Result goes_on = body_take(rq, upload, *upload_size);

		*upload_size = 0;
		return goes_on;
	}
	return finish(rq);
}

__attribute__((format(printf, 2, 0))) static void on_log(void *closure, const char *format,
							 va_list args)
{
	char text[400];

	(void)closure;
	vsnprintf(text, sizeof(text), format, args);
	log_debug("microhttpd", "%s", text);
}

static struct MHD_Daemon *listen_on(struct http *http)
{
	const struct config *c = http->config;
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)c->port) };

	if (inet_pton(AF_INET, c->address, &address.sin_addr) != 1) {
		log_error("listen", "%s is not an IPv4 address", c->address);
		return NULL;
	}
	return MHD_start_daemon(
		MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
			MHD_USE_ITC | MHD_USE_ERROR_LOG,
		(uint16_t)c->port, NULL, NULL, on_request, http, MHD_OPTION_EXTERNAL_LOGGER, on_log,
		NULL, MHD_OPTION_NOTIFY_COMPLETED, request_done, http, MHD_OPTION_NOTIFY_CONNECTION,
		see_connection, http, MHD_OPTION_URI_LOG_CALLBACK, see_uri, http,
		MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)c->connections, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_BYTES,
		MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
}

static void http_free(struct http *http)
{
	buf_release(&http->csp);
	metrics_free(http->metrics);
	pages_close(http->pages);
	free(http);
}

struct http *http_start(const struct config *config, const struct route *const *tables,
			struct http_hooks hooks)
{
	struct http *http = calloc(1, sizeof(*http));

	if (!http)
		abort();
	http->config = config;
	http->hooks = hooks;
	for (; *tables; tables++)
		router_add(&http->router, *tables);
	http->metrics = metrics_new(http->router.count);
	http->pages = pages_open(config->web);
	buf_init(&http->csp, CSP_MAX);
	if (!csp_write(config->map_hosts, &http->csp) || http->csp.is_full)
		log_error("config",
			  "map_hosts: origins (https://HOST) with spaces between, not «%s»",
			  config->map_hosts);
	else if (!(http->daemon = listen_on(http)))
		log_error("listen", "cannot listen on %s:%ld: %s", config->address, config->port,
			  strerror(errno));
	if (http->daemon)
		return http;
	http_free(http);
	return NULL;
}

static void wait_until(struct http *http, bool for_connections, long wait_ms)
{
	const struct timespec pause = { .tv_nsec = 5000000 };

	for (; wait_ms > 0; wait_ms -= 5) {
		if (!atomic_load(&http->active) &&
		    (!for_connections || !atomic_load(&http->connections)))
			return;
		nanosleep(&pause, NULL);
	}
}

void http_stop(struct http *http, long wait_ms)
{
	int socket;

	if (!http)
		return;
	atomic_store(&http->is_stopping, true);
	/* Closed at once: who connects now is refused and goes to another server, where in an open
	 * socket's queue it would wait and then be cut off. */
	socket = MHD_quiesce_daemon(http->daemon);
	if (socket >= 0)
		close(socket);
	/* Replies say «Connection: close» now. Kept connections get a moment for a request that is
	 * under way; then those that have none are closed. */
	wait_until(http, true, wait_ms < 400 ? wait_ms : 400);
	wait_until(http, false, wait_ms);
	MHD_stop_daemon(http->daemon);
	http_free(http);
}

const struct route *http_route(const struct http *http, int number)
{
	return number < http->router.count ? http->router.routes[number] : NULL;
}

const struct config *http_config(const struct http *http)
{
	return http->config;
}

bool http_is_stopping(const struct http *http)
{
	return atomic_load(&http->is_stopping);
}

void http_measure(struct http *http, struct buf *to)
{
	metrics_write(http->metrics, &http->router, to);
	buf_printf(to,
		   "# HELP fdvu_connections HTTP connections open now.\n"
		   "# TYPE fdvu_connections gauge\nfdvu_connections %u\n"
		   "# HELP fdvu_event_streams Event streams open now.\n"
		   "# TYPE fdvu_event_streams gauge\nfdvu_event_streams %ld\n",
		   atomic_load(&http->connections), atomic_load(&http->streams));
	http->hooks.measure(http->hooks.app, to);
}
