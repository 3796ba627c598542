#include "reference.h"

#include <stddef.h>
#include <string.h>

#include "faults.h"

int reference_checklist(const struct reference *r, const char *code)
{
	for (int i = 0; i < r->checklist_count; i++)
		if (strcmp(r->checklists[i].code, code) == 0)
			return i;
	return -1;
}

int reference_category(const struct reference *r, const char *code)
{
	for (int i = 0; i < r->category_count; i++)
		if (strcmp(r->categories[i].code, code) == 0)
			return i;
	return -1;
}

const char *reference_missing(const struct reference *r)
{
	for (int i = 0; i < fault_count(); i++)
		if (reference_category(r, fault_at(i)->category) < 0)
			return fault_at(i)->category;
	for (int i = 0; i < round_count(); i++) {
		if (reference_category(r, round_at(i)->category) < 0)
			return round_at(i)->category;
		if (reference_checklist(r, round_at(i)->checklist) < 0)
			return round_at(i)->checklist;
	}
	return reference_checklist(r, "fault_visit") < 0 ? "fault_visit" : NULL;
}
