/* Checked numbers: a wrong digit here is a payment booked on the wrong tenant, or the wrong person.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/base/checknum.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void accepts_every_kind_of_national_identity_number(void **state)
{
	static const char *const valid[] = {
		"13097248022", "29029648784", "29020075838", "15021951940", "53097248016",
		"13527248013", "10915596784", "68467038838", "50846202355", "20914695016",
		"02013299997", "30108299920", "30108299939", "70108299914",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(valid); i++)
		if (!fnr_is_valid(valid[i]))
			fail_msg("refused %s", valid[i]);
}

static void refuses_a_national_identity_number_with_a_wrong_digit_or_date(void **state)
{
	static const char *const invalid[] = {
		"13097248032", "13097248023", "02013299987",
		"02013299996", "29020112345", "",
		"1309724802",  "1309724802a", "130972480222",
		"00000000000", "31047248022", " 3097248022",
		"13137248022", "-3097248022", "13097248022 ",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(invalid); i++)
		if (fnr_is_valid(invalid[i]))
			fail_msg("accepted %s", invalid[i]);
}

static void tells_d_h_and_synthetic_numbers_apart(void **state)
{
	struct fnr f;

	(void)state;
	assert_true(fnr_parse("13097248022", &f));
	assert_false(f.is_d_number || f.is_h_number || f.is_synthetic || f.is_rule_2032);
	assert_int_equal(f.day, 13);
	assert_int_equal(f.month, 9);
	assert_int_equal(f.year2, 72);
	assert_int_equal(f.individual, 480);
	assert_true(fnr_parse("53097248016", &f));
	assert_true(f.is_d_number && !f.is_synthetic);
	assert_int_equal(f.day, 13);
	assert_true(fnr_parse("13527248013", &f));
	assert_true(f.is_h_number && !f.is_d_number);
	assert_int_equal(f.month, 12);
	assert_true(fnr_parse("10915596784", &f));
	assert_true(f.is_synthetic);
	assert_int_equal(f.month, 11);
	assert_true(fnr_parse("68467038838", &f));
	assert_true(f.is_d_number && f.is_h_number);
	assert_true(fnr_parse("50846202355", &f));
	assert_true(f.is_d_number && f.is_synthetic);
}

static void knows_which_numbers_need_the_rule_of_2032(void **state)
{
	struct fnr f;

	(void)state;
	assert_true(fnr_parse("30108299939", &f));
	assert_true(f.is_rule_2032);
	assert_true(fnr_parse("30108299920", &f));
	assert_false(f.is_rule_2032);
}

static void makes_only_valid_synthetic_numbers(void **state)
{
	char text[12];
	struct fnr f;
	int made = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		if (!fnr_make_synthetic(1 + i % 28, 1 + i % 12, i % 100, i, text))
			continue;
		made++;
		assert_true(fnr_parse(text, &f));
		assert_true(f.is_synthetic && !f.is_rule_2032);
		assert_int_equal(f.month, 1 + i % 12);
		assert_int_equal(f.individual, i);
	}
	assert_true(made > 750);
	assert_false(fnr_make_synthetic(30, 2, 80, 1, text));
}

static void checks_organisation_numbers(void **state)
{
	(void)state;
	assert_true(orgnr_is_valid("988077917"));
	assert_true(orgnr_is_valid("991825827"));
	assert_true(orgnr_is_valid("995525828"));
	assert_true(orgnr_is_valid("974760673"));
	assert_true(orgnr_is_valid("991891919"));
	assert_false(orgnr_is_valid("988077918"));
	assert_false(orgnr_is_valid("987654321"));
	assert_false(orgnr_is_valid("98807791"));
	assert_false(orgnr_is_valid("9880779170"));
	assert_false(orgnr_is_valid("98807791x"));
	assert_int_equal(orgnr_check_digit("98807791"), '7');
	assert_int_equal(orgnr_check_digit("9880779"), 0);
	assert_true(vat_no_is_valid("NO995525828MVA"));
	assert_false(vat_no_is_valid("NO995525829MVA"));
	assert_false(vat_no_is_valid("995525828MVA"));
	assert_false(vat_no_is_valid("NO995525828mva"));
}

static void checks_bank_accounts_as_people_write_them(void **state)
{
	(void)state;
	assert_true(account_is_valid("86011117947"));
	assert_true(account_is_valid("8601 11 17947"));
	assert_true(account_is_valid("9999.10.42764"));
	assert_true(account_is_valid("15062995960"));
	assert_true(account_is_valid("12345678903"));
	assert_false(account_is_valid("8601 11 17949"));
	assert_false(account_is_valid("99998877777"));
	assert_false(account_is_valid("8601111794"));
	assert_false(account_is_valid("860111179470"));
	assert_false(account_is_valid(""));
	assert_true(iban_no_is_valid("NO93 8601 1117 947"));
	assert_false(iban_no_is_valid("NO92 8601 1117 947"));
	assert_false(iban_no_is_valid("NO93 8601 1117 946"));
	assert_false(iban_no_is_valid("SE93 8601 1117 947"));
	assert_false(iban_no_is_valid("NO"));
}

static void makes_kid_check_digits_by_mod10(void **state)
{
	(void)state;
	assert_int_equal(kid_check_digit("12345678", KID_MOD10), '2');
	assert_int_equal(kid_check_digit("60224", KID_MOD10), '3');
	assert_int_equal(kid_check_digit("123456", KID_MOD10), '6');
	assert_int_equal(kid_check_digit("1000042", KID_MOD10), '0');
	assert_int_equal(kid_check_digit("00013370050164", KID_MOD10), '5');
	assert_int_equal(kid_check_digit("00800001168837", KID_MOD10), '3');
}

static void makes_kid_check_digits_by_mod11(void **state)
{
	(void)state;
	assert_int_equal(kid_check_digit("12345678", KID_MOD11), '5');
	assert_int_equal(kid_check_digit("123456", KID_MOD11), '0');
	assert_int_equal(kid_check_digit("1000042", KID_MOD11), '4');
	assert_int_equal(kid_check_digit("1", KID_MOD11), '9');
	assert_int_equal(kid_check_digit("6", KID_MOD11), '-');
	assert_int_equal(kid_check_digit("23", KID_MOD11), '-');
	assert_int_equal(kid_check_digit("37", KID_MOD11), '-');
	assert_int_equal(kid_check_digit("", KID_MOD11), 0);
	assert_int_equal(kid_check_digit("12a", KID_MOD11), 0);
}

static void accepts_the_kids_of_the_official_sample_files(void **state)
{
	static const char *const mod10[] = { "008000011688373", "000133700501645",
					     "001006300507304", "02321291038303" };
	static const char *const mod11[] = { "02212291038306" };

	(void)state;
	for (size_t i = 0; i < COUNT(mod10); i++)
		if (!kid_is_valid(mod10[i], KID_MOD10))
			fail_msg("refused %s", mod10[i]);
	for (size_t i = 0; i < COUNT(mod11); i++)
		if (!kid_is_valid(mod11[i], KID_MOD11))
			fail_msg("refused %s", mod11[i]);
	assert_false(kid_is_valid("02321291038303", KID_MOD11));
}

static void accepts_the_short_kids_of_the_official_sample_by_either_rule(void **state)
{
	static const char *const kids[] = { "0000531", "0036633", "0048763", "0063851",
					    "000149012" };

	(void)state;
	for (size_t i = 0; i < COUNT(kids); i++)
		if (!kid_is_valid(kids[i], KID_MOD10) && !kid_is_valid(kids[i], KID_MOD11))
			fail_msg("refused %s", kids[i]);
}

static void refuses_a_kid_with_a_wrong_digit_or_length(void **state)
{
	(void)state;
	assert_true(kid_is_valid("123456782", KID_MOD10));
	assert_false(kid_is_valid("123456783", KID_MOD10));
	assert_true(kid_is_valid("123456785", KID_MOD11));
	assert_false(kid_is_valid("123456782", KID_MOD11));
	assert_false(kid_is_valid("", KID_MOD10));
	assert_false(kid_is_valid("018", KID_MOD10));
	assert_false(kid_is_valid("12-45-", KID_MOD11));
	assert_false(kid_is_valid("00000000000000000000000000", KID_MOD10));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_every_kind_of_national_identity_number),
		cmocka_unit_test(refuses_a_national_identity_number_with_a_wrong_digit_or_date),
		cmocka_unit_test(tells_d_h_and_synthetic_numbers_apart),
		cmocka_unit_test(knows_which_numbers_need_the_rule_of_2032),
		cmocka_unit_test(makes_only_valid_synthetic_numbers),
		cmocka_unit_test(checks_organisation_numbers),
		cmocka_unit_test(checks_bank_accounts_as_people_write_them),
		cmocka_unit_test(makes_kid_check_digits_by_mod10),
		cmocka_unit_test(makes_kid_check_digits_by_mod11),
		cmocka_unit_test(accepts_the_kids_of_the_official_sample_files),
		cmocka_unit_test(accepts_the_short_kids_of_the_official_sample_by_either_rule),
		cmocka_unit_test(refuses_a_kid_with_a_wrong_digit_or_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
