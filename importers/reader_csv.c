#include "importers/reader_csv.h"

#include "importers/csv.h"

#include <string.h>

enum { WINDOW = 4 * CSV_RECORD_MAX };

static struct csv splitter;
static char window[WINDOW];

/* Bytes read into the window after the `held` first ones; sets *is_last at the end of the file. */
static size_t fill(struct source *s, size_t held, bool *is_last)
{
	size_t n = source_fill(s, window + held, WINDOW - held);

	*is_last = held + n < WINDOW;
	return held + n;
}

/* Reads the whole file once to know its encoding. */
static enum charset find_charset(const struct reader_options *o, struct source *s)
{
	struct charset_guess guess = { 0 };
	enum charset says = CHARSET_UTF8;
	bool is_last = false, is_first = true;

	while (!is_last) {
		size_t n = fill(s, 0, &is_last);

		if (is_first && charset_mark(window, n, &says))
			return says;
		is_first = false;
		if (strcmp(o->encoding, "auto") != 0)
			break;
		charset_count(&guess, window, n);
	}
	if (!strcmp(o->encoding, "windows-1252"))
		return CHARSET_WINDOWS_1252;
	return strcmp(o->encoding, "auto") ? CHARSET_UTF8 : charset_choose(&guess);
}

static void write_record(struct reader *r)
{
	static const char *const faults[] = {
		[CSV_FINE] = NULL,
		[CSV_OPEN_QUOTE] = "open_quote",
		[CSV_AFTER_QUOTE] = "after_quote",
		[CSV_TOO_LONG] = "too_long",
		[CSV_TOO_MANY] = "too_many",
	};
	const char *fault = faults[splitter.fault];
	bool is_blank = splitter.fault != CSV_TOO_LONG;

	if (splitter.line == 0)
		return;
	for (size_t i = 0; i < splitter.count && is_blank; i++)
		is_blank = splitter.cells[i].length == 0;
	reader_row(r, splitter.line, is_blank ? NULL : fault, splitter.cells, splitter.count);
}

/* Excel's own first line "sep=;" names the delimiter and is no row. */
static size_t take_sep_line(char *at, size_t length)
{
	if (length < 6 || memcmp(at, "sep=", 4) != 0 || (at[5] != '\n' && at[5] != '\r'))
		return 0;
	splitter.delimiter = at[4];
	splitter.next_line++;
	return length > 6 && at[5] == '\r' && at[6] == '\n' ? 7 : 6;
}

static void split(struct reader *r, struct source *s)
{
	bool is_last = false;
	size_t held = fill(s, 0, &is_last), at, taken;
	enum charset says;

	at = charset_mark(window, held, &says);
	csv_init(&splitter, r->options.delimiter[0]);
	if (!strcmp(r->options.delimiter, "auto"))
		splitter.delimiter = csv_guess_delimiter(window + at, held - at);
	at += take_sep_line(window + at, held - at);
	while (!r->out.is_broken) {
		taken = csv_next(&splitter, window + at, held - at, is_last);
		at += taken;
		if (taken) {
			write_record(r);
		} else if (is_last) {
			break;
		} else {
			memmove(window, window + at, held - at);
			held = fill(s, held - at, &is_last);
			at = 0;
		}
	}
}

int reader_csv(struct reader *r, struct source *file)
{
	static const char *const names[] = { "utf-8", "windows-1252", "utf-16" };
	static struct source_utf16 unpacked;
	enum charset charset = find_charset(&r->options, file);
	struct source *s = file;

	r->out.charset = charset;
	if (charset == CHARSET_UTF16) {
		source_utf16_init(&unpacked, file, (unsigned char)window[0] == 0xfe);
		s = &unpacked.base;
		r->out.charset = CHARSET_UTF8;
	}
	if (!s->rewind(s))
		return reader_fail(file->fault ? file->fault : "read", "");
	reader_note("encoding", "%s", names[charset]);
	split(r, s);
	if (file->fault)
		return reader_fail(file->fault, "");
	return reader_finish(r);
}
