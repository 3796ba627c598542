#include "auth/token.h"

#include <stdio.h>
#include <string.h>

#include <jwt.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "auth/p256.h"
#include "base/base64.h"
#include "base/uuid.h"

enum { PEM_MAX = 256, SIGNATURE_TEXT = 86 };

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static bool read_point(const char *text, unsigned char point[P256_POINT])
{
	return strlen(text) == PROOF_KEY_TEXT &&
	       base64url_decode(text, point, P256_POINT) == P256_POINT && point[0] == 0x04;
}

/* The key as libjwt wants it. */
static bool write_pem(const char *key, char pem[PEM_MAX])
{
	unsigned char point[P256_POINT], der[P256_SPKI], text[PEM_MAX / 2 + 1];

	if (!read_point(key, point))
		return false;
	p256_spki(point, der);
	EVP_EncodeBlock(text, der, sizeof(der));
	snprintf(pem, PEM_MAX, "-----BEGIN PUBLIC KEY-----\n%.64s\n%s\n-----END PUBLIC KEY-----\n",
		 (const char *)text, (const char *)text + 64);
	return true;
}

/* OpenSSL looks whether the point is on the curve. */
bool proof_key_is_good(const char *text)
{
	char pem[PEM_MAX];
	EVP_PKEY *key;
	BIO *bio;

	if (!write_pem(text, pem))
		return false;
	bio = BIO_new_mem_buf(pem, -1);
	key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	EVP_PKEY_free(key);
	return key != NULL;
}

/* Three parts of base64url, the last as long as a signature of ES256. libjwt parses the JSON before
 * it has looked at the signature, so it gets nothing long and nothing strange. */
static bool has_form(const char *token)
{
	size_t length = strnlen(token, PROOF_MAX + 1), part;
	const char *at = token;

	if (length > PROOF_MAX)
		return false;
	for (int i = 0; i < 2; i++) {
		part = strspn(at, base64url);
		if (!part || at[part] != '.')
			return false;
		at += part + 1;
	}
	return strlen(at) == SIGNATURE_TEXT && strspn(at, base64url) == SIGNATURE_TEXT;
}

static bool says(jwt_t *jwt, const char *claim, const char *wanted)
{
	const char *said = jwt_get_grant(jwt, claim);

	return said && !strcmp(said, wanted);
}

static enum proof_verdict read_claims(jwt_t *jwt, const char *subject, const char *audience,
				      int64_t now, struct proof *out)
{
	const char *id = jwt_get_grant(jwt, "jti");

	if (!says(jwt, "sub", subject) || !says(jwt, "aud", audience) || !id || !uuid_is_valid(id))
		return PROOF_BAD;
	/* A claim that is missing or no number reads as 0. libjwt compares no times at all. */
	out->issued_at = jwt_get_grant_int(jwt, "iat");
	out->expires_at = jwt_get_grant_int(jwt, "exp");
	if (out->issued_at <= 0 || out->expires_at <= out->issued_at ||
	    out->expires_at - out->issued_at > PROOF_SECONDS)
		return PROOF_BAD;
	snprintf(out->id, sizeof(out->id), "%s", id);
	if (out->issued_at > now + PROOF_LEEWAY_S || out->expires_at < now - PROOF_LEEWAY_S)
		return PROOF_STALE;
	return PROOF_GOOD;
}

enum proof_verdict proof_check(const char *token, const char *key, const char *subject,
			       const char *audience, int64_t now, struct proof *out)
{
	enum proof_verdict verdict = PROOF_BAD;
	jwt_t *jwt = NULL;
	char pem[PEM_MAX];

	if (!has_form(token) || !write_pem(key, pem))
		return PROOF_BAD;
	if (jwt_decode(&jwt, token, (const unsigned char *)pem, (int)strlen(pem)))
		return PROOF_BAD;
	/* libjwt takes the algorithm from the token: signed HS256 with the bytes of our public key,
	 * it would be good. */
	if (jwt_get_alg(jwt) == JWT_ALG_ES256)
		verdict = read_claims(jwt, subject, audience, now, out);
	jwt_free(jwt);
	return verdict;
}
