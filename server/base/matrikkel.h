/*
 * The text forms of the cadastre's identifiers: the property's number (matrikkelnummer) and the
 * dwelling's (bruksenhetsnummer). Pure functions; no memory is allocated.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define MATRIKKEL_TEXT_MAX 32 /* "1505-99999/99999/99999/99999" and its NUL */

/* A property's number; fnr (feste) and snr (seksjon) are 0 where there is none. */
struct matrikkel {
	char municipality_no[5]; /* four digits, a leading zero kept */
	int gnr, bnr, fnr, snr;
};

/* The municipality that a number without one belongs to. */
struct matrikkel_home {
	const char *municipality_no; /* four digits */
	const char *name; /* as written before a number: «Kristiansund 32/16»; may be NULL */
};

/*
 * Reads «1505-10/25», «1505-10/25/0/0», «1505-10-25-0-0», and, when `home` is given, «10/25»,
 * «10 / 25» and «Kristiansund 10/25». Blanks round numbers are allowed, and a municipality number
 * that a spreadsheet has taken the leading zero from. Returns false, with `out` untouched, for
 * anything else: five numbers parted by «/» only, another municipality's name, zero or a number
 * over 99999. Source: SIF's form kommunenr-gnr/bnr[/fnr[/snr]] and Ambita's with dashes.
 */
bool matrikkel_parse(const char *text, const struct matrikkel_home *home, struct matrikkel *out);

/* Writes «1505-10/25», with «/fnr» and «/snr» only where they are set. */
void matrikkel_format(const struct matrikkel *m, char out[MATRIKKEL_TEXT_MAX]);

/* Writes all five numbers: «1505-10/25/0/0». */
void matrikkel_format_full(const struct matrikkel *m, char out[MATRIKKEL_TEXT_MAX]);

/* What a dwelling's number says: «H0204» is the fourth dwelling from the left on the second main
 * storey. */
struct hnumber {
	char plane; /* K cellar (kjeller), U basement (underetasje), H main (hovedetasje), L loft */
	int storey; /* 1-99 */
	int sequence; /* 1-99, from the left, seen from the entrance */
};

/* Reads ^[KUHL][0-9]{4}$ whose two numbers are not zero. Returns false, with `out` untouched, if
 * not so. */
bool hnumber_parse(const char *text, struct hnumber *out);

/* Writes the five characters and a NUL. The plane and numbers must be such as hnumber_parse()
 * gives. */
void hnumber_format(const struct hnumber *h, char out[6]);
