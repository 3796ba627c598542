#include "base/base64.h"

#include <string.h>

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t decode(const char *digits, const char *text, size_t length, unsigned char *out,
		     size_t room)
{
	size_t count = 0;
	unsigned bits = 0;
	int have = 0;

	if (length % 4 == 1)
		return 0;
	for (size_t i = 0; i < length; i++) {
		const char *digit = strchr(digits, text[i]);

		if (!digit)
			return 0;
		bits = bits << 6 | (unsigned)(digit - digits);
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (count == room)
			return 0;
		out[count++] = (unsigned char)(bits >> have & 0xff);
		bits &= (1u << have) - 1;
	}
	return bits ? 0 : count;
}

size_t base64_decode(const char *text, unsigned char *out, size_t room)
{
	size_t length = strcspn(text, "=");

	if (strlen(text + length) > 2 || text[length + strspn(text + length, "=")])
		return 0;
	return decode(plain, text, length, out, room);
}

size_t base64url_decode(const char *text, unsigned char *out, size_t room)
{
	return decode(url, text, strlen(text), out, room);
}

void base64url_encode(const unsigned char *bytes, size_t length, char *out)
{
	unsigned bits = 0;
	int have = 0;

	for (size_t i = 0; i < length; i++) {
		bits = bits << 8 | bytes[i];
		for (have += 8; have >= 6; have -= 6)
			*out++ = url[bits >> (have - 6) & 63];
	}
	if (have)
		*out++ = url[bits << (6 - have) & 63];
	*out = '\0';
}
