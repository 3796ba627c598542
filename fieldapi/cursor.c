#include "fieldapi/cursor.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/buf.h"

enum { RUNNING_MAX = 256, MAC_BYTES = 16, DIGEST_BYTES = 32 };

static const char prefix[] = "v1.";

/* A truncated HMAC-SHA-256 (RFC 2104, section 5) as hex. */
static void sign(const char *key, const char *text, size_t length, char out[2 * MAC_BYTES + 1])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char mac[DIGEST_BYTES];
	unsigned size = sizeof(mac);

	HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)text, length, mac, &size);
	for (int i = 0; i < MAC_BYTES; i++) {
		out[2 * i] = hex[mac[i] >> 4];
		out[2 * i + 1] = hex[mac[i] & 15];
	}
	out[(size_t)2 * MAC_BYTES] = '\0';
}

static const char *text_of(struct arena *a, const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? arena_text(a, text) : NULL;
}

static bool read_fields(struct arena *a, const json_t *object, struct cursor *c)
{
	c->epoch = text_of(a, object, "ep");
	c->hi = text_of(a, object, "hi");
	c->running = text_of(a, object, "ip");
	c->to = text_of(a, object, "to");
	c->base = text_of(a, object, "base");
	c->row_id = text_of(a, object, "row");
	c->bucket_no = (long)json_integer_value(json_object_get(object, "no"));
	c->tbl = (long)json_integer_value(json_object_get(object, "tbl"));
	c->late = text_of(a, object, "late");
	c->whole = text_of(a, object, "of");
	c->areas = text_of(a, object, "ar");
	/* A cursor that says none is of before there was a second. */
	c->schema = json_object_get(object, "sv")
			    ? (long)json_integer_value(json_object_get(object, "sv"))
			    : 1;
	return c->epoch && (!c->to || (c->base && c->row_id));
}

/* v1.<base64 of the JSON>.<mac of what is before the last dot> */
bool cursor_parse(struct arena *a, const char *key, const char *text, struct cursor *c)
{
	const char *dot = strrchr(text, '.');
	char mac[2 * MAC_BYTES + 1];
	unsigned char *bytes;
	json_t *object;
	bool good;
	int length;

	memset(c, 0, sizeof(*c));
	if (strlen(text) > CURSOR_MAX || strncmp(text, prefix, strlen(prefix)) ||
	    dot < text + strlen(prefix) || strlen(dot + 1) != sizeof(mac) - 1)
		return false;
	sign(key, text, (size_t)(dot - text), mac);
	if (CRYPTO_memcmp(mac, dot + 1, sizeof(mac) - 1))
		return false;
	text += strlen(prefix);
	bytes = arena_alloc(a, (size_t)(dot - text) + 4);
	length = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)(dot - text));
	if (length < 0)
		return false;
	object = json_loadb((const char *)bytes, (size_t)length, JSON_DISABLE_EOF_CHECK, NULL);
	good = object && read_fields(a, object, c);
	json_decref(object);
	return good;
}

const char *cursor_format(struct arena *a, const char *key, const struct cursor *c)
{
	json_t *object = json_pack(
		"{s:s, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:I, s:I, s:I}", "ep",
		c->epoch, "hi", c->hi, "ip", c->running, "to", c->to, "base", c->base, "row",
		c->row_id, "late", c->late, "of", c->whole, "ar", c->areas, "sv",
		(json_int_t)c->schema, "no", (json_int_t)c->bucket_no, "tbl", (json_int_t)c->tbl);
	char *text = json_dumps(object, JSON_COMPACT);
	size_t length = strlen(text), start = strlen(prefix);
	char *out = arena_alloc(a, start + (length + 2) / 3 * 4 + 2 + (size_t)2 * MAC_BYTES + 1);

	memcpy(out, prefix, start + 1);
	EVP_EncodeBlock((unsigned char *)out + start, (const unsigned char *)text, (int)length);
	length = strlen(out);
	out[length] = '.';
	sign(key, out, length, out + length + 1);
	free(text);
	json_decref(object);
	return out;
}

/* The parts of xmin:xmax:xip,…: where xmax and the list begin, and whether the list is too long. */
static bool read_snapshot(const char *snapshot, const char **xmax, const char **list, bool *is_long)
{
	int count = 1;

	*xmax = strchr(snapshot, ':');
	*list = *xmax ? strchr(*xmax + 1, ':') : NULL;
	if (!*list)
		return false;
	for (const char *comma = *list; *comma; comma++)
		count += *comma == ',';
	*is_long = count > RUNNING_MAX;
	return true;
}

bool cursor_at(struct arena *a, const char *snapshot, struct cursor *c)
{
	const char *xmax, *list;
	bool is_long;

	if (!read_snapshot(snapshot, &xmax, &list, &is_long))
		return false;
	if (is_long) {
		c->hi = arena_copy(a, snapshot, (size_t)(xmax - snapshot));
		c->running = "{}";
		return true;
	}
	c->hi = arena_copy(a, xmax + 1, (size_t)(list - xmax - 1));
	c->running = arena_printf(a, "{%s}", list + 1);
	return true;
}

const char *cursor_window(struct arena *a, const char *snapshot)
{
	const char *xmax, *list;
	bool is_long;
	int length;

	if (!read_snapshot(snapshot, &xmax, &list, &is_long) || !is_long)
		return snapshot;
	length = (int)(xmax - snapshot);
	return arena_printf(a, "%.*s:%.*s:", length, snapshot, length, snapshot);
}
