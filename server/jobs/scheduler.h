/* Work in the background: the rows of table `job`, taken by one thread of each server. A row is run
 * by one server at a time, and again (at most five times, each later than the last) until it is
 * done; a handler must bear to be run twice, since a server may die between the work and the note
 * that it is done. */
#pragma once

#include "base/buf.h"
#include "db/db.h"

struct job_kind {
	const char *kind;
	const char *at; /* "02:00": each night at that time in Norway; NULL: when it is queued */

	/* Does the work with connections of its own. `said` gets a line for the log, or for
	 * job.last_error when it fails. `a` is reset afterwards. */
	enum err (*run)(struct pools *pools, struct arena *a, const char *payload,
			struct buf *said);

	/* Without `run`: the statement that does the work; its first value is logged. */
	enum query query;
};

struct scheduler;

/* Starts the thread. `kinds` ends with a row without kind and must outlive it; rows of other kinds
 * are left for servers that know them. A night's work that nobody has done yet, because no server
 * ran then, is done at once. NULL, with the reason in the log, when the job role's pool is too
 * small: one connection watches over the job while another does it. */
struct scheduler *scheduler_start(struct pools *pools, const struct job_kind *kinds);

/* Takes no more jobs, waits for the one under way, frees. NULL does nothing. */
void scheduler_stop(struct scheduler *s);
