/* What a tablet may do, each operation declared once: its fields with their types and limits, and
 * who wins when two values meet (docs/sync-protocol.md, «Push»). This table validates and merges
 * mutations, and is served to programs. Pure: no I/O. */
#pragma once

#include <stddef.h>

#include "http/http.h"

enum op_kind { OP_UPDATE, OP_INSERT };

/* Who wins when the office has changed a field that the tablet changed too. */
enum policy {
	POLICY_NONE,      /* a fact: it is inserted, and meets nothing */
	POLICY_OFFICE,    /* the office's value stays */
	POLICY_TABLET,    /* the tablet's value stands: it was written by who stood there */
	POLICY_KEEP_BOTH, /* both texts, one after the other */
	POLICY_STATE,     /* by the table of a task's states */
	POLICY_ONCE,      /* the first value stays */
	POLICY_MAX,       /* the larger, or later, value stands */
	POLICY_MIN,       /* the smaller, or earlier */
	POLICY_ADD,       /* the tablet sends by how much, and all of them count */
};

/* How grave it is that two values met. */
enum severity {
	SEVERITY_SOFT, /* the policy has settled it */
	SEVERITY_HARD, /* somebody's words do not stand: open until a person has looked */
};

struct op_field {
	const char *name;
	enum input_kind kind;
	unsigned flags;    /* REQUIRED */
	long max, min;     /* characters of a text, bytes of JSON, or a number's bounds */
	const char *words; /* «open|done»: the only values */
	enum policy policy;
	enum severity severity; /* of a conflict in which a value is lost */
};

struct op {
	const char *name; /* with its version: «task.close@1» */
	enum op_kind kind;
	const char *table;
	const struct op_field *fields; /* which a mutation may set; ended by { 0 } */
	int number;                    /* the table's number in the feed; 0: it is not there */
	int query;                     /* the statement that inserts, or writes what was merged */
	int now;                       /* of an update: the one that reads and locks the row */
	int review;                    /* of a fact: the one that looks whether another denies it */
};

/* Every operation: number 0 and up, NULL after the last. */
const struct op *op_at(size_t number);

/* NULL when there is none. */
const struct op *op_find(const char *name);

const struct op_field *op_field(const struct op *op, const char *name);

/* The words of the wire: «office_wins», «hard», «text». */
const char *policy_name(enum policy p);
const char *severity_name(enum severity s);
const char *kind_name(enum input_kind k);
