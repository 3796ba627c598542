/* Any JSON as what a tablet says that it holds, and any text as a row's fields. */
#include "fieldapi/reconcile.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void look(struct arena *a, const json_t *body, const char *fields)
{
	static const char id[] = "0192f3c4-0000-7000-8000-0000000000ff";
	struct reconcile r;
	struct digest row;
	struct buf to;

	if (reconcile_read(a, body, &r))
		return;
	buf_init(&to, 1 << 20);
	reconcile_wanted(&r, &to);
	digest_row(a, "task", id, fields, &row);
	for (size_t n = 0; n < r.count; n++) {
		reconcile_see(&r, n, "task", id, &row);
		/* It has been seen: to have it once more is to have one too many. */
		if (reconcile_see(&r, n, "task", id, &row) != (r.level == RECONCILE_ROWS))
			abort();
		if (r.level == RECONCILE_BUCKETS)
			reconcile_differs(&r, n);
		if (r.level == RECONCILE_SLOTS)
			reconcile_slots(&r, n, &to);
	}
	buf_release(&to);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	json_t *body = json_loadb((const char *)bytes, length, 0, NULL);
	struct arena a = { 0 };
	const char *text = arena_copy(&a, (const char *)bytes, length);

	look(&a, body, text);
	json_decref(body);
	arena_release(&a);
	return 0;
}
