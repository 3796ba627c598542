/* Proofs signed with a tablet's key: what libjwt would let through must not come through here. */
#include "auth/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jwt.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

enum { NOW = 1800000000 };

static const char id[] = "01941f29-7c00-78cd-9dd9-000000000000";
static const char jti[] = "01941f29-7c00-78cd-9dd9-00000000000f";
static char secret[512], public_pem[512], key[PROOF_KEY_TEXT + 1];

static void read_all(BIO *bio, char *to, size_t room)
{
	int length = BIO_read(bio, to, (int)room - 1);

	assert_true(length > 0);
	to[length] = '\0';
	BIO_free(bio);
}

static int make_key(void **state)
{
	EVP_PKEY *made = EVP_EC_gen("P-256");
	BIO *bio = BIO_new(BIO_s_mem());
	unsigned char *point = NULL, text[100];

	(void)state;
	PEM_write_bio_PrivateKey(bio, made, NULL, NULL, 0, NULL, NULL);
	read_all(bio, secret, sizeof(secret));
	bio = BIO_new(BIO_s_mem());
	PEM_write_bio_PUBKEY(bio, made);
	read_all(bio, public_pem, sizeof(public_pem));
	assert_int_equal(EVP_PKEY_get1_encoded_public_key(made, &point), 65);
	EVP_EncodeBlock(text, point, 65);
	for (int i = 0; i < PROOF_KEY_TEXT; i++)
		key[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : (char)text[i];
	OPENSSL_free(point);
	EVP_PKEY_free(made);
	return 0;
}

/* A token with these claims as JSON, signed as told. The caller frees. */
static char *sign(const char *claims, jwt_alg_t alg, const char *with)
{
	jwt_t *jwt = NULL;
	char *token;

	assert_int_equal(jwt_new(&jwt), 0);
	assert_int_equal(jwt_add_grants_json(jwt, claims), 0);
	assert_int_equal(
		jwt_set_alg(jwt, alg, (const unsigned char *)with, with ? (int)strlen(with) : 0),
		0);
	token = jwt_encode_str(jwt);
	assert_non_null(token);
	jwt_free(jwt);
	return token;
}

static enum proof_verdict check(char *token)
{
	struct proof proof;
	enum proof_verdict verdict = proof_check(token, key, id, "token", NOW, &proof);

	free(token);
	return verdict;
}

static const char *claims_of(const char *sub, const char *aud, long iat, long exp)
{
	static char text[400];

	snprintf(text, sizeof(text),
		 "{\"sub\":\"%s\",\"aud\":\"%s\",\"jti\":\"%s\",\"iat\":%ld,\"exp\":%ld}", sub, aud,
		 jti, iat, exp);
	return text;
}

static enum proof_verdict check_claims(const char *claims)
{
	return check(sign(claims, JWT_ALG_ES256, secret));
}

static void takes_a_fresh_proof_by_the_key(void **state)
{
	char *token = sign(claims_of(id, "token", NOW, NOW + 60), JWT_ALG_ES256, secret);
	struct proof proof;

	(void)state;
	assert_true(proof_key_is_good(key));
	assert_int_equal(proof_check(token, key, id, "token", NOW, &proof), PROOF_GOOD);
	assert_string_equal(proof.id, jti);
	assert_int_equal(proof.issued_at, NOW);
	assert_int_equal(proof.expires_at, NOW + 60);
	free(token);
}

static void refuses_other_algorithms_than_es256(void **state)
{
	const char *claims = claims_of(id, "token", NOW, NOW + 60);

	(void)state;
	assert_int_equal(check(sign(claims, JWT_ALG_HS256, public_pem)), PROOF_BAD);
	assert_int_equal(check(sign(claims, JWT_ALG_HS512, public_pem)), PROOF_BAD);
	assert_int_equal(check(sign(claims, JWT_ALG_NONE, NULL)), PROOF_BAD);
}

/* As libjwt writes our key into PEM: the very bytes that an attacker would take as HMAC's secret.
 */
static void refuses_the_public_key_as_a_shared_secret(void **state)
{
	char *token = sign(claims_of(id, "token", NOW, NOW + 60), JWT_ALG_HS256, public_pem);
	jwt_t *jwt = NULL;

	(void)state;
	assert_int_equal(
		jwt_decode(&jwt, token, (const unsigned char *)public_pem, (int)strlen(public_pem)),
		0); /* libjwt lets it through */
	jwt_free(jwt);
	assert_int_equal(check(token), PROOF_BAD);
}

static void refuses_another_key(void **state)
{
	char *token = sign(claims_of(id, "token", NOW, NOW + 60), JWT_ALG_ES256, secret);
	struct proof proof;

	make_key(state);
	assert_int_equal(proof_check(token, key, id, "token", NOW, &proof), PROOF_BAD);
	free(token);
}

static void refuses_a_changed_letter_anywhere(void **state)
{
	char *token = sign(claims_of(id, "token", NOW, NOW + 60), JWT_ALG_ES256, secret);
	size_t length = strlen(token);
	struct proof proof;

	(void)state;
	/* The last letter has four bits that mean nothing. */
	for (size_t i = 0; i + 1 < length; i++) {
		char was = token[i];

		token[i] = was == 'A' ? 'B' : 'A';
		assert_int_equal(proof_check(token, key, id, "token", NOW, &proof), PROOF_BAD);
		token[i] = was;
	}
	free(token);
}

static void refuses_what_is_for_another_tablet_or_purpose(void **state)
{
	static const char list[] =
		"{\"sub\":\"01941f29-7c00-78cd-9dd9-000000000000\",\"aud\":[\"token\"],"
		"\"jti\":\"01941f29-7c00-78cd-9dd9-00000000000f\",\"iat\":1800000000,"
		"\"exp\":1800000060}";

	(void)state;
	assert_int_equal(check_claims(claims_of(jti, "token", NOW, NOW + 60)), PROOF_BAD);
	assert_int_equal(check_claims(claims_of(id, "wiped", NOW, NOW + 60)), PROOF_BAD);
	assert_int_equal(check_claims(list), PROOF_BAD);
	assert_int_equal(check_claims("{}"), PROOF_BAD);
}

static void refuses_a_proof_that_lasts_or_has_no_end(void **state)
{
	(void)state;
	assert_int_equal(check_claims(claims_of(id, "token", NOW, NOW + 61)), PROOF_BAD);
	assert_int_equal(check_claims(claims_of(id, "token", NOW, NOW)), PROOF_BAD);
	assert_int_equal(check_claims(claims_of(id, "token", NOW, 0)), PROOF_BAD);
	assert_int_equal(check_claims(claims_of(id, "token", 0, 60)), PROOF_BAD);
	assert_int_equal(check_claims(claims_of(id, "token", -60, -1)), PROOF_BAD);
}

static void refuses_a_proof_without_id_or_times(void **state)
{
	static const char *const claims[] = {
		"{\"sub\":\"%s\",\"aud\":\"token\",\"iat\":1800000000,\"exp\":1800000060}",
		"{\"sub\":\"%s\",\"aud\":\"token\",\"jti\":\"x\",\"iat\":1800000000,\"exp\":1800000060}",
		"{\"sub\":\"%s\",\"aud\":\"token\",\"jti\":\"01941f29-7c00-78cd-9dd9-00000000000f\","
		"\"iat\":1800000000}",
		"{\"sub\":\"%s\",\"aud\":\"token\",\"jti\":\"01941f29-7c00-78cd-9dd9-00000000000f\","
		"\"iat\":\"1800000000\",\"exp\":\"1800000060\"}",
	};
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof(text), claims[i], id);
#pragma GCC diagnostic pop
		assert_int_equal(check_claims(text), PROOF_BAD);
	}
}

