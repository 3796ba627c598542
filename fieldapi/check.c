#include "fieldapi/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fieldapi/js.h"
#include "http/input.h"

enum { REAL_TEXT = 40 };

/* As few digits as tell the number from its neighbours: 0.1 and not 0.10000000000000001. */
static const char *real_text(struct arena *a, double value)
{
	char text[REAL_TEXT];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (digits == 17 || strtod(text, NULL) == value)
			break;
	}
	return arena_text(a, text);
}

const char *op_text(struct arena *a, const struct json_t *given)
{
	const json_t *value = (const json_t *)given;

	switch (json_typeof(value)) {
	case JSON_STRING:
		return json_string_value(value);
	case JSON_INTEGER:
		return arena_printf(a, "%lld", (long long)json_integer_value(value));
	case JSON_REAL:
		return real_text(a, json_real_value(value));
	case JSON_TRUE:
		return "t";
	case JSON_FALSE:
		return "f";
	case JSON_NULL:
		return NULL;
	default:
		return js_dump(a, value, 0);
	}
}

static bool is_word(const char *words, const char *text)
{
	size_t length = strlen(text);

	for (const char *w = words; length; w++) {
		if (!strncmp(w, text, length) && (w[length] == '|' || !w[length]))
			return true;
		if (!(w = strchr(w, '|')))
			return false;
	}
	return false;
}

static long characters(const char *text)
{
	long count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static const char *text_fault(const struct op_field *f, const char *text)
{
	const struct input in = { f->name, f->kind, 0, f->max, f->min };
	long length = characters(text);

	if (f->words)
		return is_word(f->words, text) ? NULL : "unknown_value";
	if (f->kind == IN_TEXT && f->min && length < f->min)
		return "too_short";
	if ((f->kind == IN_TEXT || f->kind == IN_CODE) && f->max && length > f->max)
		return "too_long";
	if (f->kind == IN_TEXT)
		return NULL;
	return input_fault(&in, text, "en") ? "malformed_value" : NULL;
}

static const char *number_fault(const struct op_field *f, double value)
{
	if ((f->min || f->max) && (value < (double)f->min || value > (double)f->max))
		return "out_of_range";
	return NULL;
}

/* A number may come as a decimal text, so that its scale is what somebody read off a meter. */
static const char *decimal_fault(const struct op_field *f, const char *text)
{
	size_t whole = strspn(text, "0123456789"), rest = 0;

	if (text[whole] == '.')
		rest = strspn(text + whole + 1, "0123456789");
	if (!whole || whole + rest > 30 || text[whole + (rest ? rest + 1 : 0)])
		return "malformed_value";
	return number_fault(f, strtod(text, NULL));
}

static const char *json_fault(const struct op_field *f, const json_t *value)
{
	if (!json_is_object(value))
		return "wrong_type";
	return json_dumpb(value, NULL, 0, JSON_COMPACT) > (size_t)f->max ? "too_long" : NULL;
}

static const char *value_fault(const struct op_field *f, const json_t *value)
{
	if (!value)
		return "malformed";
	if (json_is_null(value))
		return f->flags & REQUIRED || f->policy == POLICY_ADD ? "missing_field" : NULL;
	switch (f->kind) {
	case IN_INT:
		if (!json_is_integer(value))
			return "wrong_type";
		return number_fault(f, (double)json_integer_value(value));
	case IN_NUMBER:
		if (json_is_string(value))
			return decimal_fault(f, json_string_value(value));
		return json_is_number(value) ? number_fault(f, json_number_value(value))
					     : "wrong_type";
	case IN_BOOL:
		return json_is_boolean(value) ? NULL : "wrong_type";
	case IN_JSON:
		return json_fault(f, value);
	default:
		return json_is_string(value) ? text_fault(f, json_string_value(value))
					     : "wrong_type";
	}
}

struct op_fault op_check(const struct op *op, const struct json_t *given)
{
	json_t *set = (json_t *)(uintptr_t)given, *value;
	const char *name, *reason;

	json_object_foreach(set, name, value)
	{
		const struct op_field *f = op_field(op, name);
		const json_t *o = json_object_get(value, "o");

		if (!f)
			return (struct op_fault){ "unknown_field", NULL };
		if (json_is_object(o) || json_is_array(o))
			return (struct op_fault){ "wrong_type", f->name };
		if ((reason = value_fault(f, json_object_get(value, "n"))))
			return (struct op_fault){ reason, f->name };
	}
	for (const struct op_field *f = op->fields; f->name; f++)
		if (f->flags & REQUIRED && !json_object_get(set, f->name))
			return (struct op_fault){ "missing_field", f->name };
	return (struct op_fault){ 0 };
}
