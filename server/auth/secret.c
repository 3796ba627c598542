#include "auth/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "base/uuid.h"

enum { SECRET_BYTES = 32, HALF = 32 };

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void secret_make(const char *mark, char out[SECRET_MAX])
{
	int end = (int)strlen(mark) + 1 + SECRET_CHARACTERS;
	unsigned char secret[SECRET_BYTES + 1];
	unsigned bits = 0;
	int have = 0, at = 0;

	random_bytes(secret, sizeof(secret));
	while (*mark)
		out[at++] = *mark++;
	out[at++] = '_';
	for (int i = 0; at < end;) {
		if (have < 6) {
			bits = bits << 8 | secret[i++];
			have += 8;
		}
		have -= 6;
		out[at++] = base64url[bits >> have & 63];
	}
	out[at] = '\0';
}

bool secret_is_one(const char *text)
{
	return text[0] == '_' && strlen(text + 1) == SECRET_CHARACTERS &&
	       strspn(text + 1, base64url) == SECRET_CHARACTERS;
}

void secret_hash(const char *secret, char out[SECRET_HASH])
{
	out[0] = '\\';
	out[1] = 'x';
	sha256_of(secret, strlen(secret), out + 2);
}

/* The pad's number `i`: six bits of the key's own two digests, which are stored nowhere. */
static unsigned pad_at(char digests[2][SHA256_TEXT], int i)
{
	const char byte[] = { digests[i / HALF][(i % HALF) * 2],
			      digests[i / HALF][(i % HALF) * 2 + 1], '\0' };

	return (unsigned)strtoul(byte, NULL, 16) & 63;
}

bool secret_seal(const char *key, const char *text, char out[SECRET_CHARACTERS + 1])
{
	char digests[2][SHA256_TEXT], word[2 * SECRET_MAX];

	if (strlen(text) != SECRET_CHARACTERS || strspn(text, base64url) != SECRET_CHARACTERS)
		return false;
	for (int i = 0; i < 2; i++) {
		snprintf(word, sizeof(word), "next %d of %s", i, key);
		sha256_of(word, strlen(word), digests[i]);
	}
	for (int i = 0; i < SECRET_CHARACTERS; i++) {
		unsigned number = (unsigned)(strchr(base64url, text[i]) - base64url);

		out[i] = base64url[number ^ pad_at(digests, i)];
	}
	out[SECRET_CHARACTERS] = '\0';
	return true;
}
