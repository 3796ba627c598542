#include "http/range.h"

#include <string.h>
#include <unistd.h>

#include "http/internal.h"

enum { DIGITS_MAX = 18 };

/* Digits as a number; false when there are none or too many. */
static bool read_number(const char **at, uint64_t *out)
{
	size_t digits = strspn(*at, "0123456789");

	if (!digits || digits > DIGITS_MAX)
		return false;
	for (*out = 0; digits; digits--, (*at)++)
		*out = *out * 10 + (uint64_t)(**at - '0');
	return true;
}

enum range range_parse(const char *text, uint64_t size, uint64_t *from, uint64_t *length)
{
	uint64_t first, last;

	*from = 0;
	*length = size;
	if (!text || strncmp(text, "bytes=", 6))
		return RANGE_ALL;
	text += 6;
	if (*text == '-') {
		text++;
		if (!read_number(&text, &last) || *text)
			return RANGE_ALL;
		if (!last || !size)
			return RANGE_NONE;
		*length = last < size ? last : size;
		*from = size - *length;
		return RANGE_PART;
	}
	if (!read_number(&text, &first) || *text++ != '-')
		return RANGE_ALL;
	last = size ? size - 1 : 0;
	if (*text && (!read_number(&text, &last) || *text || last < first))
		return RANGE_ALL;
	if (first >= size)
		return RANGE_NONE;
	*from = first;
	*length = (last < size ? last + 1 : size) - first;
	return RANGE_PART;
}

/* Whether what the client has part of is this file: only then does a part help it. */
static bool is_wanted(struct req *rq, const char *etag)
{
	const char *condition = req_incoming(rq, "If-Range");

	return !condition || !strcmp(condition, etag);
}

enum err req_send_part(struct req *rq, int fd, uint64_t size, const char *type, const char *etag)
{
	const char *known = req_incoming(rq, "If-None-Match");
	enum range what = RANGE_ALL;
	uint64_t from = 0, length = size;

	req_header(rq, "ETag", etag);
	req_header(rq, "Accept-Ranges", "bytes");
	req_header(rq, "Cache-Control", "private, max-age=31536000, immutable");
	if (known && strstr(known, etag)) {
		close(fd);
		rq->status = 304;
		return OK;
	}
	if (is_wanted(rq, etag))
		what = range_parse(req_incoming(rq, "Range"), size, &from, &length);
	if (what == RANGE_NONE) {
		close(fd);
		rq->status = 416;
		req_header(rq, "Content-Range", arena_printf(&rq->arena, "bytes */%lu", size));
		return OK;
	}
	if (what == RANGE_PART) {
		rq->status = 206;
		req_header(rq, "Content-Range",
			   arena_printf(&rq->arena, "bytes %lu-%lu/%lu", from, from + length - 1,
					size));
	}
	rq->response = MHD_create_response_from_fd_at_offset64(length, fd, from);
	if (!rq->response) {
		close(fd);
		return ERR_INTERNAL;
	}
	rq->out_type = type;
	return OK;
}
