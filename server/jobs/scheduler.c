#include "jobs/scheduler.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/uuid.h"

enum {
	POLL_MS = 2000,
	JITTER_MS = 500,        /* so that servers started together do not ask together */
	KEEP_US = 30 * 1000000, /* how often nights are queued and lost jobs looked for */
	ATTEMPTS_MAX = 5,
	POOL_MIN = 2,
	KINDS_TEXT = 2048,
	SAID_MAX = 2000,
	TAKER_TEXT = 300,
};

/* A job as job_take gives it. */
enum { COLUMN_ID, COLUMN_KIND, COLUMN_PAYLOAD, COLUMN_ATTEMPTS };

struct scheduler {
	struct pools *pools;
	const struct job_kind *kinds;
	char names[KINDS_TEXT];                              /* '{plan,session_sweep}' */
	char nightly_names[KINDS_TEXT], nightly[KINDS_TEXT]; /* '{plan}', '{02:00}' */
	char taker[TAKER_TEXT];                              /* host and process */
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t stop;
	bool is_stopping;
	uint64_t kept_us;
};

static void add_word(char array[KINDS_TEXT], const char *word)
{
	size_t length = strlen(array);

	if (length)
		length--; /* the closing brace */
	snprintf(array + length, KINDS_TEXT - length, "%c%s}", length ? ',' : '{', word);
}

static void list_kinds(struct scheduler *s)
{
	for (const struct job_kind *k = s->kinds; k->kind; k++) {
		add_word(s->names, k->kind);
		if (!k->at)
			continue;
		add_word(s->nightly_names, k->kind);
		add_word(s->nightly, k->at);
	}
}

static const struct job_kind *find_kind(const struct scheduler *s, const char *name)
{
	const struct job_kind *k = s->kinds;

	while (strcmp(k->kind, name))
		k++;
	return k;
}

/* Queues the night's work and takes up what a lost server left. */
static void keep(struct scheduler *s, struct arena *a)
{
	const char *nights[] = { s->nightly_names, s->nightly };
	const char *most[] = { arena_printf(a, "%d", ATTEMPTS_MAX) };
	struct rows *rows;
	struct db *db;

	if (db_take(s->pools, DB_JOB, &db))
		return;
	if ((s->nightly[0] && db_run(db, a, Q_JOB_NIGHTLY, nights, NULL)) ||
	    db_run(db, a, Q_JOB_RECOVER, most, &rows)) {
		log_warn("job", "%s", db_message(db));
		db_give(db);
		return;
	}
	db_give(db);
	s->kept_us = clock_us();
	for (int i = 0; i < rows_count(rows); i++)
		log_warn("job", "%s %s: the server that ran it is gone", rows_at(rows, i, 1),
			 rows_at(rows, i, 0));
}

/* The work itself. SQL is done in the watching transaction, so that it and the note that it is done
 * are one. */
static enum err work(struct scheduler *s, struct arena *a, struct db *db, const struct rows *job,
		     struct buf *said)
{
	const struct job_kind *k = find_kind(s, rows_at(job, 0, COLUMN_KIND));
	struct rows *rows;
	enum err e;

	if (k->run)
		return k->run(s->pools, a, rows_at(job, 0, COLUMN_PAYLOAD), said);
	e = db_run(db, a, k->query, NULL, &rows);
	if (e)
		buf_text(said, db_message(db));
	else if (rows_count(rows) && rows_at(rows, 0, 0))
		buf_text(said, rows_at(rows, 0, 0));
	return e;
}

/* Holds the lock that tells other servers that this job's taker lives, works, and notes the end. */
static enum err run_held(struct scheduler *s, struct arena *a, struct db *db,
			 const struct rows *job, struct buf *said)
{
	const char *who[] = { rows_at(job, 0, COLUMN_ID), s->taker };
	enum err e;

	if ((e = db_begin(db, NULL)) || (e = db_run(db, a, Q_JOB_HOLD, who, NULL))) {
		buf_text(said, db_message(db));
		return e;
	}
	if ((e = work(s, a, db, job, said)))
		return e;
	if ((e = db_run(db, a, Q_JOB_DONE, who, NULL)) || (e = db_commit(db)))
		buf_text(said, db_message(db));
	return e;
}

