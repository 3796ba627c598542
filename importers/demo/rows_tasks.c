/* Writes tasks, the answers to their checklists, the supplier's link, and documents. */
#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "events.h"
#include "faults.h"
#include "ids.h"

#define YEARS      400 /* from 1900 */
#define LINK_TOKEN "demo"
#define LINK_DAYS  365
#define ANSWERED_DAYS                                                                              \
	90 /* at city scale; answers to all of a million tasks would be as much as all the rest */
#define DOCUMENTS_MAX 8 /* of a building */

static const char *const states[] = { "open", "in_progress", "waiting", "done", "cancelled" };

/* Columns of Q_DEMO_COPY_TASK. */
static void task_row(const struct events *ev, struct copy *c, int i, int *numbers)
{
	const struct demo_task *t = &ev->tasks[i];
	int year = day_year((int)(t->created / 86400));
	bool is_done = t->state == TASK_DONE;
	char title[LABEL_MAX];

	col_key(c, ev->world->seed, DEMO_TASK, i);
	col_printf(c, "%d-%06d", year, ++numbers[year - 1900]);
	col_key(c, ev->world->seed, DEMO_CASE, t->case_row);
	col_key(c, ev->world->seed, DEMO_PLACE, t->place);
	col_key(c, ev->world->seed, DEMO_COMPONENT, t->component);
	task_title(ev, t, title, sizeof(title));
	col_text(c, title);
	col_text(c, t->case_row < 0 ? "" : fault_at(ev->cases[t->case_row].fault)->text);
	col_text(c, task_category(ev, t));
	col_text(c, states[t->state]);
	col_int(c, t->priority);
	if (t->planned_on)
		col_date(c, t->planned_on);
	else
		col_null(c);
	col_time(c, t->deadline);
	col_key(c, ev->world->seed, DEMO_PERSON, t->assignee);
	col_text(c, t->checklist < 0 ? NULL : ev->reference->checklists[t->checklist].id);
	col_time(c, t->done);
	col_key(c, ev->world->seed, DEMO_PERSON, is_done ? t->assignee : -1);
	col_text(c, !is_done           ? NULL
		    : t->case_row >= 0 ? fault_at(ev->cases[t->case_row].fault)->note
		    : t->round >= 0    ? "Utført. Avvik er meldt."
				       : "Utført.");
	col_time(c, is_done ? t->done : 0);
	col_time(c, t->created);
	row_end(c);
}

/* What was answered: a check is right or wrong and has no value, a number or a grade is a value
 * only. */
struct answer {
	const char *value; /* NULL for a check */
	bool is_check, is_ok;
};

/* False when this item (a text, a photo) was left out. */
static bool answer_to(const struct reference_item *item, struct prng *p, struct answer *out,
		      char *text, size_t size)
{
	*out = (struct answer){ .value = text };
	switch (item->kind) {
	case 'c':
		*out = (struct answer){ .is_check = true, .is_ok = !prng_chance(p, 4) };
		return true;
	case 'n':
		snprintf(text, size, "%.0f", prng_real(p, item->low, item->high));
		return true;
	case 'g':
		snprintf(text, size, "TG%d", prng_weighted(p, (const int[]){ 30, 50, 17, 3 }, 4));
		return true;
	default:
		return false;
	}
}

/* Columns of Q_DEMO_COPY_ANSWER. */
static void answer_rows(const struct events *ev, struct copy *c, int i)
{
	const struct demo_task *t = &ev->tasks[i];
	const struct reference_checklist *list;
	struct prng p = prng_of(ev->world->seed, 'a', (uint64_t)i);
	char text[32];

	if (t->state != TASK_DONE || t->checklist < 0)
		return;
	if (ev->world->scale == SCALE_CITY && ev->now - t->done > (int64_t)ANSWERED_DAYS * 86400)
		return;
	list = &ev->reference->checklists[t->checklist];
	for (int n = 0; n < list->item_count; n++) {
		struct answer answer;

		if (!answer_to(&list->items[n], &p, &answer, text, sizeof(text)))
			continue;
		col_key(c, ev->world->seed, DEMO_ANSWER, (int64_t)i * REFERENCE_ITEMS_MAX + n);
		col_key(c, ev->world->seed, DEMO_TASK, i);
		col_text(c, list->items[n].id);
		col_text(c, answer.value);
		if (answer.is_check)
			col_bool(c, answer.is_ok);
		else
			col_null(c);
		col_text(c, answer.is_check && !answer.is_ok ? "Avvik. Egen sak er meldt." : NULL);
		col_key(c, ev->world->seed, DEMO_PERSON, t->assignee);
		col_time(c, t->done);
		col_time(c, t->done - 60 * (list->item_count - n));
		row_end(c);
	}
}

