/* The two encodings that Norwegian exports come in: UTF-8 and Windows-1252 (of which Latin-1's
 * letters are a part). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum charset { CHARSET_UTF8, CHARSET_WINDOWS_1252, CHARSET_UTF16, CHARSET__MAX };

/* What the bytes of a file speak for. Zeroed is ready. */
struct charset_guess {
	uint64_t sequences; /* well-formed UTF-8 letters of more than one byte */
	uint64_t faults;    /* bytes that cannot be UTF-8 */
	unsigned char lead[4];
	unsigned held; /* bytes of `lead` waiting for the next piece */
};

/* Counts one piece of the file; pieces may cut a letter in two. */
void charset_count(struct charset_guess *g, const char *at, size_t length);

/* UTF-8 unless more bytes speak against it than letters speak for it. */
enum charset charset_choose(const struct charset_guess *g);

/* Length of the well-formed UTF-8 letter at `at` (RFC 3629: no overlong forms, no surrogates), 0 if
 * there is none within `length` bytes. */
size_t charset_letter(const unsigned char *at, size_t length);

/* Writes one byte of Windows-1252 as UTF-8 to `out` and returns its length, 0 for the five bytes
 * that have no meaning. */
size_t charset_from_1252(unsigned char byte, char out[3]);

/* Whether the file starts with a byte order mark: its length and what it says, 0 if none. */
size_t charset_mark(const char *at, size_t length, enum charset *says);

/* UTF-16 on its way to UTF-8, in pieces. */
struct charset_utf16 {
	bool is_big; /* the high byte comes first */
	unsigned char held;
	bool is_held;  /* `held` waits for its other byte */
	uint32_t high; /* a high surrogate that waits for its low one, or 0 */
};

enum { CHARSET_UTF16_ROOM = 8 /* bytes of `to` beyond twice the bytes given */ };

/* Writes `length` bytes of UTF-16 as UTF-8 to `to`, which has room for 2 * length +
 * CHARSET_UTF16_ROOM bytes, and returns how many there are. A surrogate without its other half
 * becomes the byte 0xff, which is no letter: whoever reads the row finds the fault. */
size_t charset_from_utf16(struct charset_utf16 *u, const char *at, size_t length, char *to);
