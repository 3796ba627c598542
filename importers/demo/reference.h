/* What the demo needs to know of the database's reference data: read from it, or made by a test. */
#pragma once

#include "base/uuid.h"

#define REFERENCE_CODE_MAX  48
#define REFERENCE_ITEMS_MAX 16

struct reference_item {
	char id[UUID_TEXT];
	char kind;        /* first letter: c(heck) n(umber) t(ext) g(rade) p(hoto) */
	double low, high; /* a number's limits */
};

struct reference_checklist {
	char code[REFERENCE_CODE_MAX], id[UUID_TEXT];
	struct reference_item items[REFERENCE_ITEMS_MAX];
	int item_count;
};

struct reference_category {
	char code[REFERENCE_CODE_MAX];
	int priority;  /* 1 is acute */
	int sla_hours; /* working hours to the deadline; 0: none */
};

struct reference {
	struct reference_checklist *checklists;
	struct reference_category *categories;
	int checklist_count, category_count;
};

/* By code; -1 when there is none. */
int reference_checklist(const struct reference *r, const char *code);
int reference_category(const struct reference *r, const char *code);

/* The first code that cases or tasks of the demo use and the reference data lacks; NULL when all
 * are there. */
const char *reference_missing(const struct reference *r);
