/* Writes people, their roles and their leases. */
#include <stdio.h>
#include <string.h>

#include "base/checknum.h"
#include "ids.h"
#include "people.h"

#define ORGNR_TRIES 20

static const struct {
	const char *name, *key, *role, *language;
	int areas[3]; /* 0: all areas; ends at the first that is not there */
} demo[PERSON__DEMO] = {
	[PERSON_ADMIN] = { "Astrid Tøndervik", "admin", "admin", "nb", { 0 } },
	[PERSON_MANAGER] = { "Marit Sunde", "manager", "manager", "nb", { 0 } },
	[PERSON_FRONTDESK] = { "Silje Folland", "frontdesk", "frontdesk", "nn", { 0 } },
	[PERSON_CARETAKER] = { "Kåre Honnstad", "caretaker", "caretaker", "nb", { 1, 2, 4 } },
	[PERSON_TENANT] = { "Nora Brunsvik", "tenant", "tenant", "nb", { 1 } },
	[PERSON_SUPPLIER] = { NULL, "supplier", "supplier", "nb", { 1 } },
};

static bool is_supplier(const struct people *p, int i)
{
	return i == PERSON_SUPPLIER || (i >= p->first_supplier && i < p->first_tenant);
}

static bool is_tenant(const struct people *p, int i)
{
	return i == PERSON_TENANT || i >= p->first_tenant;
}

static void person_name(const struct people *p, int i, struct prng *draw, char out[NAME_MAX_BYTES])
{
	const char *trade;

	if (is_supplier(p, i))
		snprintf(out, NAME_MAX_BYTES, "%s",
			 name_supplier(i == PERSON_SUPPLIER ? 0 : 1 + i - p->first_supplier,
				       &trade));
	else if (i < PERSON__DEMO)
		snprintf(out, NAME_MAX_BYTES, "%s", demo[i].name);
	else
		name_person(draw, out);
}

/* An organisation number that is right in form. They begin with 0, which no registered one does. */
static void col_orgnr(struct copy *c, int i)
{
	char text[16];

	for (int n = 0; n < ORGNR_TRIES; n++) {
		char check;

		snprintf(text, sizeof(text), "00%06d", 1000 + i * ORGNR_TRIES + n);
		check = orgnr_check_digit(text);
		if (!check)
			continue;
		text[8] = check;
		text[9] = '\0';
		col_text(c, text);
		return;
	}
	col_null(c);
}

static const char *domain_of(const struct people *p, int i)
{
	if (is_supplier(p, i))
		return "leverandor.example";
	return is_tenant(p, i) ? "innbygger.example" : "kommune.example";
}

/* Columns of Q_DEMO_COPY_PERSON. */
static void person_row(const struct people *p, struct copy *c, int i)
{
	struct prng draw = prng_of(p->world->seed, 'p', (uint64_t)i);
	char name[NAME_MAX_BYTES], mail[NAME_MAX_BYTES];
	int protection = prng_below(&draw, 1000);

	person_name(p, i, &draw, name);
	name_to_ascii(name, mail, sizeof(mail));
	col_key(c, p->world->seed, DEMO_PERSON, i);
	col_text(c, name);
	col_bool(c, is_supplier(p, i));
	if (is_supplier(p, i))
		col_orgnr(c, i);
	else
		col_null(c);
	if (is_tenant(p, i) && i != PERSON_TENANT)
		col_printf(c, "%s.%d@%s", mail, i, domain_of(p, i));
	else
		col_printf(c, "%s@%s", mail, domain_of(p, i));
	col_printf(c, "+470%07d", 1000000 + i);
	col_text(c, i < PERSON__DEMO         ? demo[i].language
		    : prng_chance(&draw, 14) ? "nn"
		    : prng_chance(&draw, 12) ? "en"
					     : "nb");
	/* A few tenants have a protected address; the third and the ninth always, so that small has
	 * both. */
	if (!is_tenant(p, i) || i == PERSON_TENANT)
		col_text(c, "none");
	else if (i == p->first_tenant + 3 || protection < 3)
		col_text(c, "strictly_confidential");
	else
		col_text(c, i == p->first_tenant + 9 || protection < 12 ? "confidential" : "none");
	col_text(c, i < PERSON__DEMO ? demo[i].key : NULL);
	row_end(c);
}

/*
 * Columns of Q_DEMO_COPY_PERSON_SECRET. Each person has a combination of birthday and individual
 * digits of their own: steps of seven, past those that have no check digits.
 */
static uint64_t secret_row(const struct people *p, struct copy *c, int i, uint64_t n)
{
	char number[12];
	int year, month, day;

	/* 18 800 days from 1940-01-01 are the adults; each day has a thousand numbers. */
	for (;; n += 7) {
		day_split(day_of(1940, 1, 1) + (int)(n * 7919 % 18800), &year, &month, &day);
		if (fnr_make_synthetic(day, month, year % 100, (int)(n / 18800 % 500), number))
			break;
	}
	col_key(c, p->world->seed, DEMO_PERSON, i);
	col_text(c, number);
	row_end(c);
	return n + 7;
}

