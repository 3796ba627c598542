#include "fieldapi/feed.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "fieldapi/js.h"

/* The database's key, read once: it never changes. That the numbers of its transactions are in
 * order is seen then too. */
static pthread_mutex_t key_mutex = PTHREAD_MUTEX_INITIALIZER;
static char cursor_key[CURSOR_KEY_MAX];

enum { COL_KEY, COL_IS_AHEAD };

static bool is_true(const char *text)
{
	return text && text[0] == 't';
}

/* Sets `is_ahead` when the database was restored and not made ready. */
static enum err read_key(struct pools *pools, bool *is_ahead)
{
	struct rows *rows;
	struct arena a;
	struct db *db;
	enum err e;

	if ((e = db_take(pools, DB_JOB, &db)))
		return e;
	arena_init(&a);
	if (!(e = db_run(db, &a, Q_SYNC_KEY, NULL, &rows)) && rows_count(rows)) {
		*is_ahead = is_true(rows_at(rows, 0, COL_IS_AHEAD));
		if (!*is_ahead)
			snprintf(cursor_key, sizeof(cursor_key), "%s", rows_at(rows, 0, COL_KEY));
	}
	arena_release(&a);
	db_give(db);
	return e;
}

static enum err load_key(struct pools *pools, const char **key, bool *is_ahead)
{
	enum err e = OK;

	*is_ahead = false;
	pthread_mutex_lock(&key_mutex);
	if (!cursor_key[0])
		e = read_key(pools, is_ahead);
	pthread_mutex_unlock(&key_mutex);
	*key = cursor_key;
	return e;
}

enum err feed_key(struct req *rq, const char **key)
{
	bool is_ahead;
	enum err e = load_key(app_of(rq)->pools, key, &is_ahead);

	return is_ahead ? req_problem(rq, ERR_BUSY, "restore_unfinished") : e;
}

enum err feed_job_key(struct pools *pools, const char **key)
{
	bool is_ahead;
	enum err e = load_key(pools, key, &is_ahead);

	return is_ahead ? ERR_BUSY : e;
}

bool feed_may_start(struct pools *pools)
{
	struct arena a;
	struct db *db;
	bool is_ahead;
	const char *key;

	if (load_key(pools, &key, &is_ahead)) {
		log_warn("sync", "the database does not answer yet: its epoch is looked at later");
		return true;
	}
	if (is_ahead) {
		log_error("sync", "rows have transaction numbers that this PostgreSQL has not come "
				  "to: it was restored. Run «fdvu after-restore» first");
		return false;
	}
	if (db_take(pools, DB_JOB, &db))
		return true;
	arena_init(&a);
	if (db_run(db, &a, Q_SYNC_EPOCH_NOTE, NULL, NULL))
		log_warn("sync", "%s", db_message(db));
	arena_release(&a);
	db_give(db);
	return true;
}

enum err feed_revoked(struct req *rq)
{
	rq->problem_extra = ",\"wipe\":true,\"salvage\":true";
	return req_problem(rq, ERR_FORBIDDEN, "device_revoked");
}

enum err feed_check(struct req *rq, const struct json_t *facts, const char *epoch)
{
	const char *now = json_string_value(json_object_get(facts, "epoch"));
	const char *device = json_string_value(json_object_get(facts, "device"));

	if (!now)
		return req_problem(rq, ERR_BUSY, "standby");
	if (!device)
		return req_problem(rq, ERR_FORBIDDEN, "device_unknown");
	if (strcmp(device, "active"))
		return feed_revoked(rq);
	if (epoch && strcmp(epoch, now))
		return req_problem(rq, ERR_CONFLICT, "epoch_changed");
	return OK;
}

struct json_t *feed_facts(struct arena *a, const char *text)
{
	json_t *facts = json_loads(text, 0, NULL);

	arena_defer(a, js_free, facts);
	return facts;
}

void feed_write_row(struct buf *to, const struct feed_row *row)
{
	buf_printf(to, "{\"b\":\"%s\",\"t\":\"%s\",\"id\":\"%s\",", row->bucket, row->t, row->id);
	if (row->version)
		buf_printf(to, "\"v\":%s,", row->version);
	if (row->fields) {
		buf_text(to, "\"d\":");
		buf_text(to, row->fields);
		buf_char(to, '}');
	} else {
		buf_text(to, "\"x\":1}");
	}
}

void feed_write_json(struct buf *to, const struct json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	buf_text(to, text);
	free(text);
}
