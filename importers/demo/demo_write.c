/* Options, and everything in the order of the tables' references. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "demo_data.h"
#include "events.h"

#define FIRST_YEAR 1990 /* nothing is numbered before it */

static bool read_scale(const char *text, enum scale *out)
{
	for (int i = 0; i < SCALE__MAX; i++)
		if (strcmp(scale_figures[i].name, text) == 0) {
			*out = (enum scale)i;
			return true;
		}
	return false;
}

static bool read_seed(const char *text, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && !*end && !errno;
}

/* Reads an option that has a value. False if the value is none. */
static bool read_value(const char *option, const char *value, struct demo_options *o, FILE *to)
{
	if (strcmp(option, "--scale") == 0) {
		if (read_scale(value, &o->scale))
			return true;
		fprintf(to, "demo-data: --scale is small, town or city, not «%s»\n", value);
	} else if (strcmp(option, "--seed") == 0) {
		if (read_seed(value, &o->seed))
			return true;
		fprintf(to, "demo-data: --seed is a whole number from 0, not «%s»\n", value);
	} else if (strcmp(option, "--today") == 0) {
		o->today = day_parse(value);
		if (o->today >= 0)
			return true;
		fprintf(to, "demo-data: --today is a date as 2026-01-31, not «%s»\n", value);
	}
	return false;
}

bool demo_options_read(int argc, char **argv, struct demo_options *out, FILE *to)
{
	*out = (struct demo_options){ .scale = SCALE_SMALL,
				      .seed = 1,
				      .today = (int)(time(NULL) / 86400) };
	for (int i = 1; i < argc; i++) {
		bool has_value = strcmp(argv[i], "--scale") == 0 ||
				 strcmp(argv[i], "--seed") == 0 || strcmp(argv[i], "--today") == 0;

		if (strcmp(argv[i], "--force") == 0) {
			out->is_forced = true;
			continue;
		}
		if (!has_value) {
			fprintf(to, "demo-data: there is no option «%s»\n", argv[i]);
			return false;
		}
		if (i + 1 == argc) {
			fprintf(to, "demo-data: %s needs a value\n", argv[i]);
			return false;
		}
		if (!read_value(argv[i], argv[i + 1], out, to))
			return false;
		i++;
	}
	return true;
}

static enum err write_all(const struct world *w, const struct people *p, const struct events *ev,
			  struct sink *sink, uint64_t *rows)
{
	enum err e;

	if ((e = places_write(w, sink, rows)) || (e = people_write(p, sink, rows)) ||
	    (e = sink->settle(sink)) || (e = leases_write(p, sink, rows)) ||
	    (e = components_write(w, PERSON_MANAGER, sink, rows)) || (e = sink->settle(sink)) ||
	    (e = cases_write(ev, sink, rows)) || (e = sink->settle(sink)) ||
	    (e = tasks_write(ev, sink, rows)))
		return e;
	return documents_write(ev, sink, rows);
}

static enum err report_numbers(const struct events *ev,
			       enum err (*last_number)(void *context, const char *kind, int year,
						       int last),
			       void *context)
{
	static const char *const kinds[] = { "case", "task", "contact", "lease" };
	enum err e;

	for (int k = 0; k < 4; k++)
		for (int year = FIRST_YEAR; year <= day_year(ev->world->today); year++) {
			int last = events_last_number(ev, k == 2 ? 'h' : kinds[k][0], year);

			if (last && (e = last_number(context, kinds[k], year, last)))
				return e;
		}
	return OK;
}

enum err demo_write(const struct demo_options *options, const struct reference *reference,
		    struct sink *sink, uint64_t *rows,
		    enum err (*last_number)(void *context, const char *kind, int year, int last),
		    void *context)
{
	struct world *w = world_new(options->scale, options->seed, options->today);
	struct people *p;
	struct events *ev;
	enum err e;

	if (!w)
		return ERR_INTERNAL;
	p = people_new(w);
	ev = events_new(w, p, reference);
	e = write_all(w, p, ev, sink, rows);
	if (!e && last_number)
		e = report_numbers(ev, last_number, context);
	events_free(ev);
	people_free(p);
	world_free(w);
	return e;
}
