/* Writes components and the conditions that surveys gave them. */
#include <stdio.h>

#include "ids.h"
#include "parts.h"
#include "register.h"

#define SURVEY_DAYS     1000 /* the newest survey is at most this old */
#define RESURVEY_DAYS   1400 /* and the one before it this much older */
#define UNSEEN_PERCENT  8
#define NOTED_PERCENT   25 /* of the good grades; the bad ones are always noted */
#define WARRANTY_YEARS  5
#define CONDITIONS_EACH 2

const char *grade_code(int grade)
{
	static const char *const codes[] = { "TG0", "TG1", "TG2", "TG3", "TGIU" };

	return grade < 0 ? NULL : codes[grade];
}

static int grade_of(struct prng *p, double age_share)
{
	static const int weights[4][4] = {
		{ 74, 25, 1, 0 }, { 22, 66, 11, 1 }, { 2, 46, 44, 8 }, { 0, 12, 54, 34 }
	};
	int row = age_share < 0.3 ? 0 : age_share < 0.6 ? 1 : age_share < 0.9 ? 2 : 3;

	if (prng_chance(p, UNSEEN_PERCENT))
		return prng_chance(p, 50) ? 4 : -1;
	return prng_weighted(p, weights[row], 4);
}

static int quantity_of(const struct part *part, const struct building *b)
{
	double around = b ? 2 * (b->lot.width + b->lot.depth) : 60;

	switch (part->measure) {
	case MEASURE_ROOF:
		return b ? (int)(building_ground_m2(b) * 1.08) : 1;
	case MEASURE_FACADE:
		return b ? (int)(around * 2.9 * b->main_storeys) : 1;
	case MEASURE_FLOOR:
		return b ? (int)(building_ground_m2(b) * b->main_storeys * 0.88) : 1;
	case MEASURE_METRES:
		return (int)around;
	case MEASURE_ONE:
		break;
	}
	return 1;
}

struct component_facts component_facts(const struct world *w, int component)
{
	const struct component *k = &w->components[component];
	const struct part *part = part_at(k->part);
	const struct building *b = k->building < 0 ? NULL : &w->buildings[k->building];
	struct prng p = prng_of(w->seed, 'C', (uint64_t)component);
	int year = day_year(w->today), built = b ? b->built_year : prng_range(&p, 1975, year - 1);
	int life = part->life_years, age = year - built;
	struct component_facts f;

	/* Replaced about once a life, sometimes late; what has outlived its time shows in its
	 * grade. */
	if (age > life)
		age = prng_below(&p, life + life / 4);
	age = age < 0 ? 0 : age;
	f.installed_on = day_of(year - age, prng_range(&p, 1, 12), prng_range(&p, 1, 28));
	if (f.installed_on > w->today)
		f.installed_on -= 366;
	f.grade = grade_of(&p, (double)age / life);
	f.surveyed_on = w->today - prng_below(&p, SURVEY_DAYS);
	if (f.surveyed_on < f.installed_on)
		f.surveyed_on = f.installed_on;
	f.quantity = quantity_of(part, b);
	f.cost_ore = (int64_t)f.quantity * part->price_kr * 100;
	return f;
}

static const char *unit_of(const struct part *part)
{
	return part->measure == MEASURE_ONE ? "stk" : part->measure == MEASURE_METRES ? "m" : "m2";
}

/* Number of the maker, -1 when the part has none. */
static int maker_of(const struct part *part, struct prng *p)
{
	int n = 0;

	while (n < 3 && part->makers[n])
		n++;
	return n ? prng_below(p, n) : -1;
}

