#include "importers/reader.h"

#include <stdarg.h>
#include <stdio.h>

static bool has_failed;

static void say_line(const char *kind, const char *word, const char *text)
{
	fprintf(stderr, "%s %s ", kind, word);
	for (int i = 0; i < READER_TEXT_MAX && text[i]; i++)
		fputc((unsigned char)text[i] < 0x20 ? ' ' : text[i], stderr);
	fputc('\n', stderr);
}

void reader_note(const char *word, const char *format, ...)
{
	char text[READER_TEXT_MAX + 1];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say_line("note", word, text);
}

int reader_fail(const char *word, const char *text)
{
	if (!has_failed)
		say_line("fault", word, text);
	has_failed = true;
	return 1;
}

bool reader_has_failed(void)
{
	return has_failed;
}
