#include "importers/reader_json.h"

#include <stdio.h>
#include <string.h>

enum { PIECE = 64 * 1024, NUMBER_MAX = 100 };

enum state { VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, AFTER, DONE };

struct json {
	struct source *s;
	const struct tree_sink *sink;
	char piece[PIECE];
	size_t at, held;
	uint64_t offset; /* of `piece` in the file */
	const char *fault, *why;
	bool is_stopped; /* by the sink */
	enum state state;
	size_t depth;
	bool is_array[TREE_DEPTH_MAX];
	char names[TREE_DEPTH_MAX + 1][TREE_NAME_MAX];
	size_t lengths[TREE_DEPTH_MAX + 1];
};

static bool wrong(struct json *j, const char *fault, const char *why)
{
	if (!j->fault && !j->is_stopped) {
		j->fault = fault;
		j->why = why;
	}
	return false;
}

static bool told(struct json *j, bool is_going_on)
{
	j->is_stopped = j->is_stopped || !is_going_on;
	return is_going_on;
}

/* The next byte without taking it; -1 at the end. */
static int peek(struct json *j)
{
	if (j->at == j->held) {
		j->offset += j->held;
		j->at = 0;
		j->held = j->s->read(j->s, j->piece, PIECE);
		if (j->held == 0) {
			if (j->s->fault)
				wrong(j, j->s->fault, "");
			return -1;
		}
	}
	return (unsigned char)j->piece[j->at];
}

static int take(struct json *j)
{
	int c = peek(j);

	j->at += c >= 0;
	return c;
}

static int take_solid(struct json *j)
{
	int c = take(j);

	while (c == ' ' || c == '\t' || c == '\r' || c == '\n')
		c = take(j);
	return c;
}

static struct str name_here(const struct json *j)
{
	return (struct str){ j->names[j->depth], j->lengths[j->depth] };
}

/* Where a string's pieces go: a node's text, or a key. */
struct target {
	bool is_key;
};

static bool give(struct json *j, const struct target *t, const char *at, size_t length)
{
	if (length == 0)
		return true;
	if (!t->is_key)
		return told(j, j->sink->text(j->sink->context, (struct str){ at, length }));
	if (j->lengths[j->depth] + length > TREE_NAME_MAX)
		return wrong(j, "name", "a key is too long");
	memcpy(j->names[j->depth] + j->lengths[j->depth], at, length);
	j->lengths[j->depth] += length;
	return true;
}

static bool take_hex(struct json *j, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++) {
		int c = take(j), low = c | 0x20;

		if (c >= '0' && c <= '9')
			*unit = *unit << 4 | (uint32_t)(c - '0');
		else if (low >= 'a' && low <= 'f')
			*unit = *unit << 4 | (uint32_t)(low - 'a' + 10);
		else
			return wrong(j, "library", "four hexadecimal digits are missing");
	}
	return true;
}

/* \uXXXX, perhaps with the other half of a pair. Half a pair is no letter. */
static bool give_escape(struct json *j, const struct target *t);

static bool give_unicode(struct json *j, const struct target *t)
{
	struct charset_utf16 u = { .is_big = true };
	char raw[2], out[4 + 2 * CHARSET_UTF16_ROOM];
	size_t n = 0;
	uint32_t unit;

	do {
		if (!take_hex(j, &unit))
			return false;
		raw[0] = (char)(unit >> 8);
		raw[1] = (char)(unit & 0xff);
		n += charset_from_utf16(&u, raw, 2, out + n);
		if (!u.high || peek(j) != '\\')
			break;
		take(j);
		if (peek(j) != 'u') /* the half stands alone, and another escape follows */
			return give(j, t, "\xff", 1) && give_escape(j, t);
		take(j);
	} while (n == 0);
	if (u.high)
		out[n++] = (char)0xff;
	return give(j, t, out, n);
}

