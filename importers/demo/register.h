/*
 * Writes the register: places, properties, buildings, addresses, dwellings, components and their
 * conditions. Rows follow the columns of the COPY statements in demo.sql.
 */
#pragma once

#include "row.h"
#include "world.h"

#define LABEL_MAX 128

/* What a building is called: its address, or «Nordlandet barneskole». */
void building_name(const struct world *w, int building, char out[LABEL_MAX]);

/* What is known of a component besides its part; found from its number alone. */
struct component_facts {
	int installed_on; /* days */
	int grade;        /* 0-3; 4: not examined (TGIU); -1: never looked at */
	int surveyed_on;  /* when the grade was given */
	int quantity;
	int64_t cost_ore;
};

struct component_facts component_facts(const struct world *w, int component);

/* «TG0» … «TG3», «TGIU»; NULL for -1. */
const char *grade_code(int grade);

/* Area, municipality, property, building, storey, dwelling, room and outdoor rows with their
 * addresses. */
enum err places_write(const struct world *w, struct sink *sink, uint64_t *rows);

/* Components, and the conditions that gave them their grades. `surveyor` is a person's number. */
enum err components_write(const struct world *w, int surveyor, struct sink *sink, uint64_t *rows);
