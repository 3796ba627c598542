#include "importers/cells.h"

#include <string.h>

enum { WHOLE_DIGITS_MAX = 9, GROUP = 3 };

static const char nbsp[] = "\xc2\xa0", narrow_nbsp[] = "\xe2\x80\xaf",
		  byte_order_mark[] = "\xef\xbb\xbf";

static bool starts(struct str s, const char *with, size_t length)
{
	return s.length >= length && !memcmp(s.at, with, length);
}

static bool ends(struct str s, const char *with, size_t length)
{
	return s.length >= length && !memcmp(s.at + s.length - length, with, length);
}

/* The blank at the start or end of a text: how many bytes it takes. */
static size_t blank_before(struct str s)
{
	if (s.length == 0)
		return 0;
	if (is_space(s.at[0]))
		return 1;
	if (starts(s, nbsp, 2))
		return 2;
	return starts(s, byte_order_mark, 3) ? 3 : 0;
}

static size_t blank_after(struct str s)
{
	if (s.length == 0)
		return 0;
	if (is_space(s.at[s.length - 1]))
		return 1;
	if (ends(s, nbsp, 2))
		return 2;
	return ends(s, byte_order_mark, 3) ? 3 : 0;
}

static struct str trimmed(struct str s)
{
	size_t n;

	while ((n = blank_before(s))) {
		s.at += n;
		s.length -= n;
	}
	while ((n = blank_after(s)))
		s.length -= n;
	return s;
}

static size_t digits_at(struct str s, size_t from)
{
	size_t n = 0;

	while (from + n < s.length && is_digit(s.at[from + n]))
		n++;
	return n;
}

/* Spreadsheets write 12 as «12.0». */
static bool read_whole(struct str s, struct str *value)
{
	size_t n = digits_at(s, 0);

	*value = (struct str){ s.at, n };
	if (n == 0 || n > WHOLE_DIGITS_MAX)
		return false;
	if (n == s.length)
		return true;
	if (s.at[n] != '.' || n + 1 == s.length)
		return false;
	for (size_t i = n + 1; i < s.length; i++) {
		if (s.at[i] != '0')
			return false;
	}
	return true;
}

/* What parts thousands at `at`: its bytes, or 0. */
static size_t group_mark(struct str s, size_t at)
{
	struct str rest = { s.at + at, s.length - at };

	if (rest.length && (rest.at[0] == ' ' || rest.at[0] == '.'))
		return 1;
	if (starts(rest, nbsp, 2))
		return 2;
	return starts(rest, narrow_nbsp, 3) ? 3 : 0;
}

struct number {
	char *at;
	size_t length;
};

static bool put(struct number *to, const char *bytes, size_t length)
{
	if (to->length + length >= CELL_NUMBER_MAX)
		return false;
	memcpy(to->at + to->length, bytes, length);
	to->length += length;
	return true;
}

/* The digits before the decimals, thousands parted or not. Moves *at behind them. */
static bool put_integer(struct str s, size_t *at, struct number *to)
{
	size_t n = digits_at(s, *at), mark;
	bool is_first = true;

	if (n == 0 || !put(to, s.at + *at, n))
		return false;
	*at += n;
	while ((mark = group_mark(s, *at))) {
		if ((is_first && n > GROUP) || digits_at(s, *at + mark) != GROUP)
			return false;
		if (!put(to, s.at + *at + mark, GROUP))
			return false;
		*at += mark + GROUP;
		is_first = false;
	}
	return true;
}

/* «1250.5» and «-12.250»: with one dot and no comma the dot is a decimal point. */
static bool is_english(struct str s)
{
	size_t from = s.length && s.at[0] == '-', n = digits_at(s, from), decimals;

	if (n == 0 || from + n == s.length || s.at[from + n] != '.')
		return false;
	decimals = digits_at(s, from + n + 1);
	return decimals > 0 && from + n + 1 + decimals == s.length;
}

/* «1 250,50», «1.250,50», «1250.5»: a comma has decimals after it and parted thousands before it.
 */
static bool read_number(struct str s, char room[CELL_NUMBER_MAX], struct str *value)
{
	struct number to = { room, 0 };
	size_t at = 0, n;

	*value = s;
	if (is_english(s))
		return s.length < CELL_NUMBER_MAX;
	if (s.length && s.at[0] == '-' && put(&to, "-", 1))
		at = 1;
	if (!put_integer(s, &at, &to))
		return false;
	if (at < s.length) {
		n = digits_at(s, at + 1);
		if (s.at[at] != ',' || n == 0 || at + 1 + n != s.length || !put(&to, ".", 1) ||
		    !put(&to, s.at + at + 1, n))
			return false;
	}
	*value = (struct str){ room, to.length };
	return true;
}

enum cell_state cell_read(enum cell_type type, struct str cell, char room[CELL_NUMBER_MAX],
			  struct str *value)
{
	*value = type == CELL_AS_IT_IS ? cell : trimmed(cell);
	if (value->length == 0)
		return CELL_EMPTY;
	switch (type) {
	case CELL_AS_IT_IS:
	case CELL_TEXT:
		return CELL_GOOD;
	case CELL_WHOLE:
		return read_whole(*value, value) ? CELL_GOOD : CELL_WRONG;
	case CELL_NUMBER:
	case CELL_COORDINATE:
		return read_number(*value, room, value) ? CELL_GOOD : CELL_WRONG;
	}
	return CELL_WRONG;
}

/* All letters below U+0300 are whole ones (Unicode's quick check of form C). Of those above,
 * dashes, quotes and such (U+2010 – U+205F) and the euro sign are. */
bool cell_may_be_decomposed(struct str cell)
{
	for (size_t i = 0; i < cell.length; i++) {
		unsigned char b = (unsigned char)cell.at[i];

		if (b < 0xcc)
			continue;
		if (b != 0xe2 || i + 2 >= cell.length)
			return true;
		if (memcmp(cell.at + i, "\xe2\x82\xac", 3) != 0 &&
		    ((unsigned char)cell.at[i + 1] > 0x81 ||
		     ((unsigned char)cell.at[i + 1] == 0x80 &&
		      (unsigned char)cell.at[i + 2] < 0x90)))
			return true;
		i += 2;
	}
	return false;
}

const char *cell_type_sql(enum cell_type type)
{
	switch (type) {
	case CELL_WHOLE:
		return "int";
	case CELL_NUMBER:
		return "numeric";
	case CELL_COORDINATE:
		return "double precision";
	case CELL_AS_IT_IS:
	case CELL_TEXT:
		break;
	}
	return "text";
}
