/*
 * The text forms of the cadastre's identifiers: the property's number (matrikkelnummer) and the
 * dwelling's (bruksenhetsnummer). Pure functions; no memory is allocated. What people write is read
 * by cadastral_form() in SQL, see docs/decisions/0014-one-reading-of-addresses-and-numbers.md.
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
