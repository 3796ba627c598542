/* Writes cases with what was said about them, who follows them, and the contacts they came from. */
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "faults.h"
#include "ids.h"

#define YEARS           400 /* from 1900 */
#define MESSAGES_EACH   4
#define FOLLOWERS_EACH  4
#define CONTACT_PERCENT 70 /* of the cases that came by phone, mail or at the desk */
#define HOUR_S          3600

static const char *const states[] = {
	"new", "in_progress", "waiting", "done", "closed", "cancelled"
};
static const char *const channels[] = { "minside", "phone", "email", "desk", "qr", "field" };

static int year_of(int64_t seconds)
{
	return day_year((int)(seconds / 86400));
}

/* Columns of Q_DEMO_COPY_CASES. */
static void case_row(const struct events *ev, struct copy *c, int i, int *numbers)
{
	const struct demo_case *k = &ev->cases[i];
	int year = year_of(k->created);

	col_key(c, ev->world->seed, DEMO_CASE, i);
	col_printf(c, "%d-%06d", year, ++numbers[year - 1900]);
	col_key(c, ev->world->seed, DEMO_PLACE, k->place);
	col_text(c, fault_at(k->fault)->category);
	col_text(c, fault_at(k->fault)->title);
	col_text(c, fault_at(k->fault)->text);
	col_text(c, states[k->state]);
	col_int(c, k->priority);
	col_time(c, k->deadline);
	col_key(c, ev->world->seed, DEMO_PERSON, k->owner);
	col_key(c, ev->world->seed, DEMO_PERSON, k->reporter);
	col_text(c, channels[k->channel]);
	col_time(c, k->created);
	col_time(c, k->done);
	row_end(c);
}

/* Columns of Q_DEMO_COPY_CASE_MESSAGE. `n` is the how manyth of its case. */
static void message_row(const struct events *ev, struct copy *c, int case_, int n, int author,
			bool is_internal, const char *text, int64_t sent)
{
	col_key(c, ev->world->seed, DEMO_MESSAGE, (int64_t)case_ * MESSAGES_EACH + n);
	col_key(c, ev->world->seed, DEMO_CASE, case_);
	col_key(c, ev->world->seed, DEMO_PERSON, author);
	col_bool(c, is_internal);
	col_text(c, text);
	col_time(c, sent > ev->now ? ev->now : sent);
	row_end(c);
}

static void message_rows(const struct events *ev, struct copy *c, int i)
{
	static const char *const answers[] = {
		"Takk for meldingen. Vaktmester kommer i løpet av noen dager.",
		"Hei! Vi har satt saken til vaktmester, og du får beskjed når det er gjort.",
		"Takk. Kan vaktmester låse seg inn hvis du ikke er hjemme?",
		"Vi har bestilt rørlegger og gir beskjed om tidspunkt."
	};
	static const char *const replies[] = { "Det er greit.", "Ja, bare lås dere inn.",
					       "Jeg er hjemme etter klokka 15.",
					       "Det er blitt verre siden i går." };
	static const char *const internals[] = { "Ring før besøk.",
						 "Gjelder samme sluk som i fjor.",
						 "Reservedel er bestilt.",
						 "Sjekk om garantien gjelder." };
	struct prng p = prng_of(ev->world->seed, 'm', (uint64_t)i);
	const struct demo_case *k = &ev->cases[i];
	int n = 0;

	if (k->state == CASE_NEW)
		return;
	if (prng_chance(&p, 75))
		message_row(ev, c, i, n++, k->owner, false, answers[prng_below(&p, 4)],
			    k->created + prng_range(&p, 600, 3 * HOUR_S));
	if (n && prng_chance(&p, 35))
		message_row(ev, c, i, n++, k->reporter, false, replies[prng_below(&p, 4)],
			    k->created + prng_range(&p, 3 * HOUR_S, 5 * HOUR_S));
	if (prng_chance(&p, 15))
		message_row(ev, c, i, n++, k->owner, true, internals[prng_below(&p, 4)],
			    k->created + prng_range(&p, HOUR_S, 6 * HOUR_S));
	if ((k->state == CASE_DONE || k->state == CASE_CLOSED) && prng_chance(&p, 60))
		message_row(ev, c, i, n, k->owner, false,
			    "Feilen er rettet. Takk for at du sa fra.", k->done + 60);
}

