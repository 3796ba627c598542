#include "base/sha256.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/evp.h>

enum { BYTES = 32 };

/* The context is OpenSSL's own; the struct only gives it our name. */
static EVP_MD_CTX *context(struct sha256 *s)
{
	return (EVP_MD_CTX *)s;
}

/* Looked up once: EVP_sha256() has OpenSSL 3 search its providers under locks at each use. */
static const EVP_MD *algorithm;

static void find_algorithm(void)
{
	algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!algorithm)
		abort();
}

struct sha256 *sha256_start(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	EVP_MD_CTX *md = EVP_MD_CTX_new();

	pthread_once(&once, find_algorithm);
	if (!md || !EVP_DigestInit_ex(md, algorithm, NULL))
		abort();
	return (struct sha256 *)md;
}

void sha256_add(struct sha256 *s, const void *bytes, size_t length)
{
	EVP_DigestUpdate(context(s), bytes, length);
}

static void write_hex(const unsigned char bytes[BYTES], char out[SHA256_TEXT])
{
	static const char hex[] = "0123456789abcdef";

	for (int i = 0; i < BYTES; i++) {
		out[2 * i] = hex[bytes[i] >> 4];
		out[2 * i + 1] = hex[bytes[i] & 15];
	}
	out[SHA256_TEXT - 1] = '\0';
}

void sha256_end(struct sha256 *s, char out[SHA256_TEXT])
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (!s)
		return;
	EVP_DigestFinal_ex(context(s), digest, NULL);
	EVP_MD_CTX_free(context(s));
	if (out)
		write_hex(digest, out);
}

void sha256_of(const void *bytes, size_t length, char out[SHA256_TEXT])
{
	struct sha256 *s = sha256_start();

	sha256_add(s, bytes, length);
	sha256_end(s, out);
}
