#include "register/lines.h"

#include <stdio.h>

#include "base/utf8.h"

const char *line_fault_name(enum line_fault f)
{
	static const char *const names[LINE_FAULT__MAX] = {
		[LINE_FINE] = "fine",         [LINE_TOO_LONG] = "too_long",
		[LINE_NOT_UTF8] = "not_utf8", [LINE_COLUMNS] = "columns",
		[LINE_QUOTES] = "quotes",     [LINE_TIME] = "time",
		[LINE_NUMBER] = "number",     [LINE_AMBIGUOUS] = "ambiguous",
		[LINE_NEGATIVE] = "negative", [LINE_TOO_MANY] = "too_many",
	};

	return names[f];
}

void lines_init(struct lines *l, struct str text)
{
	struct str first;

	if (text.length >= 3 && !memcmp(text.at, "\xef\xbb\xbf", 3)) {
		text.at += 3;
		text.length -= 3;
	}
	*l = (struct lines){ .rest = text, .delimiter = ';' };
	first = str_cut(&text, '\n');
	if (first.length && memchr(first.at, '\t', first.length))
		l->delimiter = '\t';
}

/* Bytes of the blank that `s` begins with, 0 if with none: also the no-break (U+00A0), thin
 * (U+2009) and narrow no-break (U+202F) ones that spreadsheets put between thousands. */
static size_t blank_at(struct str s)
{
	if (s.length >= 1 && (*s.at == ' ' || *s.at == '\t' || *s.at == '\r'))
		return 1;
	if (s.length >= 2 && !memcmp(s.at, "\xc2\xa0", 2))
		return 2;
	if (s.length >= 3 && (!memcmp(s.at, "\xe2\x80\x89", 3) || !memcmp(s.at, "\xe2\x80\xaf", 3)))
		return 3;
	return 0;
}

static struct str trim(struct str s)
{
	size_t n;

	while ((n = blank_at(s))) {
		s.at += n;
		s.length -= n;
	}
	while (s.length && is_space(s.at[s.length - 1]))
		s.length--;
	while (s.length >= 2 && !memcmp(s.at + s.length - 2, "\xc2\xa0", 2))
		s.length -= 2;
	return s;
}

static bool is_text(struct str s)
{
	while (s.length) {
		size_t n = utf8_length(s.at, s.length);

		if (!n || ((unsigned char)*s.at < ' ' && *s.at != '\t'))
			return false;
		s.at += n;
		s.length -= n;
	}
	return true;
}

static enum line_fault split(struct line *line, char delimiter)
{
	struct str rest = line->text;
	int count = 0;

	if (rest.length > LINE_BYTES_MAX)
		return LINE_TOO_LONG;
	if (!is_text(rest))
		return LINE_NOT_UTF8;
	while (rest.at) {
		struct str cell = str_cut(&rest, delimiter);

		cell = trim(cell);
		if (cell.length && memchr(cell.at, '"', cell.length)) {
			if (cell.length < 2 || cell.at[0] != '"' || cell.at[cell.length - 1] != '"')
				return LINE_QUOTES;
			cell = trim((struct str){ cell.at + 1, cell.length - 2 });
			if (cell.length && memchr(cell.at, '"', cell.length))
				return LINE_QUOTES;
		}
		if (count == LINES_CELLS && !cell.length && !rest.at)
			break; /* a delimiter at the end of the line */
		if (count == LINES_CELLS || !cell.length)
			return LINE_COLUMNS;
		line->cells[count++] = cell;
	}
	return count == LINES_CELLS ? LINE_FINE : LINE_COLUMNS;
}

bool lines_next(struct lines *l, struct line *out)
{
	while (l->rest.length) {
		struct str text = str_cut(&l->rest, '\n');

		l->number++;
		if (text.length && text.at[text.length - 1] == '\r')
			text.length--;
		*out = (struct line){ .number = l->number, .text = text };
		if (!trim(text).length)
			continue;
		if (l->number > LINES_MAX) {
			out->fault = LINE_TOO_MANY;
			l->rest = (struct str){ NULL, 0 };
			return true;
		}
		out->fault = split(out, l->delimiter);
		return true;
	}
	return false;
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.length; i++)
		if (is_digit(s.at[i]))
			return true;
	return false;
}

