#include "notify/live.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/ask.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/uuid.h"
#include "http/stream.h"

enum {
	LOOK_MS = 500,     /* how often the feed is read */
	PING_SECONDS = 20, /* so that a dead connection is noticed */
	CHANGES_MAX = 500, /* rows of a look: live_changes stops there and may not have all */
	RING = 2048,       /* hints kept for slow listeners; who falls behind is told to reload */
	AREAS_MAX = 256,
	PEOPLE_TEXT = 2000, /* 53 people */
	TBL_CASES = 10,     /* as in sync_entry */
};

struct hint {
	int tbl, area_no;
	char id[UUID_TEXT];
	char people[PEOPLE_TEXT];
};

struct live {
	struct pools *pools;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t news;
	struct hint ring[RING];
	unsigned long count; /* hints ever */
	bool is_stopping;
	char xmax[24];
	struct buf running; /* '{…}' of the transactions under way at the last look */
};

struct listener {
	struct live *live;
	unsigned long seen;
	char person[UUID_TEXT];
	int areas[AREAS_MAX];
	int area_count;
	char audience;
	bool is_greeted;
};

/* A snapshot is xmin:xmax:xip,xip…; what is not visible in it is >= xmax or in the list. */
static void keep_snapshot(struct live *live, const char *text)
{
	const char *xmax = strchr(text, ':');
	const char *list = xmax ? strchr(xmax + 1, ':') : NULL;

	if (!list)
		return;
	snprintf(live->xmax, sizeof(live->xmax), "%.*s", (int)(list - xmax - 1), xmax + 1);
	buf_clear(&live->running);
	buf_printf(&live->running, "{%s}", list + 1);
}

/* Too much changed to tell one by one, or we do not know what did: everybody looks again. */
static void reload_all(struct live *live)
{
	live->count += RING + 1;
	pthread_cond_broadcast(&live->news);
}

static void add_hint(struct live *live, const struct rows *rows, int row)
{
	struct hint *hint = &live->ring[live->count % RING];
	const char *area = rows_at(rows, row, 3), *people = rows_at(rows, row, 4);

	if (people && strlen(people) >= PEOPLE_TEXT) {
		reload_all(live); /* rather than leave out the last of many followers */
		return;
	}
	hint->tbl = (int)strtol(rows_at(rows, row, 1), NULL, 10);
	snprintf(hint->id, sizeof(hint->id), "%s", rows_at(rows, row, 2));
	hint->area_no = area ? (int)strtol(area, NULL, 10) : 0;
	snprintf(hint->people, sizeof(hint->people), "%s", people ? people : "");
	live->count++;
}

static void take_changes(struct live *live, const struct rows *rows)
{
	pthread_mutex_lock(&live->mutex);
	if (rows_count(rows) >= CHANGES_MAX)
		reload_all(live);
	else
		for (int i = 0; i < rows_count(rows); i++)
			if (rows_at(rows, i, 1))
				add_hint(live, rows, i);
	keep_snapshot(live, rows_at(rows, 0, 0));
	pthread_cond_broadcast(&live->news);
	pthread_mutex_unlock(&live->mutex);
}

static void look(struct live *live, struct arena *a)
{
	const char *params[] = { live->xmax, live->running.at };
	enum query q = live->xmax[0] ? Q_LIVE_CHANGES : Q_LIVE_SNAPSHOT;
	struct rows *rows;
	struct db *db;

	if (db_take(live->pools, DB_JOB, &db))
		return;
	if (!db_run(db, a, q, params, &rows)) {
		if (q == Q_LIVE_CHANGES)
			take_changes(live, rows);
		else
			keep_snapshot(live, rows_at(rows, 0, 0));
	} else {
		/* What happened meanwhile is not known, nor whether it is the same server. */
		log_warn("live", "%s", db_message(db));
		live->xmax[0] = '\0';
		pthread_mutex_lock(&live->mutex);
		reload_all(live);
		pthread_mutex_unlock(&live->mutex);
	}
	db_give(db);
}

static void *run(void *closure)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
	struct live *live = closure;
	struct arena a;
	bool is_stopping = false;

	arena_init(&a);
	while (!is_stopping) {
		look(live, &a);
		arena_reset(&a);
		nanosleep(&pause, NULL);
		pthread_mutex_lock(&live->mutex);
		is_stopping = live->is_stopping;
		pthread_mutex_unlock(&live->mutex);
	}
	arena_release(&a);
	return NULL;
}

struct live *live_start(struct pools *pools)
{
	struct live *live = calloc(1, sizeof(*live));

