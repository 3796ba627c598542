/* The HTTP server: routes and inputs as data, one request at a time per thread. The only folder
 * that knows libmicrohttpd. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/err.h"
#include "base/str.h"

struct MHD_Connection;
struct MHD_Response;
struct json_t;
struct sha256;

/* Who a route is for; a token's first letter says which of them its owner is. */
enum role {
	ROLE_PUBLIC = 1,
	ROLE_OFFICE = 2,
	ROLE_FIELD = 4,
	ROLE_TENANT = 8,
	ROLE_SUPPLIER = 16,
	ROLE_ANY_PERSON = ROLE_OFFICE | ROLE_FIELD | ROLE_TENANT,
	ROLE_ALL = ROLE_ANY_PERSON | ROLE_SUPPLIER,
};

enum input_kind {
	IN_TEXT, /* .max characters */
	IN_CODE, /* letters a-z and A-Z, digits, - _ and . ; .max characters */
	IN_UUID,
	IN_INT,    /* .min to .max */
	IN_NUMBER, /* finite */
	IN_BOOL,
	IN_DATE,   /* 2026-11-22 */
	IN_TIME,   /* RFC 3339 with an offset */
	IN_MOMENT, /* a date or a time */
	IN_POINT,  /* [x, y] in metres; in a query x,y */
	IN_BBOX,   /* in a query only: xmin,ymin,xmax,ymax in metres */
	IN_SHA256, /* 64 hex digits */
	IN_JSON,   /* whatever: the handler looks */
};

enum input_flag {
	REQUIRED = 1,
	QUERY = 2, /* in the query string; otherwise a member of the JSON body */
	LIST = 4,  /* an array of at most .max values of the kind */
};

struct input {
	const char *name;
	enum input_kind kind;
	unsigned flags;
	long max, min;
};

enum {
	PATH_IDS = 4,         /* {…} in a path */
	INPUTS_MAX = 48,      /* inputs of a route */
	FAULTS_MAX = 40,      /* faults named in one answer */
	HEADERS_MAX = 16,     /* headers of one answer */
	BODY_MAX = 64 * 1024, /* a JSON body, unless the route says more */
	TOKEN_MAX = 64,
};

struct req;

/* A body that its route takes piece by piece: memory stays what one piece takes. */
struct intake {
	/* Before the body is read, after rights are checked. */
	enum err (*begin)(struct req *rq);
	enum err (*take)(struct req *rq, const char *bytes, size_t length);
	/* Instead of the handler, when the connection is lost on the way and `rq->intake` is set.
	 */
	void (*lost)(struct req *rq);
};

struct header {
	const char *name, *value;
};

struct route {
	const char *method, *path; /* "/api/v1/cases/{id}"; {id} is a UUID, other names are text */
	unsigned roles;
	enum err (*handler)(struct req *rq);
	const struct input *inputs;
	int query;            /* with no handler: the statement that answers */
	const char *summary;  /* one line for the API document */
	size_t body_max;      /* 0: BODY_MAX */
	bool takes_file;      /* the body is a file, spooled and hashed while it comes in */
	bool takes_import;    /* with takes_file: as large as an import may be */
	bool takes_any_json;  /* the handler parses the body itself */
	bool takes_any_query; /* the handler reads the query string itself, by req_each_query() */
	bool for_queue; /* opened by the token that a tablet's key alone is given (auth/session.h)
			 */
	bool for_gis;   /* a GIS program's token opens it; who must log in is asked to (RFC 7617) */
	bool by_override;            /* X-HTTP-Method-Override may lead to it */
	const struct intake *intake; /* takes the body, at most config.file_mib of it */
	const struct header
		*always; /* headers of each answer, refusals too; ended by a row of none */
};

struct fault {
	const char *pointer; /* JSON pointer (RFC 6901) or "?name" for the query string */
	const char *detail;
};

/* A file that came in as a body. */
struct spool {
	int fd; /* -1: none */
	uint64_t size;
	char sha256[65];
	struct sha256 *digest;
};

