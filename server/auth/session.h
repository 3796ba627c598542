/* Sessions: opaque tokens, in a cookie or as Bearer. A token is `<letter>_<43 characters>`; the
 * letter names the audience and so the pool, and the database checks that it is the session's own.
 * `or_<43 characters>` is a GIS program's: it lasts, and only reads what is for such programs.
 * `fq_<43 characters>` is of a tablet whose person is not there: it sends what they wrote, no more.
 */
#pragma once

#include "http/http.h"

extern const struct route session_routes[];

/* Only with `demo = true`: log-in without a password. */
extern const struct route session_demo_routes[];

/* Who is asking, by cookie or Bearer, and whether the route is for them (http_hooks.check). A write
 * by cookie must come from our own pages (Origin or Sec-Fetch-Site). */
enum err session_check(struct req *rq);

/* The scheme and host that our own pages are read from: as configured, or as this request found
 * them. */
const char *session_origin(struct req *rq);

/* Sets the cookie that a browser shows from now on, for so long; 0 seconds takes it away. */
void session_cookie(struct req *rq, const char *token, long seconds);

/* Whether the browser shows a cookie of another audience: somebody works there in another tab. */
bool session_is_of_other(struct req *rq, char audience);

/* ERR_UNAUTHORIZED, with the challenge that makes a GIS program ask for a password. */
enum err session_unauthorized(struct req *rq);
