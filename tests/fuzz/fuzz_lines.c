/* Any bytes as a file of readings: it must end, give cells inside the bytes it was given, and what
 * it takes for a number or a time must be one as PostgreSQL reads them. */
#include "register/lines.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_cell(struct str cell, const char *text, size_t length)
{
	if (cell.at < text || cell.at + cell.length > text + length || !cell.length)
		abort();
}

static void check_number(struct str cell)
{
	char out[LINE_NUMBER_TEXT];

	if (line_number(cell, out) != LINE_FINE)
		return;
	if (!out[0] || strlen(out) >= sizeof(out) || out[strspn(out, "0123456789.-")] ||
	    strrchr(out, '-') > out || strchr(out, '.') != strrchr(out, '.'))
		abort();
}

static void check_time(struct str cell)
{
	char out[LINE_TIME_TEXT], day[LINE_TIME_TEXT];
	bool has_offset;

	if (line_time(cell, out, &has_offset) == LINE_FINE &&
	    (strlen(out) != (has_offset ? 25u : 19u) || out[4] != '-' || out[10] != ' '))
		abort();
	if (line_day(cell, day) == LINE_FINE && strlen(day) != 10)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1); /* its own, so that reading past the end is seen */
	struct lines lines;
	struct line line;
	int last = 0;

	memcpy(text, bytes, length);
	lines_init(&lines, (struct str){ text, length });
	while (lines_next(&lines, &line)) {
		if (line.number <= last || line.number > LINES_MAX + 1)
			abort();
		last = line.number;
		line_is_heading(&line);
		for (int i = 0; !line.fault && i < LINES_CELLS; i++) {
			check_cell(line.cells[i], text, length);
			check_number(line.cells[i]);
			check_time(line.cells[i]);
		}
	}
	free(text);
	return 0;
}