struct req {
	struct arena arena;
	struct http *http;
	void *app; /* what main.c gave http_start() */
	struct MHD_Connection *connection;
	const struct route *route;
	int route_number; /* for the metrics */
	char id[17];
	const char *method, *path;
	const char *ids[PATH_IDS];
	const char *values[INPUTS_MAX]; /* each input's text, in the table's order; NULL: absent */
	struct buf in;
	struct str body;
	struct json_t *json;
	struct spool spool;
	void *intake;         /* what its route's intake keeps between its calls */
	uint64_t dropped;     /* bytes of a body that was refused */
	const char *language; /* nb, nn, en */

	char audience;                /* o, f, t, s; 0: nobody */
	char token_hash[68];          /* \x and the SHA-256 of the token, for identify() */
	bool by_cookie, is_read_only; /* how the token came; that it is a GIS program's */

	enum err refused; /* decided before the body came */
	bool is_started, has_uri_fault, has_body;
	bool is_drained; /* a refused body is read and dropped before the answer */
	bool is_closing; /* answered before its body was read: the connection is of no more use */
	bool is_answered;
	bool is_parked; /* the socket is somebody else's: see http/park.h */
	uint64_t started_us;

	int status; /* of the reply; 0: 200, or 204 when there is nothing to say */
	struct buf out;
	const char *out_type;
	struct header headers[HEADERS_MAX];
	int header_count;
	struct MHD_Response *response; /* instead of `out` */
	const char *detail;
	const char *problem; /* the last part of the problem's type, when the error's own is too
				coarse */
	const char *problem_extra; /* more members of the problem, as JSON text beginning with a
				      comma */
	struct fault faults[FAULTS_MAX];
	int fault_count;
};

struct http_hooks {
	/* Who is asking, and may they: runs before the body is read. */
	enum err (*check)(struct req *rq);
	/* Answers a route that names a query and no handler. */
	enum err (*answer)(struct req *rq);
	/* Adds lines of Prometheus text. */
	void (*measure)(void *app, struct buf *to);
	void *app;
};

struct http;

/* Starts to listen. `tables` are route tables, each ended by a row without method; NULL ends the
 * list. NULL when it cannot, with the reason in the log. */
struct http *http_start(const struct config *config, const struct route *const *tables,
			struct http_hooks hooks);

/* Stops taking connections, answers what has come in, waits at most `wait_ms`, frees. */
void http_stop(struct http *http, long wait_ms);

/* Writes all metrics in Prometheus' text format. */
void http_measure(struct http *http, struct buf *to);

/* Every route, for the API document: number 0 and up, NULL after the last. */
const struct route *http_route(const struct http *http, int number);

const struct config *http_config(const struct http *http);
bool http_is_stopping(const struct http *http);

/* -- in a handler ---------------------------------------------------------------- */

/* Notes why and returns `e`: `return req_fail(rq, ERR_INVALID, "…")`. */
__attribute__((format(printf, 3, 4))) enum err req_fail(struct req *rq, enum err e,
							const char *format, ...);

/* Names the problem more closely than its error does: `return req_problem(rq, ERR_CONFLICT,
 * "scope_unknown")`. `type` is a constant. */
enum err req_problem(struct req *rq, enum err e, const char *type);

/* Adds a fault to a coming ERR_INVALID; `pointer` as in struct fault. More than FAULTS_MAX are cut.
 */
void req_fault(struct req *rq, const char *pointer, const char *detail);

/* Adds a header. The value must be a constant or made of checked parts: no CR or LF. */
void req_header(struct req *rq, const char *name, const char *value);

/* How many bytes of body the headers promise; 0 when there is none or it comes in chunks. */
uint64_t req_body_length(struct req *rq);

/* A request header, NULL when it is absent. */
const char *req_incoming(struct req *rq, const char *name);

/* A cookie, NULL when it is absent. */
const char *req_cookie(struct req *rq, const char *name);

/* Calls `see` with each pair of the query string, decoded; `value` may be "". */
void req_each_query(struct req *rq, void (*see)(void *closure, const char *name, const char *value),
		    void *closure);

/* The text of an input by its name in the route's table; NULL when it was not given. */
const char *req_value(const struct req *rq, const char *name);

/* Answers with bytes that are not copied: `done(owner)` is called when the last one is sent. */
enum err req_send_bytes(struct req *rq, void *bytes, size_t size, const char *type,
			void (*done)(void *owner), void *owner);

/* Answers with a file: takes over `fd`. */
enum err req_send_file(struct req *rq, int fd, uint64_t size, const char *type);
