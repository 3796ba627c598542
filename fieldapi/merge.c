#include "fieldapi/merge.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/uuid.h"

enum { DIGITS_MAX = 1000, MICROSECONDS = 1000000 };

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* -- values in one form ------------------------------------------------------------ */

/* Digits without zeros at the ends, and the power of ten that they are counted in. */
static const char *number(struct arena *a, const char *text)
{
	const char *c = text;
	char *digits = arena_alloc(a, DIGITS_MAX + 1), *end;
	bool is_negative = *c == '-', is_fraction = false;
	size_t count = 0, zeros = 0;
	long power = 0;

	if (*c == '-' || *c == '+')
		c++;
	for (; isdigit((unsigned char)*c) || (*c == '.' && !is_fraction); c++) {
		if (*c == '.') {
			is_fraction = true;
			continue;
		}
		if (count == DIGITS_MAX)
			return text;
		digits[count++] = *c;
		power -= is_fraction;
	}
	if (!count)
		return text;
	if (*c == 'e' || *c == 'E') {
		power += strtol(c + 1, &end, 10);
		c = end;
	}
	if (*c)
		return text;
	for (; count && digits[count - 1] == '0'; count--)
		power++;
	while (zeros < count && digits[zeros] == '0')
		zeros++;
	if (!count)
		return "0";
	return arena_printf(a, "%s%.*se%ld", is_negative ? "-" : "", (int)(count - zeros),
			    digits + zeros, power);
}

/* Days since 1970-01-01 of the Gregorian calendar. */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year, m = month > 2 ? month - 3 : month + 9;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* Reads up to `most` digits. What follows them; NULL when there is none. */
static const char *take_number(const char *at, int most, int *number)
{
	const char *c = at;

	for (*number = 0; c - at < most && isdigit((unsigned char)*c); c++)
		*number = *number * 10 + (*c - '0');
	return c > at ? c : NULL;
}

/* RFC 3339, and as PostgreSQL writes it: «2026-11-22 01:34:12.5+00». */
static bool moment(const char *text, int64_t *microseconds)
{
	static const char *const marks[] = { "-", "-", "Tt ", ":", ":", NULL };
	static const int most[] = { 4, 2, 2, 2, 2, 2 };
	int part[6], off_hour = 0, off_minute = 0;
	int64_t fraction = 0, unit = MICROSECONDS / 10, offset;
	const char *c = text, *zone;

	for (int i = 0; i < 6; i++) {
		if (!(c = take_number(c, most[i], &part[i])))
			return false;
		if (marks[i] && (!*c || !strchr(marks[i], *c++)))
			return false;
	}
	if (part[0] < 1)
		return false;
	if (*c == '.')
		for (c++; isdigit((unsigned char)*c); c++, unit /= 10)
			fraction += (*c - '0') * unit;
	if (*c != 'Z' && *c != 'z' && *c != '+' && *c != '-')
		return false;
	zone = *c == '+' || *c == '-' ? take_number(c + 1, 2, &off_hour) : NULL;
	if (zone && *zone == ':')
		take_number(zone + 1, 2, &off_minute);
	offset = (off_hour * 60 + off_minute) * 60 * (*c == '-' ? -1 : 1);
	*microseconds = ((days_of(part[0], part[1], part[2]) * 24 + part[3]) * 60 + part[4]) * 60 +
			part[5] - offset;
	*microseconds = *microseconds * MICROSECONDS + fraction;
	return true;
}

