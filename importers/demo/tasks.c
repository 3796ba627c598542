/* A year of tasks: those of cases, rounds, and maintenance of what the surveys found. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "faults.h"
#include "ids.h"
#include "parts.h"

#define DAY_S         86400
#define HOUR_S        3600
#define AHEAD_DAYS    30 /* how far ahead work is planned */
#define SPAN_DAYS     (365 + AHEAD_DAYS)
#define NOTICE_DAYS   14 /* a task is made so long before its day */
#define ROUND_PERCENT 60
#define TRIES         8
#define TODAYS_TASKS  6 /* what the demo's caretaker has to do today */

/* ── tasks of cases ───────────────────────────────────────────────────────── */

static enum task_state state_for(const struct demo_case *c, struct prng *p)
{
	switch ((enum case_state)c->state) {
	case CASE_NEW:
		return TASK_OPEN;
	case CASE_IN_PROGRESS:
		return prng_chance(p, 55) ? TASK_OPEN : TASK_IN_PROGRESS;
	case CASE_WAITING:
		return TASK_WAITING;
	case CASE_DONE:
	case CASE_CLOSED:
		return TASK_DONE;
	case CASE_CANCELLED:
		break;
	}
	return TASK_CANCELLED;
}

static int assignee_for(const struct events *ev, int area_no, struct prng *p)
{
	return prng_chance(p, 82) ? people_caretaker(ev->people, area_no, p)
				  : people_supplier(ev->people, p);
}

static void add_case_task(struct events *ev, int case_row, struct prng *p)
{
	const struct demo_case *c = &ev->cases[case_row];
	struct demo_task *t = &ev->tasks[ev->task_count++];

	*t = (struct demo_task){ .created = c->created + prng_range(p, 600, 2 * HOUR_S),
				 .deadline = c->deadline,
				 .done = c->done,
				 .case_row = case_row,
				 .component = -1,
				 .place = c->place,
				 .area_no = c->area_no,
				 .round = -1,
				 .priority = c->priority,
				 .state = (unsigned char)state_for(c, p),
				 .checklist = -1,
				 .assignee = -1 };
	if (t->created > ev->now)
		t->created = ev->now;
	if (t->done && t->done < t->created)
		t->created = c->created;
	if (prng_chance(p, 50))
		t->checklist = reference_checklist(ev->reference, "fault_visit");
	if (c->state != CASE_NEW)
		t->assignee = assignee_for(ev, c->area_no, p);
	t->planned_on = day_work((int)(t->created / DAY_S) + prng_below(p, 4));
}

static void add_case_tasks(struct events *ev, int most)
{
	/* in percent, by case_state: how often somebody has been asked to do something */
	static const int chance[] = { 15, 100, 100, 96, 96, 30 };

	for (int i = 0; i < ev->case_count && ev->task_count < most; i++) {
		struct prng p = prng_of(ev->world->seed, 'k', (uint64_t)i);

		if (prng_chance(&p, chance[ev->cases[i].state]))
			add_case_task(ev, i, &p);
	}
}

/* ── rounds and maintenance ───────────────────────────────────────────────── */

/* A component with the round's element, somewhere; -1 when a few tries find none. */
static int component_for(const struct world *w, const struct round *r, struct prng *p)
{
	for (int n = 0; n < TRIES; n++) {
		int first, count;

		if (r->element[0] == '7' && w->outdoor_count) {
			const struct outdoor *o = &w->outdoors[prng_below(p, w->outdoor_count)];

			first = o->first_component;
			count = o->components;
		} else {
			const struct building *b = &w->buildings[prng_below(p, w->building_count)];

			first = b->first_component;
			count = b->components;
		}
		for (int i = first; i < first + count; i++)
			if (strcmp(part_at(w->components[i].part)->element, r->element) == 0)
				return i;
	}
	return -1;
}

