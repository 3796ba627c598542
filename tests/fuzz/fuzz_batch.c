/* Any bytes as a tablet's batch: read or refused with a reason; every well-formed mutation comes in
 * exactly one group. */
#include "fieldapi/batch.h"

#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_groups(struct batch *b)
{
	size_t good = 0, grouped = 0;
	json_t *none = json_array();

	for (size_t i = 0; i < batch_size(b); i++)
		good += !b->faults[i];
	for (size_t i = 0; i < batch_size(b); i++) {
		json_t *group;

		if (b->faults[i] || b->is_taken[i])
			continue;
		group = (json_t *)batch_group(b, i);
		if (!json_array_size(group) || !b->is_taken[i])
			abort();
		grouped += json_array_size(group);
		json_decref(group);
	}
	if (good != grouped || batch_acked(b, (const struct json_t *)none) != 0)
		abort();
	json_decref(none);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct batch b;

	if (batch_read(&b, (const char *)bytes, length) == OK)
		check_groups(&b);
	else if (!b.wrong_count && !b.said[0])
		abort();
	batch_release(&b);
	return 0;
}
