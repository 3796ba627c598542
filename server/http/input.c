#include "http/input.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <microhttpd.h>

#include "base/utf8.h"
#include "base/uuid.h"

enum { POINTER_NAME_MAX = 60 }; /* bytes of a name that is told back */
enum { TEXT_MAX_DEFAULT = 4000, CODE_MAX_DEFAULT = 60, LIST_MAX_DEFAULT = 50, NUMBER_TEXT = 32 };

static const double coordinate_max = 1e8; /* metres; beyond any projected coordinate system */

enum fault_kind {
	F_MISSING,
	F_UNKNOWN,
	F_TWICE,
	F_TEXT,
	F_BLANK,
	F_LONG,
	F_CODE,
	F_UUID,
	F_INT,
	F_RANGE,
	F_NUMBER,
	F_BOOL,
	F_DATE,
	F_TIME,
	F_MOMENT,
	F_POINT,
	F_BBOX,
	F_SHA256,
	F_LIST,
	F_LIST_LONG,
};

static const struct {
	const char *nb, *nn, *en;
} texts[] = {
	[F_MISSING] = { "må fylles ut", "må fyllast ut", "is required" },
	[F_UNKNOWN] = { "er ikke et felt her", "er ikkje eit felt her", "is not a field here" },
	[F_TWICE] = { "står to ganger", "står to gonger", "is given twice" },
	[F_TEXT] = { "må være tekst", "må vere tekst", "must be text" },
	[F_BLANK] = { "kan ikke være tom", "kan ikkje vere tom", "must not be empty" },
	[F_LONG] = { "er for lang", "er for lang", "is too long" },
	[F_CODE] = { "må være en kode av a–z, A–Z, 0–9, -, _ og .",
		     "må vere ein kode av a–z, A–Z, 0–9, -, _ og .",
		     "must be a code of a–z, A–Z, 0–9, -, _ and ." },
	[F_UUID] = { "må være en UUID", "må vere ein UUID", "must be a UUID" },
	[F_INT] = { "må være et helt tall", "må vere eit heilt tal", "must be a whole number" },
	[F_RANGE] = { "er utenfor det som er lov", "er utanfor det som er lov", "is out of range" },
	[F_NUMBER] = { "må være et tall", "må vere eit tal", "must be a number" },
	[F_BOOL] = { "må være true eller false", "må vere true eller false",
		     "must be true or false" },
	[F_DATE] = { "må være en dato (2026-11-22)", "må vere ein dato (2026-11-22)",
		     "must be a date (2026-11-22)" },
	[F_TIME] = { "må være et tidspunkt med tidssone (2026-11-22T14:10:00+01:00)",
		     "må vere eit tidspunkt med tidssone (2026-11-22T14:10:00+01:00)",
		     "must be a time with its offset (2026-11-22T14:10:00+01:00)" },
	[F_MOMENT] = { "må være en dato (2026-11-22) eller et tidspunkt med tidssone",
		       "må vere ein dato (2026-11-22) eller eit tidspunkt med tidssone",
		       "must be a date (2026-11-22) or a time with its offset" },
	[F_POINT] = { "må være et punkt [x, y] i meter", "må vere eit punkt [x, y] i meter",
		      "must be a point [x, y] in metres" },
	[F_BBOX] = { "må være xmin,ymin,xmax,ymax i meter", "må vere xmin,ymin,xmax,ymax i meter",
		     "must be xmin,ymin,xmax,ymax in metres" },
	[F_SHA256] = { "må være SHA-256 som 64 heksadesimale siffer",
		       "må vere SHA-256 som 64 heksadesimale siffer",
		       "must be a SHA-256 as 64 hexadecimal digits" },
	[F_LIST] = { "må være en liste", "må vere ei liste", "must be a list" },
	[F_LIST_LONG] = { "har for mange", "har for mange", "has too many" },
};

static const char *say(enum fault_kind f, const char *language)
{
	if (!strcmp(language, "en"))
		return texts[f].en;
	return !strcmp(language, "nn") ? texts[f].nn : texts[f].nb;
}

