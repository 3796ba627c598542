/*
 * A year of the demo's life: what was reported, what was done about it, what is open, late or
 * planned. Times are seconds since 1970, UTC; nothing is later than the start of the demo's day.
 */
#pragma once

#include "people.h"
#include "reference.h"
#include "register.h"

enum case_state {
	CASE_NEW,
	CASE_IN_PROGRESS,
	CASE_WAITING,
	CASE_DONE,
	CASE_CLOSED,
	CASE_CANCELLED
};
enum task_state { TASK_OPEN, TASK_IN_PROGRESS, TASK_WAITING, TASK_DONE, TASK_CANCELLED };

struct demo_case {
	int64_t created, deadline, done; /* deadline and done 0 for none */
	int place, building;             /* building -1 for outdoor areas */
	int owner, reporter;             /* persons; -1 for none */
	int area_no;
	short fault, priority;
	unsigned char state, channel;
};

struct demo_task {
	int64_t created, deadline, done;
	int case_row;  /* -1 for none */
	int component; /* -1 for none */
	int place, area_no;
	int planned_on;          /* days; 0 for none */
	int assignee, checklist; /* -1 for none */
	short round;             /* index of round_at(), -1 for maintenance or a case's */
	short priority;
	unsigned char state;
};

struct events {
	const struct world *world;
	const struct people *people;
	const struct reference *reference;
	int64_t now;
	struct demo_case *cases;
	struct demo_task *tasks;
	int case_count, task_count;
	int supplier_task; /* the one that the demo's supplier link opens */
};

/* Plans all of it. Freed by events_free(). */
struct events *events_new(const struct world *w, const struct people *p, const struct reference *r);
void events_free(struct events *ev);

/* When so many working hours have gone since `from`: Monday to Friday 8-16, Norwegian winter time;
 * holidays are not left out, as they are in the database's own deadlines. */
int64_t working_hours_after(int64_t from, int hours);

/* Cases with messages, followers and contacts; tasks with answers and the supplier's link;
 * documents. */
enum err cases_write(const struct events *ev, struct sink *sink, uint64_t *rows);
enum err tasks_write(const struct events *ev, struct sink *sink, uint64_t *rows);
enum err documents_write(const struct events *ev, struct sink *sink, uint64_t *rows);

/* The highest number that a year's cases, tasks, contacts or leases have; `kind` is its first
 * letter. */
int events_last_number(const struct events *ev, char kind, int year);

/* The category's code of a task, and its title (at most LABEL_MAX bytes). */
const char *task_category(const struct events *ev, const struct demo_task *t);
void task_title(const struct events *ev, const struct demo_task *t, char *out, size_t size);

/* Makes tasks out of cases, rounds and maintenance (tasks.c). */
void events_add_tasks(struct events *ev);
