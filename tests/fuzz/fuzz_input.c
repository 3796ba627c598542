/* Any text as any kind of input. What is taken must be what the kind promises to SQL. Input: the
 * first byte is the kind, the second its largest value or length, the third its flags. */
#include "http/input.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/uuid.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_int(const struct input *in, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || end == text || n < in->min || (in->max && n > in->max))
		abort();
}

static void check_number(const char *text)
{
	char *end;
	double n = strtod(text, &end);

	if (*end || end == text || !isfinite(n))
		abort();
}

static void check_coordinates(const char *text, int count)
{
	for (int i = 0; i < count; i++) {
		char *end;
		double n = strtod(text, &end);

		if (end == text || !isfinite(n) || *end != (i + 1 < count ? ',' : '\0'))
			abort();
		text = end + 1;
	}
}

static void check_time(const char *text)
{
	int year, month, day, hour, minute, second, at = 0;

	if (sscanf(text, "%4d-%2d-%2d%*[Tt]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute,
		   &second, &at) != 6 ||
	    at != 19 || month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59)
		abort();
}

static void check_taken(const struct input *in, const char *text)
{
	switch (in->kind) {
	case IN_INT:
		check_int(in, text);
		break;
	case IN_NUMBER:
		check_number(text);
		break;
	case IN_POINT:
		check_coordinates(text, 2);
		break;
	case IN_BBOX:
		check_coordinates(text, 4);
		break;
	case IN_TIME:
		check_time(text);
		break;
	case IN_UUID:
		if (!uuid_is_valid(text))
			abort();
		break;
	case IN_CODE:
		if (strpbrk(text, " '\"/\\%;\n") || !*text)
			abort();
		break;
	default:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct input in = { .name = "x" };
	const char *wrong;
	char *text;

	if (length < 3)
		return 0;
	in.kind = (enum input_kind)(bytes[0] % (IN_JSON + 1));
	in.max = bytes[1];
	in.flags = bytes[2] & REQUIRED;
	text = malloc(length - 2);
	memcpy(text, bytes + 3, length - 3);
	text[length - 3] = '\0';
	wrong = input_fault(&in, text, "nn");
	if (!wrong)
		check_taken(&in, text);
	else if (!*wrong)
		abort();
	free(text);
	return 0;
}
