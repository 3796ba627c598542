#include "importers/worker.h"

#include "base/clock.h"
#include "base/log.h"
#include "importers/import.h"
#include "importers/run_files.h"
#include "importers/spool.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	POLL_SECONDS = 2,
	BEAT_US = 500 * 1000,
	BREAK_US = 5 * 1000000, /* how often runs of dead servers are looked for */
	POOL_MIN = 4,
	REPORT_MAX = 1024 * 1024,
	TAKER_TEXT = 300,
	BACKEND_TEXT = 24,
};

static const char lay_step[] = "unpack";
static const uint64_t sweep_us = 3600 * 1000000ull; /* how often the spool is swept */

/* A run as import_run_take gives it. */
enum {
	RUN_ID,
	RUN_PROFILE,
	RUN_NAME,
	RUN_SHA256,
	RUN_MAPPING,
	RUN_MUNICIPALITY,
	RUN_MOST,
	RUN_DRY,
	RUN_FILES
};

struct import_worker {
	const struct config *config;
	struct pools *pools;
	char taker[TAKER_TEXT];
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t news;
	bool is_called;
	atomic_bool is_stopping;
	char backend[BACKEND_TEXT]; /* under the mutex: of the import under way, "" when none is */
	uint64_t broke_us, swept_us;
};

/* One run as it goes on. */
struct run {
	struct import_worker *worker;
	const struct rows *row;
	struct arena *arena;
	struct import_options options;
	struct import_watch watch;
	struct unpack laid; /* the files of the export */
	const char *step;
	uint64_t beat_us;
};

static const char *field(const struct run *r, int column)
{
	return rows_at(r->row, 0, column);
}

/* Runs one statement on a connection of its own. */
static enum err aside(struct import_worker *w, struct arena *a, enum query q,
		      const char *const *params, struct rows **out)
{
	struct db *db;
	enum err e;

	if ((e = db_take(w->pools, DB_JOB, &db)))
		return e;
	if ((e = db_run(db, a, q, params, out)))
		log_warn("import", "%s", db_message(db));
	db_give(db);
	return e;
}

static void set_backend(struct import_worker *w, const char *backend)
{
	pthread_mutex_lock(&w->mutex);
	snprintf(w->backend, sizeof(w->backend), "%s", backend);
	pthread_mutex_unlock(&w->mutex);
}

static enum err begun(void *closure, struct import *im)
{
	struct run *r = closure;
	const char *params[] = { field(r, RUN_ID) };
	struct rows *rows;
	enum err e = db_run(im->db, im->arena, Q_IMPORT_RUN_HOLD, params, &rows);

	if (e)
		return e;
	set_backend(r->worker, rows_at(rows, 0, 0));
	return atomic_load(&r->worker->is_stopping) ? ERR_BUSY : OK;
}

/* Says how far it has come, now and then, and hears of it when somebody has cancelled it. */
static enum err beat(struct run *r, const char *step, uint64_t rows, uint64_t bytes)
{
	struct arena a = { 0 };
	const char *params[] = { field(r, RUN_ID), step,
				 arena_printf(&a, "%llu", (unsigned long long)rows),
				 arena_printf(&a, "%llu", (unsigned long long)bytes) };
	uint64_t now = clock_us();
	struct rows *alive;
	enum err e = atomic_load(&r->worker->is_stopping) ? ERR_BUSY : OK;

	if (!e && (step != r->step || now - r->beat_us > BEAT_US)) {
		r->step = step;
		r->beat_us = now;
		if (!aside(r->worker, &a, Q_IMPORT_RUN_BEAT, params, &alive) && !rows_count(alive))
			e = ERR_GONE;
	}
	arena_release(&a);
	return e;
}

static enum err told(void *closure, struct import *im)
{
	return beat(closure, im->step, im->seen, im->seen_bytes);
}

/* The report as JSON; owned by the run's arena. NULL when it is larger than any may be. */
static const char *report_of(struct run *r, struct import *im)
{
	struct buf *to = arena_alloc(r->arena, sizeof(*to));

	buf_init(to, REPORT_MAX);
	arena_defer(r->arena, buf_release, to);
	report_json(im, to);
	return to->is_full ? NULL : to->at;
}

