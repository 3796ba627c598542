/* Any JSON as what a mutation sets, for each operation: judged, and what passes has the declared
 * type; any texts as values that meet. */
#include "fieldapi/check.h"
#include "fieldapi/merge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *text_of(struct arena *a, const json_t *value, const char *name)
{
	const json_t *member = json_object_get(value, name);

	return member ? op_text(a, (const struct json_t *)member) : NULL;
}

/* What is merged is one of the two, or made of both; and two equal values never meet. */
static void merge_set(struct arena *a, const struct op *op, json_t *set)
{
	const char *name;
	json_t *value;

	json_object_foreach(set, name, value)
	{
		const struct op_field *f = op_field(op, name);
		const char *o = text_of(a, value, "o"), *n = text_of(a, value, "n");
		struct merged same = merge_field(a, f, n, o, n, "Kari", "T");
		struct merged met = merge_field(a, f, o, NULL, n, "Kari", "T");

		if (f->policy != POLICY_ADD && (same.is_changed || same.is_conflict))
			abort();
		if (met.is_conflict && !met.chosen)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	json_t *set = json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);
	const struct op *op;
	struct arena a;

	if (!json_is_object(set)) {
		json_decref(set);
		return 0;
	}
	arena_init(&a);
	for (size_t i = 0; (op = op_at(i)); i++) {
		struct op_fault fault = op_check(op, (const struct json_t *)set);

		if (fault.field && (!fault.reason || !op_field(op, fault.field)))
			abort();
		if (!fault.reason)
			merge_set(&a, op, set);
	}
	arena_release(&a);
	json_decref(set);
	return 0;
}
