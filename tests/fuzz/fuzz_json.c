/* Any bytes as a JSON string: a parser takes what was written, and where the bytes were UTF-8 it
 * reads back the same. */
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static bool is_utf8(const char *text, size_t length)
{
	while (length) {
		size_t step = utf8_length(text, length);

		if (!step)
			return false;
		text += step;
		length -= step;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	/* Of its own, so that a byte read too many shows. */
	char *text = malloc(length ? length : 1);
	struct buf b;
	json_t *back;

	memcpy(text, bytes, length);
	buf_init(&b, 6 * length + 2);
	buf_json(&b, text, length);
	if (b.is_full)
		abort();
	back = json_loadb(b.at, b.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (!json_is_string(back))
		abort();
	if (is_utf8(text, length) &&
	    (json_string_length(back) != length ||
	     (length && memcmp(json_string_value(back), text, length) != 0)))
		abort();
	json_decref(back);
	buf_release(&b);
	free(text);
	return 0;
}
