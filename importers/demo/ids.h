/*
 * Keys, codes and days of the demo: found from seed, table and row number, so that a row can name
 * another one that is written later, without a list of either.
 */
#pragma once

#include <stdint.h>

#include "base/uuid.h"

/* The tables that get keys. The numbers are part of the keys: do not reorder. */
enum demo_table {
	DEMO_PLACE = 1,
	DEMO_ADDRESS,
	DEMO_COMPONENT,
	DEMO_CONDITION,
	DEMO_PERSON,
	DEMO_ROLE,
	DEMO_LEASE,
	DEMO_LEASE_PARTY,
	DEMO_CASE,
	DEMO_MESSAGE,
	DEMO_FOLLOWER,
	DEMO_CONTACT,
	DEMO_TASK,
	DEMO_ANSWER,
	DEMO_LINK,
	DEMO_DOCUMENT
};

/*
 * Writes the UUID of row `index`: version 7 in form, its milliseconds counted from a fixed day by
 * row number, so that rows written one after another lie beside one another in the index.
 */
void demo_uuid(uint64_t seed, enum demo_table table, uint64_t index, char out[UUID_TEXT]);

/*
 * Writes the eight characters (Crockford's base 32) of a label. One-to-one over table and index (up
 * to 2^36), so that no two labels are alike under one seed.
 */
void demo_code(uint64_t seed, enum demo_table table, uint64_t index, char out[9]);

/* Days since 1970-01-01 of a date in the Gregorian calendar, and back. */
int day_of(int year, int month, int day);
void day_split(int days, int *year, int *month, int *day);

/* The year of a day; 0 for Monday to 6 for Sunday. */
int day_year(int days);
int day_weekday(int days);

/* The day itself if it is Monday to Friday, else the Monday after. */
int day_work(int days);

/* Reads YYYY-MM-DD; -1 if it is not a date. */
int day_parse(const char *text);
