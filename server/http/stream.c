#include "http/stream.h"

#include <stdlib.h>
#include <string.h>

#include "http/internal.h"

enum { PIECE_MAX = 256 * 1024, BLOCK_BYTES = 16 * 1024 };

struct stream {
	struct http *http;
	stream_next *next;
	void (*done)(void *source);
	void *source;
	struct buf piece;
	size_t sent; /* of the piece */
	bool is_counted;
};

/* Called on the connection's own thread, so it may wait. */
static ssize_t read_stream(void *closure, uint64_t position, char *to, size_t room)
{
	struct stream *s = closure;
	size_t length;

	(void)position;
	while (s->sent == s->piece.length) {
		buf_clear(&s->piece);
		s->sent = 0;
		if (http_is_stopping(s->http) || !s->next(s->source, &s->piece))
			return MHD_CONTENT_READER_END_OF_STREAM;
	}
	length = s->piece.length - s->sent;
	if (length > room)
		length = room;
	memcpy(to, s->piece.at + s->sent, length);
	s->sent += length;
	return (ssize_t)length;
}

static void end_stream(void *closure)
{
	struct stream *s = closure;

	if (s->is_counted)
		atomic_fetch_sub(&s->http->streams, 1);
	s->done(s->source);
	buf_release(&s->piece);
	free(s);
}

enum err req_stream(struct req *rq, stream_next *next, void (*done)(void *source), void *source)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	*s = (struct stream){ .http = rq->http, .next = next, .done = done, .source = source };
	buf_init(&s->piece, PIECE_MAX);
	s->is_counted = true;
	if (atomic_fetch_add(&rq->http->streams, 1) >= rq->http->config->event_streams) {
		end_stream(s);
		return req_fail(rq, ERR_BUSY, "too many event streams");
	}
	rq->response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_stream,
							 s, end_stream);
	if (!rq->response) {
		end_stream(s);
		return ERR_INTERNAL;
	}
	rq->out_type = "text/event-stream";
	req_header(rq, "X-Accel-Buffering", "no");
	return OK;
}
