#include "base/base64.h"

#include <string.h>

size_t base64_decode(const char *text, unsigned char *out, size_t room)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t length = strcspn(text, "="), count = 0;
	unsigned bits = 0;
	int have = 0;

	if (length % 4 == 1 || strlen(text + length) > 2 ||
	    text[length + strspn(text + length, "=")])
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
