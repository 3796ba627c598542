#include "importers/match.h"

#include <stdlib.h>
#include <string.h>

/* Of a file whose columns are known by place only, and whose width fits. */
static const double score_of_width = 0.2;

static bool is_tree(const struct look *l)
{
	return !strcmp(l->child.format, "xml") || !strcmp(l->child.format, "json");
}

static const struct profile_column *column_of(const struct profile *p, const char *header)
{
	for (size_t i = 0; i < p->column_count; i++) {
		if (profile_is_header(&p->columns[i], header, strlen(header)))
			return &p->columns[i];
	}
	return NULL;
}

static const char *name_of(const struct profile *p, const char *header)
{
	const struct profile_column *c = column_of(p, header);

	return c ? c->name : NULL;
}

/* As staging does it: a first row that names at least half of its columns is a header. */
static bool is_header(const struct profile *p, const struct look_row *row)
{
	size_t named = 0, filled = 0;

	for (size_t i = 0; i < row->count && i < p->column_count; i++)
		named += profile_is_header(&p->columns[i], row->cells[i], strlen(row->cells[i]));
	for (size_t i = 0; i < row->count; i++)
		filled += row->cells[i][0] != '\0';
	return named > 0 && named * 2 >= filled;
}

static bool has_name(const struct match *m, const char *name)
{
	for (size_t i = 0; i < m->width; i++) {
		if (m->names[i] && !strcmp(m->names[i], name))
			return true;
	}
	return false;
}

static void match_header(const struct profile *p, const struct look_row *header, struct match *m)
{
	for (size_t i = 0; i < header->count && i < IMPORT_HEADERS_MAX; i++) {
		const struct profile_column *c = column_of(p, header->cells[i]);

		m->names[i] = NULL;
		m->width = i;
		if (c && has_name(m, c->name))
			m->doubled[m->doubled_count++] = header->cells[i];
		else if (c)
			m->names[i] = c->name;
		m->width = i + 1;
		m->found += m->names[i] != NULL;
	}
}

void match_columns(const struct profile *p, const struct look *l, struct match *m)
{
	memset(m, 0, sizeof(*m));
	m->has_header = !p->is_positional || is_header(p, &l->header);
	if (!p->is_positional) {
		match_header(p, &l->header, m);
	} else {
		for (size_t i = 0; i < l->header.count && i < p->column_count; i++)
			m->names[m->width++] = p->columns[i].name;
		for (size_t i = 0; m->has_header && i < m->width; i++)
			m->told[i] = name_of(p, l->header.cells[i]);
		m->found = m->width;
	}
	for (size_t i = 0; i < p->column_count; i++) {
		if (p->columns[i].is_required && !has_name(m, p->columns[i].name))
			m->missing[m->missing_count++] = p->columns[i].name;
	}
}

/* Columns of a tree are always all there: those with something in them count. */
static size_t filled_columns(const struct look *l)
{
	size_t filled = 0;

	for (size_t k = 0; k < l->header.count; k++) {
		bool is_filled = false;

		for (size_t i = 0; i < l->row_count && !is_filled; i++)
			is_filled = k < l->rows[i].count && l->rows[i].cells[k][0];
		filled += is_filled;
	}
	return filled;
}

static double score_of(const struct profile *p, const struct look *l, const struct match *m)
{
	size_t required = 0, found = is_tree(l) ? filled_columns(l) : m->found;
	double all = (double)(l->header.count ? l->header.count : 1);

	for (size_t i = 0; i < p->column_count; i++)
		required += p->columns[i].is_required;
	if (p->is_positional && !m->has_header)
		return l->header.count >= (p->least ? p->least : p->column_count) &&
				       l->header.count <= p->column_count
			       ? score_of_width
			       : 0;
	if (found == 0 || (required && m->missing_count == required))
		return 0;
	return (required ? (double)(required - m->missing_count) / (double)required : 1) / 2 +
	       (double)found / all / 2;
}

static int by_score(const void *a, const void *b)
{
	double left = ((const struct suggestion *)a)->score;
	double right = ((const struct suggestion *)b)->score;

	return (left < right) - (left > right);
}

size_t match_profiles(struct arena *a, const struct config *config, int fd,
		      struct suggestion list[MATCH_PROFILES_MAX])
{
	const char *names[MATCH_PROFILES_MAX];
	size_t count = profile_list(a, config->profiles, names, MATCH_PROFILES_MAX), n = 0;
	FILE *nowhere = fopen("/dev/null", "we");

	for (size_t i = 0; nowhere && i < count; i++) {
		struct profile *p = arena_alloc(a, sizeof(*p));
		struct match *m = arena_alloc(a, sizeof(*m));
		struct look *l = arena_alloc(a, sizeof(*l));
		double score;

		l->is_glance = true;
		if (profile_load(a, config->profiles, names[i], p, nowhere) || !p->map.count ||
		    look_file(a, p, fd, l))
			continue;
		match_columns(p, l, m);
		if ((score = score_of(p, l, m)) > 0)
			list[n++] = (struct suggestion){ p, score, m->found, m->missing_count };
	}
	if (nowhere)
		fclose(nowhere);
	qsort(list, n, sizeof(*list), by_score);
	return n;
}
