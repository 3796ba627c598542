/* Any text as a profile's manifest, any other as its map.sql and a third as a person's choice of
 * columns, parted by bytes 0: what is taken is within the bounds that the import counts upon, and
 * what is not is told with the file's name. */
#include "importers/profile.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The text up to the next byte 0, of which *bytes and *length are left with what follows. */
static const char *cut(struct arena *a, const uint8_t **bytes, size_t *length)
{
	size_t n = strnlen((const char *)*bytes, *length);
	const char *text = arena_copy(a, (const char *)*bytes, n);

	n += n < *length;
	*bytes += n;
	*length -= n;
	return text;
}

static bool is_column(const struct profile *p, const char *name)
{
	for (size_t i = 0; i < p->column_count; i++)
		if (p->columns[i].name == name)
			return true;
	return false;
}

static void check_column(const struct profile_column *c)
{
	if (!*c->name || c->name[strspn(c->name, "abcdefghijklmnopqrstuvwxyz0123456789_")] ||
	    c->alias_count > PROFILE_ALIASES_MAX || c->from > c->to)
		abort();
	for (size_t i = 0; i < c->alias_count; i++)
		if (!*c->aliases[i])
			abort();
}

static void check(const struct profile *p)
{
	if (p->column_count < 1 || p->column_count > PROFILE_COLUMNS_MAX || !p->source ||
	    !p->formats || p->record_count > PROFILE_RECORDS_MAX || p->least > PROFILE_COLUMNS_MAX)
		abort();
	for (size_t i = 0; i < p->column_count; i++)
		check_column(&p->columns[i]);
	for (size_t i = 0; i < sizeof(p->position) / sizeof(p->position[0]); i++)
		if ((p->position[i] != NULL) != (p->position[0] != NULL) ||
		    (p->position[i] && !is_column(p, p->position[i])))
			abort();
}

/* A header is of one column at most once a person has chosen. */
static void choose(struct arena *a, struct profile *p, const char *json)
{
	size_t chosen = 0;

	if (profile_choose(a, p, json))
		return;
	for (size_t i = 0; i < p->column_count; i++) {
		const struct profile_column *c = &p->columns[i];

		if (!c->chosen || profile_is_header(c, "", 0))
			abort();
		chosen += *c->chosen && profile_is_header(c, c->chosen, strlen(c->chosen));
	}
	if (!chosen)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct profile p;
	struct arena a = { 0 };
	char *said = NULL;
	size_t size = 0;
	FILE *report = open_memstream(&said, &size);
	enum err manifest, map;

	memset(&p, 0, sizeof(p));
	p.name = "mine";
	manifest = profile_parse(&a, cut(&a, &bytes, &length), "mine/manifest", &p, report);
	map = script_parse(&a, cut(&a, &bytes, &length), "mine/map.sql", &p.map, report);
	fclose(report);
	if ((manifest || map) != (size > 0) || (size && strncmp(said, "mine/", 5) != 0) ||
	    p.map.count > PROFILE_SECTIONS_MAX)
		abort();
	if (!manifest) {
		check(&p);
		choose(&a, &p, cut(&a, &bytes, &length));
	}
	free(said);
	arena_release(&a);
	return 0;
}
