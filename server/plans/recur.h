/* Recurrence rules (RFC 5545, section 3.3.10) as whole days: when is the next round? Pure: no
 * database, no clock. recur.c alone knows libical. */
#pragma once

#include <stdbool.h>

#include "base/err.h"

enum {
	RECUR_RULE_MAX = 300,    /* characters of a rule */
	RECUR_DATES_MAX = 400,   /* dates of one answer: a daily round for more than a year */
	RECUR_STEPS_MAX = 75000, /* occurrences looked at: a daily round since 1820 */
	RECUR_DATE_TEXT = 11,    /* YYYY-MM-DD and the NUL */
	RECUR_FAULT_TEXT = 160,
};

struct recur {
	char dates[RECUR_DATES_MAX][RECUR_DATE_TEXT]; /* ascending */
	int count;
	bool is_cut; /* there were more than fit */
	char fault[RECUR_FAULT_TEXT];
};

/* The occurrences of `rule` (without DTSTART, which is `starts_on`) from `from` to `to`, both
 * included; all three dates are YYYY-MM-DD. `most` is the highest number of dates wanted, at most
 * RECUR_DATES_MAX. ERR_INVALID with a sentence in out->fault when the rule or a date is not good;
 * then there are no dates.
 *
 * Days are dates of the calendar, so UNTIL must be a date (RFC 5545 wants it of DTSTART's type) and
 * parts of a day (HOURLY, BYHOUR …) are refused; so is RSCALE (RFC 7529). `starts_on` is an
 * occurrence only if the rule says so. What does not exist is left out: a yearly round from 29
 * February comes in leap years only, one on the 31st not in April. */
enum err recur_expand(const char *rule, const char *starts_on, const char *from, const char *to,
		      int most, struct recur *out);
