/* Tasks from rules: each active rule's occurrences in the coming days become tasks on the
 * components, buildings or the place the rule is for. Running it twice, or on two servers at once,
 * makes nothing twice. */
#pragma once

#include "base/buf.h"
#include "db/db.h"

enum {
	PLAN_DAYS = 60,          /* looked ahead unless told otherwise */
	PLAN_DAYS_MAX = 366,     /* farthest look ahead */
	PLAN_TASKS_MAX = 250000, /* made for one rule in one run; the next run goes on */
	PLAN_LOOK_MAX = 2000000, /* targets x dates looked at for one rule in one run */
	PLAN_DEFAULT_DAYS = -1,
};

struct plan_options {
	const char *today; /* YYYY-MM-DD; NULL: today in Norway */
	int days;    /* ahead, exactly; PLAN_DEFAULT_DAYS: PLAN_DAYS, and more for a rule whose
		      * lead_days is more */
	bool is_dry; /* counts only */
	const char *person; /* whose doing it is in the audit; NULL: the program's */
};

/* What came of one rule. */
struct plan_line {
	const char *code;
	long targets,
		days; /* targets x days (less what is not installed yet) = made + existing + left */
	long made;    /* in a dry run: would have been made */
	long existing;
	long left;         /* over the limit: for the next run */
	bool is_cut;       /* dates were left for the next run */
	const char *fault; /* why nothing could be made; NULL: nothing wrong */
};

struct plan_totals {
	long rules, faults, made, existing, left;
};

/* Makes the tasks, a transaction a rule, as the job role. A deadline is 16:00 in Norway on the day
 * of the occurrence; the task is planned for lead_days before that, never in the past; nothing is
 * made for days before today, for a component before it is installed, or after it is removed. A
 * rule that is not good is a fault of that rule and stops no other. `say` (may be NULL) hears of
 * each rule as it is done; `a` owns what it is told. ERR_INVALID for a bad date, ERR_BUSY when the
 * database is away. */
enum err plan_run(struct pools *pools, struct arena *a, const struct plan_options *options,
		  void (*say)(void *closure, const struct plan_line *line), void *closure,
		  struct plan_totals *out);

/* The nightly job: plan_run() with its defaults. `said` gets a line for the log. */
enum err plan_job(struct pools *pools, struct arena *a, const char *payload, struct buf *said);

/* `fdvu plan [--today YYYY-MM-DD] [--days N] [--dry-run]`. Returns the exit status: 0, 1 when
 * something could not be made, 2 for words it does not know. */
int plan_command(struct pools *pools, int argc, char **argv);
