/* A year of cases. */
#include "events.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "ids.h"

#define DAY_S     86400
#define HOUR_S    3600
#define YEAR_DAYS 365
#define ZONE_S    HOUR_S /* Norwegian winter time */
#define OPENS     (8 * HOUR_S)
#define CLOSES    (16 * HOUR_S)

int64_t working_hours_after(int64_t from, int hours)
{
	int64_t left = (int64_t)hours * HOUR_S, clock = from + ZONE_S;

	for (;;) {
		int day = (int)(clock / DAY_S), of_day = (int)(clock % DAY_S);

		if (day_weekday(day) < 5 && of_day < CLOSES) {
			int starts = of_day < OPENS ? OPENS : of_day;

			if (left <= CLOSES - starts)
				return (int64_t)day * DAY_S + starts + left - ZONE_S;
			left -= CLOSES - starts;
		}
		clock = (int64_t)(day + 1) * DAY_S;
	}
}

/* ── where and by whom ────────────────────────────────────────────────────── */

/* A person who lives in the building, else anywhere. */
static int neighbour(const struct events *ev, int building, struct prng *p)
{
	const struct world *w = ev->world;
	int first = 0, n = w->dwelling_count;

	if (building >= 0 && w->buildings[building].dwellings) {
		first = w->buildings[building].first_dwelling;
		n = w->buildings[building].dwellings;
	}
	return people_tenant_of(ev->people, first + prng_below(p, n));
}

static int employee(const struct events *ev, struct prng *p)
{
	const struct people *who = ev->people;

	return prng_chance(p, 40) ? who->first_manager + prng_below(p, who->managers)
				  : who->first_frontdesk + prng_below(p, who->frontdesks);
}

static int work_building(const struct world *w, struct prng *p)
{
	for (;;) {
		int i = prng_below(p, w->building_count);

		if (w->buildings[i].rooms && !w->buildings[i].dwellings)
			return i;
	}
}

static int home_building(const struct world *w, struct prng *p)
{
	/* By dwelling, so that a block has more faults than a house. */
	return w->dwellings[prng_below(p, w->dwelling_count)].building;
}

/* Draws where the case is, then a fault that can be there. */
static void choose_place(const struct events *ev, struct demo_case *c, struct prng *p)
{
	const struct world *w = ev->world;
	int where = prng_weighted(p, (const int[]){ 50, 20, 24, w->outdoor_count ? 6 : 0 }, 4);
	int weights[64];

	if (where == 0) {
		int d = prng_below(p, w->dwelling_count);

		c->place = place_of_dwelling(w, d);
		c->building = w->dwellings[d].building;
		c->reporter = people_tenant_of(ev->people, d);
	} else if (where == 1) {
		c->building = home_building(w, p);
		c->place = place_of_building(w, c->building);
		c->reporter = neighbour(ev, c->building, p);
	} else if (where == 2) {
		const struct building *b;

		c->building = work_building(w, p);
		b = &w->buildings[c->building];
		c->place = prng_chance(p, 70)
				   ? place_of_room(w, b->first_room + prng_below(p, b->rooms))
				   : place_of_building(w, c->building);
		c->reporter = neighbour(ev, -1, p);
	} else {
		int o = prng_below(p, w->outdoor_count);

		c->building = -1;
		c->place = place_of_outdoor(w, o);
		c->area_no = town_area_no(w->outdoors[o].lot.neighbourhood);
		c->reporter = neighbour(ev, -1, p);
	}
	if (c->building >= 0)
		c->area_no = building_area(w, c->building);
	assert(fault_count() <= 64);
	for (int i = 0; i < fault_count(); i++)
		weights[i] = fault_at(i)->where & 1 << where ? fault_at(i)->weight : 0;
	c->fault = (short)prng_weighted(p, weights, fault_count());
}

/* ── how it went ──────────────────────────────────────────────────────────── */

static enum case_state choose_state(int64_t age_s, struct prng *p)
{
	/* new, in progress, waiting, done, closed, cancelled: by age up to 3, 14, 60 days and more
	 */
	static const int weights[4][6] = { { 46, 34, 4, 16, 0, 0 },
					   { 8, 28, 12, 50, 0, 2 },
					   { 1, 6, 5, 58, 28, 2 },
					   { 0, 1, 1, 14, 81, 3 } };
	int days = (int)(age_s / DAY_S), row = days < 3 ? 0 : days < 14 ? 1 : days < 60 ? 2 : 3;

