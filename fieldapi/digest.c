#include "fieldapi/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/uuid.h"

/* Two FNV-1a lanes (draft-eastlake-fnv) with primes of their own, mixed at the end. */
enum { PRIME_A = 0x01000193, END_OF_TEXT = 0xff };

#define SEED_A  UINT32_C(0x811c9dc5)
#define SEED_B  UINT32_C(0x9e3779b9)
#define PRIME_B UINT32_C(0x85ebca6b)

static void put(struct digest *d, unsigned char byte)
{
	d->a = (d->a ^ byte) * PRIME_A;
	d->b = (d->b ^ byte) * PRIME_B;
}

/* UTF-8 has no 0xff, so that the end of a text is certain. */
static void put_text(struct digest *d, const char *text, size_t length)
{
	put(d, 's');
	for (size_t i = 0; i < length; i++)
		put(d, (unsigned char)text[i]);
	put(d, END_OF_TEXT);
}

/* The bytes of an IEEE 754 double, the highest first; there is one zero only. */
static void put_number(struct digest *d, double number)
{
	uint64_t bits;

	number += 0.0;
	memcpy(&bits, &number, sizeof(bits));
	put(d, 'd');
	for (int shift = 56; shift >= 0; shift -= 8)
		put(d, (unsigned char)(bits >> shift));
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_value(struct arena *scratch, struct digest *d, json_t *value);

static void put_object(struct arena *scratch, struct digest *d, json_t *object)
{
	const char **keys = arena_alloc(scratch, (json_object_size(object) + 1) * sizeof(*keys));
	size_t count = 0;
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) keys[count++] = key;
	qsort(keys, count, sizeof(*keys), by_bytes);
	put(d, '{');
	for (size_t i = 0; i < count; i++) {
		put_text(d, keys[i], strlen(keys[i]));
		put_value(scratch, d, json_object_get(object, keys[i]));
	}
	put(d, '}');
}

/* jansson has limited the depth. */
static void put_value(struct arena *scratch, struct digest *d,
		      json_t *value) // NOLINT(misc-no-recursion)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		put_object(scratch, d, value);
		break;
	case JSON_ARRAY:
		put(d, '[');
		for (size_t i = 0; i < json_array_size(value); i++)
			put_value(scratch, d, json_array_get(value, i));
		put(d, ']');
		break;
	case JSON_STRING:
		put_text(d, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
	case JSON_REAL:
		put_number(d, json_number_value(value));
		break;
	case JSON_TRUE:
		put(d, 't');
		break;
	case JSON_FALSE:
		put(d, 'f');
		break;
	case JSON_NULL:
		put(d, 'n');
		break;
	}
}

/* The finish of MurmurHash3 (public domain): every bit of the state changes half of the result. */
static uint32_t mix(uint32_t h)
{
	h = (h ^ h >> 16) * UINT32_C(0x85ebca6b);
	h = (h ^ h >> 13) * UINT32_C(0xc2b2ae35);
	return h ^ h >> 16;
}

bool digest_row(struct arena *scratch, const char *t, const char *id, const char *fields,
		struct digest *out)
{
	json_t *json = json_loads(fields, JSON_DECODE_INT_AS_REAL, NULL);
	bool is_object = json_is_object(json);
	struct digest d = { 1, SEED_A, SEED_B };

	put_text(&d, t, strlen(t));
	put_text(&d, id, strlen(id));
	if (is_object)
		put_object(scratch, &d, json);
	json_decref(json);
	out->count = 1;
	out->a = mix(d.a ^ d.b >> 1);
	out->b = mix(d.b ^ out->a);
	return is_object;
}

void digest_add(struct digest *sum, const struct digest *row)
{
	sum->count += row->count;
	sum->a += row->a;
	sum->b += row->b;
}

bool digest_equals(const struct digest *x, const struct digest *y)
{
	return x->count == y->count && x->a == y->a && x->b == y->b;
}

void digest_format(const struct digest *d, char out[DIGEST_TEXT])
{
	snprintf(out, DIGEST_TEXT, "%08x%08x", d->a, d->b);
}

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool digest_parse(const char *text, struct digest *d)
{
	uint64_t lanes = 0;

	if (strlen(text) != DIGEST_TEXT - 1)
		return false;
	for (; *text; text++) {
		int digit = hex_of(*text);

		if (digit < 0)
			return false;
		lanes = lanes << 4 | (unsigned)digit;
	}
	d->a = (uint32_t)(lanes >> 32);
	d->b = (uint32_t)lanes;
	return true;
}

int digest_slot(const char *id)
{
	int high, low;

	if (!uuid_is_valid(id))
		return -1;
	high = hex_of(id[UUID_TEXT - 3]);
	low = hex_of(id[UUID_TEXT - 2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}
