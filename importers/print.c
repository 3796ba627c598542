#include "importers/print.h"

#include <string.h>

#include "importers/rowpipe.h"

enum { FAULT = 1, MARKS = 3, SAY_MAX = 2 * CSV_RECORD_MAX };

static void add_text(struct sha256 *sum, const char *text)
{
	sha256_add(sum, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void add_script(struct sha256 *sum, const struct script *s)
{
	for (size_t i = 0; i < s->count; i++) {
		add_text(sum, s->sections[i].name);
		add_text(sum, s->sections[i].sql);
	}
}

/* The program's version stands for the rules in C. */
void print_init(struct print *p, const struct import *im, const struct print_state *state)
{
	struct sha256 *sum = sha256_start();

	memset(p, 0, sizeof(*p));
	buf_init(&p->say, SAY_MAX);
	add_text(sum, FDVU_VERSION);
	add_text(sum, state->rules);
	add_script(sum, &im->common);
	add_script(sum, &im->profile.map);
	for (size_t i = 0; i < im->profile.column_count; i++) {
		const struct profile_column *c = &im->profile.columns[i];
		size_t place = import_place(im, c->name);
		char about[120];

		snprintf(about, sizeof(about), "%d %ld %ld %d %d %d", c->type, c->from, c->to,
			 c->is_filled, c->is_aside, place < im->width);
		add_text(sum, c->name);
		add_text(sum, about);
		if (place < im->width)
			p->places[p->count++] = place;
	}
	sha256_end(sum, p->rules);
	sum = sha256_start();
	add_text(sum, p->rules);
	add_text(sum, state->outlines);
	sha256_end(sum, p->outlined);
	inside_init(&p->inside, im, &state->squares);
}

void print_release(void *print)
{
	buf_release(&((struct print *)print)->say);
}

bool print_row(struct print *p, const struct csv *record, char hex[PRINT_TEXT])
{
	char sum[SHA256_TEXT];

	if (record->cells[FAULT].length || record->cells[MARKS].length)
		return false;
	buf_clear(&p->say);
	buf_add(&p->say, inside_has(&p->inside, record) ? p->rules : p->outlined, SHA256_TEXT - 1);
	for (size_t i = 0; i < p->count; i++) {
		struct str cell = record->cells[ROWPIPE_FIXED + p->places[i]];

		buf_add(&p->say, cell.at, cell.length);
		buf_char(&p->say, '\0'); /* which no cell holds */
	}
	sha256_of(p->say.at, p->say.length, sum);
	memcpy(hex, sum, PRINT_TEXT - 1);
	hex[PRINT_TEXT - 1] = '\0';
	return !p->say.is_full;
}
