/* SHA-256 (FIPS 180-4) as 64 hex digits: names of files, tokens as they are stored. */
#pragma once

#include <stddef.h>

enum { SHA256_TEXT = 65 }; /* 64 digits and the NUL */

struct sha256; /* one that is under way */

/* Starts one; ended by sha256_end(), which also frees it. Never NULL. */
struct sha256 *sha256_start(void);
void sha256_add(struct sha256 *s, const void *bytes, size_t length);

/* Writes the digits (lower case) and frees. `out` may be NULL: then only frees. NULL does nothing.
 */
void sha256_end(struct sha256 *s, char out[SHA256_TEXT]);

/* All at once. */
void sha256_of(const void *bytes, size_t length, char out[SHA256_TEXT]);