/* Columns of Q_DEMO_COPY_SUPPLIER_LINK: one link, whose token the demo's start page shows. */
static void link_row(const struct events *ev, struct copy *c)
{
	char hash[SHA256_TEXT];

	sha256_of(LINK_TOKEN, strlen(LINK_TOKEN), hash);
	col_key(c, ev->world->seed, DEMO_LINK, 0);
	col_printf(c, "\\x%s", hash);
	col_key(c, ev->world->seed, DEMO_TASK, ev->supplier_task);
	col_key(c, ev->world->seed, DEMO_PERSON, PERSON_SUPPLIER);
	col_time(c, ev->now + (int64_t)LINK_DAYS * 86400);
	row_end(c);
}

enum err tasks_write(const struct events *ev, struct sink *sink, uint64_t *rows)
{
	int numbers[YEARS] = { 0 };
	struct copy c;
	enum err e;

	copy_begin(&c, sink, Q_DEMO_COPY_TASK);
	for (int i = 0; i < ev->task_count; i++)
		task_row(ev, &c, i, numbers);
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_ANSWER);
	for (int i = 0; i < ev->task_count; i++)
		answer_rows(ev, &c, i);
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_SUPPLIER_LINK);
	link_row(ev, &c);
	return copy_end(&c, rows);
}

/* ── documents: what the archive has on each building ─────────────────────── */

/* Categories and disciplines are the archive's lists (domain facts 1.2). */
static const struct {
	const char *title, *category, *discipline, *element, *extension, *mime;
	int groups;
} documents[DOCUMENTS_MAX] = {
	{ "Plantegninger", "Tegning plan", "Arkitekt", "2", "pdf", "application/pdf", KIND_ANY },
	{ "Fasadetegninger", "Tegning fasade", "Arkitekt", "23", "pdf", "application/pdf",
	  KIND_ANY },
	{ "FDV-dokumentasjon elektro", "Teknisk informasjon", "Elkraft", "43", "pdf",
	  "application/pdf", KIND_ANY },
	{ "FDV-dokumentasjon VVS", "Teknisk informasjon", "VVS", "31", "pdf", "application/pdf",
	  KIND_ANY },
	{ "Branntegninger og rømningsplan", "Tegning", "Brannvern", "54", "pdf", "application/pdf",
	  KIND_BLOCK | KIND_PUBLIC | KIND_HALL },
	{ "Innregulering av ventilasjon", "Rapport", "Ventilasjon", "36", "pdf", "application/pdf",
	  KIND_PUBLIC | KIND_HALL },
	{ "Driftsinstruks automatikk", "Bruksanvisninger", "Automasjon", "56", "pdf",
	  "application/pdf", KIND_PUBLIC | KIND_HALL },
	{ "Låseplan", "Låseplaner", "Lås Beslag og Smed", "23", "xlsx",
	  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", KIND_PUBLIC },
};

/* Columns of Q_DEMO_COPY_DOCUMENT. */
static void document_row(const struct events *ev, struct copy *c, int building, int n)
{
	const struct building *b = &ev->world->buildings[building];
	int64_t row = (int64_t)building * DOCUMENTS_MAX + n;
	struct prng p = prng_of(ev->world->seed, 'x', (uint64_t)row);
	int built = day_of(b->built_year < 1985 ? 1985 : b->built_year, 1, 1);
	int day =
		built + prng_below(&p, ev->world->today - built > 0 ? ev->world->today - built : 1);

	col_key(c, ev->world->seed, DEMO_DOCUMENT, row);
	col_printf(c, "BraArkiv/FDV/%07lld", (long long)row);
	col_text(c, documents[n].title);
	col_printf(c, "%07lld.%s", (long long)row, documents[n].extension);
	col_text(c, documents[n].mime);
	col_int(c, prng_range(&p, 60, 9000) * 1024);
	col_key(c, ev->world->seed, DEMO_PLACE, place_of_building(ev->world, building));
	col_printf(c, "{\"%s\"}", documents[n].category);
	col_printf(c, "{\"%s\"}", documents[n].discipline);
	col_text(c, documents[n].element);
	col_text(c, "demo");
	col_printf(c, "%lld", (long long)row);
	col_date(c, day);
	col_text(c, "document");
	col_time(c, ev->now - (int64_t)prng_below(&p, 365) * 86400);
	row_end(c);
}

enum err documents_write(const struct events *ev, struct sink *sink, uint64_t *rows)
{
	struct copy c;

	copy_begin(&c, sink, Q_DEMO_COPY_DOCUMENT);
	for (int i = 0; i < ev->world->building_count; i++)
		for (int n = 0; n < DOCUMENTS_MAX; n++) {
			struct prng p = prng_of(ev->world->seed, 'y',
						(uint64_t)i * DOCUMENTS_MAX + (uint64_t)n);

			if ((documents[n].groups & (int)ev->world->buildings[i].kind->group) &&
			    prng_chance(&p, 80))
				document_row(ev, &c, i, n);
		}
	return copy_end(&c, rows);
}
