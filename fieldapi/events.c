#include "fieldapi/events.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "auth/ask.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/uuid.h"
#include "fieldapi/feed.h"
#include "fieldapi/js.h"
#include "http/park.h"

enum {
	LOOK_S = 1,      /* how often the feed is read */
	PING_MS = 20000, /* so that a dead connection is noticed, and a proxy does not end it */
	WAIT_S_MAX = 55, /* of a long poll: below the minute after which proxies give up */
	WAIT_S = 50,
	TRIES = 5,         /* to be registered between two looks */
	AREAS_TEXT = 2000, /* some 300 areas */
	RUNNING_MAX = 64 * 1024,
	LIST_MAX = 128 * 1024 * 1024,
	MESSAGE_MAX = 64 * 1024,
};

enum kind { STREAM, ONCE };

struct waiter {
	enum kind kind;
	int fd;            /* -1: to be forgotten */
	uint64_t until_us; /* next ping of a stream, end of a long poll */
	char token_hash[sizeof(((struct req *)0)->token_hash)];
	char device[UUID_TEXT];
	char areas[AREAS_TEXT];
};

/* `looks` counts the looks at the feed: who asked before one and is added after it would miss what
 * was committed between. */
struct events {
	struct pools *pools;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t stop;
	struct waiter **list;
	long count, room, most;
	uint64_t looks;
	char xmax[24]; /* "": nobody waits, so nothing is known */
	struct buf running;
	bool is_closed, is_stopping;
};

/* A snapshot is xmin:xmax:xip,xip…; what is not visible in it is >= xmax or in the list. The mutex
 * is held. */
static void keep_snapshot(struct events *ev, const char *text)
{
	const char *xmax = strchr(text, ':');
	const char *list = xmax ? strchr(xmax + 1, ':') : NULL;

	if (!list)
		return;
	snprintf(ev->xmax, sizeof(ev->xmax), "%.*s", (int)(list - xmax - 1), xmax + 1);
	buf_clear(&ev->running);
	buf_printf(&ev->running, "{%s}", list + 1);
}

/* -- what is sent ------------------------------------------------------------------------------ */