const char *merge_canonical(struct arena *a, enum input_kind kind, const char *value)
{
	int64_t at;
	char *low;

	if (!value)
		return NULL;
	switch (kind) {
	case IN_INT:
	case IN_NUMBER:
		return number(a, value);
	case IN_TIME:
		return moment(value, &at) ? arena_printf(a, "%lld", (long long)at) : value;
	case IN_BOOL:
		return *value == 't' || *value == 'T' ? "t" : "f";
	case IN_UUID:
	case IN_SHA256:
		low = arena_text(a, value);
		for (char *c = low; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		return low;
	default:
		return value;
	}
}

/* Below 0, 0 or above: of numbers and times; anything else by its text. */
static int compare(enum input_kind kind, const char *a, const char *b)
{
	int64_t at, bt;
	double ad, bd;

	if (kind == IN_TIME && moment(a, &at) && moment(b, &bt))
		return (at > bt) - (at < bt);
	if (kind != IN_INT && kind != IN_NUMBER)
		return strcmp(a, b);
	ad = strtod(a, NULL);
	bd = strtod(b, NULL);
	return (ad > bd) - (ad < bd);
}

/* -- policies ----------------------------------------------------------------------- */

static struct merged theirs(const char *current, enum severity severity)
{
	return (struct merged){
		.value = current, .is_conflict = true, .severity = severity, .chosen = "theirs"
	};
}

static struct merged mine_stands(const char *mine, enum severity severity)
{
	return (struct merged){ mine, true, true, severity, "mine" };
}

static bool is_done(const char *state)
{
	return same(state, "done") || same(state, "done_after_cancel");
}

/* Work that is done is done: it is never unsaid by a plan. What the office cancelled and the tablet
 * had done by then is both, and somebody must look. */
static struct merged merge_state(const char *current, const char *mine)
{
	if (is_done(mine) && same(current, "cancelled"))
		return (struct merged){ "done_after_cancel", true, true, SEVERITY_HARD, "both" };
	if (is_done(mine) && is_done(current))
		return (struct merged){ .value = current };
	if (is_done(mine))
		return mine_stands(mine, SEVERITY_SOFT);
	return theirs(current, is_done(current) ? SEVERITY_SOFT : SEVERITY_HARD);
}

static struct merged keep_both(struct arena *a, const struct op_field *f, const char *current,
			       const char *mine, const char *author, const char *at)
{
	const char *both;

	if (!mine) /* an erasure does not erase what is new */
		return theirs(current, f->severity);
	both = current ? arena_printf(a, "%s\n— %s, %s: %s", current, author, at, mine) : mine;
	return (struct merged){ both, true, current != NULL, SEVERITY_SOFT, "both" };
}

/* The value that lies further in the direction of `sign`; an unset one lies nowhere. */
static struct merged furthest(const struct op_field *f, int sign, const char *current,
			      const char *mine)
{
	if (!current)
		return (struct merged){ .value = mine, .is_changed = true };
	if (!mine || compare(f->kind, mine, current) * sign < 0)
		return theirs(current, f->severity);
	return mine_stands(mine, f->severity);
}

static struct merged add(struct arena *a, const char *current, const char *delta)
{
	long long sum = current ? strtoll(current, NULL, 10) : 0;
	struct merged m = { .value = current };

	if (!delta || __builtin_add_overflow(sum, strtoll(delta, NULL, 10), &sum))
		return m;
	return (struct merged){ .value = arena_printf(a, "%lld", sum), .is_changed = true };
}

struct merged merge_field(struct arena *a, const struct op_field *f, const char *current,
			  const char *base, const char *mine, const char *author, const char *at)
{
	const char *now = merge_canonical(a, f->kind, current);

	if (f->policy == POLICY_ADD)
		return add(a, current, mine);
	if (same(now, merge_canonical(a, f->kind, mine)))
		return (struct merged){ .value = current };
	if (same(now, merge_canonical(a, f->kind, base)))
		return (struct merged){ .value = mine, .is_changed = true };
	switch (f->policy) {
	case POLICY_STATE:
		return merge_state(current, mine);
	case POLICY_KEEP_BOTH:
		return keep_both(a, f, current, mine, author, at);
	case POLICY_ONCE:
		if (!current)
			return (struct merged){ .value = mine, .is_changed = true };
		return theirs(current, f->severity);
	case POLICY_TABLET:
		return mine_stands(mine, f->severity);
	case POLICY_MAX:
		return furthest(f, 1, current, mine);
	case POLICY_MIN:
		return furthest(f, -1, current, mine);
	default:
		return theirs(current, f->severity);
	}
}
