/* UUIDs: version 7 (RFC 9562, section 5.7), so that keys made together lie together in an index. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { UUID_TEXT = 37 }; /* 36 characters and the NUL */

/* Writes a new UUIDv7: 48 bits of milliseconds, then random bits from the kernel. */
void uuid7(char out[UUID_TEXT]);

/* Fills `out` with random bytes from the kernel's generator; aborts if it has none. */
void random_bytes(void *out, unsigned length);

/* Whether `text` is a UUID in its 8-4-4-4-12 form, either case of letters. */
bool uuid_is_valid(const char *text);

/* Writes 16 bytes as a UUID's text. */
void uuid_format(const uint8_t bytes[16], char out[UUID_TEXT]);
