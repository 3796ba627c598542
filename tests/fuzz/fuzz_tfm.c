/* Any text as a component's mark: parts lie inside the text, in its order, and there is always a
 * variant, and a hint when it is none. */
#include "register/tfm.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check(struct str part, const char *text, const char **last)
{
	if (!part.length)
		return;
	if (part.at < *last || part.at + part.length > text + strlen(text))
		abort();
	*last = part.at + part.length;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1);
	const char *last = text;
	struct tfm t;

	if (length)
		memcpy(text, bytes, length);
	text[length] = '\0';
	t = tfm_parse(text);
	check(t.location, text, &last);
	check(t.system, text, &last);
	check(t.component, text, &last);
	check(t.type, text, &last);
	if (!tfm_variant_name(t.variant) || (t.variant == TFM_NONE && !t.hint))
		abort();
	(void)tfm_fits_element(&t, "365");
	free(text);
	return 0;
}
