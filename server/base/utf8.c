#include "base/utf8.h"

size_t utf8_length(const char *text, size_t length)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t want;

	if (!length)
		return 0;
	if (c[0] < 0x80)
		return 1;
	if (c[0] < 0xc2 || c[0] > 0xf4)
		return 0;
	want = c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
	if (length < want)
		return 0;
	for (size_t i = 1; i < want; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return want;
}
