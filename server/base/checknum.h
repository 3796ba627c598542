/*
 * Numbers that carry their own check digits: national identity numbers
 * (fødselsnummer), organisation numbers, bank accounts and payment references (KID).
 * Pure functions over NUL-terminated text: no memory is allocated, nothing is kept.
 */
#pragma once

#include <stdbool.h>

/* What a national identity number says of itself. */
struct fnr {
	int day;           /* 1-31, the D-number's +40 taken off */
	int month;         /* 1-12, every addition taken off */
	int year2;         /* the last two digits of the year of birth */
	int individual;    /* digits 7-9 */
	bool is_d_number;  /* day + 40: a person without residence */
	bool is_h_number;  /* month + 40: emergency number, or made by an older test tool */
	bool is_synthetic; /* month + 80 (Tenor, Test-Norge) or + 65: nobody's number */
	bool is_rule_2032; /* only the check rule of 1 January 2032 accepts it */
};

/*
 * Reads an 11-digit national identity number. Returns false, with `out` untouched, when a digit,
 * the date or a check digit is wrong. Accepts both the present rule and the one for numbers issued
 * from 2032, under which century and gender can no longer be read from the number; 29 February
 * is therefore accepted in every year whose two digits can be a leap year's.
 * Source: Skatteetaten, «Nytt fødselsnummer 2032»; vectors of navikt/fnrvalidator.
 */
bool fnr_parse(const char *text, struct fnr *out);

/* True if fnr_parse() would accept the text. */
bool fnr_is_valid(const char *text);

/*
 * Makes a synthetic number (month + 80) by the rule before 2032 and writes it, 12 bytes with its
 * NUL, to `out`. Returns false when these digits have no check digits (one in six): try the next
 * `individual`. day 1-31, month 1-12, year2 0-99, individual 0-999.
 */
bool fnr_make_synthetic(int day, int month, int year2, int individual, char out[12]);

/* True for nine digits with a right MOD11 check digit (organisasjonsnummer, Brønnøysundregistrene).
 */
bool orgnr_is_valid(const char *text);

/* The check digit ('0'-'9') of an organisation number's first eight digits; 0 if there is none. */
char orgnr_check_digit(const char *eight);

/* True for a Norwegian VAT number: «NO», an organisation number, «MVA». */
bool vat_no_is_valid(const char *text);

/* True for an 11-digit account, plain or written as people do: «8601.11.17947», «8601 11 17947». */
bool account_is_valid(const char *text);

/* True for a Norwegian IBAN (NO, ISO 7064 MOD 97-10 and the account's own check), spaces allowed.
 */
bool iban_no_is_valid(const char *text);

/* Which check digit an agreement's payment references have (Nets, OCR giro, chapter 5). */
enum kid_rule { KID_MOD10, KID_MOD11 };

/*
 * The check digit for a reference without one (digits only): '0'-'9', or '-' for MOD11's
 * remainder 1. Returns 0 when the text is empty or not digits.
 */
char kid_check_digit(const char *digits, enum kid_rule rule);

/*
 * True for 4-25 characters whose last is the right check digit. The rule belongs to the agreement:
 * a reference that fails here is reported, and never a reason to refuse the whole file.
 */
bool kid_is_valid(const char *text, enum kid_rule rule);
