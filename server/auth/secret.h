/* Secrets that we hand out and know again: `<mark>_<43 characters>`, 32 random bytes as base64url
 * without padding (RFC 4648, section 5). What is kept is only their hash. */
#pragma once

#include <stdbool.h>

enum {
	SECRET_CHARACTERS = 43,
	SECRET_MAX = 64,  /* room for any secret with its mark */
	SECRET_HASH = 68, /* \x and the SHA-256 in digits, as PostgreSQL reads a bytea */
};

/* Writes a new secret that begins with `mark`. */
void secret_make(const char *mark, char out[SECRET_MAX]);

/* Whether `text`, from the _ after the mark, may be one. */
bool secret_is_one(const char *text);

void secret_hash(const char *secret, char out[SECRET_HASH]);

/* Writes `text`, a secret's 43 characters, so that only who has `key`, another secret, can read
 * it; or reads it again: it is a one-time pad. One key may seal one text only. False when `text`
 * is not 43 such characters. */
bool secret_seal(const char *key, const char *text, char out[SECRET_CHARACTERS + 1]);
