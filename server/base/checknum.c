#include "checknum.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define KID_MIN 4
#define KID_MAX 25

/* True if the text is exactly `n` ASCII digits. */
static bool is_digits(const char *text, size_t n)
{
	return strspn(text, "0123456789") == n && text[n] == '\0';
}

static int weighted_sum(const char *digits, const int *weights, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (digits[i] - '0') * weights[i];
	return sum;
}

/* MOD11 with fixed weights, as accounts and organisation numbers have it: 0-9, or 10 for none. */
static int mod11_check(const char *digits, const int *weights, size_t n)
{
	return (11 - weighted_sum(digits, weights, n) % 11) % 11;
}

/* Copies the text without blanks and dots; NULs fill the rest. False if it does not fit in `size`.
 */
static bool squeeze(const char *text, char *out, size_t size)
{
	size_t n = 0;

	memset(out, 0, size);
	for (; *text; text++) {
		if (*text == ' ' || *text == '.')
			continue;
		if (n + 1 >= size)
			return false;
		out[n++] = *text;
	}
	return true;
}

/* ── national identity numbers ────────────────────────────────────────── */

static const int fnr_k1_weights[] = { 3, 7, 6, 1, 8, 9, 4, 5, 2 };
static const int fnr_k2_weights[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };

static int two_digits(const char *at)
{
	return (at[0] - '0') * 10 + (at[1] - '0');
}

static int days_in_month(int month, int year2)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && year2 % 4 == 0 ? 1 : 0);
}

/* Takes the additions off day and month. False if what remains is no date. */
static bool fnr_read_date(const char *text, struct fnr *out)
{
	out->day = two_digits(text);
	out->month = two_digits(text + 2);
	out->year2 = two_digits(text + 4);
	if (out->day > 40) {
		out->day -= 40;
		out->is_d_number = true;
	}
	if (out->month > 80) {
		out->month -= 80;
		out->is_synthetic = true;
	} else if (out->month > 65) {
		out->month -= 65;
		out->is_synthetic = true;
	} else if (out->month > 40) {
		out->month -= 40;
		out->is_h_number = true;
	}
	return out->month >= 1 && out->month <= 12 && out->day >= 1 &&
	       out->day <= days_in_month(out->month, out->year2);
}

bool fnr_parse(const char *text, struct fnr *out)
{
	struct fnr f = { 0 };
	int k1_rest;

	if (!is_digits(text, 11) || !fnr_read_date(text, &f))
		return false;
	/* With the check digit's own weight of 1 the old rule leaves 0; the rule of 2032 leaves
	 * 0-3. */
	k1_rest = (weighted_sum(text, fnr_k1_weights, 9) + text[9] - '0') % 11;
	if (k1_rest > 3)
		return false;
	if ((weighted_sum(text, fnr_k2_weights, 10) + text[10] - '0') % 11 != 0)
		return false;
	f.is_rule_2032 = k1_rest != 0;
	f.individual = (text[6] - '0') * 100 + two_digits(text + 7);
	*out = f;
	return true;
}

bool fnr_is_valid(const char *text)
{
	struct fnr f;

	return fnr_parse(text, &f);
}

bool fnr_make_synthetic(int day, int month, int year2, int individual, char out[12])
{
	unsigned parts[] = { (unsigned)day % 100, (unsigned)(month + 80) % 100,
			     (unsigned)year2 % 100, (unsigned)individual % 1000 };
	char digits[12] = "";
	int k1, k2;

	snprintf(digits, sizeof(digits), "%02u%02u%02u%03u", parts[0], parts[1], parts[2],
		 parts[3]);
	k1 = mod11_check(digits, fnr_k1_weights, 9);
	if (k1 == 10)
		return false;
	digits[9] = (char)('0' + k1);
	k2 = mod11_check(digits, fnr_k2_weights, 10);
	if (k2 == 10)
		return false;
	digits[10] = (char)('0' + k2);
	if (!fnr_is_valid(digits))
		return false;
	memcpy(out, digits, sizeof(digits));
	return true;
}

/* ── organisations and accounts ───────────────────────────────────────── */

char orgnr_check_digit(const char *eight)
{
	static const int weights[] = { 3, 2, 7, 6, 5, 4, 3, 2 };
	int check;

	if (strspn(eight, "0123456789") < 8)
		return 0;
	check = mod11_check(eight, weights, 8);
	return check == 10 ? 0 : (char)('0' + check);
}

bool orgnr_is_valid(const char *text)
{
	return is_digits(text, 9) && orgnr_check_digit(text) == text[8];
}

bool vat_no_is_valid(const char *text)
{
	char orgnr[10] = "";

	if (strlen(text) != 14 || strncmp(text, "NO", 2) != 0 || strcmp(text + 11, "MVA") != 0)
		return false;
	memcpy(orgnr, text + 2, 9);
	return orgnr_is_valid(orgnr);
}

bool account_is_valid(const char *text)
{
	static const int weights[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	char digits[12];

	if (!squeeze(text, digits, sizeof(digits)) || !is_digits(digits, 11))
		return false;
	return mod11_check(digits, weights, 10) == digits[10] - '0';
}

bool iban_no_is_valid(const char *text)
{
	char iban[16], moved[18];
	int rest = 0;

	if (!squeeze(text, iban, sizeof(iban)) || strncmp(iban, "NO", 2) != 0 ||
	    !is_digits(iban + 2, 13) || !account_is_valid(iban + 4))
		return false;
	/* The country and check digits move to the end; N is 23 and O is 24. */
	snprintf(moved, sizeof(moved), "%.11s2324%.2s", iban + 4, iban + 2);
	for (const char *p = moved; *p; p++)
		rest = (rest * 10 + (*p - '0')) % 97;
	return rest == 1;
}

/* ── payment references ───────────────────────────────────────────────── */

static char kid_mod10(const char *digits, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int product = (digits[n - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);

		sum += product / 10 + product % 10;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

static char kid_mod11(const char *digits, size_t n)
{
	int sum = 0, rest;

	for (size_t i = 0; i < n; i++)
		sum += (digits[n - 1 - i] - '0') * (int)(2 + i % 6);
	rest = sum % 11;
	if (rest == 1)
		return '-';
	return (char)('0' + (11 - rest) % 11);
}

char kid_check_digit(const char *digits, enum kid_rule rule)
{
	size_t n = strlen(digits);

	if (n == 0 || !is_digits(digits, n))
		return 0;
	return rule == KID_MOD10 ? kid_mod10(digits, n) : kid_mod11(digits, n);
}

bool kid_is_valid(const char *text, enum kid_rule rule)
{
	size_t n = strlen(text);
	char digits[KID_MAX] = "";

	if (n < KID_MIN || n > KID_MAX)
		return false;
	memcpy(digits, text, n - 1);
	return kid_check_digit(digits, rule) == text[n - 1];
}