	if (!live)
		abort();
	live->pools = pools;
	buf_init(&live->running, 64 * 1024);
	pthread_mutex_init(&live->mutex, NULL);
	clock_cond_init(&live->news);
	if (pthread_create(&live->thread, NULL, run, live))
		abort();
	return live;
}

void live_wake(struct live *live)
{
	pthread_mutex_lock(&live->mutex);
	live->is_stopping = true;
	pthread_cond_broadcast(&live->news);
	pthread_mutex_unlock(&live->mutex);
}

void live_stop(struct live *live)
{
	if (!live)
		return;
	live_wake(live);
	pthread_join(live->thread, NULL);
	pthread_cond_destroy(&live->news);
	pthread_mutex_destroy(&live->mutex);
	buf_release(&live->running);
	free(live);
}

/* Whether a hint is for this listener. Employees hear of what lies in their areas, cases in the
 * office only; a tenant has an area too, but hears of the cases that are theirs. */
static bool concerns(const struct listener *l, const struct hint *hint)
{
	if (l->audience == 't')
		return strstr(hint->people, l->person) != NULL;
	if (l->audience == 'f' && hint->tbl == TBL_CASES)
		return false;
	for (int i = 0; i < l->area_count; i++)
		if (hint->area_no && l->areas[i] == hint->area_no)
			return true;
	return false;
}

static const char *table_name(int tbl)
{
	switch (tbl) {
	case 1:
		return "place";
	case 2:
		return "component";
	case 3:
		return "task";
	case 4:
		return "answer";
	case 5:
		return "document";
	default:
		return "cases";
	}
}

/* Writes what is new. The mutex is held. */
static void write_news(struct listener *l, struct buf *to)
{
	struct live *live = l->live;
	bool is_first = true;

	if (live->count - l->seen > RING) {
		l->seen = live->count;
		buf_text(to, "event: reload\ndata: {}\n\n");
		return;
	}
	for (; l->seen < live->count; l->seen++) {
		const struct hint *hint = &live->ring[l->seen % RING];

		if (!concerns(l, hint))
			continue;
		buf_printf(to, "%s{\"t\":\"%s\",\"id\":\"%s\"}",
			   is_first ? "event: change\ndata: {\"items\":[" : ",",
			   table_name(hint->tbl), hint->id);
		is_first = false;
	}
	if (!is_first)
		buf_text(to, "]}\n\n");
}

static bool next(void *source, struct buf *to)
{
	struct listener *l = source;
	struct live *live = l->live;
	struct timespec until;
	bool goes_on;

	if (!l->is_greeted) {
		l->is_greeted = true;
		buf_text(to, "event: hello\ndata: {}\n\n");
		return true;
	}
	until = clock_ahead(PING_SECONDS * 1000);
	pthread_mutex_lock(&live->mutex);
	while (!live->is_stopping && !to->length) {
		if (l->seen == live->count &&
		    pthread_cond_timedwait(&live->news, &live->mutex, &until)) {
			buf_text(to, "event: ping\ndata: {}\n\n");
			break;
		}
		write_news(l, to);
	}
	goes_on = !live->is_stopping;
	pthread_mutex_unlock(&live->mutex);
	return goes_on;
}

static void parse_areas(struct listener *l, const char *text)
{
	for (const char *c = text + 1; *c && l->area_count < AREAS_MAX;) {
		char *end;
		long area = strtol(c, &end, 10);

		if (end == c)
			return;
		l->areas[l->area_count++] = (int)area;
		c = *end ? end + 1 : end;
	}
}

static enum err listen_to(struct req *rq)
{
	struct live *live = app_of(rq)->live;
	struct listener *l;
	struct rows *rows;
	enum err e;

	if ((e = ask_rows(rq, Q_LIVE_WHO, NULL, &rows)))
		return e;
	l = calloc(1, sizeof(*l));
	if (!l)
		abort();
	l->live = live;
	snprintf(l->person, sizeof(l->person), "%s", rows_at(rows, 0, 0));
	parse_areas(l, rows_at(rows, 0, 1));
	l->audience = rq->audience;
	pthread_mutex_lock(&live->mutex);
	l->seen = live->count;
	pthread_mutex_unlock(&live->mutex);
	return req_stream(rq, next, free, l);
}

const struct route live_routes[] = {
	{ "GET", "/api/v1/events", ROLE_OFFICE | ROLE_TENANT | ROLE_FIELD, listen_to,
	  .summary = "Event stream of hints: which rows have changed" },
	{ 0 },
};
