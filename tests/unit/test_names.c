/* Keys, hashes and errors: what files, tokens and problems are known by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "base/uuid.h"

static uint64_t ms_of(const char *uuid)
{
	char digits[13];

	memcpy(digits, uuid, 8);
	memcpy(digits + 8, uuid + 9, 4);
	digits[12] = '\0';
	return strtoull(digits, NULL, 16);
}

/* RFC 9562, section 5.7. */
static void a_key_is_a_uuid_of_version_7(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		char id[UUID_TEXT];

		uuid7(id);
		assert_true(uuid_is_valid(id));
		assert_int_equal(id[14], '7');
		assert_non_null(strchr("89ab", id[19]));
	}
}

static void keys_follow_the_clock_and_are_never_the_same(void **state)
{
	uint64_t from = (uint64_t)time(NULL) * 1000, last = 0;
	char id[UUID_TEXT], before[UUID_TEXT] = "";

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uuid7(id);
		assert_true(ms_of(id) >= last);
		assert_string_not_equal(id, before);
		last = ms_of(id);
		memcpy(before, id, sizeof(id));
	}
	/* time() may lag the fine clock by a tick. */
	assert_in_range(last, from, (uint64_t)(time(NULL) + 2) * 1000);
}

static void a_uuid_is_written_from_its_bytes(void **state)
{
	static const uint8_t bytes[16] = { 0x01, 0x7f, 0x22, 0xe2, 0x79, 0xb0, 0x7c, 0xc3,
					   0x98, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f };
	char out[UUID_TEXT];

	(void)state;
	uuid_format(bytes, out);
	assert_string_equal(out, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"); /* appendix A.6 */
}

static void knows_what_is_no_uuid(void **state)
{
	static const char *const wrong[] = {
		"",
		"017f22e2",
		"017f22e279b07cc398c4dc0c0c07398f",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
		"017f22e2-79b0-7cc3-98c4dc-0c0c07398f",
		"{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",
		" 17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
		"017f22e2_79b0_7cc3_98c4_dc0c0c07398f",
	};

	(void)state;
	assert_true(uuid_is_valid("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (uuid_is_valid(wrong[i]))
			fail_msg("«%s» is no UUID", wrong[i]);
}

static void expect_hash(const char *text, const char *expected)
{
	char out[SHA256_TEXT];

	sha256_of(text, strlen(text), out);
	assert_string_equal(out, expected);
}

/* FIPS 180-4's examples (NIST, SHA256.pdf and the long message of SHA_All.pdf). */
static void hashes_the_vectors_of_the_standard(void **state)
{
	(void)state;
	expect_hash("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_hash("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	expect_hash("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
		    "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}

static void a_hash_does_not_depend_on_how_it_comes_in(void **state)
{
	struct sha256 *s = sha256_start();
	char piece[1000], out[SHA256_TEXT];

	(void)state;
	memset(piece, 'a', sizeof(piece));
	for (int i = 0; i < 999; i++)
		sha256_add(s, piece, sizeof(piece));
	sha256_add(s, piece, 0);
	for (int i = 0; i < 1000; i++)
		sha256_add(s, piece, 1);
	sha256_end(s, out); /* a million «a» */
	assert_string_equal(out,
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	sha256_end(sha256_start(), NULL); /* given up: only frees */
	sha256_end(NULL, out);
}

static void every_error_has_its_status_and_words(void **state)
{
	static const int statuses[ERR__MAX] = {
		[OK] = 200,
		[ERR_INVALID] = 400,
		[ERR_UNAUTHORIZED] = 401,
		[ERR_FORBIDDEN] = 403,
		[ERR_NOT_FOUND] = 404,
		[ERR_METHOD] = 405,
		[ERR_CONFLICT] = 409,
		[ERR_GONE] = 410,
		[ERR_PRECONDITION] = 412,
		[ERR_TOO_LARGE] = 413,
		[ERR_MEDIA_TYPE] = 415,
		[ERR_UNPROCESSABLE] = 422,
		[ERR_CHECKSUM] = 460,
		[ERR_FRAMING] = 422,
		[ERR_TOO_MANY] = 429,
		[ERR_UPGRADE] = 426,
		[ERR_BUSY] = 503,
		[ERR_INTERNAL] = 500,
	};

	(void)state;
	for (int i = 0; i < ERR__MAX; i++) {
		enum err e = (enum err)i;

		assert_int_equal(err_status(e), statuses[i]);
		assert_true(strlen(err_type(e)) > 1);
		assert_int_equal(strspn(err_type(e), "abcdefghijklmnopqrstuvwxyz-"),
				 strlen(err_type(e)));
		assert_true(strlen(err_title(e, "nb")) > 1);
		assert_true(strlen(err_title(e, "nn")) > 1);
		assert_true(strlen(err_title(e, "en")) > 1);
		assert_string_equal(err_title(e, "de"), err_title(e, "nb"));
		assert_string_equal(err_title(e, NULL), err_title(e, "nb"));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(err_type(e), err_type((enum err)j));
	}
	assert_string_equal(err_title(ERR_NOT_FOUND, "nn"), "Det finst ikkje");
	assert_string_equal(err_title(ERR_NOT_FOUND, "en"), "It does not exist");
}

/* A refusal of the database must not look like a breakdown of ours, nor the other way. */
static void a_state_of_postgresql_becomes_an_error(void **state)
{
	static const struct {
		const char *state;
		enum err e;
	} cases[] = {
		{ "23505", ERR_CONFLICT },  /* unique_violation */
		{ "23503", ERR_CONFLICT },  /* foreign_key_violation */
		{ "23P01", ERR_CONFLICT },  /* exclusion_violation */
		{ "23514", ERR_INVALID },   /* check_violation */
		{ "23502", ERR_INVALID },   /* not_null_violation */
		{ "22P02", ERR_INVALID },   /* invalid_text_representation */
		{ "22021", ERR_INVALID },   /* character_not_in_repertoire */
		{ "42501", ERR_FORBIDDEN }, /* insufficient_privilege, row security */
		{ "40001", ERR_BUSY },      /* serialization_failure */
		{ "40P01", ERR_BUSY },      /* deadlock_detected */
		{ "53300", ERR_BUSY },      /* too_many_connections */
		{ "55P03", ERR_BUSY },      /* lock_not_available */
		{ "57014", ERR_BUSY },      /* query_canceled: statement_timeout */
		{ "57P01", ERR_BUSY },      /* admin_shutdown */
		{ "08006", ERR_BUSY },      /* connection_failure */
		{ "25P03", ERR_BUSY },      /* idle_in_transaction_session_timeout */
		{ "28000", ERR_BUSY },      /* our own log-in was refused: not the caller's */
		{ "", ERR_BUSY },           /* connection lost */
		{ NULL, ERR_BUSY },         /* connection lost */
		{ "FD400", ERR_INVALID },   /* ours, raised by the schema */
		{ "FD401", ERR_UNAUTHORIZED },
		{ "FD403", ERR_FORBIDDEN },
		{ "FD404", ERR_NOT_FOUND },
		{ "FD409", ERR_CONFLICT },
		{ "FD410", ERR_GONE },
		{ "42P01", ERR_INTERNAL }, /* undefined_table: our mistake */
		{ "42601", ERR_INTERNAL },
		{ "XX000", ERR_INTERNAL },
		{ "P0001", ERR_INTERNAL },
		{ "FD4", ERR_INTERNAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (err_from_sqlstate(cases[i].state) != cases[i].e)
			fail_msg("%s is %s", cases[i].state ? cases[i].state : "nothing",
				 err_type(err_from_sqlstate(cases[i].state)));
}

static void knows_the_levels_of_the_log(void **state)
{
	enum log_level level = LOG_DEBUG;

	(void)state;
	assert_true(log_level_parse("error", &level));
	assert_int_equal(level, LOG_ERROR);
	assert_true(log_level_parse("debug", &level));
	assert_int_equal(level, LOG_DEBUG);
	assert_false(log_level_parse("ERROR", &level));
	assert_false(log_level_parse("", &level));
}

/* RFC 3629, section 4: the table of well-formed sequences, at its edges. */
static void knows_the_edges_of_utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t length, expected;
	} cases[] = {
		{ "", 0, 0 },
		{ "\0", 1, 1 },
		{ "\x7f", 1, 1 },
		{ "\x80", 1, 0 },
		{ "\xc1\xbf", 2, 0 },
		{ "\xc2\x80", 2, 2 },
		{ "\xdf\xbf", 2, 2 },
		{ "\xe0\x9f\xbf", 3, 0 },
		{ "\xe0\xa0\x80", 3, 3 },
		{ "\xed\x9f\xbf", 3, 3 },
		{ "\xed\xa0\x80", 3, 0 },
		{ "\xee\x80\x80", 3, 3 },
		{ "\xf0\x8f\xbf\xbf", 4, 0 },
		{ "\xf0\x90\x80\x80", 4, 4 },
		{ "\xf4\x8f\xbf\xbf", 4, 4 },
		{ "\xf4\x90\x80\x80", 4, 0 },
		{ "\xf5\x80\x80\x80", 4, 0 },
		{ "\xf0\x90\x80", 3, 0 },
		{ "\xe2\x28\xa1", 3, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (utf8_length(cases[i].bytes, cases[i].length) != cases[i].expected)
			fail_msg("case %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_a_uuid_of_version_7),
		cmocka_unit_test(keys_follow_the_clock_and_are_never_the_same),
		cmocka_unit_test(a_uuid_is_written_from_its_bytes),
		cmocka_unit_test(knows_what_is_no_uuid),
		cmocka_unit_test(hashes_the_vectors_of_the_standard),
		cmocka_unit_test(a_hash_does_not_depend_on_how_it_comes_in),
		cmocka_unit_test(every_error_has_its_status_and_words),
		cmocka_unit_test(a_state_of_postgresql_becomes_an_error),
		cmocka_unit_test(knows_the_levels_of_the_log),
		cmocka_unit_test(knows_the_edges_of_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
