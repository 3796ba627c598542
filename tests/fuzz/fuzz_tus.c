/* Any bytes as headers of tus: what is taken of Upload-Metadata must be fit for a header again and
 * be read the same then; a checksum is refused or can be asked. */
#include "fieldapi/tus.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_metadata(const char *text)
{
	struct tus_metadata first, again;
	const char *said;

	if (tus_metadata_read(text, &first, &said))
		return;
	for (const char *c = first.text; *c; c++)
		if (*c < ' ' || *c > '~')
			abort();
	if (first.sha256[0] && strlen(first.sha256) != 64)
		abort();
	if (tus_metadata_read(first.text, &again, &said) || strcmp(first.text, again.text) ||
	    strcmp(first.sha256, again.sha256))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1); /* its own, so that reading past the end is seen */
	struct tus_checksum checksum;
	uint64_t n;

	memcpy(text, bytes, length);
	text[length] = '\0';
	check_metadata(text);
	if (tus_number(text, &n) && n > INT64_MAX)
		abort();
	if (!tus_checksum_read(text, &checksum)) {
		tus_checksum_add(&checksum, bytes, length);
		tus_checksum_is_right(&checksum);
		tus_checksum_end(&checksum);
	}
	free(text);
	return 0;
}
