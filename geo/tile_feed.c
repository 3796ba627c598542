#include "geo/tile_feed.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

enum {
	LOOK_MS = 200,
	SWEEP_US = 60 * 1000 * 1000,
	STALLED_US = 30 * 1000 * 1000, /* after such a gap, rows may have been swept unseen */
	ROWS_MAX = 2000,               /* of a look; as in tile_feed_changes */
	XID_TEXT = 24,
	RUNNING_MAX = 64 * 1024,
};

struct tile_feed {
	struct pools *pools;
	struct tile_cache *cache;
	pthread_t thread;
	atomic_bool is_stopping;
	char xmax[XID_TEXT]; /* of the last look; "": there was none */
	struct buf running;  /* '{…}' of the transactions under way at it */
	uint64_t looked_us;
	char swept_to[XID_TEXT]; /* all transactions before this one had ended a sweep ago */
	uint64_t swept_us;
};

/* A snapshot is xmin:xmax:xip,xip…; what is not visible in it is >= xmax or in the list. */
static void keep_snapshot(struct tile_feed *feed, const char *text)
{
	const char *xmax = strchr(text, ':');
	const char *list = xmax ? strchr(xmax + 1, ':') : NULL;

	feed->xmax[0] = '\0';
	if (!list)
		return;
	buf_clear(&feed->running);
	buf_printf(&feed->running, "{%s}", list + 1);
	if (!feed->running.is_full)
		snprintf(feed->xmax, sizeof(feed->xmax), "%.*s", (int)(list - xmax - 1), xmax + 1);
}

static void take_row(struct tile_feed *feed, const struct rows *rows, int row)
{
	double box[4];

	for (int i = 0; i < 4; i++)
		box[i] = strtod(rows_at(rows, row, i + 2), NULL);
	tile_cache_change(feed->cache, (unsigned)strtoul(rows_at(rows, row, 1), NULL, 10), box);
}

static void take_changes(struct tile_feed *feed, const struct rows *rows)
{
	if (rows_count(rows) > ROWS_MAX) {
		tile_cache_lost(feed->cache);
		return;
	}
	for (int i = 0; i < rows_count(rows); i++)
		if (rows_at(rows, i, 1))
			take_row(feed, rows, i);
}

static void look(struct tile_feed *feed, struct arena *a, struct db *db)
{
	const char *params[] = { feed->xmax, feed->running.at };
	bool is_first = !feed->xmax[0] || clock_us() - feed->looked_us > STALLED_US;
	uint64_t began_us = clock_us();
	struct rows *rows;

	if (db_run(db, a, is_first ? Q_TILE_FEED_SNAPSHOT : Q_TILE_FEED_CHANGES,
		   is_first ? NULL : params, &rows)) {
		log_warn("tiles", "%s", db_message(db));
		feed->xmax[0] = '\0';
		return;
	}
	/* What was made before a first look may miss what that look takes for known. */
	if (is_first)
		tile_cache_lost(feed->cache);
	else
		take_changes(feed, rows);
	keep_snapshot(feed, rows_at(rows, 0, 0));
	feed->looked_us = began_us;
	tile_cache_looked(feed->cache, began_us);
}

/* Deletes what every server has seen: what had committed a sweep ago. A server that was away for
 * longer begins anew. */
static void sweep(struct tile_feed *feed, struct arena *a, struct db *db)
{
	const char *params[] = { feed->swept_to };
	struct rows *rows;

	if (clock_us() - feed->swept_us < SWEEP_US)
		return;
	feed->swept_us = clock_us();
	if (feed->swept_to[0] && db_run(db, a, Q_TILE_FEED_SWEEP, params, NULL))
		log_warn("tiles", "%s", db_message(db));
	if (!db_run(db, a, Q_TILE_FEED_OLDEST, NULL, &rows))
		snprintf(feed->swept_to, sizeof(feed->swept_to), "%s", rows_at(rows, 0, 0));
}

static void *run(void *closure)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
	struct tile_feed *feed = closure;
	struct arena a;

	arena_init(&a);
	while (!atomic_load(&feed->is_stopping)) {
		struct db *db;

		if (!db_take(feed->pools, DB_JOB, &db)) {
			look(feed, &a, db);
			sweep(feed, &a, db);
			db_give(db);
		} else {
			feed->xmax[0] = '\0';
		}
		arena_reset(&a);
		nanosleep(&pause, NULL);
	}
	arena_release(&a);
	return NULL;
}

struct tile_feed *tile_feed_start(struct pools *pools, struct tile_cache *cache)
{
	struct tile_feed *feed = calloc(1, sizeof(*feed));

	if (!feed)
		abort();
	feed->pools = pools;
	feed->cache = cache;
	buf_init(&feed->running, RUNNING_MAX);
	if (pthread_create(&feed->thread, NULL, run, feed))
		abort();
	return feed;
}

void tile_feed_stop(struct tile_feed *feed)
{
	if (!feed)
		return;
	atomic_store(&feed->is_stopping, true);
	pthread_join(feed->thread, NULL);
	buf_release(&feed->running);
	free(feed);
}
