#include "importers/api_look.h"

#include <string.h>

enum { HEADERS_MAX_BYTES = 512 * 1024, CELL_MAX = 300 /* bytes of a cell that are shown */ };

static void add_text(struct buf *to, const char *text)
{
	buf_json(to, text, strlen(text));
}

static void add_texts(struct buf *to, const char *name, const char *const *texts, size_t count)
{
	buf_printf(to, ",\"%s\":[", name);
	for (size_t i = 0; i < count; i++) {
		buf_text(to, i ? "," : "");
		add_text(to, texts[i]);
	}
	buf_char(to, ']');
}

/* A long cell is cut, never in the middle of a letter. */
static void add_cell(struct buf *to, const char *cell)
{
	size_t length = strlen(cell);

	if (length > CELL_MAX) {
		length = CELL_MAX;
		while (length && ((unsigned char)cell[length] & 0xc0) == 0x80)
			length--;
	}
	buf_json(to, cell, length);
}

static void add_cells(struct buf *to, const struct look_row *row)
{
	buf_char(to, '[');
	for (size_t i = 0; i < row->count; i++) {
		buf_text(to, i ? "," : "");
		add_cell(to, row->cells[i]);
	}
	buf_char(to, ']');
}

const char *api_headers(struct arena *a, const struct look *l)
{
	struct buf *to = arena_alloc(a, sizeof(*to));

	buf_init(to, HEADERS_MAX_BYTES);
	arena_defer(a, buf_release, to);
	add_cells(to, &l->header);
	return to->is_full ? "[]" : to->at;
}

static void add_name(struct buf *to, const char *name)
{
	if (name)
		add_text(to, name);
	else
		buf_text(to, "null");
}

/* Without a header row the first row is a row, and the columns are called by their place. */
static void add_columns(const struct look *l, const struct match *m, struct buf *to)
{
	buf_text(to, ",\"columns\":[");
	for (size_t i = 0; i < l->header.count; i++) {
		buf_text(to, i ? ",{\"header\":" : "{\"header\":");
		if (m->has_header)
			add_cell(to, l->header.cells[i]);
		else
			buf_text(to, "null");
		buf_text(to, ",\"name\":");
		add_name(to, i < m->width ? m->names[i] : NULL);
		if (i < m->width && m->told[i]) {
			buf_text(to, ",\"told\":");
			add_name(to, m->told[i]);
		}
		buf_char(to, '}');
	}
	buf_char(to, ']');
}

static void add_row(struct buf *to, const struct look_row *row, bool is_first)
{
	buf_printf(to, "%s{\"line\":%llu,\"cells\":", is_first ? "" : ",",
		   (unsigned long long)row->line);
	add_cells(to, row);
	buf_char(to, '}');
}

static void add_counts(const struct look *l, bool is_fault, struct buf *to)
{
	bool is_first = true;

	buf_printf(to, ",\"%s\":[", is_fault ? "faults" : "marks");
	for (size_t i = 0; i < l->word_count; i++) {
		const struct look_count *c = &l->words[i];

		if (c->is_fault != is_fault)
			continue;
		buf_printf(to, "%s{\"count\":%llu,\"text\":", is_first ? "" : ",",
			   (unsigned long long)c->count);
		is_first = false;
		add_text(to, look_meaning(c->word));
		buf_text(to, ",\"lines\":[");
		for (uint64_t k = 0; k < c->count && k < LOOK_LINES; k++)
			buf_printf(to, "%s%llu", k ? "," : "", (unsigned long long)c->lines[k]);
		buf_text(to, "]}");
	}
	buf_char(to, ']');
}

void api_look_json(struct arena *a, const struct profile *p, const struct look *l,
		   const struct match *m, struct buf *to)
{
	bool is_tree = !strcmp(l->child.format, "xml") || !strcmp(l->child.format, "json");
	bool shows_header = !m->has_header && l->header.count;

	buf_char(to, '{');
	report_child_json(&l->child, to);
	buf_printf(to, "\"total\":%llu,\"has_header\":%s,\"is_tree\":%s,\"may_choose\":%s",
		   (unsigned long long)l->total + shows_header, m->has_header ? "true" : "false",
		   is_tree ? "true" : "false", m->has_header ? "true" : "false");
	buf_text(to, ",\"fault\":");
	if (l->child.fault[0])
		add_text(to, report_fault(a, p, &l->child));
	else
		buf_text(to, "null");
	add_columns(l, m, to);
	add_texts(to, "missing", m->missing, m->missing_count);
	add_texts(to, "doubled", m->doubled, m->doubled_count);
	add_counts(l, true, to);
	add_counts(l, false, to);
	buf_text(to, ",\"rows\":[");
	if (shows_header)
		add_row(to, &l->header, true);
	for (size_t i = 0; i + shows_header < LOOK_ROWS && i < l->row_count; i++)
		add_row(to, &l->rows[i], i == 0 && !shows_header);
	buf_char(to, ']');
}

void api_suggestions_json(struct arena *a, const struct config *config, int fd, struct buf *to)
{
	struct suggestion *list = arena_alloc(a, MATCH_PROFILES_MAX * sizeof(*list));
	size_t count = match_profiles(a, config, fd, list);

	buf_text(to, ",\"suggestions\":[");
	for (size_t i = 0; i < count; i++) {
		buf_text(to, i ? ",{\"profile\":" : "{\"profile\":");
		add_text(to, list[i].profile->name);
		buf_printf(to, ",\"score\":%.2f,\"found\":%zu,\"missing\":%zu}", list[i].score,
			   list[i].found, list[i].missing);
	}
	buf_char(to, ']');
}

static void add_profile(const struct profile *p, bool is_first, struct buf *to)
{
	buf_text(to, is_first ? "{\"name\":" : ",{\"name\":");
	add_text(to, p->name);
	buf_text(to, ",\"title\":");
	add_text(to, p->title);
	buf_text(to, ",\"about\":");
	add_text(to, p->about);
	buf_text(to, ",\"formats\":");
	add_text(to, p->formats);
	buf_printf(
		to,
		",\"is_positional\":%s,\"needs_municipality\":%s,\"takes_files\":%s,\"columns\":[",
		p->is_positional ? "true" : "false", p->needs_municipality ? "true" : "false",
		p->takes_files ? "true" : "false");
	for (size_t i = 0; i < p->column_count; i++) {
		buf_text(to, i ? ",{\"name\":" : "{\"name\":");
		add_text(to, p->columns[i].name);
		buf_printf(to, ",\"is_required\":%s}",
			   p->columns[i].is_required ? "true" : "false");
	}
	buf_text(to, "]}");
}

void api_profiles_json(struct arena *a, const struct config *config, struct buf *to)
{
	const char *names[MATCH_PROFILES_MAX];
	size_t count = profile_list(a, config->profiles, names, MATCH_PROFILES_MAX);
	FILE *nowhere = fopen("/dev/null", "we");
	bool is_first = true;

	buf_text(to, "{\"items\":[");
	for (size_t i = 0; nowhere && i < count; i++) {
		struct profile *p = arena_alloc(a, sizeof(*p));

		if (profile_load(a, config->profiles, names[i], p, nowhere) || !p->map.count)
			continue;
		add_profile(p, is_first, to);
		is_first = false;
	}
	buf_text(to, "],\"next\":null}");
	if (nowhere)
		fclose(nowhere);
}
