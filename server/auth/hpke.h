/* Sealing for somebody who has a key pair: HPKE (RFC 9180) in base mode, one message for each key,
 * with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM. OpenSSL 3.0 has no HPKE of its own.
 * Here only the receiver's half: who seals is a tablet (web/field/sync/hpke.ts). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "auth/p256.h"
#include "base/str.h"

enum {
	HPKE_SECRET = 32,        /* a private key: its number, highest byte first */
	HPKE_POINT = P256_POINT, /* a public key: its uncompressed point (SEC 1, section 2.3.3) */
	HPKE_KEY = 32,           /* of AES-256 */
	HPKE_IV = 12,
	HPKE_TAG = 16,
};

struct hpke_pair {
	unsigned char secret[HPKE_SECRET], point[HPKE_POINT];
};

/* Makes a key pair; false when the library cannot. */
bool hpke_make(struct hpke_pair *out);

/* Opens what was sealed for the owner of `secret`: `point` is the sender's ephemeral key, `info`
 * and `aad` are what both sides know. Writes sealed.length - HPKE_TAG bytes. False, with nothing of
 * use written, when any of it is not as it was sealed. */
bool hpke_open(const unsigned char secret[HPKE_SECRET], const unsigned char point[HPKE_POINT],
	       struct str info, struct str aad, struct str sealed, unsigned char *out);

/* Opens AES-256-GCM, the tag last. Writes sealed.length - HPKE_TAG bytes; false as above. */
bool hpke_open_gcm(const unsigned char key[HPKE_KEY], const unsigned char iv[HPKE_IV],
		   struct str aad, struct str sealed, unsigned char *out);
