/* UTF-8 (RFC 3629): which bytes are a character. */
#pragma once

#include <stddef.h>

/* Bytes of the character that `text` begins with (1-4), 0 when its first `length` bytes begin with
 * none: a stray or overlong byte, half a character, a surrogate, past U+10FFFF. */
size_t utf8_length(const char *text, size_t length);
