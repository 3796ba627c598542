#include "auth/hpke.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>

enum { HASH = 32, LABELED_MAX = 512 };

/* What stands before a private key's number (RFC 5915), and after it: P-256. */
static const unsigned char secret_head[] = { 0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20 };
static const unsigned char secret_tail[] = { 0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86,
					     0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };

/* The suites by their numbers (RFC 9180, section 7). */
static const struct str kem = { "KEM\x00\x10", 5 };
static const struct str hpke = { "HPKE\x00\x10\x00\x01\x00\x02", 10 };

static const struct str none = { "", 0 };

bool hpke_make(struct hpke_pair *out)
{
	EVP_PKEY *made = EVP_EC_gen("P-256");
	unsigned char *point = NULL;
	BIGNUM *number = NULL;
	bool is_made = made && EVP_PKEY_get_bn_param(made, OSSL_PKEY_PARAM_PRIV_KEY, &number) &&
		       BN_bn2binpad(number, out->secret, HPKE_SECRET) == HPKE_SECRET &&
		       EVP_PKEY_get1_encoded_public_key(made, &point) == HPKE_POINT;

	if (is_made)
		memcpy(out->point, point, HPKE_POINT);
	OPENSSL_free(point);
	BN_clear_free(number);
	EVP_PKEY_free(made);
	return is_made;
}

static EVP_PKEY *read_secret(const unsigned char secret[HPKE_SECRET])
{
	unsigned char der[sizeof(secret_head) + HPKE_SECRET + sizeof(secret_tail)];
	const unsigned char *at = der;
	EVP_PKEY *key;

	memcpy(der, secret_head, sizeof(secret_head));
	memcpy(der + sizeof(secret_head), secret, HPKE_SECRET);
	memcpy(der + sizeof(secret_head) + HPKE_SECRET, secret_tail, sizeof(secret_tail));
	key = d2i_PrivateKey(EVP_PKEY_EC, NULL, &at, sizeof(der));
	OPENSSL_cleanse(der, sizeof(der));
	return key;
}

/* OpenSSL looks whether the point is on the curve. */
static EVP_PKEY *read_point(const unsigned char point[HPKE_POINT])
{
	unsigned char der[P256_SPKI];
	const unsigned char *at = der;

	p256_spki(point, der);
	return d2i_PUBKEY(NULL, &at, sizeof(der));
}

/* The secret that two keys have in common: the x of their product. */
static bool agree(EVP_PKEY *mine, EVP_PKEY *theirs, unsigned char out[HASH])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(mine, NULL);
	size_t length = HASH;
	bool is_agreed = context && EVP_PKEY_derive_init(context) > 0 &&
			 EVP_PKEY_derive_set_peer(context, theirs) > 0 &&
			 EVP_PKEY_derive(context, out, &length) > 0 && length == HASH;

	EVP_PKEY_CTX_free(context);
	return is_agreed;
}

static void put(unsigned char *to, size_t *at, const void *bytes, size_t length)
{
	memcpy(to + *at, bytes, length);
	*at += length;
}

static void put_labeled(unsigned char *to, size_t *at, struct str suite, const char *label)
{
	put(to, at, "HPKE-v1", 7);
	put(to, at, suite.at, suite.length);
	put(to, at, label, strlen(label));
}

/* LabeledExtract (RFC 9180, section 4): HKDF-Extract is one HMAC (RFC 5869). */
static void extract(struct str salt, struct str suite, const char *label, struct str input,
		    unsigned char out[HASH])
{
	unsigned char text[LABELED_MAX];
	size_t length = 0;

	put_labeled(text, &length, suite, label);
	put(text, &length, input.at, input.length);
	HMAC(EVP_sha256(), salt.at, (int)salt.length, text, length, out, NULL);
	OPENSSL_cleanse(text, sizeof(text));
}

