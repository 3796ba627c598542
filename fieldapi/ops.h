/* The operations of a tablet and how they meet what the office did meanwhile
 * (docs/sync-protocol.md, sections 3.4 and 3.5). Pure: no I/O. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

struct json_t;

enum op_kind { OP_UPDATE, OP_INSERT };

/* Who wins when the office has changed a field that the tablet changed too. */
enum policy {
	POLICY_OFFICE,    /* the office's value stays; the conflict is open */
	POLICY_KEEP_BOTH, /* both texts, one after the other */
	POLICY_STATE,     /* by the table of a task's states */
	POLICY_ONCE,      /* the first value stays */
};

struct op_field {
	const char *name;
	enum policy policy;
};

struct op {
	const char *name; /* with its version: «task.close@1» */
	enum op_kind kind;
	const char *table;
	const struct op_field *fields; /* which a mutation may set; ended by { 0 } */
	int query;                     /* the statement that inserts */
};

/* NULL when there is none. */
const struct op *op_find(const char *name);

const struct op_field *op_field(const struct op *op, const char *name);

const char *policy_name(enum policy p);

struct merged {
	const char *value;  /* what the field becomes; NULL is null */
	bool is_changed;    /* it must be written */
	bool is_conflict;   /* two different values met */
	bool is_open;       /* a person must look at the conflict */
	const char *chosen; /* mine, theirs, both */
};

/* One field: `current` in the database, `base` that the tablet saw, `mine` that it set (texts; NULL
 * is null). `author` and `at` sign a kept text. Results are owned by `a`. */
struct merged merge_field(struct arena *a, enum policy policy, const char *current,
			  const char *base, const char *mine, const char *author, const char *at);
