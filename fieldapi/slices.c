#include "fieldapi/slices.h"

#include <string.h>

/* What is left to read, moved on by each of the functions below. */
static void skip_spaces(struct str *rest)
{
	while (rest->length && is_space(*rest->at)) {
		rest->at++;
		rest->length--;
	}
}

static bool take(struct str *rest, char c)
{
	skip_spaces(rest);
	if (!rest->length || *rest->at != c)
		return false;
	rest->at++;
	rest->length--;
	return true;
}

/* The bytes of the string that begins at `at`, with its quotes; 0 when it does not end. */
static size_t string_size(struct str rest)
{
	for (size_t i = 1; i < rest.length; i++) {
		if (rest.at[i] == '\\')
			i++;
		else if (rest.at[i] == '"')
			return i + 1;
	}
	return 0;
}

static bool ends_scalar(char c)
{
	return c == ',' || c == ']' || c == '}' || is_space(c);
}

/* The bytes of the value that begins at `at`; 0 when it does not end, or there is none. */
static size_t value_size(struct str rest, int *depth)
{
	size_t at = 0;
	int open = 0;

	*depth = 0;
	if (rest.length && *rest.at != '{' && *rest.at != '[' && *rest.at != '"') {
		while (at < rest.length && !ends_scalar(rest.at[at]))
			at++;
		return at;
	}
	while (at < rest.length) {
		char c = rest.at[at];
		size_t size = 1;

		if (c == '"' &&
		    !(size = string_size((struct str){ rest.at + at, rest.length - at })))
			return 0;
		open += c == '{' || c == '[';
		*depth = open > *depth ? open : *depth;
		open -= c == '}' || c == ']';
		at += size;
		if (open <= 0)
			return at;
	}
	return 0;
}

static bool take_value(struct str *rest, struct slice *value)
{
	size_t size;

	skip_spaces(rest);
	if (!(size = value_size(*rest, &value->depth)))
		return false;
	value->text = (struct str){ rest->at, size };
	rest->at += size;
	rest->length -= size;
	return true;
}

static bool is_name(struct str text, const char *name)
{
	size_t length = strlen(name);

	return text.length == length + 2 && !memcmp(text.at + 1, name, length);
}

bool slices_member(struct str text, const char *name, struct slice *found)
{
	struct str rest = text;

	*found = (struct slice){ 0 };
	if (!take(&rest, '{'))
		return false;
	if (!take(&rest, '}')) {
		do {
			struct slice key, value;

			if (!take_value(&rest, &key) || *key.text.at != '"' || !take(&rest, ':') ||
			    !take_value(&rest, &value))
				return false;
			if (is_name(key.text, name))
				*found = value;
		} while (take(&rest, ','));
		if (!take(&rest, '}'))
			return false;
	}
	skip_spaces(&rest);
	return !rest.length;
}

long slices_elements(struct str text, struct slice *out, long max)
{
	struct str rest = text;
	long count = 0;

	if (!take(&rest, '['))
		return -1;
	if (take(&rest, ']'))
		return rest.length ? -1 : 0;
	do {
		struct slice value;

		if (!take_value(&rest, &value))
			return -1;
		if (count < max)
			out[count] = value;
		count++;
	} while (take(&rest, ','));
	return take(&rest, ']') && !rest.length ? count : -1;
}