static bool give_escape(struct json *j, const struct target *t)
{
	static const char marks[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	int c = take(j);
	const char *found = c > 0 ? strchr(marks, c) : NULL;

	if (c == 'u')
		return give_unicode(j, t);
	if (!found)
		return wrong(j, "library", "an unknown escape in a string");
	return give(j, t, &meant[found - marks], 1);
}

/* The rest of a string, its first quote taken. */
static bool take_string(struct json *j, bool is_key)
{
	struct target t = { is_key };

	if (is_key)
		j->lengths[j->depth] = 0;
	for (;;) {
		size_t from, to;
		int c = peek(j);

		if (c < 0)
			return wrong(j, "library", "a string is not closed");
		for (from = to = j->at; to < j->held; to++) {
			unsigned char b = (unsigned char)j->piece[to];

			if (b == '"' || b == '\\' || b < 0x20)
				break;
		}
		j->at = to;
		if (!give(j, &t, j->piece + from, to - from))
			return false;
		if (to == j->held)
			continue;
		c = take(j);
		if (c == '"')
			return true;
		if (c != '\\')
			return wrong(j, "library", "a control character in a string");
		if (!give_escape(j, &t))
			return false;
	}
}

static bool is_number(const char *t)
{
	t += *t == '-';
	if (*t == '0')
		t++;
	else if (*t >= '1' && *t <= '9')
		t += strspn(t, "0123456789");
	else
		return false;
	if (*t == '.') {
		size_t n = strspn(++t, "0123456789");

		if (n == 0)
			return false;
		t += n;
	}
	if (*t == 'e' || *t == 'E') {
		size_t n;

		t++;
		t += *t == '+' || *t == '-';
		n = strspn(t, "0123456789");
		if (n == 0)
			return false;
		t += n;
	}
	return *t == '\0';
}

/* A number, true, false or null. */
static bool take_word(struct json *j, int first)
{
	char word[NUMBER_MAX + 1];
	size_t n = 0;

	for (int c = first;; c = take(j)) {
		if (n == NUMBER_MAX)
			return wrong(j, "library", "a number is too long");
		word[n++] = (char)c;
		c = peek(j);
		if (c < 0 || !strchr("+-.0123456789eEtrufalsn", c) || c == 0)
			break;
	}
	word[n] = '\0';
	if (!strcmp(word, "null"))
		return true;
	if (strcmp(word, "true") != 0 && strcmp(word, "false") != 0 && !is_number(word))
		return wrong(j, "library", "neither a number nor true, false or null");
	return told(j, j->sink->text(j->sink->context, (struct str){ word, n }));
}

static bool open_node(struct json *j)
{
	return told(j, j->sink->open(j->sink->context, name_here(j), NULL, 0));
}

static bool close_node(struct json *j)
{
	return told(j, j->sink->close(j->sink->context));
}

static bool enter(struct json *j, bool is_array)
{
	if (j->depth == TREE_DEPTH_MAX)
		return wrong(j, "depth", "values within values");
	if (is_array && j->sink->array && !told(j, j->sink->array(j->sink->context, name_here(j))))
		return false;
	/* An array itself is no node: its items are, by its name. One in another is told apart by
	 * nothing. */
	if (!is_array && !open_node(j))
		return false;
	j->is_array[j->depth] = is_array;
	memcpy(j->names[j->depth + 1], j->names[j->depth], j->lengths[j->depth]);
	j->lengths[j->depth + 1] = j->lengths[j->depth];
	j->depth++;
	j->state = is_array ? VALUE_OR_END : KEY_OR_END;
	return true;
}

static bool leave(struct json *j, bool is_array)
{
	if (j->depth == 0 || j->is_array[j->depth - 1] != is_array)
		return wrong(j, "library", "a bracket closes what was not opened");
	j->depth--;
	j->state = j->depth ? AFTER : DONE;
	return is_array || close_node(j);
}

static bool take_value(struct json *j, int c)
{
	if (c == '{' || c == '[')
		return enter(j, c == '[');
	if (c == 'n') { /* null: nothing is there, not even a node */
		j->state = j->depth ? AFTER : DONE;
		return take_word(j, c) &&
		       (!j->sink->array || told(j, j->sink->array(j->sink->context, name_here(j))));
	}
	if (!open_node(j))
		return false;
	if (c == '"' ? !take_string(j, false) : !take_word(j, c))
		return false;
	j->state = j->depth ? AFTER : DONE;
	return close_node(j);
}

static bool step(struct json *j, int c)
{
	switch (j->state) {
	case VALUE_OR_END:
		if (c == ']')
			return leave(j, true);
		return take_value(j, c);
	case VALUE:
		return take_value(j, c);
	case KEY_OR_END:
		if (c == '}')
			return leave(j, false);
		/* fallthrough */
	case KEY:
		if (c != '"')
			return wrong(j, "library", "a key must be a string");
		j->state = COLON;
		return take_string(j, true);
	case COLON:
		j->state = VALUE;
		return c == ':' || wrong(j, "library", "a colon is missing after a key");
	case AFTER:
		if (c == '}' || c == ']')
			return leave(j, c == ']');
		j->state = j->is_array[j->depth - 1] ? VALUE : KEY;
		return c == ',' || wrong(j, "library", "a comma or a bracket is missing");
	case DONE:
		break;
	}
	return wrong(j, "library", "more follows after the end of the value");
}

/* A byte order mark at the start. True unless the file begins otherwise than JSON may. */
static bool skip_mark(struct json *j)
{
	int second, third;

	if (peek(j) != 0xef)
		return true;
	take(j);
	second = take(j);
	third = take(j);
	return (second == 0xbb && third == 0xbf) ||
	       wrong(j, "library", "the file does not begin as JSON");
}

const char *json_read(struct source *s, const struct tree_sink *sink, char *said, size_t size)
{
	static struct json j;
	int c;

	memset(&j, 0, sizeof(j));
	j.s = s;
	j.sink = sink;
	memcpy(j.names[0], "item", 4);
	j.lengths[0] = 4;
	said[0] = '\0';
	if (skip_mark(&j)) {
		while ((c = take_solid(&j)) >= 0 && step(&j, c))
			;
	}
	if (j.state != DONE)
		wrong(&j, "library", "the file ends before its value does");
	if (j.fault)
		snprintf(said, size, "byte %llu: %s", (unsigned long long)j.offset + j.at, j.why);
	return j.fault;
}