/* A tablet with a wrong clock is told so, and not that it is somebody else. */
static void tells_a_wrong_clock_from_a_wrong_key(void **state)
{
	(void)state;
	assert_int_equal(check_claims(claims_of(id, "token", NOW - 7200, NOW - 7140)), PROOF_STALE);
	assert_int_equal(check_claims(claims_of(id, "token", NOW + 7200, NOW + 7260)), PROOF_STALE);
	assert_int_equal(check_claims(claims_of(id, "token", NOW - 120, NOW - 60)), PROOF_GOOD);
	assert_int_equal(check_claims(claims_of(id, "token", NOW - 121, NOW - 61)), PROOF_STALE);
	assert_int_equal(check_claims(claims_of(id, "token", NOW + 60, NOW + 120)), PROOF_GOOD);
	assert_int_equal(check_claims(claims_of(id, "token", NOW + 61, NOW + 120)), PROOF_STALE);
}

static void refuses_what_has_not_the_form(void **state)
{
	static const char *const tokens[] = { "",         ".",           "..",     "a.b.c",
					      "e30.e30.", "e30.e30.e30", "a b.c.d" };
	char *longest = malloc(PROOF_MAX + 2);
	struct proof proof;

	(void)state;
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
		assert_int_equal(proof_check(tokens[i], key, id, "token", NOW, &proof), PROOF_BAD);
	memset(longest, 'A', PROOF_MAX + 1);
	longest[PROOF_MAX + 1] = '\0';
	longest[10] = longest[PROOF_MAX - 86] = '.';
	assert_int_equal(proof_check(longest, key, id, "token", NOW, &proof), PROOF_BAD);
	free(longest);
}

static void refuses_a_key_that_is_no_point_of_the_curve(void **state)
{
	char off[PROOF_KEY_TEXT + 1];

	(void)state;
	memcpy(off, key, sizeof(off));
	off[40] = off[40] == 'A' ? 'B' : 'A';
	assert_false(proof_key_is_good(off));
	assert_false(proof_key_is_good(""));
	assert_false(proof_key_is_good(public_pem));
	memcpy(off, key, sizeof(off));
	off[PROOF_KEY_TEXT - 1] = '\0';
	assert_false(proof_key_is_good(off));
	memset(off, 'A', PROOF_KEY_TEXT);
	assert_false(proof_key_is_good(off));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_fresh_proof_by_the_key),
		cmocka_unit_test(refuses_other_algorithms_than_es256),
		cmocka_unit_test(refuses_the_public_key_as_a_shared_secret),
		cmocka_unit_test(refuses_another_key),
		cmocka_unit_test(refuses_a_changed_letter_anywhere),
		cmocka_unit_test(refuses_what_is_for_another_tablet_or_purpose),
		cmocka_unit_test(refuses_a_proof_that_lasts_or_has_no_end),
		cmocka_unit_test(refuses_a_proof_without_id_or_times),
		cmocka_unit_test(tells_a_wrong_clock_from_a_wrong_key),
		cmocka_unit_test(refuses_what_has_not_the_form),
		cmocka_unit_test(refuses_a_key_that_is_no_point_of_the_curve),
	};

	return cmocka_run_group_tests(tests, make_key, NULL);
}
