#include "http/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pack.h"

enum { PACK_MIN = 1400 };

enum err req_fail(struct req *rq, enum err e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	rq->detail = arena_vprintf(&rq->arena, format, args);
	va_end(args);
	return e;
}

enum err req_problem(struct req *rq, enum err e, const char *type)
{
	rq->problem = type;
	return e;
}

void req_fault(struct req *rq, const char *pointer, const char *detail)
{
	if (rq->fault_count < FAULTS_MAX)
		rq->faults[rq->fault_count++] = (struct fault){ pointer, detail };
}

void req_header(struct req *rq, const char *name, const char *value)
{
	if (rq->header_count == HEADERS_MAX)
		abort(); /* a mistake of ours */
	rq->headers[rq->header_count++] = (struct header){ name, value };
}

struct pair_seer {
	void (*see)(void *closure, const char *name, const char *value);
	void *closure;
};

static enum MHD_Result see_pair(void *closure, enum MHD_ValueKind kind, const char *name,
				const char *value)
{
	const struct pair_seer *seer = closure;

	(void)kind;
	seer->see(seer->closure, name, value ? value : "");
	return MHD_YES;
}

void req_each_query(struct req *rq, void (*see)(void *closure, const char *name, const char *value),
		    void *closure)
{
	struct pair_seer seer = { see, closure };

	MHD_get_connection_values(rq->connection, MHD_GET_ARGUMENT_KIND, see_pair, &seer);
}

enum err req_send_file(struct req *rq, int fd, uint64_t size, const char *type)
{
	rq->response = MHD_create_response_from_fd64(size, fd);
	if (!rq->response) {
		close(fd);
		return ERR_INTERNAL;
	}
	rq->out_type = type;
	return OK;
}

enum err req_send_bytes(struct req *rq, void *bytes, size_t size, const char *type,
			void (*done)(void *owner), void *owner)
{
	rq->response =
		MHD_create_response_from_buffer_with_free_callback_cls(size, bytes, done, owner);
	if (!rq->response) {
		done(owner);
		return ERR_INTERNAL;
	}
	rq->out_type = type;
	return OK;
}

void reply_problem(struct req *rq, enum err e)
{
	struct buf *to = &rq->out;
	const char *title = err_title(e, rq->language);

	if (rq->response) {
		MHD_destroy_response(rq->response);
		rq->response = NULL;
	}
	buf_clear(to);
	rq->status = err_status(e);
	rq->out_type = "application/problem+json";
	buf_printf(to, "{\"type\":\"/problems/%s\",\"title\":",
		   rq->problem ? rq->problem : err_type(e));
	buf_json(to, title, strlen(title));
	buf_printf(to, ",\"status\":%d", rq->status);
	if (rq->detail) {
		buf_text(to, ",\"detail\":");
		buf_json(to, rq->detail, strlen(rq->detail));
	}
	buf_printf(to, ",\"request\":\"%s\"", rq->id);
	if (rq->problem_extra)
		buf_text(to, rq->problem_extra);
	for (int i = 0; i < rq->fault_count; i++) {
		buf_text(to, i ? ",{\"pointer\":" : ",\"errors\":[{\"pointer\":");
		buf_json(to, rq->faults[i].pointer, strlen(rq->faults[i].pointer));
		buf_text(to, ",\"detail\":");
		buf_json(to, rq->faults[i].detail, strlen(rq->faults[i].detail));
		buf_char(to, '}');
	}
	buf_text(to, rq->fault_count ? "]}" : "}");
	if (e == ERR_BUSY || e == ERR_TOO_MANY)
		req_header(rq, "Retry-After", "1");
}

static void add_headers(struct req *rq, struct MHD_Response *response)
{
	bool has_cache_control = false;

	for (int i = 0; i < rq->header_count; i++) {
		MHD_add_response_header(response, rq->headers[i].name, rq->headers[i].value);
		has_cache_control |= !strcmp(rq->headers[i].name, "Cache-Control");
	}
	if (rq->out_type)
		MHD_add_response_header(response, "Content-Type", rq->out_type);
	if (!has_cache_control)
		MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Referrer-Policy", "same-origin");
	MHD_add_response_header(response, "X-Request-Id", rq->id);
	if (rq->out_type && !strncmp(rq->out_type, "text/html", 9))
		MHD_add_response_header(response, "Content-Security-Policy", rq->http->csp.at);
	if (atomic_load(&rq->http->is_stopping) || rq->is_closing)
		MHD_add_response_header(response, "Connection", "close");
}

/* Then it is that of the bytes as they stand. */
static bool has_etag(const struct req *rq)
{
	for (int i = 0; i < rq->header_count; i++)
		if (!strcmp(rq->headers[i].name, "ETag"))
			return true;
	return false;
}

/* A large text goes over the air a tenth as large. What is short stays: a packet is a packet. Our
 * own tokens are in short replies only, so that no length tells of them. */
static void pack_text(struct req *rq)
{
	enum packing kind;
	struct buf packed;

	if (!rq->out_type || rq->out.length < PACK_MIN || has_etag(rq) ||
	    (strcmp(rq->out_type, "application/json") &&
	     strcmp(rq->out_type, "application/geo+json")))
		return;
	req_header(rq, "Vary", "Accept-Encoding");
	kind = pack_choose(req_incoming(rq, "Accept-Encoding"));
	if (kind == PACK_NONE)
		return;
	buf_init(&packed, rq->out.length);
	if (!pack_all(kind, rq->out.at, rq->out.length, &packed)) {
		buf_release(&packed); /* it would not become smaller */
		return;
	}
	packed.limit = rq->out.limit;
	buf_release(&rq->out);
	rq->out = packed;
	req_header(rq, "Content-Encoding", pack_name(kind));
}

enum MHD_Result reply_queue(struct req *rq)
{
	struct MHD_Response *response = rq->response;
	enum MHD_Result result;

	if (rq->is_parked)
		return MHD_NO; /* ends what is left here of the connection */
	if (rq->out.is_full && !response) {
		rq->detail = "the reply is too large";
		reply_problem(rq, ERR_INTERNAL);
	}
	if (!rq->status)
		rq->status = response || rq->out.length ? 200 : 204;
	if (!response)
		pack_text(rq);
	/* The text stays in the request until its last byte is sent: no copy. */
	if (!response)
		response = MHD_create_response_from_buffer(rq->out.length, rq->out.at,
							   MHD_RESPMEM_PERSISTENT);
	if (!response)
		return MHD_NO;
	add_headers(rq, response);
	result = MHD_queue_response(rq->connection, (unsigned)rq->status, response);
	MHD_destroy_response(response);
	rq->response = NULL;
	return result;
}