	return (enum case_state)prng_weighted(p, weights[row], 6);
}

static bool is_over(int state)
{
	return state >= CASE_DONE;
}

/* When the i-th of the year's cases came: evenly over the days, between 7 in the morning and 22. */
static int64_t when_reported(const struct events *ev, int i, struct prng *p)
{
	double share = (i + prng_real(p, 0, 1)) / ev->case_count * YEAR_DAYS;
	int day = (int)share;

	return ev->now - (int64_t)YEAR_DAYS * DAY_S + (int64_t)day * DAY_S +
	       (int64_t)((6 + (share - day) * 15) * HOUR_S);
}

static void plan_case(struct events *ev, int i)
{
	struct prng p = prng_of(ev->world->seed, 'c', (uint64_t)i);
	struct demo_case *c = &ev->cases[i];
	const struct reference_category *category;
	int64_t span;

	c->created = when_reported(ev, i, &p);
	choose_place(ev, c, &p);
	category = &ev->reference->categories[reference_category(ev->reference,
								 fault_at(c->fault)->category)];
	c->priority = (short)category->priority;
	c->deadline =
		category->sla_hours ? working_hours_after(c->created, category->sla_hours) : 0;
	c->state = (unsigned char)choose_state(ev->now - c->created, &p);
	c->owner = c->state == CASE_NEW ? -1 : employee(ev, &p);
	if (c->reporter < 0)
		c->reporter = employee(ev, &p);
	/* minside, phone, email, desk, qr, field */
	c->channel = (unsigned char)prng_weighted(&p, (const int[]){ 48, 24, 10, 4, 8, 6 }, 6);
	span = c->deadline ? c->deadline - c->created : 3 * DAY_S;
	/* Nine of ten keep the deadline. */
	c->done = is_over(c->state)
			  ? c->created + (int64_t)((double)span * prng_real(&p, 0.1, 1.08))
			  : 0;
	if (c->done > ev->now)
		c->done = ev->now - prng_below(&p, (int)(ev->now - c->created) / 2 + 1);
}

/* The demo's tenant has one case that is new, one under way and one closed, so that each page has a
 * row. */
static void plan_tenants_cases(struct events *ev)
{
	static const struct {
		int from_end, state;
		const char *title;
	} own[] = { { 2, CASE_NEW, "Røykvarsleren piper" },
		    { 9, CASE_IN_PROGRESS, "Tett avløp på badet" },
		    { 60, CASE_CLOSED, "Vindu går ikke igjen" } };
	const struct people *who = ev->people;

	for (int n = 0; n < 3; n++) {
		struct demo_case *c = &ev->cases[ev->case_count - own[n].from_end];
		struct prng p = prng_of(ev->world->seed, 't', (uint64_t)n);
		int category;

		for (int f = 0; f < fault_count(); f++)
			if (strcmp(fault_at(f)->title, own[n].title) == 0)
				c->fault = (short)f;
		category = reference_category(ev->reference, fault_at(c->fault)->category);
		c->place = place_of_dwelling(ev->world, who->home);
		c->building = ev->world->dwellings[who->home].building;
		c->area_no = building_area(ev->world, c->building);
		c->reporter = PERSON_TENANT;
		c->channel = 0;
		c->priority = (short)ev->reference->categories[category].priority;
		c->deadline = working_hours_after(c->created,
						  ev->reference->categories[category].sla_hours);
		c->state = (unsigned char)own[n].state;
		c->owner = c->state == CASE_NEW ? -1 : employee(ev, &p);
		c->done = is_over(c->state) ? c->created + 5 * HOUR_S : 0;
	}
}

struct events *events_new(const struct world *w, const struct people *p, const struct reference *r)
{
	struct events *ev = calloc(1, sizeof(*ev));

	assert(ev && !reference_missing(r));
	ev->world = w;
	ev->people = p;
	ev->reference = r;
	ev->now = (int64_t)w->today * DAY_S;
	ev->case_count = scale_figures[w->scale].cases;
	ev->cases = calloc((size_t)ev->case_count, sizeof(*ev->cases));
	assert(ev->cases && ev->case_count > 100);
	for (int i = 0; i < ev->case_count; i++)
		plan_case(ev, i);
	plan_tenants_cases(ev);
	events_add_tasks(ev);
	return ev;
}

void events_free(struct events *ev)
{
	if (!ev)
		return;
	free(ev->cases);
	free(ev->tasks);
	free(ev);
}
