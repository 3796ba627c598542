/* Any text as a cursor, as it came and as if it were signed with our key (what a leaked key or a
 * mistake of ours would let in), and any text as a snapshot. What is read is written and read
 * again to the same. */
#include "fieldapi/cursor.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char key[] = "fuzz";

static void same(const char *a, const char *b)
{
	if ((!a) != (!b) || (a && strcmp(a, b) != 0))
		abort();
}

static void check_round_trip(struct arena *a, const struct cursor *c)
{
	struct cursor again;
	const char *text = cursor_format(a, key, c);

	if (strlen(text) > CURSOR_MAX)
		return;
	if (!cursor_parse(a, key, text, &again))
		abort();
	same(c->epoch, again.epoch);
	same(c->hi, again.hi);
	same(c->running, again.running);
	same(c->to, again.to);
	same(c->row_id, again.row_id);
	if (c->bucket_no != again.bucket_no || c->tbl != again.tbl)
		abort();
}

/* v1.<base64 of the bytes>.<mac> */
static const char *sign(struct arena *a, const uint8_t *bytes, size_t length)
{
	char *text = arena_alloc(a, length * 2 + 64);
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	size_t at;

	memcpy(text, "v1.", 3);
	EVP_EncodeBlock((unsigned char *)text + 3, bytes, (int)length);
	at = strlen(text);
	HMAC(EVP_sha256(), key, (int)strlen(key), (unsigned char *)text, at, mac, &size);
	text[at++] = '.';
	for (int i = 0; i < 16; i++) {
		text[at++] = "0123456789abcdef"[mac[i] >> 4];
		text[at++] = "0123456789abcdef"[mac[i] & 15];
	}
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena a = { 0 };
	struct cursor c;
	const char *text = arena_copy(&a, (const char *)bytes, length);

	if (cursor_parse(&a, key, text, &c))
		check_round_trip(&a, &c);
	if (cursor_parse(&a, key, sign(&a, bytes, length), &c))
		check_round_trip(&a, &c);
	memset(&c, 0, sizeof(c));
	if (cursor_at(&a, text, &c) && (!c.hi || c.running[0] != '{'))
		abort();
	if (!cursor_window(&a, text))
		abort();
	arena_release(&a);
	return 0;
}
