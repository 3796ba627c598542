/* Parts of a file (RFC 9110, section 14): so that what broke off goes on where it was. */
#pragma once

#include "http/http.h"

enum range { RANGE_ALL, RANGE_PART, RANGE_NONE };

/* What of `size` bytes a Range header asks for: all, also when it is malformed or asks for several
 * parts; one part, put into `from` and `length`; or nothing that is there. */
enum range range_parse(const char *text, uint64_t size, uint64_t *from, uint64_t *length);

/* Answers with a file that never changes, or with the part of it that is asked for: takes over
 * `fd`. `etag` with its quotes, a constant or owned by the request. */
enum err req_send_part(struct req *rq, int fd, uint64_t size, const char *type, const char *etag);
