/* Any text as the name of a coordinate system and as a position; a position that is one is taken
 * from any system to another. No network, nothing but proj.db is read. */
#include "geo/position.h"
#include "geo/proj.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { TEXT_MAX = 200 };

static const int codes[] = { 3857, 4258, 4326, 5110, 25832, 25833, 27391, 27394 };
enum { CODES = sizeof(codes) / sizeof(codes[0]) };

/* The first byte says between which systems; the rest is «name\nposition». */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char text[TEXT_MAX + 1], *line;
	double at[POSITION_MAX] = { 0 };
	struct proj_fate fate;
	struct proj_point p;
	struct proj_pair *pair;
	int count, code;

	if (length < 1 || length > TEXT_MAX)
		return 0;
	memcpy(text, bytes + 1, length - 1);
	text[length - 1] = '\0';
	line = strchr(text, '\n');
	if (line)
		*line++ = '\0';
	code = proj_code(text);
	if (code < 0 || code > 999999)
		abort();
	count = position_parse(line ? line : text, at);
	if (!count)
		return 0;
	for (int i = 0; i < count; i++)
		if (!isfinite(at[i]))
			abort();
	pair = proj_pair(codes[bytes[0] % CODES], codes[bytes[0] / CODES % CODES]);
	p = (struct proj_point){ at[0], at[1], at[2] };
	if (pair && proj_apply(pair, &p, &fate, 1) != fate.is_good)
		abort();
	return 0;
}
