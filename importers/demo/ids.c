#include "ids.h"

#include <string.h>

#include "prng.h"

#define EPOCH_MS     UINT64_C(1735689600000) /* 2025-01-01T00:00:00Z: the demo's keys start here */
#define HALF_BITS    20
#define HALF_MASK    0xfffffu
#define TABLE_SHIFT  36
#define FEISTEL_RUNS 4

void demo_uuid(uint64_t seed, enum demo_table table, uint64_t index, char out[UUID_TEXT])
{
	struct prng p = prng_of(seed, (uint32_t)table, index);
	uint64_t ms = EPOCH_MS + index, high = prng_next(&p), low = prng_next(&p);
	uint8_t b[16];

	for (int i = 0; i < 6; i++)
		b[i] = (uint8_t)(ms >> (40 - 8 * i));
	b[6] = (uint8_t)(0x70 | (high & 0x0f));
	b[7] = (uint8_t)(high >> 8);
	b[8] = (uint8_t)(0x80 | (low & 0x3f));
	for (int i = 9; i < 16; i++)
		b[i] = (uint8_t)(low >> (8 * (i - 8)));
	uuid_format(b, out);
}

void demo_code(uint64_t seed, enum demo_table table, uint64_t index, char out[9])
{
	static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint64_t x = ((uint64_t)table << TABLE_SHIFT | index) & ((UINT64_C(1) << 40) - 1);
	uint32_t left = (uint32_t)(x >> HALF_BITS), right = (uint32_t)(x & HALF_MASK);

	/* A Feistel network: whatever its round function, it is one-to-one on 40 bits. */
	for (uint32_t run = 0; run < FEISTEL_RUNS; run++) {
		struct prng p = prng_of(seed, 0x1000 + run, right);
		uint32_t next = left ^ (uint32_t)(prng_next(&p) & HALF_MASK);

		left = right;
		right = next;
	}
	x = (uint64_t)left << HALF_BITS | right;
	for (int i = 0; i < 8; i++)
		out[i] = letters[(x >> (35 - 5 * i)) & 31];
	out[8] = '\0';
}

/* The next two: Howard Hinnant, «chrono-Compatible Low-Level Date Algorithms», years from March. */
int day_of(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year, era = y / 400, of_era = y - era * 400;
	int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void day_split(int days, int *year, int *month, int *day)
{
	int z = days + 719468, era = z / 146097, of_era = z - era * 146097;
	int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = y + era * 400 + (*month <= 2);
}

int day_year(int days)
{
	int year, month, day;

	day_split(days, &year, &month, &day);
	return year;
}

int day_weekday(int days)
{
	return (days % 7 + 7 + 3) % 7; /* 1970-01-01 was a Thursday */
}

int day_work(int days)
{
	int weekday = day_weekday(days);

	return weekday < 5 ? days : days + 7 - weekday;
}

/* `n` digits as a number; -1 if any is none. */
static int digits(const char *at, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (at[i] < '0' || at[i] > '9')
			return -1;
		value = value * 10 + at[i] - '0';
	}
	return value;
}

int day_parse(const char *text)
{
	int year, month, day, y, m, d, days;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return -1;
	year = digits(text, 4);
	month = digits(text + 5, 2);
	day = digits(text + 8, 2);
	if (year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31)
		return -1;
	days = day_of(year, month, day);
	day_split(days, &y, &m, &d);
	return y == year && m == month && d == day ? days : -1;
}
