/*
 * Names for the demo municipality: streets of the kind Norwegian towns have, and people whose given
 * names and surnames are common but drawn independently, so that nobody in particular is meant.
 */
#pragma once

#include <stddef.h>

#include "prng.h"

#define NAME_MAX_BYTES 64 /* the longest name and its NUL, in bytes */

/* How many different street names there are. */
int name_street_count(void);

/* Street name `i`, 0 .. name_street_count() - 1, written to `out`. No two are alike. */
void name_street(int i, char out[NAME_MAX_BYTES]);

/* A person's name, «Kari Holm», with now and then a middle name. */
void name_person(struct prng *p, char out[NAME_MAX_BYTES]);

/* How many suppliers there are names for. */
int name_supplier_count(void);

/* Supplier `i`'s name; `trade` gets what it does, as a category of work in plain words. */
const char *name_supplier(int i, const char **trade);

/* Makes «Kåre Østby» to «kare.ostby»: small ASCII letters and dots, for an e-mail address. */
void name_to_ascii(const char *name, char *out, size_t size);