/* In the import's own transaction, so that the rows and the note that they landed are one. */
static enum err landed(void *closure, struct import *im)
{
	struct run *r = closure;
	const char *params[] = { field(r, RUN_ID), im->batch, report_of(r, im) };
	struct rows *rows;
	enum err e = db_run(im->db, im->arena, Q_IMPORT_RUN_LAND, params, &rows);

	return e || rows_count(rows) ? e : ERR_GONE;
}

/* What the import needs, out of the run's row. False with why it cannot start. */
static bool prepare(struct run *r, struct import *im, FILE *said)
{
	const struct config *config = r->worker->config;
	struct import_options *o = &r->options;
	char path[SPOOL_PATH];
	const char *why;

	if (profile_load(r->arena, config->profiles, field(r, RUN_PROFILE), &im->profile, said))
		return false;
	if (field(r, RUN_MAPPING) &&
	    (why = profile_choose(r->arena, &im->profile, field(r, RUN_MAPPING)))) {
		fputs(why, said);
		return false;
	}
	o->is_settled = !field(r, RUN_SHA256);
	o->is_dry_run = field(r, RUN_DRY)[0] == 't';
	o->name = field(r, RUN_NAME);
	o->municipality = field(r, RUN_MUNICIPALITY);
	o->max_rejects = field(r, RUN_MOST);
	spool_path(config, o->is_settled ? "" : field(r, RUN_SHA256), path);
	o->file = arena_text(r->arena, path);
	spool_rejects(config, field(r, RUN_ID), path);
	o->rejects = arena_text(r->arena, path);
	im->config = config;
	im->options = o;
	im->arena = r->arena;
	im->out = said;
	im->fd = -1;
	return true;
}

static enum err laying(void *closure)
{
	struct run *r = closure;

	return beat(r, lay_step, r->laid.files, r->laid.bytes);
}

/* The files of the export, if it was given any, where the import looks for them. */
static enum err lay_files(struct run *r, FILE *said)
{
	struct unpack *u = &r->laid;
	enum err e;

	if (!field(r, RUN_FILES))
		return OK;
	*u = (struct unpack){
		.arena = r->arena, .config = r->worker->config, .told = laying, .closure = r
	};
	e = run_files_lay(u, field(r, RUN_ID), field(r, RUN_FILES), &r->options.files);
	if (u->why)
		fputs(u->why, said);
	return e;
}

static enum err import(struct run *r, struct import *im, FILE *said)
{
	enum err e;

	if (!prepare(r, im, said))
		return ERR_UNPROCESSABLE;
	if ((e = lay_files(r, said)))
		return e;
	if ((e = db_take(r->worker->pools, DB_JOB, &im->db))) {
		fputs("databasen svarer ikke", said);
		return e;
	}
	r->watch = (struct import_watch){ begun, told, landed, r };
	im->watch = &r->watch;
	e = import_run(im);
	set_backend(r->worker, "");
	db_give(im->db);
	return e;
}

/* A run that landed has noted its end itself; a dry run and a failure do it here. */
static void end(struct run *r, struct import *im, enum err e, const char *said)
{
	bool is_broken = e && atomic_load(&r->worker->is_stopping);
	const char *state = is_broken ? "broken" : e ? "failed" : "done";
	const char *why = e && !is_broken ? (im->refusal ? im->refusal : said) : NULL;
	const char *params[] = { field(r, RUN_ID), state, e || !im->batch ? im->noted : im->batch,
				 report_of(r, im), why };

	aside(r->worker, r->arena, Q_IMPORT_RUN_END, params, NULL);
	log_info("import", "run %s with profile %s: %s", field(r, RUN_ID), field(r, RUN_PROFILE),
		 state);
}

static void run_one(struct import_worker *w, struct arena *a, const struct rows *row)
{
	struct run r = { .worker = w, .row = row, .arena = a };
	struct import *im = arena_alloc(a, sizeof(*im));
	char *said = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&said, &length);
	enum err e;

	if (!out)
		abort();
	e = import(&r, im, out);
	run_files_remove(w->config, field(&r, RUN_ID));
	fclose(out);
	end(&r, im, e, said);
	free(said);
}

/* Takes and runs one; false when there was none. */
static bool take(struct import_worker *w, struct arena *a)
{
	const char *params[] = { w->taker };
	struct rows *row;

	if (aside(w, a, Q_IMPORT_RUN_TAKE, params, &row) || rows_count(row) == 0)
		return false;
	run_one(w, a, row);
	return true;
}

