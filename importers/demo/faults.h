/*
 * What people report and what caretakers go round for: the texts of the demo's cases and tasks.
 * Categories and checklists are codes of the schema's reference data.
 */
#pragma once

#include "kinds.h"

/* Where a fault can be; bits. */
enum fault_where { FAULT_DWELLING = 1, FAULT_COMMON = 2, FAULT_WORK = 4, FAULT_OUTDOOR = 8 };

struct fault {
	const char *category;
	int where;
	int weight;
	const char *title, *text;
	const char *note; /* what the caretaker wrote when it was done */
};

int fault_count(void);
const struct fault *fault_at(int i);

struct round {
	const char *checklist;
	const char *element; /* the part it is made for */
	const char *category;
	const char *title;
	int weight;
};

int round_count(void);
const struct round *round_at(int i);