static int area_of_component(const struct world *w, int component)
{
	const struct component *k = &w->components[component];

	if (k->building >= 0)
		return building_area(w, k->building);
	return town_area_no(w->outdoors[k->place - place_of_outdoor(w, 0)].lot.neighbourhood);
}

static enum task_state choose_state(int days_ago, struct prng *p)
{
	/* open, in progress, waiting, done, cancelled: by days since it was planned, up to 7, 30
	 * and more */
	static const int weights[3][5] = { { 45, 10, 0, 45, 0 },
					   { 10, 3, 3, 83, 1 },
					   { 5, 1, 2, 188, 4 } };

	if (days_ago <= 0)
		return TASK_OPEN;
	return (enum task_state)prng_weighted(p,
					      weights[days_ago <= 7    ? 0
						      : days_ago <= 30 ? 1
								       : 2],
					      5);
}

static void add_own_task(struct events *ev, int i, int all)
{
	struct prng p = prng_of(ev->world->seed, 'r', (uint64_t)i);
	const struct world *w = ev->world;
	struct demo_task *t = &ev->tasks[ev->task_count++];
	int round = -1, component = -1, weights[32];

	assert(round_count() <= 32);
	for (int n = 0; n < round_count(); n++)
		weights[n] = round_at(n)->weight;
	if (prng_chance(&p, ROUND_PERCENT)) {
		round = prng_weighted(&p, weights, round_count());
		component = component_for(w, round_at(round), &p);
	}
	if (component < 0) {
		round = -1;
		component = prng_below(&p, w->component_count);
	}
	*t = (struct demo_task){ .case_row = -1,
				 .component = component,
				 .place = w->components[component].place,
				 .area_no = area_of_component(w, component),
				 .round = (short)round,
				 .priority = (short)(round < 0 ? 4 : 3),
				 .checklist = -1 };
	t->planned_on = day_work(w->today - 365 + (int)((int64_t)SPAN_DAYS * i / all));
	t->state = (unsigned char)choose_state(w->today - t->planned_on, &p);
	t->created = (int64_t)(t->planned_on - NOTICE_DAYS) * DAY_S + 5 * HOUR_S +
		     prng_below(&p, HOUR_S);
	if (t->created > ev->now)
		t->created = ev->now - prng_below(&p, DAY_S);
	t->deadline =
		(int64_t)(t->planned_on + (round < 0 ? 30 : NOTICE_DAYS)) * DAY_S + 15 * HOUR_S;
	t->assignee = prng_chance(&p, 92) ? assignee_for(ev, t->area_no, &p) : -1;
	if (t->state >= TASK_DONE)
		t->done = (int64_t)day_work(t->planned_on + prng_below(&p, 6)) * DAY_S +
			  7 * HOUR_S + prng_below(&p, 7 * HOUR_S);
	if (t->done > ev->now)
		t->done = ev->now - prng_below(&p, 12 * HOUR_S) - 1;
	if (t->state == TASK_DONE && t->assignee < 0)
		t->assignee = people_caretaker(ev->people, t->area_no, &p);
	if (round >= 0)
		t->checklist = reference_checklist(ev->reference, round_at(round)->checklist);
}

/* ── all of it ────────────────────────────────────────────────────────────── */

static int by_time(const void *a, const void *b)
{
	const struct demo_task *l = a, *r = b;

	if (l->created != r->created)
		return l->created < r->created ? -1 : 1;
	if (l->case_row != r->case_row)
		return l->case_row - r->case_row;
	return l->component - r->component;
}

static bool is_open(const struct demo_task *t)
{
	return t->state < TASK_DONE;
}

/* Work for a plumber, which the demo's supplier is. */
static bool is_plumbing(const char *category)
{
	return strcmp(category, "plumbing") == 0 || strcmp(category, "water_leak") == 0 ||
	       strcmp(category, "hot_water") == 0 || strcmp(category, "heating") == 0;
}