bool line_is_heading(const struct line *line)
{
	return line->number == 1 && line->fault == LINE_FINE && !has_digit(line->cells[1]) &&
	       !has_digit(line->cells[2]);
}

/* Takes a minus, the keyboard's or the typographer's (U+2212). */
static bool take_minus(struct str *s)
{
	size_t n = s->length && *s->at == '-'                            ? 1
		   : s->length >= 3 && !memcmp(s->at, "\xe2\x88\x92", 3) ? 3
									 : 0;

	s->at += n;
	s->length -= n;
	return n > 0;
}

struct number {
	char digits[LINE_NUMBER_TEXT];
	int count;
	int whole; /* digits before the decimal mark; -1: no mark */
	int dots;
	int since_mark; /* digits since the last blank, dot or comma; -1 before any */
	bool is_grouped, is_wrong;
};

/* A mark between groups of thousands: a group before it, three digits since the one before that. */
static void see_group(struct number *n)
{
	if (n->whole >= 0 || !n->count || (n->since_mark >= 0 && n->since_mark != 3) ||
	    (n->since_mark < 0 && n->count > 3))
		n->is_wrong = true;
	n->is_grouped = true;
	n->since_mark = 0;
}

static void see_digit(struct number *n, char c)
{
	if (n->count > LINE_NUMBER_TEXT - 6)
		n->is_wrong = true;
	else
		n->digits[n->count++] = c;
	if (n->since_mark >= 0)
		n->since_mark++;
}

static void see_comma(struct number *n)
{
	if (n->whole >= 0 || !n->count || (n->is_grouped && n->since_mark != 3))
		n->is_wrong = true;
	n->whole = n->count;
	n->since_mark = 0;
}

static void see_numeral(struct number *n, struct str s)
{
	while (s.length && !n->is_wrong) {
		size_t blank = blank_at(s), taken = blank ? blank : 1;

		if (blank) {
			if (n->dots)
				n->is_wrong = true;
			see_group(n);
		} else if (is_digit(*s.at)) {
			see_digit(n, *s.at);
		} else if (*s.at == ',') {
			see_comma(n);
		} else if (*s.at == '.') {
			n->dots++;
			if (n->is_grouped && n->dots == 1)
				see_comma(n); /* 12 345.67 */
			else if (n->dots > 1 || memchr(s.at, ',', s.length))
				see_group(n);
			else if (memchr(s.at + 1, '.', s.length - 1))
				see_group(n);
			else
				see_comma(n);
		} else {
			n->is_wrong = true;
		}
		s.at += taken;
		s.length -= taken;
	}
}

enum line_fault line_number(struct str cell, char out[LINE_NUMBER_TEXT])
{
	struct number n = { .whole = -1, .since_mark = -1 };
	struct str s = trim(cell);
	bool is_negative = take_minus(&s), has_comma = s.length && memchr(s.at, ',', s.length);

	see_numeral(&n, s);
	if (n.is_wrong || !n.count || n.whole == n.count ||
	    (n.whole < 0 && n.is_grouped && n.since_mark != 3))
		return LINE_NUMBER;
	if (n.dots == 1 && !has_comma && !n.is_grouped && n.whole > 0 && n.whole <= 3 &&
	    n.count - n.whole == 3 && !(n.whole == 1 && n.digits[0] == '0'))
		return LINE_AMBIGUOUS;
	if (n.whole < 0)
		snprintf(out, LINE_NUMBER_TEXT, "%s%.*s", is_negative ? "-" : "", n.count,
			 n.digits);
	else
		snprintf(out, LINE_NUMBER_TEXT, "%s%.*s.%.*s", is_negative ? "-" : "", n.whole,
			 n.digits, n.count - n.whole, n.digits + n.whole);
	return LINE_FINE;
}

