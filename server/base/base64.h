/* Base64 (RFC 4648, sections 4 and 5). */
#pragma once

#include <stddef.h>

/* Decodes `text`, padded or not, into `out` of `room` bytes. The number of bytes; 0 when it is no
 * base64, has bits left over, or does not fit. */
size_t base64_decode(const char *text, unsigned char *out, size_t room);

/* The same of base64url, which is never padded. */
size_t base64url_decode(const char *text, unsigned char *out, size_t room);

/* Writes `length` bytes as base64url without padding, and a NUL: (length * 4 + 2) / 3 + 1 bytes. */
void base64url_encode(const unsigned char *bytes, size_t length, char *out);