/* The demo's supplier has a reported fault of its trade to repair, and its link opens that. */
static void give_supplier_a_task(struct events *ev)
{
	int found = -1, open = -1;

	for (int i = ev->task_count - 1; i >= 0 && found < 0; i--) {
		const struct demo_task *t = &ev->tasks[i];

		if (!is_open(t) ||
		    (t->case_row >= 0 && ev->cases[t->case_row].reporter == PERSON_TENANT))
			continue;
		open = i;
		if (t->case_row >= 0 && ev->cases[t->case_row].state == CASE_IN_PROGRESS &&
		    is_plumbing(task_category(ev, t)))
			found = i;
	}
	found = found < 0 ? open : found;
	assert(found >= 0);
	ev->supplier_task = found;
	ev->tasks[found].assignee = PERSON_SUPPLIER;
	ev->tasks[found].planned_on = day_work(ev->world->today + 2);
	ev->tasks[found].checklist = reference_checklist(ev->reference, "fault_visit");
}

/* The demo's caretaker has a day's work today, some of it with checklists, and all of it in their
 * areas. */
static void give_caretaker_a_day(struct events *ev)
{
	int given = 0;

	for (int i = ev->task_count - 1; i >= 0 && given < TODAYS_TASKS; i--) {
		struct demo_task *t = &ev->tasks[i];
		bool is_theirs = t->area_no == 1 || t->area_no == 2 || t->area_no == 4;

		if (!is_open(t) || !is_theirs || i == ev->supplier_task || t->state == TASK_WAITING)
			continue;
		t->assignee = PERSON_CARETAKER;
		t->planned_on = ev->world->today;
		given++;
	}
}

void events_add_tasks(struct events *ev)
{
	int total = scale_figures[ev->world->scale].tasks, own;

	ev->tasks = calloc((size_t)total, sizeof(*ev->tasks));
	assert(ev->tasks);
	add_case_tasks(ev, total * 9 / 10);
	own = total - ev->task_count;
	for (int i = 0; i < own; i++)
		add_own_task(ev, i, own);
	qsort(ev->tasks, (size_t)ev->task_count, sizeof(*ev->tasks), by_time);
	give_supplier_a_task(ev);
	give_caretaker_a_day(ev);
}

const char *task_category(const struct events *ev, const struct demo_task *t)
{
	static const struct {
		const char *element, *category;
	} of[] = { { "31", "plumbing" },    { "32", "heating" },     { "33", "fire_safety" },
		   { "36", "ventilation" }, { "43", "electricity" }, { "41", "electricity" },
		   { "44", "lighting" },    { "54", "fire_safety" }, { "62", "lift" },
		   { "26", "roof_gutter" }, { "273", "kitchen" },    { "274", "bathroom" },
		   { "23", "door_window" }, { "24", "door_window" }, { "7", "outdoor" } };
	const char *element;

	if (t->case_row >= 0)
		return fault_at(ev->cases[t->case_row].fault)->category;
	if (t->round >= 0)
		return round_at(t->round)->category;
	element = part_at(ev->world->components[t->component].part)->element;
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
		if (strncmp(element, of[i].element, strlen(of[i].element)) == 0)
			return of[i].category;
	return "wall_floor";
}

void task_title(const struct events *ev, const struct demo_task *t, char *out, size_t size)
{
	struct component_facts facts;
	const char *name;

	if (t->case_row >= 0) {
		snprintf(out, size, "%s", fault_at(ev->cases[t->case_row].fault)->title);
		return;
	}
	if (t->round >= 0) {
		snprintf(out, size, "%s", round_at(t->round)->title);
		return;
	}
	facts = component_facts(ev->world, t->component);
	name = part_at(ev->world->components[t->component].part)->name;
	if (facts.grade == 2 || facts.grade == 3)
		snprintf(out, size, "Utbedre: %s (%s)", name, grade_code(facts.grade));
	else
		snprintf(out, size, "Ettersyn: %s", name);
}