/* Takes a number of `least` to `most` digits. -1: there is none. */
static int take_int(struct str *s, int least, int most)
{
	int n = 0, count = 0;

	while (count < most && s->length && is_digit(*s->at)) {
		n = n * 10 + (*s->at - '0');
		s->at++;
		s->length--;
		count++;
	}
	return count >= least ? n : -1;
}

static bool take_char(struct str *s, char c)
{
	if (!s->length || *s->at != c)
		return false;
	s->at++;
	s->length--;
	return true;
}

static bool is_day(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (month == 2 && is_leap);
}

/* 26.11.2026, or 2026-11-26. */
static bool take_day(struct str *s, int *year, int *month, int *day)
{
	struct str was = *s;

	*day = take_int(s, 1, 2);
	if (*day >= 0 && take_char(s, '.')) {
		*month = take_int(s, 1, 2);
		if (*month < 0 || !take_char(s, '.'))
			return false;
		*year = take_int(s, 4, 4);
	} else {
		*s = was;
		*year = take_int(s, 4, 4);
		if (*year < 0 || !take_char(s, '-'))
			return false;
		*month = take_int(s, 2, 2);
		if (*month < 0 || !take_char(s, '-'))
			return false;
		*day = take_int(s, 2, 2);
	}
	return is_day(*year, *month, *day);
}

/* «14:05», «14.05» or «14:05:09», with a part of a second that is dropped. */
static bool take_clock(struct str *s, int *hour, int *minute, int *second)
{
	*second = 0;
	*hour = take_int(s, 1, 2);
	if (*hour < 0 || *hour > 23 || !(take_char(s, ':') || take_char(s, '.')))
		return false;
	*minute = take_int(s, 2, 2);
	if (*minute < 0 || *minute > 59)
		return false;
	if (take_char(s, ':')) {
		*second = take_int(s, 2, 2);
		if (*second < 0 || *second > 59)
			return false;
		if (take_char(s, '.') && take_int(s, 1, 9) < 0)
			return false;
	}
	return true;
}

/* «Z», «+01:00» or nothing; written to `out`. */
static bool take_offset(struct str *s, char out[8])
{
	int hours, minutes;
	char sign;

	out[0] = '\0';
	if (!s->length)
		return true;
	if (take_char(s, 'Z')) {
		snprintf(out, 8, "+00:00");
		return !s->length;
	}
	sign = *s->at;
	if (!take_char(s, '+') && !take_char(s, '-'))
		return false;
	hours = take_int(s, 2, 2);
	take_char(s, ':');
	minutes = take_int(s, 2, 2);
	if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59 || s->length)
		return false;
	snprintf(out, 8, "%c%02d:%02d", sign, hours, minutes);
	return true;
}

enum line_fault line_time(struct str cell, char out[LINE_TIME_TEXT], bool *has_offset)
{
	int year, month, day, hour = 12, minute = 0, second = 0;
	struct str s = trim(cell);
	char offset[8] = "";

	*has_offset = false;
	if (!take_day(&s, &year, &month, &day))
		return LINE_TIME;
	if (s.length) {
		if (!take_char(&s, 'T') && !take_char(&s, ' '))
			return LINE_TIME;
		if (!take_clock(&s, &hour, &minute, &second) || !take_offset(&s, offset))
			return LINE_TIME;
	}
	*has_offset = offset[0] != '\0';
	snprintf(out, LINE_TIME_TEXT, "%04d-%02d-%02d %02d:%02d:%02d%s", year, month, day, hour,
		 minute, second, offset);
	return LINE_FINE;
}

enum line_fault line_day(struct str cell, char out[LINE_TIME_TEXT])
{
	int year, month, day;
	struct str s = trim(cell);

	if (!take_day(&s, &year, &month, &day) || s.length)
		return LINE_TIME;
	snprintf(out, LINE_TIME_TEXT, "%04d-%02d-%02d", year, month, day);
	return LINE_FINE;
}
