/* Labels to print: a QR code that opens what it hangs on, with words for people beside it. */
#pragma once

#include "auth/app.h"

struct label {
	const char *address; /* what the code holds */
	const char *name;    /* of the place or the component */
	const char *mark;    /* TFM tag, NULL: none */
	const char *where;   /* the place, NULL: the name says it */
	const char *code;    /* the eight characters, to type when the code is scratched */
};

/* Appends the label as SVG, 90 by 38 mm. ERR_TOO_LARGE when the address does not fit in a code. */
enum err label_svg(const struct label *l, struct buf *to);

extern const struct route label_routes[];
