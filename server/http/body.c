#include "http/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/pack.h"
#include "base/sha256.h"

enum { DROP_MAX = 64 * 1024 * 1024 }; /* of a refused body; who sends more is cut off */

size_t body_limit(const struct req *rq)
{
	const struct config *config = rq->http->config;

	if (rq->route->takes_file || rq->route->intake)
		return (size_t)(rq->route->takes_import ? config->import_mib : config->file_mib)
		       << 20;
	return rq->route->body_max ? rq->route->body_max : BODY_MAX;
}

static enum err start_spool(struct req *rq)
{
	char directory[512];

	snprintf(directory, sizeof(directory), "%s/files", rq->http->config->var);
	rq->spool.fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (rq->spool.fd < 0)
		return req_fail(rq, ERR_BUSY, "no room for the file: %s", strerror(errno));
	rq->spool.digest = sha256_start();
	return OK;
}

static enum err spool_bytes(struct req *rq, const char *bytes, size_t length)
{
	struct spool *s = &rq->spool;
	enum err e;

	if (s->fd < 0 && (e = start_spool(rq)))
		return e;
	if (s->size + length > body_limit(rq))
		return req_fail(rq, ERR_TOO_LARGE, "at most %zu bytes", body_limit(rq));
	sha256_add(s->digest, bytes, length);
	s->size += length;
	if (!fd_write(s->fd, bytes, length))
		return req_fail(rq, ERR_BUSY, "no room for the file");
	return OK;
}

enum MHD_Result body_take(struct req *rq, const char *bytes, size_t length)
{
	if (rq->refused || !rq->route) {
		/* Read, so that the reply is heard, and dropped. */
		rq->dropped += length;
		return rq->dropped > DROP_MAX ? MHD_NO : MHD_YES;
	}
	if (rq->route->intake) {
		rq->refused = rq->route->intake->take(rq, bytes, length);
		return MHD_YES;
	}
	if (rq->route->takes_file) {
		rq->refused = spool_bytes(rq, bytes, length);
		return MHD_YES;
	}
	rq->in.limit = body_limit(rq);
	buf_add(&rq->in, bytes, length);
	if (rq->in.is_full)
		rq->refused = req_fail(rq, ERR_TOO_LARGE, "at most %zu bytes", body_limit(rq));
	return MHD_YES;
}

bool body_is_packed(struct req *rq)
{
	const char *encoding = req_incoming(rq, "Content-Encoding");

	return encoding && !strcasecmp(encoding, "gzip");
}

/* The limit is on what comes of it: a small body that would unpack to a large one is refused when
 * that much has come. */
static enum err unpack_body(struct req *rq)
{
	struct buf *body = arena_alloc(&rq->arena, sizeof(*body));
	enum err e;

	buf_init(body, body_limit(rq));
	arena_defer(&rq->arena, buf_release, body);
	if ((e = unpack_gzip(rq->body, body)))
		return req_fail(rq, e,
				e == ERR_TOO_LARGE ? "at most %zu bytes, unpacked"
						   : "the body is no gzip",
				body_limit(rq));
	rq->body = (struct str){ body->at, body->length };
	return OK;
}

enum err body_end(struct req *rq)
{
	enum err e;

	rq->body = (struct str){ rq->in.at, rq->in.length };
	if (!rq->route->takes_file)
		return body_is_packed(rq) ? unpack_body(rq) : OK;
	if (rq->spool.fd < 0 && (e = start_spool(rq)))
		return e;
	sha256_end(rq->spool.digest, rq->spool.sha256);
	rq->spool.digest = NULL;
	return OK;
}

void body_forget(struct req *rq)
{
	if (rq->spool.fd >= 0)
		close(rq->spool.fd);
	sha256_end(rq->spool.digest, NULL);
	rq->spool = (struct spool){ .fd = -1 };
}
