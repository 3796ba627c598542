/* Any bytes through the splitter, whole and in two pieces: it must end, take every byte, never read
 * outside, and give the same rows both ways. The first byte decides where the cut is. */
#include "importers/csv.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct sum {
	uint64_t records, cells, bytes, lines;
};

static struct sum split(const uint8_t *bytes, size_t length, size_t cut)
{
	static struct csv c;
	char *copy = malloc(length + 1);
	struct sum s = { 0 };
	size_t at = 0, seen = cut;

	memcpy(copy, bytes, length);
	csv_init(&c, ';');
	for (;;) {
		size_t taken = csv_next(&c, copy + at, seen - at, seen == length);

		if (taken > seen - at)
			abort();
		at += taken;
		if (!taken && seen == length)
			break;
		if (!taken) {
			seen = length;
			continue;
		}
		s.records += c.line > 0;
		s.cells += c.count;
		for (size_t i = 0; i < c.count; i++) {
			const char *cell = c.cells[i].at;

			if (c.cells[i].length &&
			    (cell < copy || cell + c.cells[i].length > copy + length))
				abort();
			s.bytes += c.cells[i].length;
		}
		s.lines = c.next_line;
	}
	if (at != length)
		abort();
	free(copy);
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct sum whole, parts;

	if (length < 1)
		return 0;
	whole = split(bytes + 1, length - 1, length - 1);
	parts = split(bytes + 1, length - 1, (size_t)bytes[0] * (length - 1) / 256);
	if (memcmp(&whole, &parts, sizeof(whole)) != 0)
		abort();
	return 0;
}