static void let_go(struct waiter *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

static void say(struct waiter *w, const char *event, const char *data)
{
	struct buf message;

	buf_init(&message, MESSAGE_MAX);
	if (w->kind == STREAM)
		buf_printf(&message, "event: %s\ndata: %s\n\n", event, data);
	else
		buf_text(&message, data);
	if (message.is_full || !park_send(w->fd, message.at, message.length) || w->kind == ONCE)
		let_go(w);
	buf_release(&message);
	w->until_us = clock_us() + PING_MS * 1000ull;
}

/* `buckets` is a JSON array. */
static void say_changed(struct waiter *w, const char *buckets)
{
	struct buf data;

	buf_init(&data, MESSAGE_MAX);
	buf_printf(&data, "{\"buckets\":%s}", buckets);
	if (data.is_full)
		let_go(w); /* comes back, and pulls */
	else
		say(w, "change", data.at);
	buf_release(&data);
}

/* -- the one poll ------------------------------------------------------------------------------ */

struct lists {
	struct buf tokens, devices, areas;
};

static void lists_init(struct lists *l)
{
	buf_init(&l->tokens, LIST_MAX);
	buf_init(&l->devices, LIST_MAX);
	buf_init(&l->areas, LIST_MAX);
}

static void lists_release(struct lists *l)
{
	buf_release(&l->tokens);
	buf_release(&l->devices);
	buf_release(&l->areas);
}

/* All that wait, as arrays: an element's number is its place in the list. */
static void list_waiters(const struct events *ev, struct lists *l)
{
	buf_clear(&l->tokens);
	buf_clear(&l->devices);
	buf_clear(&l->areas);
	for (long i = 0; i < ev->count; i++) {
		const struct waiter *w = ev->list[i];
		char separator = i ? ',' : '{';

		/* \x… in quotes, where a backslash is written twice. */
		buf_printf(&l->tokens, "%c\"\\%s\"", separator, w->token_hash);
		buf_printf(&l->devices, "%c%s", separator, w->device);
		buf_printf(&l->areas, "%c\"%s\"", separator, w->areas);
	}
	buf_char(&l->tokens, '}');
	buf_char(&l->devices, '}');
	buf_char(&l->areas, '}');
}

/* One row of what the poll found. */
static void tell(struct events *ev, const struct rows *rows, int row)
{
	long n = strtol(rows_at(rows, row, 1), NULL, 10) - 1;
	const char *areas = rows_at(rows, row, 3), *buckets = rows_at(rows, row, 4);
	struct waiter *w = ev->list[n];

	if (rows_at(rows, row, 2)[0] == 't' || strlen(areas) >= sizeof(w->areas)) {
		let_go(w);
		return;
	}
	snprintf(w->areas, sizeof(w->areas), "%s", areas);
	say_changed(w, buckets ? buckets : "[]");
}

static void tell_all(struct events *ev, const struct rows *rows)
{
	pthread_mutex_lock(&ev->mutex);
	for (int i = 0; i < rows_count(rows); i++)
		if (rows_at(rows, i, 1))
			tell(ev, rows, i);
	keep_snapshot(ev, rows_at(rows, 0, 0));
	ev->looks++;
	pthread_mutex_unlock(&ev->mutex);
}

/* What happened meanwhile is not known: they come back, and pull. */
static void forget_all(struct events *ev)
{
	pthread_mutex_lock(&ev->mutex);
	for (long i = 0; i < ev->count; i++)
		let_go(ev->list[i]);
	ev->xmax[0] = '\0';
	ev->looks++;
	pthread_mutex_unlock(&ev->mutex);
}

/* Pings, ends of long polls, and those who have gone. */
static void tend(struct events *ev)
{
	uint64_t now_us = clock_us();
	long kept = 0;

	pthread_mutex_lock(&ev->mutex);
	for (long i = 0; i < ev->count; i++) {
		struct waiter *w = ev->list[i];

		if (w->fd >= 0 && (ev->is_closed || park_is_over(w->fd)))
			let_go(w);
		if (w->fd >= 0 && now_us >= w->until_us)
			say(w, "ping", w->kind == STREAM ? "{}" : "{\"buckets\":[]}");
		if (w->fd < 0)
			free(w);
		else
			ev->list[kept++] = w;
	}
	ev->count = kept;
	if (!kept)
		ev->xmax[0] = '\0';
	pthread_mutex_unlock(&ev->mutex);
}

static void look(struct events *ev, struct arena *a, struct lists *l)
{
	const char *params[5];
	struct rows *rows;
	struct db *db;

	pthread_mutex_lock(&ev->mutex);
	list_waiters(ev, l);
	params[0] = arena_text(a, ev->xmax);
	params[1] = arena_text(a, ev->running.at);
	pthread_mutex_unlock(&ev->mutex);
	params[2] = l->tokens.at;
	params[3] = l->devices.at;
	params[4] = l->areas.at;
	if (!params[0][0])
		return;
	if (db_take(ev->pools, DB_JOB, &db)) {
		forget_all(ev);
		return;
	}
	if (!db_run(db, a, Q_SYNC_HINTS, params, &rows)) {
		tell_all(ev, rows);
	} else {
		log_warn("events", "%s", db_message(db));
		forget_all(ev);
	}
	db_give(db);
}

/* Waits for the next look; true when it is time to stop. */
static bool rest(struct events *ev)
{
	struct timespec until = clock_ahead(LOOK_S * 1000);
	bool is_stopping;

	pthread_mutex_lock(&ev->mutex);
	while (!ev->is_stopping)
		if (pthread_cond_timedwait(&ev->stop, &ev->mutex, &until))
			break;
	is_stopping = ev->is_stopping;
	pthread_mutex_unlock(&ev->mutex);
	return is_stopping;
}

static void *run(void *closure)
{
	struct events *ev = closure;
	struct lists l;
	struct arena a;

	arena_init(&a);
	lists_init(&l);
	while (!rest(ev)) {
		look(ev, &a, &l);
		tend(ev);
		arena_reset(&a);
	}
	tend(ev);
	lists_release(&l);
	arena_release(&a);
	return NULL;
}

struct events *events_start(struct pools *pools)
{
	struct events *ev = calloc(1, sizeof(*ev));

	if (!ev)
		abort();
	park_prepare();
	ev->pools = pools;
	ev->most = pools_config(pools)->waiting_tablets;
	buf_init(&ev->running, RUNNING_MAX);
	buf_text(&ev->running, "{}");
	pthread_mutex_init(&ev->mutex, NULL);
	clock_cond_init(&ev->stop);
	if (pthread_create(&ev->thread, NULL, run, ev))
		abort();
	return ev;
}

void events_close(struct events *ev)
{
	pthread_mutex_lock(&ev->mutex);
	ev->is_closed = true;
	for (long i = 0; i < ev->count; i++)
		let_go(ev->list[i]);
	pthread_mutex_unlock(&ev->mutex);
}

void events_stop(struct events *ev)
{
	if (!ev)
		return;
	events_close(ev);
	pthread_mutex_lock(&ev->mutex);
	ev->is_stopping = true;
	pthread_cond_signal(&ev->stop);
	pthread_mutex_unlock(&ev->mutex);
	pthread_join(ev->thread, NULL);
	pthread_cond_destroy(&ev->stop);
	pthread_mutex_destroy(&ev->mutex);
	buf_release(&ev->running);
	free(ev->list);
	free(ev);
}

void events_measure(struct events *ev, struct buf *to)
{
	pthread_mutex_lock(&ev->mutex);
	buf_printf(to,
		   "# HELP fdvu_waiting_tablets Tablets that wait for a hint now.\n"
		   "# TYPE fdvu_waiting_tablets gauge\nfdvu_waiting_tablets %ld\n",
		   ev->count);
	pthread_mutex_unlock(&ev->mutex);
}

/* -- who comes --------------------------------------------------------------------------------- */

/* Where the feed is, whether this tablet may be told of it, and what has changed since `from`. */
static enum err look_first(struct req *rq, const struct cursor *from, json_t **facts)
{
	const char *params[] = { req_value(rq, "device"), from->hi, from->running };
	struct rows *rows;
	enum err e;

	if ((e = ask_rows(rq, Q_SYNC_WAIT, params, &rows)))
		return e;
	*facts = feed_facts(&rq->arena, rows_at(rows, 0, 0));
	return feed_check(rq, *facts, from->epoch);
}

/* Puts `w` on the list; the mutex is held. */
static void add(struct events *ev, struct waiter *w, const char *snapshot)
{
	if (ev->count == ev->room) {
		ev->room = ev->room ? 2 * ev->room : 64;
		ev->list = realloc(ev->list, (size_t)ev->room * sizeof(struct waiter *));
		if (!ev->list)
			abort();
	}
	if (!ev->xmax[0])
		keep_snapshot(ev, snapshot);
	ev->list[ev->count++] = w;
}

/* Parks the request, unless there was a look since `looks`: then `*is_late` is set. */
static enum err join(struct req *rq, struct waiter *w, uint64_t looks, const char *snapshot,
		     bool *is_late)
{
	struct events *ev = app_of(rq)->events;
	enum err e = OK;

	pthread_mutex_lock(&ev->mutex);
	*is_late = ev->looks != looks;
	if (ev->is_closed || ev->count >= ev->most)
		e = req_fail(rq, ERR_BUSY, "too many tablets wait here");
	else if (!*is_late)
		e = req_park(rq, w->kind == STREAM ? "text/event-stream" : "application/json",
			     &w->fd);
	if (!e && !*is_late) {
		if (w->kind == STREAM && w->fd >= 0)
			say(w, "hello", "{}");
		add(ev, w, snapshot);
	}
	pthread_mutex_unlock(&ev->mutex);
	return e;
}

static uint64_t looks_of(struct events *ev)
{
	uint64_t looks;

	pthread_mutex_lock(&ev->mutex);
	looks = ev->looks;
	pthread_mutex_unlock(&ev->mutex);
	return looks;
}

static void answer_now(struct req *rq, const json_t *buckets)
{
	buf_text(&rq->out, "{\"buckets\":");
	feed_write_json(&rq->out, buckets);
	buf_char(&rq->out, '}');
	rq->out_type = "application/json";
}

static const char *text_of(const json_t *facts, const char *name)
{
	return json_string_value(json_object_get(facts, name));
}

static enum err wait_as(struct req *rq, enum kind kind, const struct cursor *from, long wait_s)
{
	bool is_late = true;
	struct waiter *w;
	json_t *facts;
	enum err e = OK;

	w = calloc(1, sizeof(*w));
	if (!w)
		abort();
	w->kind = kind;
	w->fd = -1;
	snprintf(w->token_hash, sizeof(w->token_hash), "%s", rq->token_hash);
	snprintf(w->device, sizeof(w->device), "%s", req_value(rq, "device"));
	w->until_us = clock_us() + (uint64_t)wait_s * 1000000;
	for (int i = 0; i < TRIES && is_late && !e; i++) {
		uint64_t looks = looks_of(app_of(rq)->events);

		if ((e = look_first(rq, from, &facts)))
			break;
		if (json_array_size(json_object_get(facts, "buckets"))) {
			free(w);
			answer_now(rq, json_object_get(facts, "buckets"));
			return OK;
		}
		snprintf(w->areas, sizeof(w->areas), "%s", text_of(facts, "areas"));
		e = join(rq, w, looks, text_of(facts, "snapshot"), &is_late);
	}
	if (!e && !is_late)
		return OK;
	free(w);
	return e ? e : req_fail(rq, ERR_BUSY, "the feed is looked at too often");
}

/* Hints until the session or the tablet's rights end. It begins with a `hello`: whoever hears it
 * pulls, and misses nothing from then on. */
static enum err stream(struct req *rq)
{
	const struct cursor none = { 0 };
	const char *key;
	enum err e = feed_key(rq, &key);

	return e ? e : wait_as(rq, STREAM, &none, PING_MS / 1000);
}

/* One answer: when something has changed since the cursor, or after a while. */
static enum err wait_once(struct req *rq)
{
	const char *t = req_value(rq, "t"), *key;
	struct cursor from;
	enum err e;

	if ((e = feed_key(rq, &key)))
		return e;
	if (!cursor_parse(&rq->arena, key, req_value(rq, "c"), &from) || !from.hi || from.to) {
		req_fault(rq, "?c", "not the cursor of a whole pull of this server");
		return ERR_INVALID;
	}
	return wait_as(rq, ONCE, &from, t ? strtol(t, NULL, 10) : WAIT_S);
}

static const struct input stream_inputs[] = {
	{ "device", IN_UUID, REQUIRED | QUERY },
	{ 0 },
};

static const struct input wait_inputs[] = {
	{ "device", IN_UUID, REQUIRED | QUERY },
	{ "c", IN_TEXT, REQUIRED | QUERY, .max = CURSOR_MAX },
	{ "t", IN_INT, QUERY, .max = WAIT_S_MAX, .min = 1 },
	{ 0 },
};

const struct route event_routes[] = {
	{ "GET", "/api/v1/sync/events", ROLE_FIELD, stream, stream_inputs,
	  .summary = "Event stream of hints: which of the tablet's buckets have changed" },
	{ "GET", "/api/v1/sync/wait", ROLE_FIELD, wait_once, wait_inputs,
	  .summary = "Answers when one of the tablet's buckets has changed since a cursor" },
	{ 0 },
};
