/* What a tablet has sealed must be opened here, by the book: a queue that only its own maker could
 * read would be lost with the first other version. */
#include "auth/hpke.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/base64.h"

enum { ROOM = 128 };

struct vector {
	unsigned char secret[ROOM], point[ROOM], info[ROOM], aad[ROOM], sealed[ROOM], text[ROOM];
	size_t info_length, aad_length, sealed_length, text_length;
};

static size_t read_hex(const json_t *from, const char *name, unsigned char out[ROOM])
{
	const char *text = json_string_value(json_object_get(from, name));
	size_t length = strlen(text) / 2;

	assert_true(length && length <= ROOM);
	for (size_t i = 0; i < length; i++) {
		unsigned byte;

		assert_int_equal(sscanf(text + 2 * i, "%2x", &byte), 1);
		out[i] = (unsigned char)byte;
	}
	return length;
}

/* The vector of this suite among those that RFC 9180 names (mode 0, KEM 16, KDF 1, AEAD 2). */
static struct vector read_vector(void)
{
	json_t *from = json_load_file("tests/data/hpke.json", 0, NULL);
	struct vector v = { 0 };

	assert_non_null(from);
	assert_int_equal(read_hex(from, "skRm", v.secret), HPKE_SECRET);
	assert_int_equal(read_hex(from, "enc", v.point), HPKE_POINT);
	v.info_length = read_hex(from, "info", v.info);
	v.aad_length = read_hex(from, "aad", v.aad);
	v.sealed_length = read_hex(from, "ct", v.sealed);
	v.text_length = read_hex(from, "pt", v.text);
	json_decref(from);
	return v;
}

static bool opens(const struct vector *v)
{
	unsigned char out[ROOM];

	return hpke_open(v->secret, v->point, (struct str){ (const char *)v->info, v->info_length },
			 (struct str){ (const char *)v->aad, v->aad_length },
			 (struct str){ (const char *)v->sealed, v->sealed_length }, out) &&
	       v->sealed_length - HPKE_TAG == v->text_length &&
	       !memcmp(out, v->text, v->text_length);
}

static void the_vector_of_the_standard_opens(void **state)
{
	const struct vector v = read_vector();

	(void)state;
	assert_true(opens(&v));
}

static void any_changed_byte_keeps_it_shut(void **state)
{
	struct vector v = read_vector();

	(void)state;
	for (size_t i = 0; i < HPKE_POINT; i++) {
		v.point[i] ^= 1;
		assert_false(opens(&v));
		v.point[i] ^= 1;
	}
	for (size_t i = 0; i < v.sealed_length; i++) {
		v.sealed[i] ^= 0x80;
		assert_false(opens(&v));
		v.sealed[i] ^= 0x80;
	}
	v.secret[31] ^= 1;
	assert_false(opens(&v));
	v.secret[31] ^= 1;
	v.info[0] ^= 1;
	assert_false(opens(&v));
	v.info[0] ^= 1;
	v.aad[0] ^= 1;
	assert_false(opens(&v));
	v.aad[0] ^= 1;
	assert_true(opens(&v));
}

static void what_is_no_key_or_too_short_is_refused(void **state)
{
	static const unsigned char zeros[ROOM];
	const struct str nothing = { "", 0 };
	const struct vector v = read_vector();
	unsigned char out[ROOM], ones[HPKE_SECRET];

	(void)state;
	memset(ones, 0xff, sizeof(ones));
	assert_false(hpke_open(v.secret, zeros, nothing, nothing, STR("0123456789abcdef"), out));
	assert_false(hpke_open(zeros, v.point, nothing, nothing, STR("0123456789abcdef"), out));
	assert_false(hpke_open(ones, v.point, nothing, nothing, STR("0123456789abcdef"), out));
	assert_false(hpke_open(v.secret, v.point, nothing, nothing, STR("0123456789abcde"), out));
}

static void each_pair_that_is_made_is_another(void **state)
{
	struct hpke_pair one, two;

	(void)state;
	assert_true(hpke_make(&one) && hpke_make(&two));
	assert_int_equal(one.point[0], 4);
	assert_memory_not_equal(one.secret, two.secret, HPKE_SECRET);
}

static void base64url_is_read_as_it_is_written(void **state)
{
	unsigned char bytes[40], back[40];
	char text[64];

	(void)state;
	for (size_t length = 1; length <= sizeof(bytes); length++) {
		for (size_t i = 0; i < length; i++)
			bytes[i] = (unsigned char)(251 * i + length);
		base64url_encode(bytes, length, text);
		assert_int_equal(strlen(text), (length * 4 + 2) / 3);
		assert_int_equal(base64url_decode(text, back, sizeof(back)), length);
		assert_memory_equal(back, bytes, length);
	}
	assert_int_equal(base64url_decode("-_-_", back, sizeof(back)), 3);
	assert_int_equal(base64url_decode("+/+/", back, sizeof(back)), 0);
	assert_int_equal(base64url_decode("AA==", back, sizeof(back)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vector_of_the_standard_opens),
		cmocka_unit_test(any_changed_byte_keeps_it_shut),
		cmocka_unit_test(what_is_no_key_or_too_short_is_refused),
		cmocka_unit_test(each_pair_that_is_made_is_another),
		cmocka_unit_test(base64url_is_read_as_it_is_written),
	};

	return cmocka_run_group_tests_name("hpke", tests, NULL, NULL);
}
