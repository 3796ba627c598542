/* A mutation against the declaration of its operation, before the database hears of it. Pure. */
#pragma once

#include "fieldapi/ops.h"

struct json_t;

/* Why a mutation can never be applied, as a word for programs; `field` is the field at fault, NULL
 * when it is the whole. All zero: nothing is wrong with it. */
struct op_fault {
	const char *reason, *field;
};

struct op_fault op_check(const struct op *op, const struct json_t *given);

/* A JSON scalar as PostgreSQL writes it as text; NULL for null. An object or array is its JSON
 * text. Owned by `a`. */
const char *op_text(struct arena *a, const struct json_t *given);