static long characters(const char *text)
{
	long count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static bool is_blank(const char *text)
{
	while (is_space(*text))
		text++;
	return !*text;
}

static bool is_code(const char *text)
{
	const char *set = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	return *text && text[strspn(text, set)] == '\0';
}

/* Reads two digits. */
static int two(const char *at)
{
	return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

static bool is_date(const char *text, size_t length)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day, last;

	if (length < 10 || text[4] != '-' || text[7] != '-' || two(text) < 0 || two(text + 2) < 0)
		return false;
	year = two(text) * 100 + two(text + 2);
	month = two(text + 5);
	day = two(text + 8);
	if (year < 1 || month < 1 || month > 12 || day < 1)
		return false;
	last = days[month - 1];
	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		last++;
	return day <= last;
}

/* RFC 3339: date, T, time, maybe a fraction, then Z or an offset. */
static bool is_time(const char *text)
{
	size_t length = strlen(text);
	const char *at;

	if (length < 20 || length > 40 || !is_date(text, length) || (text[10] | 32) != 't')
		return false;
	if (two(text + 11) < 0 || two(text + 11) > 23 || text[13] != ':' || two(text + 14) < 0 ||
	    two(text + 14) > 59 || text[16] != ':' || two(text + 17) < 0 || two(text + 17) > 59)
		return false;
	at = text + 19;
	if (*at == '.') {
		at++;
		if (!is_digit(*at))
			return false;
		at += strspn(at, "0123456789");
	}
	if ((*at | 32) == 'z')
		return at[1] == '\0';
	return (*at == '+' || *at == '-') && two(at + 1) >= 0 && two(at + 1) <= 15 &&
	       at[3] == ':' && two(at + 4) >= 0 && two(at + 4) <= 59 && at[6] == '\0';
}

static bool is_number(const char *text, double limit)
{
	char *end;
	double n;

	if (text[strspn(text, "+-.0123456789eE")])
		return false; /* nor blanks, hexadecimals or words, which strtod() takes */
	n = strtod(text, &end);
	return end != text && !*end && isfinite(n) && fabs(n) <= limit;
}

/* `count` numbers with commas between. */
static bool is_coordinates(const char *text, int count)
{
	char part[NUMBER_TEXT];

	for (; count; count--) {
		size_t length = strcspn(text, ",");

		if (length >= sizeof(part) || (count > 1) != (text[length] == ','))
			return false;
		memcpy(part, text, length);
		part[length] = '\0';
		if (!is_number(part, coordinate_max))
			return false;
		text += length + (text[length] == ',');
	}
	return true;
}

static enum fault_kind check_int(const struct input *in, const char *text)
{
	long most = in->max ? in->max : INT_MAX;
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (end == text || *end || text[strspn(text, "-0123456789")])
		return F_INT; /* strtol() takes blanks and a plus */
	return errno || n < in->min || n > most ? F_RANGE : F_MISSING;
}

/* F_MISSING stands for «nothing is wrong». */
static enum fault_kind check_value(const struct input *in, const char *text)
{
	switch (in->kind) {
	case IN_TEXT:
		if (characters(text) > (in->max ? in->max : TEXT_MAX_DEFAULT))
			return F_LONG;
		return (in->flags & REQUIRED) && is_blank(text) ? F_BLANK : F_MISSING;
	case IN_CODE:
		if (characters(text) > (in->max ? in->max : CODE_MAX_DEFAULT))
			return F_LONG;
		return is_code(text) ? F_MISSING : F_CODE;
	case IN_UUID:
		return uuid_is_valid(text) ? F_MISSING : F_UUID;
	case IN_INT:
		return check_int(in, text);
	case IN_NUMBER:
		return is_number(text, 1e15) ? F_MISSING : F_NUMBER;
	case IN_BOOL:
		return !strcmp(text, "true") || !strcmp(text, "false") ? F_MISSING : F_BOOL;
	case IN_DATE:
		return strlen(text) == 10 && is_date(text, 10) ? F_MISSING : F_DATE;
	case IN_TIME:
		return is_time(text) ? F_MISSING : F_TIME;
	case IN_MOMENT:
		return (strlen(text) == 10 && is_date(text, 10)) || is_time(text) ? F_MISSING
										  : F_MOMENT;
	case IN_POINT:
		return is_coordinates(text, 2) ? F_MISSING : F_POINT;
	case IN_BBOX:
		return is_coordinates(text, 4) ? F_MISSING : F_BBOX;
	case IN_SHA256:
		return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64 ? F_MISSING
										    : F_SHA256;
	case IN_JSON:
		return F_MISSING;
	}
	return F_MISSING;
}

const char *input_fault(const struct input *in, const char *text, const char *language)
{
	enum fault_kind f = check_value(in, text);

	return f == F_MISSING ? NULL : say(f, language);
}

static const struct input *find_input(const struct input *table, const char *name, unsigned where,
				      int *number)
{
	for (int i = 0; table && table[i].name; i++) {
		if (!strcmp(table[i].name, name) && (table[i].flags & QUERY) == where) {
			*number = i;
			return &table[i];
		}
	}
	return NULL;
}

/* Where a fault is, with the name that somebody sent: cut between characters, and with «?» for what
 * is none, since the answer must be UTF-8 whatever was asked. */
static const char *pointer_to(struct req *rq, char mark, const char *name)
{
	char out[POINTER_NAME_MAX + 2] = { mark };
	size_t at = 1, left = strlen(name);

	while (left) {
		size_t length = utf8_length(name, left);

		if (at + (length ? length : 1) > POINTER_NAME_MAX + 1)
			break;
		if (length)
			memcpy(out + at, name, length);
		else
			out[at] = '?';
		at += length ? length : 1;
		name += length ? length : 1;
		left -= length ? length : 1;
	}
	return arena_copy(&rq->arena, out, at);
}

static enum MHD_Result see_argument(void *closure, enum MHD_ValueKind kind, const char *name,
				    const char *value)
{
	struct req *rq = closure;
	const char *pointer = pointer_to(rq, '?', name);
	const struct input *in;
	const char *wrong;
	int number;

	(void)kind;
	in = find_input(rq->route->inputs, name, QUERY, &number);
	if (!in) {
		req_fault(rq, pointer, say(F_UNKNOWN, rq->language));
	} else if (rq->values[number]) {
		req_fault(rq, pointer, say(F_TWICE, rq->language));
	} else if (value && *value) { /* «?q=» is no question */
		if ((wrong = input_fault(in, value, rq->language)))
			req_fault(rq, pointer, wrong);
		rq->values[number] = value;
	}
	return MHD_YES;
}

/* The text of a JSON scalar when its JSON type fits the kind; NULL with the fault otherwise. */
static const char *scalar(struct req *rq, const struct input *in, const json_t *value,
			  enum fault_kind *fault)
{
	*fault = F_TEXT;
	switch (in->kind) {
	case IN_INT:
		*fault = F_INT;
		return json_is_integer(value) ? arena_printf(&rq->arena, "%lld",
							     (long long)json_integer_value(value))
					      : NULL;
	case IN_NUMBER:
		*fault = F_NUMBER;
		return json_is_number(value)
			       ? arena_printf(&rq->arena, "%.17g", json_number_value(value))
			       : NULL;
	case IN_BOOL:
		*fault = F_BOOL;
		if (!json_is_boolean(value))
			return NULL;
		return json_is_true(value) ? "true" : "false";
	case IN_POINT:
		*fault = F_POINT;
		if (json_array_size(value) != 2 || !json_is_number(json_array_get(value, 0)) ||
		    !json_is_number(json_array_get(value, 1)))
			return NULL;
		return arena_printf(&rq->arena, "%.3f,%.3f",
				    json_number_value(json_array_get(value, 0)),
				    json_number_value(json_array_get(value, 1)));
	default:
		return json_is_string(value) ? json_string_value(value) : NULL;
	}
}

static void check_member(struct req *rq, const struct input *in, const char *pointer,
			 const json_t *value, const char **text)
{
	enum fault_kind fault;
	const char *wrong;

	*text = scalar(rq, in, value, &fault);
	if (!*text)
		req_fault(rq, pointer, say(fault, rq->language));
	else if ((wrong = input_fault(in, *text, rq->language)))
		req_fault(rq, pointer, wrong);
}

static void check_list(struct req *rq, const struct input *in, const char *pointer,
		       const json_t *list)
{
	size_t most = in->max ? (size_t)in->max : LIST_MAX_DEFAULT;
	struct input one = *in;
	const char *text;

	if (!json_is_array(list)) {
		req_fault(rq, pointer, say(F_LIST, rq->language));
		return;
	}
	if (json_array_size(list) > most) {
		req_fault(rq, pointer, say(F_LIST_LONG, rq->language));
		return;
	}
	one.max = 0; /* of the list, not of its values */
	for (size_t i = 0; i < json_array_size(list); i++)
		check_member(rq, &one, arena_printf(&rq->arena, "%s/%zu", pointer, i),
			     json_array_get(list, i), &text);
}

static enum err parse_body(struct req *rq)
{
	json_error_t error;
	const char *name;
	json_t *value;
	int number;

	rq->json = (struct json_t *)json_loadb(rq->body.at ? rq->body.at : "", rq->body.length,
					       JSON_REJECT_DUPLICATES, &error);
	if (!rq->json)
		return req_fail(rq, ERR_INVALID, "JSON, line %d, column %d: %s", error.line,
				error.column, error.text);
	if (!json_is_object(rq->json))
		return req_fail(rq, ERR_INVALID, "the body must be a JSON object");
	json_object_foreach(rq->json, name, value)
	{
		const char *pointer = pointer_to(rq, '/', name);
		const struct input *in = find_input(rq->route->inputs, name, 0, &number);

		if (!in)
			req_fault(rq, pointer, say(F_UNKNOWN, rq->language));
		else if (json_is_null(value))
			continue; /* an explicit null: the handler sees it in the body */
		else if (in->flags & LIST)
			check_list(rq, in, pointer, value);
		else if (in->kind == IN_JSON)
			rq->values[number] = "";
		else
			check_member(rq, in, pointer, value, &rq->values[number]);
		if (in && (in->flags & LIST))
			rq->values[number] = "";
	}
	return OK;
}

static bool has_body_inputs(const struct input *in)
{
	for (; in && in->name; in++)
		if (!(in->flags & QUERY))
			return true;
	return false;
}

enum err input_check(struct req *rq)
{
	const struct input *table = rq->route->inputs;
	enum err e;

	if (!rq->route->takes_any_query)
		MHD_get_connection_values(rq->connection, MHD_GET_ARGUMENT_KIND, see_argument, rq);
	if (has_body_inputs(table) && (e = parse_body(rq)))
		return e;
	for (int i = 0; table && table[i].name; i++) {
		const char *mark = table[i].flags & QUERY ? "?" : "/";

		if ((table[i].flags & REQUIRED) && !rq->values[i])
			req_fault(rq, arena_printf(&rq->arena, "%s%s", mark, table[i].name),
				  say(F_MISSING, rq->language));
	}
	return rq->fault_count ? ERR_INVALID : OK;
}
