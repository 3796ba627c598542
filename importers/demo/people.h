/*
 * Who works for the municipality, who works for it by order, and who lives in its dwellings, now
 * and earlier. All are invented: national identity numbers are synthetic (month + 80), telephone
 * numbers begin with 0, which no Norwegian subscriber's does, and e-mail addresses are under the
 * reserved domain .example (RFC 2606).
 */
#pragma once

#include "row.h"
#include "world.h"

/* The persons of the demo log-in come first, in this order. */
enum demo_person {
	PERSON_ADMIN,
	PERSON_MANAGER,
	PERSON_FRONTDESK,
	PERSON_CARETAKER,
	PERSON_TENANT,
	PERSON_SUPPLIER,
	PERSON__DEMO
};

enum lease_state { LEASE_ACTIVE, LEASE_NOTICE, LEASE_ENDED };

struct demo_lease {
	int dwelling;
	int starts_on, ends_on;    /* days; ends_on -1 when it runs on */
	int rent_kr;               /* a month */
	int first_person, persons; /* tenant, then co-tenants */
	enum lease_state state;
};

struct people {
	const struct world *world;
	int managers, frontdesks, caretakers, suppliers; /* how many beside the demo's */
	int first_manager, first_frontdesk, first_caretaker, first_supplier, first_tenant;
	int count;
	struct demo_lease *leases;
	int lease_count;
	int *current_lease; /* by dwelling: index of the running lease, -1 when vacant */
	int home;           /* the dwelling of the demo's tenant */
};

/* Plans everybody. Freed by people_free(). */
struct people *people_new(const struct world *w);
void people_free(struct people *p);

/* A caretaker of the area, and a supplier; `draw` chooses among them. */
int people_caretaker(const struct people *p, int area_no, struct prng *draw);
int people_supplier(const struct people *p, struct prng *draw);

/* The tenant of a dwelling today, -1 when it is vacant. */
int people_tenant_of(const struct people *p, int dwelling);

/* Writes person, person_secret, person_role; then lease and lease_party. Adds to `*rows`. */
enum err people_write(const struct people *p, struct sink *sink, uint64_t *rows);
enum err leases_write(const struct people *p, struct sink *sink, uint64_t *rows);
