/* `fdvu plan`: the words of the command line, and a line for each rule. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plans/generate.h"

static void print_line(void *closure, const struct plan_line *line)
{
	FILE *to = closure;

	if (line->fault)
		fprintf(to, "%-32s %s\n", line->code, line->fault);
	else
		fprintf(to, "%-32s %9ld %6ld %9ld %9ld%s\n", line->code, line->targets, line->days,
			line->made, line->existing,
			line->left || line->is_cut ? "  more in the next run" : "");
	fflush(to);
}

static bool parse_days(const char *text, int *days)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (end == text || *end || number < 0 || number > PLAN_DAYS_MAX)
		return false;
	*days = (int)number;
	return true;
}

static bool parse(int argc, char **argv, struct plan_options *options)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(argv[i], "--dry-run")) {
			options->is_dry = true;
		} else if (!strcmp(argv[i], "--today") && value) {
			options->today = value;
			i++;
		} else if (!strcmp(argv[i], "--days") && value) {
			if (!parse_days(value, &options->days)) {
				fprintf(stderr, "fdvu plan: --days is 0 to %d, not «%s»\n",
					PLAN_DAYS_MAX, value);
				return false;
			}
			i++;
		} else {
			fprintf(stderr,
				"fdvu plan: what is «%s»?\n"
				"usage: fdvu plan [--today YYYY-MM-DD] [--days N] [--dry-run]\n",
				argv[i]);
			return false;
		}
	}
	return true;
}

static void print_totals(const struct plan_totals *totals, bool is_dry)
{
	printf("%ld rules: %ld tasks %s, %ld there already", totals->rules, totals->made,
	       is_dry ? "to make" : "made", totals->existing);
	if (totals->left)
		printf(", %ld left for the next run", totals->left);
	if (totals->faults)
		printf(", %ld rules with faults", totals->faults);
	putchar('\n');
}

int plan_command(struct pools *pools, int argc, char **argv)
{
	struct plan_options options = { .days = PLAN_DEFAULT_DAYS };
	struct plan_totals totals;
	struct arena a;
	enum err e;

	if (!parse(argc, argv, &options))
		return 2;
	printf("%-32s %9s %6s %9s %9s\n", "rule", "targets", "dates",
	       options.is_dry ? "to make" : "made", "existing");
	arena_init(&a);
	e = plan_run(pools, &a, &options, print_line, stdout, &totals);
	arena_release(&a);
	if (!e)
		print_totals(&totals, options.is_dry);
	if (e == ERR_INVALID)
		fprintf(stderr, "fdvu plan: «%s» is no date (YYYY-MM-DD)\n", options.today);
	else if (e)
		fputs("fdvu plan: the database does not answer, or lacks its schema\n", stderr);
	return e || totals.faults ? 1 : 0;
}