/* Neighbours who have the same trouble: Columns of Q_DEMO_COPY_CASE_FOLLOWER. */
static void follower_rows(const struct events *ev, struct copy *c, int i)
{
	const struct demo_case *k = &ev->cases[i];
	struct prng p = prng_of(ev->world->seed, 'f', (uint64_t)i);
	const struct building *b;
	int n = 0, most;

	if (k->building < 0 || !(fault_at(k->fault)->where & FAULT_COMMON) || !prng_chance(&p, 30))
		return;
	b = &ev->world->buildings[k->building];
	most = prng_range(&p, 1, FOLLOWERS_EACH - 1);
	for (int d = 0; d < b->dwellings && n < most; d++) {
		int tenant = people_tenant_of(ev->people, b->first_dwelling + d);

		if (tenant < 0 || tenant == k->reporter || !prng_chance(&p, 40))
			continue;
		col_key(c, ev->world->seed, DEMO_FOLLOWER, (int64_t)i * FOLLOWERS_EACH + n++);
		col_key(c, ev->world->seed, DEMO_CASE, i);
		col_key(c, ev->world->seed, DEMO_PERSON, tenant);
		row_end(c);
	}
}

static bool has_contact(const struct events *ev, int i)
{
	struct prng p = prng_of(ev->world->seed, 'h', (uint64_t)i);
	int channel = ev->cases[i].channel;

	return channel >= 1 && channel <= 3 && prng_chance(&p, CONTACT_PERCENT);
}

/* Columns of Q_DEMO_COPY_CONTACT. */
static void contact_row(const struct events *ev, struct copy *c, int i, int *numbers)
{
	const struct demo_case *k = &ev->cases[i];
	int year = year_of(k->created);

	if (!has_contact(ev, i))
		return;
	col_key(c, ev->world->seed, DEMO_CONTACT, i);
	col_printf(c, "%d-%06d", year, ++numbers[year - 1900]);
	col_text(c, channels[k->channel]);
	col_key(c, ev->world->seed, DEMO_PERSON, k->reporter);
	col_printf(c, "+470%07d", 1000000 + k->reporter);
	col_text(c, fault_at(k->fault)->text);
	col_time(c, k->created - 120);
	col_key(c, ev->world->seed, DEMO_CASE, i);
	row_end(c);
}

enum err cases_write(const struct events *ev, struct sink *sink, uint64_t *rows)
{
	int numbers[YEARS] = { 0 };
	struct copy c;
	enum err e;

	copy_begin(&c, sink, Q_DEMO_COPY_CASES);
	for (int i = 0; i < ev->case_count; i++)
		case_row(ev, &c, i, numbers);
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_CASE_FOLLOWER);
	for (int i = 0; i < ev->case_count; i++)
		follower_rows(ev, &c, i);
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_CASE_MESSAGE);
	for (int i = 0; i < ev->case_count; i++)
		message_rows(ev, &c, i);
	if ((e = copy_end(&c, rows)))
		return e;
	memset(numbers, 0, sizeof(numbers));
	copy_begin(&c, sink, Q_DEMO_COPY_CONTACT);
	for (int i = 0; i < ev->case_count; i++)
		contact_row(ev, &c, i, numbers);
	return copy_end(&c, rows);
}

int events_last_number(const struct events *ev, char kind, int year)
{
	int n = 0;

	switch (kind) {
	case 'c':
		for (int i = 0; i < ev->case_count; i++)
			n += year_of(ev->cases[i].created) == year;
		break;
	case 't':
		for (int i = 0; i < ev->task_count; i++)
			n += year_of(ev->tasks[i].created) == year;
		break;
	case 'h':
		for (int i = 0; i < ev->case_count; i++)
			n += has_contact(ev, i) && year_of(ev->cases[i].created) == year;
		break;
	case 'l':
		for (int i = 0; i < ev->people->lease_count; i++)
			n += day_year(ev->people->leases[i].starts_on) == year;
		break;
	default:
		abort();
	}
	return n;
}
