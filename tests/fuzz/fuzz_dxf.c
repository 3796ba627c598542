/* Any bytes as a DXF drawing: it must end, stay within its limits, and give rings that are rings.
 */
#include "register/dxf.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena arena = { 0 };
	char *copy = malloc(length + 1);
	struct dxf d;

	if (length)
		memcpy(copy, bytes, length);
	if (dxf_read(&arena, copy, length, &d)) {
		if (!d.fault)
			abort();
	} else {
		const char **names = dxf_names(&arena, &d);

		if (d.ring_count > DXF_RINGS_MAX || d.text_count > DXF_TEXTS_MAX)
			abort();
		for (size_t i = 0; i < d.ring_count; i++) {
			if (d.rings[i].count < 3 || !(d.rings[i].area > 0))
				abort();
			for (size_t j = 0; j < d.rings[i].count; j++)
				if (!isfinite(d.rings[i].points[j].x) ||
				    !isfinite(d.rings[i].points[j].y))
					abort();
			if (strlen(dxf_words(&arena, d.rings[i].layer)) > DXF_NAME_MAX ||
			    (names[i] && strlen(names[i]) > DXF_NAME_MAX))
				abort();
		}
	}
	arena_release(&arena);
	free(copy);
	return 0;
}
