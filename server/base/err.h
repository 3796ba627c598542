/* What can go wrong, once for the whole program. 0 is OK, so `if ((e = f())) return e;`. */
#pragma once

enum err {
	OK = 0,
	ERR_INVALID,      /* the request says something it must not */
	ERR_UNAUTHORIZED, /* nobody, or a session that has ended */
	ERR_FORBIDDEN,    /* somebody, but not for this */
	ERR_NOT_FOUND,
	ERR_METHOD,   /* a known path, but not by this method */
	ERR_CONFLICT, /* it is not as the caller believed */
	ERR_GONE,
	ERR_PRECONDITION, /* a protocol's version that is not spoken here */
	ERR_TOO_LARGE,
	ERR_MEDIA_TYPE,
	ERR_UNPROCESSABLE, /* well formed, but cannot be done */
	ERR_CHECKSUM,      /* the bytes did not come as they were sent (tus 1.0.0) */
	ERR_FRAMING,       /* malformed HTTP framing: answered and closed */
	ERR_TOO_MANY,
	ERR_UPGRADE,  /* the app is too old */
	ERR_BUSY,     /* no connection, a time-out, a serialisation failure: try again */
	ERR_INTERNAL, /* ours */
	ERR__MAX
};

/* The HTTP status that an error is answered with (RFC 9110). */
int err_status(enum err e);

/* The last part of the problem's `type` (RFC 9457), e.g. "not-found". */
const char *err_type(enum err e);

/* Its title in `language` ("nb", "nn", "en"; anything else is taken as nb). */
const char *err_title(enum err e, const char *language);

/* Maps an SQLSTATE to an error: 23505, 23503, 23P01 conflict; other 23 and 22 invalid; 42501
 * forbidden; 40, 53, 57, 08 busy; FD401 and FD4xx are our own (raised by the schema). */
enum err err_from_sqlstate(const char *state);