/* Columns of Q_DEMO_COPY_COMPONENT. */
static void component_row(const struct world *w, struct copy *c, int i)
{
	const struct component *k = &w->components[i];
	const struct part *part = part_at(k->part);
	struct component_facts f = component_facts(w, i);
	struct prng p = prng_of(w->seed, 'M', (uint64_t)i);
	int maker = maker_of(part, &p);
	int first = k->building < 0 ? 0 : w->buildings[k->building].first_component;
	char code[9];

	col_key(c, w->seed, DEMO_COMPONENT, i);
	col_key(c, w->seed, DEMO_PLACE, k->place);
	if (k->serial > 1)
		col_printf(c, "%s %d", part->name, k->serial);
	else
		col_text(c, part->name);
	col_text(c, part->element);
	/* TFM: +location=system.number-component */
	col_printf(c, "+%04d=%s.001-%s%03d", (k->building < 0 ? k->place : k->building) % 10000,
		   part->element, part->type, i - first + 1);
	if (maker < 0) {
		col_null(c);
		col_null(c);
		col_null(c);
	} else {
		col_text(c, part->makers[maker]);
		col_printf(c, "%s-%d", part->type,
			   100 * prng_range(&p, 1, 9) + 10 * prng_below(&p, 9));
		col_printf(c, "%08d", prng_below(&p, 100000000));
	}
	col_date(c, f.installed_on);
	col_int(c, part->life_years);
	col_int(c, f.quantity);
	col_text(c, unit_of(part));
	col_int(c, f.cost_ore);
	if (w->today - f.installed_on < WARRANTY_YEARS * 365)
		col_date(c, f.installed_on + WARRANTY_YEARS * 365 + 1);
	else
		col_null(c);
	col_text(c, grade_code(f.grade));
	demo_code(w->seed, DEMO_COMPONENT, (uint64_t)i, code);
	col_text(c, maker >= 0 && (part->where == PART_BUILDING || part->where == PART_OUTDOOR)
			    ? code
			    : NULL);
	row_end(c);
}

/* Columns of Q_DEMO_COPY_CONDITION. `n` is the how manyth of the component. */
static void condition_row(const struct world *w, struct copy *c, int component, int n, int grade,
			  int day, int surveyor)
{
	static const char *const causes[] = {
		"Alder", "Slitasje", "Fukt", "Korrosjon", "Feil utførelse", "Manglende vedlikehold"
	};
	static const char *const notes[] = { "Følges opp ved neste runde.",
					     "Bør utbedres innen to år.",
					     "Utskifting anbefales. Se bilder i rapporten.",
					     "Utbedres straks: fare for følgeskade." };
	struct prng p = prng_of(w->seed, 'G', (uint64_t)component * CONDITIONS_EACH + (uint64_t)n);
	bool is_bad = grade == 2 || grade == 3;

	col_key(c, w->seed, DEMO_CONDITION, (int64_t)component * CONDITIONS_EACH + n);
	col_key(c, w->seed, DEMO_COMPONENT, component);
	col_text(c, grade_code(grade));
	if (is_bad)
		col_int(c, prng_range(&p, grade - 1, 3));
	else
		col_null(c);
	col_text(c, is_bad ? causes[prng_below(&p, 6)] : NULL);
	col_text(c,
		 is_bad ? notes[grade == 3 ? prng_range(&p, 2, 3) : prng_range(&p, 0, 1)] : NULL);
	col_key(c, w->seed, DEMO_PERSON, surveyor);
	col_time(c, (int64_t)day * 86400 + 8 * 3600 + prng_below(&p, 7 * 3600));
	row_end(c);
}

static void condition_rows(const struct world *w, struct copy *c, int i, int surveyor)
{
	struct component_facts f = component_facts(w, i);
	struct prng p = prng_of(w->seed, 'H', (uint64_t)i);
	int before = f.surveyed_on - RESURVEY_DAYS;

	if (f.grade < 0 || (f.grade != 2 && f.grade != 3 && !prng_chance(&p, NOTED_PERCENT)))
		return;
	if ((f.grade == 2 || f.grade == 3) && before > f.installed_on)
		condition_row(w, c, i, 0, f.grade - 1, before, surveyor);
	condition_row(w, c, i, 1, f.grade, f.surveyed_on, surveyor);
}

enum err components_write(const struct world *w, int surveyor, struct sink *sink, uint64_t *rows)
{
	struct copy c;
	enum err e;

	copy_begin(&c, sink, Q_DEMO_COPY_COMPONENT);
	for (int i = 0; i < w->component_count; i++)
		component_row(w, &c, i);
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_CONDITION);
	for (int i = 0; i < w->component_count; i++)
		condition_rows(w, &c, i, surveyor);
	return copy_end(&c, rows);
}