/* Columns of Q_DEMO_COPY_PERSON_ROLE. area 0 is all areas. */
static void role_row(const struct people *p, struct copy *c, int person, const char *role, int area)
{
	col_key(c, p->world->seed, DEMO_ROLE, (int64_t)c->rows);
	col_key(c, p->world->seed, DEMO_PERSON, person);
	col_text(c, role);
	if (area)
		col_int(c, area);
	else
		col_null(c);
	row_end(c);
}

static int area_of_dwelling(const struct people *p, int dwelling)
{
	return building_area(p->world, p->world->dwellings[dwelling].building);
}

static void role_rows(const struct people *p, struct copy *c)
{
	int each = p->caretakers / TOWN_AREAS;

	for (int i = 0; i < PERSON__DEMO; i++)
		for (int n = 0; n < 3 && (n == 0 || demo[i].areas[n]); n++)
			role_row(p, c, i, demo[i].role, demo[i].areas[n]);
	for (int i = 0; i < p->managers; i++)
		role_row(p, c, p->first_manager + i, "manager", 0);
	for (int i = 0; i < p->frontdesks; i++)
		role_row(p, c, p->first_frontdesk + i, "frontdesk", 0);
	for (int i = 0; i < p->caretakers; i++)
		role_row(p, c, p->first_caretaker + i, "caretaker", 1 + i / each);
	for (int i = 0; i < p->suppliers; i++)
		role_row(p, c, p->first_supplier + i, "supplier", 1 + i % TOWN_AREAS);
	for (int i = 0; i < p->lease_count; i++) {
		const struct demo_lease *l = &p->leases[i];

		for (int n = 0; l->state != LEASE_ENDED && n < l->persons; n++)
			if (l->first_person != PERSON_TENANT)
				role_row(p, c, l->first_person + n, "tenant",
					 area_of_dwelling(p, l->dwelling));
	}
}

enum err people_write(const struct people *p, struct sink *sink, uint64_t *rows)
{
	struct copy c;
	uint64_t n = p->world->seed % 1000;
	enum err e;

	copy_begin(&c, sink, Q_DEMO_COPY_PERSON);
	for (int i = 0; i < p->count; i++)
		person_row(p, &c, i);
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_PERSON_SECRET);
	for (int i = 0; i < p->count; i++)
		if (!is_supplier(p, i))
			n = secret_row(p, &c, i, n);
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_PERSON_ROLE);
	role_rows(p, &c);
	return copy_end(&c, rows);
}

/* Columns of Q_DEMO_COPY_LEASE. Numbered within the year they start in. */
static void lease_row(const struct people *p, struct copy *c, int i, int number)
{
	static const char *const states[] = { "active", "notice", "ended" };
	const struct demo_lease *l = &p->leases[i];

	col_key(c, p->world->seed, DEMO_LEASE, i);
	col_printf(c, "%d-%06d", day_year(l->starts_on), number);
	col_key(c, p->world->seed, DEMO_PLACE, place_of_dwelling(p->world, l->dwelling));
	col_date(c, l->starts_on);
	if (l->ends_on < 0)
		col_null(c);
	else
		col_date(c, l->ends_on);
	col_int(c, (int64_t)l->rent_kr * 100);
	col_text(c, states[l->state]);
	row_end(c);
}

/* Columns of Q_DEMO_COPY_LEASE_PARTY. */
static void party_rows(const struct people *p, struct copy *c, int i)
{
	const struct demo_lease *l = &p->leases[i];

	for (int n = 0; n < l->persons; n++) {
		col_key(c, p->world->seed, DEMO_LEASE_PARTY, (int64_t)c->rows);
		col_key(c, p->world->seed, DEMO_LEASE, i);
		col_key(c, p->world->seed, DEMO_PERSON, (l->first_person + n));
		col_text(c, n ? "co_tenant" : "tenant");
		row_end(c);
	}
}

enum err leases_write(const struct people *p, struct sink *sink, uint64_t *rows)
{
	int numbers[300] = { 0 }; /* by year, from 1900 */
	struct copy c;
	enum err e;

	copy_begin(&c, sink, Q_DEMO_COPY_LEASE);
	for (int i = 0; i < p->lease_count; i++)
		lease_row(p, &c, i, ++numbers[(day_year(p->leases[i].starts_on) - 1900) % 300]);
	if ((e = copy_end(&c, rows)))
		return e;
	copy_begin(&c, sink, Q_DEMO_COPY_LEASE_PARTY);
	for (int i = 0; i < p->lease_count; i++)
		party_rows(p, &c, i);
	return copy_end(&c, rows);
}
