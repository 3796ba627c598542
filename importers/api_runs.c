#include "importers/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/ask.h"
#include "db/rows.h"
#include "http/stream.h"
#include "importers/spool.h"

enum { EVENT_MS = 700 };

enum err api_may(struct req *rq, const char **person)
{
	struct rows *rows;
	enum err e = ask_rows(rq, Q_IMPORT_MAY, NULL, &rows);

	if (e)
		return e;
	if (person)
		*person = rows_at(rows, 0, 1);
	return rows_at(rows, 0, 0)[0] == 't' ? OK : ERR_FORBIDDEN;
}

static enum err list(struct req *rq)
{
	const char *limit = req_value(rq, "limit");
	const char *params[] = { req_value(rq, "dry_run"), limit ? limit : "50",
				 req_value(rq, "after") };

	return ask_reply(rq, Q_IMPORT_RUN_LIST, params);
}

static enum err get(struct req *rq)
{
	const char *params[] = { rq->ids[0] };

	return ask_reply(rq, Q_IMPORT_RUN_GET, params);
}

static enum err rejects(struct req *rq)
{
	const char *params[] = { rq->ids[0] };
	struct rows *rows;
	uint64_t size;
	int fd;
	char name[80];
	enum err e;

	if ((e = api_may(rq, NULL)) || (e = ask_rows(rq, Q_IMPORT_RUN_GET, params, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	snprintf(name, sizeof(name), "%s.csv", rows_at(rows, 0, 0));
	fd = spool_open(app_of(rq)->config, name, &size);
	if (fd < 0)
		return req_fail(rq, ERR_NOT_FOUND, "ingen avviste rader, eller de er slettet");
	req_header(rq, "Content-Disposition", "attachment; filename=\"avvist.csv\"");
	req_header(rq, "Cache-Control", "no-store");
	return req_send_file(rq, fd, size, "text/csv; charset=utf-8");
}

/* -- progress ---------------------------------------------------------------------------------- */

struct follower {
	struct pools *pools;
	char token_hash[sizeof(((struct req *)0)->token_hash)];
	char run[40];
	bool is_greeted, has_ended;
};

/* The run as GET gives it, asked under the listener's own rights each time. */
static bool next_event(void *source, struct buf *to)
{
	const struct timespec pause = { .tv_nsec = EVENT_MS * 1000000L };
	struct follower *f = source;
	const char *params[] = { f->run }, *state;
	struct arena a = { 0 };
	struct rows *rows;
	struct db *db;
	enum err e;

	if (f->has_ended)
		return false;
	if (f->is_greeted)
		nanosleep(&pause, NULL);
	f->is_greeted = true;
	if (db_take(f->pools, DB_OFFICE, &db)) {
		buf_text(to, "event: ping\ndata: {}\n\n");
		return true;
	}
	e = db_ask(db, &a, f->token_hash, Q_IMPORT_RUN_GET, params, &rows);
	db_give(db);
	if (!e && rows_count(rows)) {
		state = rows_at(rows, 0, rows_column(rows, "state"));
		f->has_ended = strcmp(state, "waiting") != 0 && strcmp(state, "running") != 0;
		buf_text(to, "event: run\ndata: ");
		rows_object(rows, 0, to);
		buf_text(to, "\n\n");
	}
	arena_release(&a);
	return to->length > 0;
}

static enum err follow(struct req *rq)
{
	const char *params[] = { rq->ids[0] };
	struct follower *f;
	struct rows *rows;
	enum err e;

	if ((e = ask_rows(rq, Q_IMPORT_RUN_GET, params, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	f = calloc(1, sizeof(*f));
	if (!f)
		abort();
	f->pools = app_of(rq)->pools;
	memcpy(f->token_hash, rq->token_hash, sizeof(f->token_hash));
	snprintf(f->run, sizeof(f->run), "%s", rq->ids[0]);
	return req_stream(rq, next_event, free, f);
}

/* -- breaking off ------------------------------------------------------------------------------ */

/* Noted first, so that whoever runs it knows why its statement ends. */
static enum err cancel_as_job(struct req *rq, struct db *db, const char *person, struct rows **out)
{
	const char *params[] = { rq->ids[0], person };
	enum err e;

	if ((e = db_run(db, &rq->arena, Q_IMPORT_RUN_CANCEL, params, out)) || !rows_count(*out) ||
	    strcmp(rows_at(*out, 0, 1), "running") != 0)
		return e;
	return db_run(db, &rq->arena, Q_IMPORT_RUN_INTERRUPT, params, NULL);
}

/* Nothing of a run that is cancelled lands; one that has ended stays as it is. */
static enum err cancel(struct req *rq)
{
	const char *person, *params[] = { rq->ids[0] };
	struct rows *rows;
	struct db *db;
	enum err e;

	if ((e = api_may(rq, &person)) || (e = ask_rows(rq, Q_IMPORT_RUN_GET, params, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	if ((e = db_take(app_of(rq)->pools, DB_JOB, &db)))
		return req_fail(rq, e, "no database connection");
	if ((e = cancel_as_job(rq, db, person, &rows)))
		ask_failed(rq, db, e);
	db_give(db);
	if (e)
		return e;
	if (!rows_count(rows))
		return req_fail(rq, ERR_CONFLICT, "innlesingen er ferdig");
	rows_object(rows, 0, &rq->out);
	rq->out_type = "application/json";
	rq->status = 200;
	return OK;
}

/* -- taking back ------------------------------------------------------------------------------- */

/* The batch of a run, or the batch itself. ERR_NOT_FOUND when whoever asks sees none. */
static enum err find_batch(struct req *rq, const char **person, const char **batch)
{
	const char *params[] = { rq->ids[0] };
	struct rows *rows;
	enum err e;

	if ((e = api_may(rq, person)) || (e = ask_rows(rq, Q_IMPORT_RUN_GET, params, &rows)))
		return e;
	*batch = rows_count(rows) ? rows_at(rows, 0, 1) : NULL;
	return *batch ? OK : ERR_NOT_FOUND;
}

/* What people do not write themselves the job role does: the right was checked before. */
static enum err undo(struct req *rq)
{
	const char *params[2];
	struct rows *rows;
	struct db *db;
	enum err e;

	if ((e = find_batch(rq, &params[1], &params[0])))
		return e;
	if ((e = db_take(app_of(rq)->pools, DB_JOB, &db)))
		return req_fail(rq, e, "no database connection");
	if ((e = db_begin(db, NULL)) ||
	    (e = db_run(db, &rq->arena, Q_IMPORT_UNDO, params, &rows)) ||
	    (e = db_run(db, &rq->arena, Q_IMPORT_UNDONE_BY, params, NULL)) || (e = db_commit(db))) {
		ask_failed(rq, db, e);
	} else {
		rows_object(rows, 0, &rq->out);
		rq->out_type = "application/json";
		rq->status = 200;
	}
	db_give(db);
	return e;
}

static enum err changes(struct req *rq)
{
	const char *params[2];
	struct rows *rows;
	struct db *db;
	enum err e;

	if ((e = find_batch(rq, NULL, &params[0])))
		return e;
	if ((e = db_take(app_of(rq)->pools, DB_JOB, &db)))
		return req_fail(rq, e, "no database connection");
	if ((e = db_run(db, &rq->arena, Q_IMPORT_CHANGED, params, &rows)))
		ask_failed(rq, db, e);
	db_give(db);
	if (e)
		return e;
	rows_list(rows, 0, &rq->out);
	rq->out_type = "application/json";
	return OK;
}

/* -- the queue --------------------------------------------------------------------------------- */

static enum err queue(struct req *rq)
{
	const char *limit = req_value(rq, "limit");
	const char *params[] = { limit ? limit : "50", req_value(rq, "after") };

	return ask_reply(rq, Q_IMPORT_QUEUE_LIST, params);
}

static enum err settle(struct req *rq)
{
	const char *params[] = { rq->body.at };

	rq->status = 200;
	return ask_reply(rq, Q_IMPORT_QUEUE_SETTLE, params);
}

static const struct input list_inputs[] = {
	{ "dry_run", IN_BOOL, QUERY },
	{ "limit", IN_INT, QUERY, .max = 200, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input queue_inputs[] = {
	{ "limit", IN_INT, QUERY, .max = 200, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input settle_inputs[] = {
	{ "source", IN_CODE, REQUIRED, .max = 60 },
	{ "key", IN_TEXT, REQUIRED, .max = 1000 },
	{ "place", IN_UUID, 0 },
	{ 0 },
};

const struct route import_run_routes[] = {
	{ "GET", "/api/v1/imports", ROLE_OFFICE, list, list_inputs,
	  .summary = "Imports, the newest first" },
	{ "GET", "/api/v1/imports/{id}", ROLE_OFFICE, get,
	  .summary = "An import: how far it has come, its report" },
	{ "GET", "/api/v1/imports/{id}/events", ROLE_OFFICE, follow,
	  .summary = "Event stream of an import until it has ended" },
	{ "GET", "/api/v1/imports/{id}/rejects", ROLE_OFFICE, rejects,
	  .summary = "The rejected rows as CSV, each with line and reason" },
	{ "GET", "/api/v1/imports/{id}/changes", ROLE_OFFICE, changes,
	  .summary = "Who changed which of its rows since: what stops an undo" },
	{ "POST", "/api/v1/imports/{id}/cancel", ROLE_OFFICE, cancel,
	  .summary = "Break off an import that waits or is under way: nothing of it lands" },
	{ "POST", "/api/v1/imports/{id}/undo", ROLE_OFFICE, undo,
	  .summary = "Take an import back" },
	{ "GET", "/api/v1/import-queue", ROLE_OFFICE, queue, queue_inputs,
	  .summary = "Rows that wait for a person, one for each answer that is needed" },
	{ "GET", "/api/v1/import-queue/settled", ROLE_OFFICE, .query = Q_IMPORT_QUEUE_SETTLED,
	  .summary = "Answered rows that are not read in yet, by profile" },
	{ "POST", "/api/v1/import-queue/settle", ROLE_OFFICE, settle, settle_inputs,
	  .summary = "Answer for all rows with the same key: a place, or none to set them aside" },
	{ 0 },
};
