#include "plans/plans.h"

#include <stdlib.h>

#include "auth/ask.h"
#include "db/rows.h"
#include "plans/generate.h"
#include "plans/recur.h"

/* So many coming dates are shown of each rule, looked for so far ahead: the rarest statutory round
 * is every tenth year. */
enum { NEXT_DATES = 3, NEXT_YEARS = 20 };

/* Adds what is worked out of its recurrence to a rule's object. */
static void add_dates(const struct rows *rows, int row, const char *today, const char *until,
		      struct recur *dates, struct buf *to)
{
	enum err e = recur_expand(rows_at(rows, row, rows_column(rows, "rrule")),
				  rows_at(rows, row, rows_column(rows, "starts_on")), today, until,
				  NEXT_DATES, dates);

	rows_object(rows, row, to);
	if (to->is_full)
		return;
	to->length--; /* the closing brace: two members more */
	buf_text(to, ",\"next_dates\":[");
	for (int i = 0; i < dates->count; i++)
		buf_printf(to, "%s\"%s\"", i ? "," : "", dates->dates[i]);
	buf_text(to, "],\"fault\":");
	if (e)
		buf_json(to, dates->fault, strlen(dates->fault));
	else
		buf_text(to, "null");
	buf_char(to, '}');
}

static enum err list_rules(struct req *rq)
{
	const char *ahead[] = { NULL, arena_printf(&rq->arena, "%d", NEXT_YEARS * 366) };
	struct recur *dates = arena_alloc(&rq->arena, sizeof(*dates));
	struct rows *window, *rules;
	enum err e;

	if ((e = ask_rows(rq, Q_PLAN_WINDOW, ahead, &window)) ||
	    (e = ask_rows(rq, Q_RULE_LIST, NULL, &rules)))
		return e;
	buf_text(&rq->out, "{\"items\":[");
	for (int i = 0; i < rows_count(rules); i++) {
		if (i)
			buf_char(&rq->out, ',');
		add_dates(rules, i, rows_at(window, 0, 0), rows_at(window, 0, 1), dates, &rq->out);
	}
	buf_text(&rq->out, "],\"next\":null}");
	rq->out_type = "application/json";
	return OK;
}

static const struct input run_inputs[] = {
	{ "days", IN_INT, QUERY, .max = PLAN_DAYS_MAX },
	{ "dry_run", IN_BOOL, .flags = QUERY },
	{ 0 },
};

static void say_line(void *closure, const struct plan_line *line)
{
	struct buf *to = closure;

	buf_printf(to, "%s{\"code\":", to->length ? "," : "");
	buf_json(to, line->code, strlen(line->code));
	buf_printf(to,
		   ",\"targets\":%ld,\"dates\":%ld,\"made\":%ld,\"existing\":%ld,\"left\":%ld,"
		   "\"fault\":",
		   line->targets, line->days, line->made, line->existing, line->left);
	if (line->fault)
		buf_json(to, line->fault, strlen(line->fault));
	else
		buf_text(to, "null");
	buf_char(to, '}');
}

static enum err run_now(struct req *rq)
{
	const char *days = req_value(rq, "days"), *dry = req_value(rq, "dry_run");
	struct plan_options options = { .days = PLAN_DEFAULT_DAYS };
	struct plan_totals totals;
	struct rows *who;
	struct buf *lines;
	enum err e;

	if ((e = ask_rows(rq, Q_PLAN_MAY, NULL, &who)))
		return e;
	if (!rows_count(who))
		return req_fail(rq, ERR_FORBIDDEN, "only managers and administrators plan");
	options.person = rows_at(who, 0, 0);
	options.is_dry = dry && !strcmp(dry, "true");
	if (days)
		options.days = (int)strtol(days, NULL, 10);
	lines = arena_alloc(&rq->arena, sizeof(*lines)); /* it outlives this function */
	buf_init(lines, rq->out.limit / 2);
	arena_defer(&rq->arena, buf_release, lines);
	if ((e = plan_run(app_of(rq)->pools, &rq->arena, &options, say_line, lines, &totals)))
		return req_fail(rq, e, "the database was away; what was made is kept");
	buf_printf(&rq->out,
		   "{\"rules\":%ld,\"made\":%ld,\"existing\":%ld,\"left\":%ld,\"faults\":%ld,"
		   "\"items\":[%s]}",
		   totals.rules, totals.made, totals.existing, totals.left, totals.faults,
		   lines->length ? lines->at : "");
	rq->out_type = "application/json";
	return OK;
}

const struct route plan_routes[] = {
	{ "GET", "/api/v1/rules", ROLE_OFFICE, list_rules,
	  .summary = "The rules that make tasks, with their next dates" },
	{ "POST", "/api/v1/plan", ROLE_OFFICE, run_now, run_inputs,
	  .summary = "Make the tasks that the rules call for (managers)" },
	{ 0 },
};
