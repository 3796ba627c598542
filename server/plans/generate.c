#include "plans/generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "plans/recur.h"

/* A rule as plan_rules gives it. */
enum { COLUMN_ID, COLUMN_CODE, COLUMN_RRULE, COLUMN_STARTS_ON, COLUMN_LEAD_DAYS };

enum { TRIES = 2, DATES_TEXT = RECUR_DATES_MAX * (RECUR_DATE_TEXT + 1) + 3 };

struct plan {
	struct pools *pools;
	struct arena *a;
	const struct plan_options *options;
	const char *today;
	struct recur dates;
};

/* One statement on a connection of its own, which the arena's rows outlive. */
static enum err ask(struct plan *p, enum query q, const char *const *params, struct rows **out)
{
	struct db *db;
	enum err e;

	if ((e = db_take(p->pools, DB_JOB, &db)))
		return e;
	if ((e = db_run(db, p->a, q, params, out)))
		log_debug("plan", "%s", db_message(db));
	db_give(db);
	return e;
}

/* The last day looked at for a rule that wants its tasks `lead_days` early. */
static enum err find_until(struct plan *p, int lead_days, const char **until)
{
	int days = p->options->days;
	const char *params[2] = { p->options->today };
	struct rows *rows;
	enum err e;

	if (days == PLAN_DEFAULT_DAYS)
		days = lead_days > PLAN_DAYS ? lead_days : PLAN_DAYS;
	params[1] = arena_printf(p->a, "%d", days);
	if ((e = ask(p, Q_PLAN_WINDOW, params, &rows)))
		return e;
	p->today = p->today ? p->today : rows_at(rows, 0, 0);
	*until = rows_at(rows, 0, 1);
	return OK;
}

static long number_of(const struct rows *rows, const char *column)
{
	return strtol(rows_at(rows, 0, rows_column(rows, column)), NULL, 10);
}

static void keep_figures(struct plan *p, const struct rows *rows, struct plan_line *line)
{
	long missing = number_of(rows, "missing");

	line->targets = number_of(rows, "targets");
	line->days = number_of(rows, "days");
	line->existing = number_of(rows, "existing");
	line->made = number_of(rows, "made");
	if (p->options->is_dry)
		line->made = missing < PLAN_TASKS_MAX ? missing : PLAN_TASKS_MAX;
	line->left = missing > PLAN_TASKS_MAX ? missing - PLAN_TASKS_MAX : 0;
	/* What another run made while this one did is there already. */
	line->existing += missing - line->left - line->made;
	line->is_cut = p->dates.is_cut || line->days < p->dates.count;
}

/* The dates as an array of PostgreSQL. */
static const char *dates_text(struct plan *p)
{
	char *text = arena_alloc(p->a, DATES_TEXT);
	size_t length = 0;

	for (int i = 0; i < p->dates.count; i++)
		length += (size_t)snprintf(text + length, DATES_TEXT - length, "%c%s",
					   i ? ',' : '{', p->dates.dates[i]);
	snprintf(text + length, DATES_TEXT - length, "%s", length ? "}" : "{}");
	return text;
}

/* One rule's tasks in one transaction. On failure `fault` has PostgreSQL's words. */
static enum err make_once(struct plan *p, const char *const *params, struct plan_line *line)
{
	const char *who[] = { p->options->person };
	struct rows *rows;
	struct db *db;
	enum err e;

	if ((e = db_take(p->pools, DB_JOB, &db)))
		return e;
	if (!(e = db_begin(db, NULL)) && !(e = db_run(db, p->a, Q_PLAN_BEGIN, who, NULL)) &&
	    !(e = db_run(db, p->a, Q_PLAN_MAKE, params, &rows)) && !(e = db_commit(db)))
		keep_figures(p, rows, line);
	else
		line->fault = arena_text(p->a, db_message(db));
	db_give(db);
	return e;
}

/* A deadlock or a restart is tried once more; nothing of the first try is left. */
static enum err make(struct plan *p, const char *rule_id, struct plan_line *line)
{
	const char *params[] = {
		rule_id,
		dates_text(p),
		p->today,
		arena_printf(p->a, "%d", PLAN_TASKS_MAX),
		arena_printf(p->a, "%d", PLAN_LOOK_MAX),
		p->options->is_dry ? "true" : "false",
	};
	enum err e = ERR_BUSY;

	for (int i = 0; e == ERR_BUSY && i < TRIES; i++)
		e = make_once(p, params, line);
	if (!e)
		line->fault = NULL;
	return e;
}

/* ERR_BUSY ends the run; whatever else goes wrong is this rule's fault alone. */
static enum err plan_rule(struct plan *p, const struct rows *rules, int row, struct plan_line *line)
{
	const char *lead_days = rows_at(rules, row, COLUMN_LEAD_DAYS);
	const char *until;
	enum err e;

	line->code = rows_at(rules, row, COLUMN_CODE);
	if ((e = find_until(p, (int)strtol(lead_days, NULL, 10), &until)))
		return e;
	if (recur_expand(rows_at(rules, row, COLUMN_RRULE), rows_at(rules, row, COLUMN_STARTS_ON),
			 p->today, until, RECUR_DATES_MAX, &p->dates)) {
		line->fault = arena_text(p->a, p->dates.fault);
		return OK;
	}
	e = make(p, rows_at(rules, row, COLUMN_ID), line);
	return e == ERR_BUSY ? e : OK;
}

static void add_up(const struct plan_line *line, struct plan_totals *totals)
{
	totals->rules++;
	totals->faults += line->fault != NULL;
	totals->made += line->made;
	totals->existing += line->existing;
	totals->left += line->left;
}

static void warn_of(const struct plan_line *line)
{
	if (line->fault)
		log_warn("plan", "rule %s: %s", line->code, line->fault);
	else if (line->left || line->is_cut)
		log_warn("plan", "rule %s is large: %ld tasks%s are left for the next run",
			 line->code, line->left, line->is_cut ? " and later dates" : "");
}

enum err plan_run(struct pools *pools, struct arena *a, const struct plan_options *options,
		  void (*say)(void *closure, const struct plan_line *line), void *closure,
		  struct plan_totals *out)
{
	struct plan *p = arena_alloc(a, sizeof(*p));
	struct rows *rules;
	const char *until;
	enum err e;

	*out = (struct plan_totals){ 0 };
	p->pools = pools;
	p->a = a;
	p->options = options;
	if ((e = find_until(p, 0, &until)) || (e = ask(p, Q_PLAN_RULES, NULL, &rules)))
		return e;
	for (int i = 0; i < rows_count(rules); i++) {
		struct plan_line line = { 0 };

		if ((e = plan_rule(p, rules, i, &line)))
			return e;
		add_up(&line, out);
		warn_of(&line);
		if (say)
			say(closure, &line);
	}
	return OK;
}

enum err plan_job(struct pools *pools, struct arena *a, const char *payload, struct buf *said)
{
	struct plan_options options = { .days = PLAN_DEFAULT_DAYS };
	struct plan_totals totals;
	enum err e = plan_run(pools, a, &options, NULL, NULL, &totals);

	(void)payload;
	if (e)
		buf_text(said, "the database was away");
	else
		buf_printf(said,
			   "%ld rules: %ld tasks made, %ld there already, %ld left, %ld faults",
			   totals.rules, totals.made, totals.existing, totals.left, totals.faults);
	return e;
}
