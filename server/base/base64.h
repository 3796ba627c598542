/* Base64 (RFC 4648, section 4). */
#pragma once

#include <stddef.h>

/* Decodes `text`, padded or not, into `out` of `room` bytes. The number of bytes; 0 when it is no
 * base64, has bits left over, or does not fit. */
size_t base64_decode(const char *text, unsigned char *out, size_t room);