static void note_failure(struct scheduler *s, struct arena *a, const struct rows *job,
			 const char *reason)
{
	const char *params[] = { rows_at(job, 0, COLUMN_ID), s->taker, reason,
				 arena_printf(a, "%d", ATTEMPTS_MAX) };
	struct db *db;

	/* When the database is away the row stays «running» and is found by job_recover. */
	if (db_take(s->pools, DB_JOB, &db))
		return;
	if (db_run(db, a, Q_JOB_FAILED, params, NULL))
		log_warn("job", "%s", db_message(db));
	db_give(db);
}

/* True when there was a job to run. */
static bool run_one(struct scheduler *s, struct arena *a)
{
	const char *params[] = { s->names, s->taker };
	uint64_t started_us = clock_us();
	struct rows *job;
	struct buf said;
	struct db *db;
	enum err e;

	if (db_take(s->pools, DB_JOB, &db))
		return false;
	if (db_run(db, a, Q_JOB_TAKE, params, &job)) {
		log_warn("job", "%s", db_message(db));
		db_give(db);
		return false;
	}
	if (!rows_count(job)) {
		db_give(db);
		return false;
	}
	buf_init(&said, SAID_MAX);
	buf_text(&said, "");
	log_request(rows_at(job, 0, COLUMN_ID));
	e = run_held(s, a, db, job, &said);
	db_give(db);
	if (e)
		note_failure(s, a, job, said.length ? said.at : err_type(e));
	log_write(e ? LOG_ERROR : LOG_INFO, "job", "%s %s after %lu ms, attempt %s: %s",
		  rows_at(job, 0, COLUMN_KIND), e ? "failed" : "done",
		  (unsigned long)((clock_us() - started_us) / 1000),
		  rows_at(job, 0, COLUMN_ATTEMPTS), said.length ? said.at : "");
	log_request(NULL);
	buf_release(&said);
	return true;
}

/* Waits until the next look; true when it is time to stop. */
static bool rest(struct scheduler *s, bool is_busy)
{
	struct timespec until;
	uint16_t chance;
	bool is_stopping;
	long ms;

	random_bytes(&chance, sizeof(chance));
	ms = is_busy ? 0 : POLL_MS - JITTER_MS + chance % (2 * JITTER_MS);
	until = clock_ahead(ms);
	pthread_mutex_lock(&s->mutex);
	while (!s->is_stopping)
		if (pthread_cond_timedwait(&s->stop, &s->mutex, &until))
			break;
	is_stopping = s->is_stopping;
	pthread_mutex_unlock(&s->mutex);
	return is_stopping;
}

static void *run(void *closure)
{
	struct scheduler *s = closure;
	bool is_busy = false;
	struct arena a;

	arena_init(&a);
	while (!rest(s, is_busy)) {
		if (!s->kept_us || clock_us() - s->kept_us > KEEP_US)
			keep(s, &a);
		is_busy = run_one(s, &a);
		arena_reset(&a);
	}
	arena_release(&a);
	return NULL;
}

static void name_taker(struct scheduler *s)
{
	char host[TAKER_TEXT - 20] = "";

	gethostname(host, sizeof(host) - 1);
	snprintf(s->taker, sizeof(s->taker), "%s:%ld", host, (long)getpid());
}

struct scheduler *scheduler_start(struct pools *pools, const struct job_kind *kinds)
{
	struct scheduler *s;

	if (pools_use(pools, DB_JOB).size < POOL_MIN) {
		log_error("job", "no jobs are run here: they need a pool_size of at least %d",
			  POOL_MIN);
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (!s)
		abort();
	s->pools = pools;
	s->kinds = kinds;
	list_kinds(s);
	name_taker(s);
	pthread_mutex_init(&s->mutex, NULL);
	clock_cond_init(&s->stop);
	if (pthread_create(&s->thread, NULL, run, s))
		abort();
	return s;
}

void scheduler_stop(struct scheduler *s)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->mutex);
	s->is_stopping = true;
	pthread_cond_signal(&s->stop);
	pthread_mutex_unlock(&s->mutex);
	pthread_join(s->thread, NULL);
	pthread_cond_destroy(&s->stop);
	pthread_mutex_destroy(&s->mutex);
	free(s);
}
