#include "people.h"

#include <assert.h>
#include <stdlib.h>

#include "ids.h"

#define VACANT_PERCENT  6
#define NOTICE_PERCENT  3
#define EARLIER_PERCENT 65
#define STAY_DAYS_MAX   2200

/* Staff by scale, beside the six who can log in. Caretakers: for each area. */
static const struct {
	int managers, frontdesks, caretakers;
} staff[SCALE__MAX] = {
	[SCALE_SMALL] = { 1, 2, 1 },
	[SCALE_TOWN] = { 4, 6, 4 },
	[SCALE_CITY] = { 60, 40, 60 },
};

static int month_start(int days)
{
	int year, month, day;

	day_split(days, &year, &month, &day);
	return day_of(year, month, 1);
}

static int rent_of(const struct dwelling *d, int starts_on, struct prng *p)
{
	/* 2 600 kr and 62 kr per m² a month in 2025, three per cent less for each year before. */
	double rent = 2600 + 62.0 * d->area_m2 + prng_range(p, -300, 300);

	for (int year = day_year(starts_on); year < 2025; year++)
		rent /= 1.03;
	return (int)(rent / 10) * 10;
}

static struct demo_lease *add_lease(struct people *p, int dwelling, int starts_on, int ends_on,
				    enum lease_state state, struct prng *draw)
{
	struct demo_lease *l = &p->leases[p->lease_count++];

	*l = (struct demo_lease){ .dwelling = dwelling,
				  .starts_on = starts_on,
				  .ends_on = ends_on,
				  .rent_kr =
					  rent_of(&p->world->dwellings[dwelling], starts_on, draw),
				  .first_person = p->count,
				  .persons = 1 + prng_chance(draw, 35),
				  .state = state };
	p->count += l->persons;
	return l;
}

/* The running lease of a dwelling, and up to two before it; each ends before the next one starts.
 */
static void add_leases(struct people *p, int dwelling)
{
	struct prng draw = prng_of(p->world->seed, 'L', (uint64_t)dwelling);
	int today = p->world->today, next;
	bool is_home = dwelling == p->home;
	bool is_vacant = !is_home && prng_chance(&draw, VACANT_PERCENT);

	p->current_lease[dwelling] = -1;
	next = month_start(today - prng_range(&draw, 20, STAY_DAYS_MAX));
	if (is_vacant) {
		next = today - prng_range(&draw, 0, 90);
	} else {
		bool is_leaving = !is_home && prng_chance(&draw, NOTICE_PERCENT);
		struct demo_lease *l;

		p->current_lease[dwelling] = p->lease_count;
		l = add_lease(p, dwelling, next,
			      is_leaving ? today + prng_range(&draw, 10, 80) : -1,
			      is_leaving ? LEASE_NOTICE : LEASE_ACTIVE, &draw);
		if (is_home) {
			p->count -= l->persons;
			l->first_person = PERSON_TENANT;
			l->persons = 1;
		}
	}
	for (int chance = EARLIER_PERCENT; prng_chance(&draw, chance); chance /= 2) {
		int ends = next - 1 - prng_range(&draw, 0, 60);

		next = month_start(ends - prng_range(&draw, 300, 1800));
		add_lease(p, dwelling, next, ends, LEASE_ENDED, &draw);
		if (chance < EARLIER_PERCENT)
			break;
	}
}

/* The demo's tenant lives in the demo caretaker's first area, in a block, so that there are
 * neighbours. */
static int choose_home(const struct world *w)
{
	for (int i = 0; i < w->dwelling_count; i++) {
		const struct building *b = &w->buildings[w->dwellings[i].building];

		if (b->kind->group == KIND_BLOCK && town_area_no(b->lot.neighbourhood) == 1 &&
		    w->dwellings[i].rooms >= 2 && b->dwellings >= 4)
			return i;
	}
	return 0;
}

struct people *people_new(const struct world *w)
{
	struct people *p = calloc(1, sizeof(*p));
	const char *trade;

	assert(p);
	(void)name_supplier(0, &trade);
	p->world = w;
	p->managers = staff[w->scale].managers;
	p->frontdesks = staff[w->scale].frontdesks;
	p->caretakers = staff[w->scale].caretakers * TOWN_AREAS;
	p->suppliers = name_supplier_count() - 1;
	p->first_manager = PERSON__DEMO;
	p->first_frontdesk = p->first_manager + p->managers;
	p->first_caretaker = p->first_frontdesk + p->frontdesks;
	p->first_supplier = p->first_caretaker + p->caretakers;
	p->first_tenant = p->first_supplier + p->suppliers;
	p->count = p->first_tenant;
	p->home = choose_home(w);
	assert(w->dwelling_count > 0);
	p->leases = calloc((size_t)w->dwelling_count * 3, sizeof(*p->leases));
	p->current_lease = calloc((size_t)w->dwelling_count, sizeof(*p->current_lease));
	assert(p->leases && p->current_lease);
	for (int i = 0; i < w->dwelling_count; i++)
		add_leases(p, i);
	return p;
}

void people_free(struct people *p)
{
	if (!p)
		return;
	free(p->leases);
	free(p->current_lease);
	free(p);
}

int people_caretaker(const struct people *p, int area_no, struct prng *draw)
{
	int each = p->caretakers / TOWN_AREAS;

	/* The demo's caretaker has areas 1, 2 and 4, and as much to do there as the others. */
	if (area_no != 3 && area_no != 5 && prng_below(draw, each + 1) == 0)
		return PERSON_CARETAKER;
	return p->first_caretaker + (area_no - 1) * each + prng_below(draw, each);
}

int people_supplier(const struct people *p, struct prng *draw)
{
	int n = prng_below(draw, p->suppliers + 1);

	return n == 0 ? PERSON_SUPPLIER : p->first_supplier + n - 1;
}

int people_tenant_of(const struct people *p, int dwelling)
{
	int lease = p->current_lease[dwelling];

	return lease < 0 ? -1 : p->leases[lease].first_person;
}
