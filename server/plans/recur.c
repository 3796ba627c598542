#include "plans/recur.h"

#include <libical/ical.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* What may be said of whole days. Everything else (BYHOUR, RSCALE, X-…) is refused, because libical
 * would take it and mean something else. */
static const char *const known_parts[] = { "FREQ",    "UNTIL",      "COUNT",     "INTERVAL",
					   "BYDAY",   "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO",
					   "BYMONTH", "BYSETPOS",   "WKST" };
static const char *const known_frequencies[] = { "DAILY", "WEEKLY", "MONTHLY", "YEARLY" };

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

__attribute__((format(printf, 2, 3))) static enum err fail(struct recur *out, const char *format,
							   ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out->fault, sizeof(out->fault), format, args);
	va_end(args);
	return ERR_INVALID;
}

static bool is_one_of(struct str word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_equals(word, str_of(list[i])))
			return true;
	return false;
}

static bool has_digit(struct str text)
{
	for (size_t i = 0; i < text.length; i++)
		if (is_digit(text.at[i]))
			return true;
	return false;
}

/* The digits at text.at[from …] as a number; -1 when one is no digit. */
static int number_at(struct str text, size_t from, size_t length)
{
	int number = 0;

	for (size_t i = from; i < from + length; i++) {
		if (!is_digit(text.at[i]))
			return -1;
		number = number * 10 + (text.at[i] - '0');
	}
	return number;
}

static bool make_day(int year, int month, int day, struct icaltimetype *out)
{
	if (year < 1 || month < 1 || month > 12 || day < 1 ||
	    day > icaltime_days_in_month(month, year))
		return false;
	*out = (struct icaltimetype){ .year = year, .month = month, .day = day, .is_date = 1 };
	return true;
}

static enum err parse_day(const char *text, const char *name, struct icaltimetype *day,
			  struct recur *out)
{
	struct str t = str_of(text);

	if (t.length == 10 && t.at[4] == '-' && t.at[7] == '-' &&
	    make_day(number_at(t, 0, 4), number_at(t, 5, 2), number_at(t, 8, 2), day))
		return OK;
	return fail(out, "%s: «%.40s» is no date (YYYY-MM-DD)", name, text ? text : "");
}

static bool is_basic_date(struct str t)
{
	struct icaltimetype day;

	return t.length == 8 &&
	       make_day(number_at(t, 0, 4), number_at(t, 4, 2), number_at(t, 6, 2), &day);
}

/* What RFC 5545 forbids and libical lets through. */
static enum err check_parts(const char *rule, struct recur *out)
{
	struct str rest = str_of(rule);
	struct str frequency = { NULL, 0 };
	bool has_numbered_day = false;

	if (!rest.length || rest.length > RECUR_RULE_MAX)
		return fail(out, "a rule has 1 to %d characters", RECUR_RULE_MAX);
	while (rest.length) {
		struct str value = str_cut(&rest, ';');
		struct str name = str_cut(&value, '=');

		if (!is_one_of(name, known_parts, COUNT_OF(known_parts)) || !value.length)
			return fail(out, "«%.*s» is no part of a rule for whole days",
				    (int)(name.length > 40 ? 40 : name.length), name.at);
		if (str_equals(name, STR("FREQ")))
			frequency = value;
		if (str_equals(name, STR("BYDAY")))
			has_numbered_day = has_digit(value);
		if (str_equals(name, STR("UNTIL")) && !is_basic_date(value))
			return fail(out, "UNTIL must be a date (YYYYMMDD), as the start is");
	}
	if (!is_one_of(frequency, known_frequencies, COUNT_OF(known_frequencies)))
		return fail(out, "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY");
	if (has_numbered_day &&
	    (str_equals(frequency, STR("DAILY")) || str_equals(frequency, STR("WEEKLY"))))
		return fail(out, "BYDAY has numbers (-1FR) only in months and years");
	return OK;
}

static void add_date(struct icaltimetype day, int most, struct recur *out)
{
	if (out->count >= most) {
		out->is_cut = true;
		return;
	}
	snprintf(out->dates[out->count++], RECUR_DATE_TEXT, "%04u-%02u-%02u",
		 (unsigned)day.year % 10000, (unsigned)day.month % 100, (unsigned)day.day % 100);
}

static enum err walk(icalrecur_iterator *each, struct icaltimetype from, struct icaltimetype to,
		     int most, struct recur *out)
{
	for (int i = 0; i < RECUR_STEPS_MAX; i++) {
		struct icaltimetype day = icalrecur_iterator_next(each);

		if (icaltime_is_null_time(day) || icaltime_compare_date_only(day, to) > 0)
			return OK;
		if (icaltime_compare_date_only(day, from) >= 0)
			add_date(day, most, out);
		if (out->is_cut)
			return OK;
	}
	out->count = 0;
	return fail(out, "more than %d occurrences since the start: move starts_on",
		    RECUR_STEPS_MAX);
}

enum err recur_expand(const char *rule, const char *starts_on, const char *from, const char *to,
		      int most, struct recur *out)
{
	struct icaltimetype start = { 0 }, first = { 0 }, last = { 0 };
	struct icalrecurrencetype recurrence;
	icalrecur_iterator *each;
	enum err e;

	out->count = 0;
	out->is_cut = false;
	out->fault[0] = '\0';
	if ((e = check_parts(rule, out)) || (e = parse_day(starts_on, "starts_on", &start, out)) ||
	    (e = parse_day(from, "from", &first, out)) || (e = parse_day(to, "to", &last, out)))
		return e;
	recurrence = icalrecurrencetype_from_string(rule);
	each = recurrence.freq == ICAL_NO_RECURRENCE ? NULL
						     : icalrecur_iterator_new(recurrence, start);
	if (!each) {
		icalerror_clear_errno();
		return fail(out, "«%.80s» is not a good recurrence rule (RFC 5545)", rule);
	}
	e = walk(each, first, last, most < RECUR_DATES_MAX ? most : RECUR_DATES_MAX, out);
	icalrecur_iterator_free(each);
	return e;
}
