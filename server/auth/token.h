/* Proofs that a tablet makes with its own key: JSON Web Tokens (RFC 7519) signed with ES256
 * (RFC 7518, section 3.4), each for one purpose, once, within a minute. The only file that knows
 * libjwt: what that library leaves to its callers is looked at here. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
	PROOF_MAX = 1024,    /* characters; ours take about 400 */
	PROOF_KEY_TEXT = 87, /* a public key, see proof_key_is_good() */
	PROOF_ID_MAX = 37,   /* a UUID and the NUL */
	PROOF_SECONDS = 60,  /* the longest that one says it lasts */
	PROOF_LEEWAY_S = 60, /* how far its times may be from ours on top of that */
};

enum proof_verdict {
	PROOF_GOOD,
	PROOF_BAD,   /* not signed by this key, or for something else */
	PROOF_STALE, /* signed by this key for this purpose, but not now: a clock is wrong */
};

/* What a good or stale proof says. */
struct proof {
	char id[PROOF_ID_MAX]; /* jti: the caller sees to it that none comes twice */
	int64_t issued_at, expires_at;
};

/* Whether `text` is a public key on P-256: its uncompressed point (SEC 1, section 2.3.3) as
 * base64url without padding. */
bool proof_key_is_good(const char *text);

/* Whether `token` is a proof by the owner of `key` about `subject` (sub) for `audience` (aud), at
 * `now` in seconds since 1970. Fills `out` unless it is bad. */
enum proof_verdict proof_check(const char *token, const char *key, const char *subject,
			       const char *audience, int64_t now, struct proof *out);
