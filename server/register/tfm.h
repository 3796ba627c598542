/* Marks of components after TFM, Statsbygg's cross-disciplinary marking (tverrfaglig merkesystem),
 * and its relatives. Never refused: a mark that is out of form gets a hint, since the plate on the
 * machine says what it says. Pure functions over text that is not owned. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

enum tfm_variant {
	TFM_NONE, /* nothing that reads as a mark */
	TFM_1,    /* +A=360.001-SR001 */
	TFM_2,    /* +A=360.001:01-SR001T/001 */
	TFM_NS,   /* NS 3457-7: ++B106=3600.014:SQZ0023%SQZ.008:03 */
	TFM_ITB,  /* +002=543.OU001-RK001T: the system's unit has letters */
	TFM_NMBU, /* +AAA.EE=360.001-SR001: the location is building and storey */
};

struct tfm {
	enum tfm_variant variant;
	struct str location, system, component, type; /* without their marks; length 0: absent */
	const char *hint; /* what is out of form, a key of the pages' texts; NULL: nothing */
};

/* Takes a mark apart. */
struct tfm tfm_parse(const char *text);

/* What the variant is called in the API: "tfm", "tfm2", "ns", "itb", "nmbu", "none". */
const char *tfm_variant_name(enum tfm_variant variant);

/* False when the mark's system is of another part of the building (NS 3451, two digits) than the
 * element. True when either says nothing. */
bool tfm_fits_element(const struct tfm *t, const char *element);
