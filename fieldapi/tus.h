/* What tus 1.0.0 writes in headers (tus.io, «Resumable Upload Protocol 1.0.x»), read without trust:
 * numbers, Upload-Metadata, Upload-Checksum. Knows neither HTTP nor the database. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define TUS_VERSION   "1.0.0"
#define TUS_EXTENSION "creation,creation-with-upload,checksum,termination,expiration"
#define TUS_CHECKSUM  "sha1,sha256"

enum {
	TUS_METADATA_MAX = 4096, /* characters of Upload-Metadata */
	TUS_KEYS_MAX = 32,       /* pairs of it */
	TUS_DIGEST_MAX = 32,     /* bytes of the longest digest */
};

struct tus_metadata {
	char text[TUS_METADATA_MAX + 1]; /* the pairs as they are told again: no blank too many */
	char sha256[65]; /* the value of «sha256», lower case; "" when there is none */
};

struct tus_checksum {
	enum { TUS_NONE, TUS_SHA1, TUS_SHA256 } algorithm;
	unsigned char want[TUS_DIGEST_MAX];
	void *digest; /* of what was added so far */
};

/* Reads a length or an offset: digits only, up to 2⁶³ − 1. */
bool tus_number(const char *text, uint64_t *out);

/* Reads Upload-Metadata: «key base64, key base64, key», each key once. ERR_TOO_LARGE when it is
 * longer than we keep; ERR_INVALID when it is not that, or «sha256» is no SHA-256; `said` (static)
 * tells why. */
enum err tus_metadata_read(const char *header, struct tus_metadata *out, const char **said);

/* Reads Upload-Checksum: «sha1 base64» or «sha256 base64». ERR_INVALID for anything else. Ended by
 * tus_checksum_end(). */
enum err tus_checksum_read(const char *header, struct tus_checksum *out);

/* Adds bytes; nothing when there is no checksum to hold them against. */
void tus_checksum_add(struct tus_checksum *c, const void *bytes, size_t length);

/* Whether what was added has the digest that was told; true when none was told. Asked once. */
bool tus_checksum_is_right(struct tus_checksum *c);

/* Gives back what it holds. Takes void * so that arena_defer() can call it. */
void tus_checksum_end(void *checksum);
