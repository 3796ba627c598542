/* What clients of tus write in headers: read wrongly, an upload begins where it does not, or a
 * header that we send again is somebody else's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fieldapi/tus.h"

#define FOO64                                                                                      \
	"MmMyNmI0NmI2OGZmYzY4ZmY5OWI0NTNjMWQzMDQxMzQxMzQyMmQ3MDY0ODNiZmEwZjk4YTVlODg2MjY2ZTdhZQ=="

static void numbers_are_digits_within_63_bits(void **state)
{
	static const char *const wrong[] = { "",
					     "-1",
					     "+1",
					     " 1",
					     "1 ",
					     "1e3",
					     "0x1",
					     "1.0",
					     "a",
					     "9223372036854775808",
					     "99999999999999999999" };
	uint64_t n = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(tus_number(wrong[i], &n));
	assert_false(tus_number(NULL, &n));
	assert_int_equal(n, 7);
	assert_true(tus_number("0", &n));
	assert_int_equal(n, 0);
	assert_true(tus_number("9223372036854775807", &n));
	assert_int_equal(n, INT64_MAX);
}

static enum err metadata(const char *header, struct tus_metadata *m)
{
	const char *said;
	enum err e = tus_metadata_read(header, m, &said);

	assert_true((e == OK) == (said == NULL));
	return e;
}

static void metadata_is_told_again_as_it_was_meant(void **state)
{
	struct tus_metadata m;

	(void)state;
	assert_int_equal(metadata(NULL, &m), OK);
	assert_string_equal(m.text, "");
	assert_int_equal(metadata("name dmFubg==,empty, sha256  " FOO64 " ", &m), OK);
	assert_string_equal(m.text, "name dmFubg==,empty,sha256 " FOO64);
	assert_string_equal(m.sha256,
			    "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
}

static void metadata_that_is_none_is_refused(void **state)
{
	static const char *const wrong[] = {
		",",           "a YQ==,", ",a",          "a YQ==,a YQ==", "a,a",
		"a Y",         "a Y!==",  "a YQ== YQ==", "\x01 YQ==",     "b\xc3\xb8 YQ==",
		"sha256 Zm9v", "a =",     "a YQ==\r\n",  "a\tb",
	};
	static char longest[TUS_METADATA_MAX + 2];
	struct tus_metadata m;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (metadata(wrong[i], &m) != ERR_INVALID)
			fail_msg("«%s» is taken", wrong[i]);
	memset(longest, 'k', sizeof(longest) - 1);
	assert_int_equal(metadata(longest, &m), ERR_TOO_LARGE);
	longest[TUS_METADATA_MAX] = '\0';
	assert_int_equal(metadata(longest, &m), OK);
	assert_string_equal(m.text, longest);
}

static void a_checksum_tells_bytes_that_came_otherwise(void **state)
{
	static const char *const wrong[] = { "",
					     "sha1",
					     "sha1 ",
					     "sha1 AAAA",
					     "md5 AAAA",
					     "SHA1 AAAA",
					     "sha256 C+7Hteo/D9vJXQ3UfzxbwnXaijM=",
					     "sha1  C+7Hteo/D9vJXQ3UfzxbwnXaijM=" };
	struct tus_checksum c;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(tus_checksum_read(wrong[i], &c), ERR_INVALID);
	for (int is_right = 0; is_right < 2; is_right++) {
		assert_int_equal(tus_checksum_read("sha1 C+7Hteo/D9vJXQ3UfzxbwnXaijM=", &c), OK);
		tus_checksum_add(&c, "fo", 2);
		tus_checksum_add(&c, is_right ? "o" : "x", 1);
		assert_int_equal(tus_checksum_is_right(&c), is_right);
		tus_checksum_end(&c);
	}
	assert_int_equal(
		tus_checksum_read("sha256 LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=", &c), OK);
	tus_checksum_add(&c, "foo", 3);
	assert_true(tus_checksum_is_right(&c));
	tus_checksum_end(&c);
	memset(&c, 0, sizeof(c));
	tus_checksum_add(&c, "anything", 8);
	assert_true(tus_checksum_is_right(&c)); /* none was told */
	tus_checksum_end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_digits_within_63_bits),
		cmocka_unit_test(metadata_is_told_again_as_it_was_meant),
		cmocka_unit_test(metadata_that_is_none_is_refused),
		cmocka_unit_test(a_checksum_tells_bytes_that_came_otherwise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