/* LabeledExpand of at most one hash: then HKDF-Expand is one HMAC too. */
static void expand(const unsigned char secret[HASH], struct str suite, const char *label,
		   struct str context, unsigned char *out, size_t wanted)
{
	const unsigned char size[] = { 0, (unsigned char)wanted };
	unsigned char text[LABELED_MAX], hash[HASH];
	size_t length = 0;

	put(text, &length, size, sizeof(size));
	put_labeled(text, &length, suite, label);
	put(text, &length, context.at, context.length);
	put(text, &length, "\x01", 1);
	HMAC(EVP_sha256(), secret, HASH, text, length, hash, NULL);
	memcpy(out, hash, wanted);
	OPENSSL_cleanse(hash, sizeof(hash));
}

/* Decap (section 4.1). */
static bool decap(const unsigned char secret[HPKE_SECRET], const unsigned char point[HPKE_POINT],
		  unsigned char shared[HASH])
{
	EVP_PKEY *mine = read_secret(secret), *theirs = read_point(point);
	unsigned char product[HASH], *own = NULL, context[2 * HPKE_POINT];
	bool is_good = mine && theirs && agree(mine, theirs, product) &&
		       EVP_PKEY_get1_encoded_public_key(mine, &own) == HPKE_POINT;

	if (is_good) {
		memcpy(context, point, HPKE_POINT);
		memcpy(context + HPKE_POINT, own, HPKE_POINT);
		extract(none, kem, "eae_prk", (struct str){ (char *)product, HASH }, shared);
		expand(shared, kem, "shared_secret",
		       (struct str){ (char *)context, sizeof(context) }, shared, HASH);
	}
	OPENSSL_cleanse(product, sizeof(product));
	OPENSSL_free(own);
	EVP_PKEY_free(mine);
	EVP_PKEY_free(theirs);
	return is_good;
}

bool hpke_open(const unsigned char secret[HPKE_SECRET], const unsigned char point[HPKE_POINT],
	       struct str info, struct str aad, struct str sealed, unsigned char *out)
{
	unsigned char shared[HASH], context[1 + 2 * HASH] = { 0 }, key[HPKE_KEY], iv[HPKE_IV];
	const struct str schedule = { (char *)context, sizeof(context) };
	bool is_open;

	if (info.length > LABELED_MAX / 2 || !decap(secret, point, shared))
		return false;
	/* KeySchedule (section 5.1); the leading 0 is base mode. */
	extract(none, hpke, "psk_id_hash", none, context + 1);
	extract(none, hpke, "info_hash", info, context + 1 + HASH);
	extract((struct str){ (char *)shared, HASH }, hpke, "secret", none, shared);
	expand(shared, hpke, "key", schedule, key, HPKE_KEY);
	expand(shared, hpke, "base_nonce", schedule, iv, HPKE_IV);
	is_open = hpke_open_gcm(key, iv, aad, sealed, out);
	OPENSSL_cleanse(shared, sizeof(shared));
	OPENSSL_cleanse(key, sizeof(key));
	return is_open;
}

bool hpke_open_gcm(const unsigned char key[HPKE_KEY], const unsigned char iv[HPKE_IV],
		   struct str aad, struct str sealed, unsigned char *out)
{
	EVP_CIPHER_CTX *context;
	unsigned char tag[HPKE_TAG];
	int count = 0;
	bool is_open;

	if (sealed.length < HPKE_TAG || sealed.length > INT_MAX || aad.length > INT_MAX)
		return false;
	context = EVP_CIPHER_CTX_new();
	memcpy(tag, sealed.at + sealed.length - HPKE_TAG, HPKE_TAG);
	is_open = context && EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, iv) &&
		  EVP_DecryptUpdate(context, NULL, &count, (const unsigned char *)aad.at,
				    (int)aad.length) &&
		  EVP_DecryptUpdate(context, out, &count, (const unsigned char *)sealed.at,
				    (int)(sealed.length - HPKE_TAG)) &&
		  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, HPKE_TAG, tag) &&
		  EVP_DecryptFinal_ex(context, out + count, &count) > 0;
	EVP_CIPHER_CTX_free(context);
	return is_open;
}