/* Files and queued rows hold personal data: both go when their days are over. */
static void sweep(struct import_worker *w, struct arena *a, uint64_t now)
{
	const char *params[] = { arena_printf(a, "%ld", w->config->import_days) };
	struct rows *rows;
	int gone;

	if (aside(w, a, Q_IMPORT_RUN_SPOOLED, NULL, &rows))
		return;
	gone = spool_sweep(w->config, rows);
	w->swept_us = now;
	if (gone)
		log_info("import", "%d files gone from the spool", gone);
	if (!aside(w, a, Q_IMPORT_SWEEP_QUEUE, params, &rows) && rows_count(rows))
		log_info("import", "%d rows of the queue emptied", rows_count(rows));
}

static void keep_house(struct import_worker *w, struct arena *a)
{
	uint64_t now = clock_us();
	struct rows *rows;

	if (now - w->broke_us > BREAK_US && !aside(w, a, Q_IMPORT_RUN_BREAK, NULL, &rows)) {
		w->broke_us = now;
		for (int i = 0; i < rows_count(rows); i++)
			log_warn("import", "run %s: the server that ran it is gone",
				 rows_at(rows, i, 0));
	}
	if (!w->swept_us || now - w->swept_us > sweep_us)
		sweep(w, a, now);
}

/* Waits until there may be something to do; true when it is time to stop. */
static bool rest(struct import_worker *w, bool is_busy)
{
	struct timespec until = clock_ahead(is_busy ? 0 : POLL_SECONDS * 1000);

	pthread_mutex_lock(&w->mutex);
	while (!w->is_called && !atomic_load(&w->is_stopping))
		if (pthread_cond_timedwait(&w->news, &w->mutex, &until))
			break;
	w->is_called = false;
	pthread_mutex_unlock(&w->mutex);
	return atomic_load(&w->is_stopping);
}

static void *work(void *closure)
{
	struct import_worker *w = closure;
	bool is_busy = false;
	struct arena a;

	arena_init(&a);
	while (!rest(w, is_busy)) {
		keep_house(w, &a);
		is_busy = take(w, &a);
		arena_reset(&a);
	}
	arena_release(&a);
	return NULL;
}

struct import_worker *import_worker_start(const struct config *config, struct pools *pools)
{
	struct import_worker *w;
	char host[TAKER_TEXT - 20] = "";

	if (!spool_prepare(config)) {
		log_error("import", "%s/files/import: %s", config->var, strerror(errno));
		return NULL;
	}
	if (pools_use(pools, DB_JOB).size < POOL_MIN) {
		log_error("import", "no imports are run here: they need a pool_size of at least %d",
			  POOL_MIN);
		return NULL;
	}
	w = calloc(1, sizeof(*w));
	if (!w)
		abort();
	w->config = config;
	w->pools = pools;
	gethostname(host, sizeof(host) - 1);
	snprintf(w->taker, sizeof(w->taker), "%s:%ld", host, (long)getpid());
	pthread_mutex_init(&w->mutex, NULL);
	clock_cond_init(&w->news);
	if (pthread_create(&w->thread, NULL, work, w))
		abort();
	return w;
}

void import_worker_wake(struct import_worker *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->mutex);
	w->is_called = true;
	pthread_cond_signal(&w->news);
	pthread_mutex_unlock(&w->mutex);
}

/* A long statement of the import hears of nothing: PostgreSQL is told to end it. */
static void cancel(struct import_worker *w)
{
	char backend[BACKEND_TEXT];
	const char *params[] = { backend };
	struct arena a = { 0 };

	pthread_mutex_lock(&w->mutex);
	snprintf(backend, sizeof(backend), "%s", w->backend);
	pthread_cond_signal(&w->news);
	pthread_mutex_unlock(&w->mutex);
	if (backend[0])
		aside(w, &a, Q_IMPORT_RUN_STOP, params, NULL);
	arena_release(&a);
}

void import_worker_stop(struct import_worker *w)
{
	if (!w)
		return;
	atomic_store(&w->is_stopping, true);
	cancel(w);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->news);
	pthread_mutex_destroy(&w->mutex);
	free(w);
}
