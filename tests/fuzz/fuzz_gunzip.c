/* Any bytes as a packed body: never more than the limit comes of it. */
#include "base/pack.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { LIMIT = 64 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct buf out;
	enum err e;

	buf_init(&out, LIMIT);
	e = unpack_gzip((struct str){ (const char *)bytes, length }, &out);
	if (out.length > LIMIT || (e == ERR_TOO_LARGE) != out.is_full)
		abort();
	buf_release(&out);
	return 0;
}
