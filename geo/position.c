#include "geo/position.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 32 };

/* strtod() takes hexadecimal, «inf» and «nan» too; we do not. */
static bool number(const char *text, size_t length, double *out)
{
	char copy[NUMBER_MAX + 1], *end;

	if (!length || length > NUMBER_MAX || strspn(text, "0123456789+-.eE") < length)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	*out = strtod(copy, &end);
	return end == copy + length && isfinite(*out);
}

int position_parse(const char *text, double out[POSITION_MAX])
{
	int count = 0;

	for (;;) {
		const char *comma = strchr(text, ',');
		size_t length = comma ? (size_t)(comma - text) : strlen(text);

		if (count == POSITION_MAX || !number(text, length, &out[count]))
			return 0;
		count++;
		if (!comma)
			return count >= 2 ? count : 0;
		text = comma + 1;
	}
}
