/* Public keys on P-256 as OpenSSL and libjwt read them. */
#pragma once

enum {
	P256_POINT = 65, /* an uncompressed point (SEC 1, section 2.3.3) */
	P256_SPKI = 91,
};

/* Writes the SubjectPublicKeyInfo (RFC 5480) of a point; whether it is on the curve is for whoever
 * reads that. */
void p256_spki(const unsigned char point[P256_POINT], unsigned char out[P256_SPKI]);
