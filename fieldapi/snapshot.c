#include "fieldapi/snapshot.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/fd.h"
#include "base/pack.h"
#include "base/sha256.h"
#include "base/uuid.h"
#include "db/rows.h"
#include "documents/store.h"
#include "fieldapi/digest.h"
#include "fieldapi/feed.h"

enum {
	ZSTD_LEVEL = 9, /* built once, fetched by many */
	GZIP_LEVEL = 9,
	LINE_BYTES = 4 * 1024 * 1024,
	PART_BYTES = 64 * 1024, /* of lines that a tablet unpacks together */
	KEY_MAX = 80,
	SCRATCH_BYTES = 256 * 1024,
	FORMATS = 2,
	GZIP = 1,
	COL_BUCKET = 0,
	COL_T,
	COL_ID,
	COL_V,
	COL_D,
};

static const struct {
	enum packing kind;
	int level;
} formats[FORMATS] = { { PACK_ZSTD, ZSTD_LEVEL }, { PACK_GZIP, GZIP_LEVEL } };

static const struct config *files_config;

void snapshot_open(const struct config *config)
{
	files_config = config;
}

/* One packed file on its way to the disk. */
struct output {
	int fd;
	struct sha256 *digest;
	struct pack *pack;
	uint64_t bytes;
	char sha256[SHA256_TEXT];
};

/* A file of one class that is being made. */
struct build {
	struct pools *pools;
	struct arena *a;
	const char *kind, *area; /* NULL: of everybody */
	const char *key;
	char id[UUID_TEXT];
	struct output outputs[FORMATS];
	struct buf line, parts; /* the parts that are whole, as JSON */
	struct arena scratch;
	struct digest sum;
	uint64_t bytes;
	uint64_t part_from;     /* bytes of lines before this part */
	uint32_t part_rows;     /* and rows */
	uint64_t part_at;       /* where it begins in the gzip */
	char part_key[KEY_MAX]; /* its first row */
	char key_before[KEY_MAX];
	bool has_failed;
};

static bool write_all(void *closure, const void *bytes, size_t length)
{
	struct output *o = closure;

	sha256_add(o->digest, bytes, length);
	o->bytes += length;
	return fd_write(o->fd, bytes, length);
}

static bool open_outputs(struct build *b)
{
	const char *directory = arena_printf(b->a, "%s/files", files_config->var);

	for (int i = 0; i < FORMATS; i++)
		b->outputs[i].fd = -1;
	for (int i = 0; i < FORMATS; i++) {
		struct output *o = &b->outputs[i];

		o->fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (o->fd < 0)
			return false;
		o->digest = sha256_start();
		o->pack = pack_start(formats[i].kind, formats[i].level, write_all, o);
	}
	return true;
}

/* Whatever is left of a file that came to nothing goes too. */
static void close_outputs(struct build *b)
{
	for (int i = 0; i < FORMATS; i++) {
		struct output *o = &b->outputs[i];

		pack_end(o->pack);
		sha256_end(o->digest, NULL);
		if (o->fd >= 0)
			close(o->fd);
	}
	buf_release(&b->line);
	buf_release(&b->parts);
	arena_release(&b->scratch);
}

static void write_line(struct build *b)
{
	buf_char(&b->line, '\n');
	b->bytes += b->line.length;
	b->has_failed |= b->line.is_full;
	for (int i = 0; i < FORMATS; i++)
		b->has_failed |= !pack_add(b->outputs[i].pack, b->line.at, b->line.length);
	buf_clear(&b->line);
}

/* Ends a part of the gzip and begins the next. */
static void cut(struct build *b)
{
	uint32_t rows = b->sum.count - b->part_rows;

	b->has_failed |= !pack_cut(b->outputs[GZIP].pack);
	if (rows)
		buf_printf(&b->parts, "%s[%lu,%u,\"%s\"]", b->parts.length ? "," : "", b->part_at,
			   rows, b->part_key);
	b->has_failed |= b->parts.is_full;
	b->part_from = b->bytes;
	b->part_rows = b->sum.count;
	b->part_at = b->outputs[GZIP].bytes;
}

/* Notes whose turn it is. A row that is told of two buckets is in one part. */
static void begin_row(struct build *b, const struct rows *row)
{
	char key[KEY_MAX];

	snprintf(key, sizeof(key), "%s:%s", rows_at(row, 0, COL_T), rows_at(row, 0, COL_ID));
	if (b->bytes - b->part_from >= PART_BYTES && strcmp(key, b->key_before) != 0)
		cut(b);
	if (b->sum.count == b->part_rows)
		memcpy(b->part_key, key, sizeof(key));
	memcpy(b->key_before, key, sizeof(key));
}

static enum err add_row(void *closure, const struct rows *row)
{
	struct build *b = closure;
	struct digest d;

	if (!rows_count(row))
		return OK;
	begin_row(b, row);
	digest_row(&b->scratch, rows_at(row, 0, COL_T), rows_at(row, 0, COL_ID),
		   rows_at(row, 0, COL_D), &d);
	digest_add(&b->sum, &d);
	if (b->scratch.used > SCRATCH_BYTES)
		arena_reset(&b->scratch);
	feed_write_row(&b->line,
		       &(struct feed_row){ rows_at(row, 0, COL_BUCKET), rows_at(row, 0, COL_T),
					   rows_at(row, 0, COL_ID), rows_at(row, 0, COL_V),
					   rows_at(row, 0, COL_D) });
	write_line(b);
	return b->has_failed ? ERR_BUSY : OK;
}

/* {epoch, cursor, schema, buckets}: the cursor is one that holds these buckets, as they are here,
 * and nothing else. */
static void write_head(struct build *b, const struct rows *facts)
{
	const struct cursor at = { .epoch = rows_at(facts, 0, 1),
				   .schema = SYNC_SCHEMA,
				   .late = arena_printf(b->a, "{%s}", b->id) };

	buf_printf(
		&b->line,
		"{\"epoch\":\"%s\",\"cursor\":\"%s\",\"schema\":%d,\"id\":\"%s\",\"buckets\":%s}",
		at.epoch, cursor_format(b->a, b->key, &at), SYNC_SCHEMA, b->id,
		rows_at(facts, 0, 3));
	write_line(b);
	cut(b);
}

/* {count, digest, end, parts}: where in the gzip this line begins, and of each part where it
 * begins, how many rows are in it, and the first of them. */
static void write_foot(struct build *b)
{
	char lanes[DIGEST_TEXT];

	cut(b);
	digest_format(&b->sum, lanes);
	buf_printf(&b->line, "{\"count\":%u,\"digest\":\"%s\",\"end\":%lu,\"parts\":[%s]}",
		   b->sum.count, lanes, b->part_at, b->parts.length ? b->parts.at : "");
	write_line(b);
}

/* Reads the rows and writes the files, all of one moment, with the eyes of who may see this class
 * and nothing else. */
static enum err read_class(struct build *b, struct db *db, struct rows **facts)
{
	const char *who[] = { b->area ? arena_printf(b->a, "{%s}", b->area) : "{}" };
	const char *kind[] = { b->kind };
	enum err e;

	if ((e = db_begin_moment(db, NULL)) || (e = db_run(db, b->a, Q_SNAPSHOT_WHO, who, NULL)) ||
	    (e = db_run(db, b->a, Q_SNAPSHOT_FACTS, kind, facts)))
		return e;
	if (!rows_at(*facts, 0, 1))
		return ERR_BUSY; /* a standby */
	write_head(b, *facts);
	if ((e = db_each(db, Q_SNAPSHOT_ROWS, kind, add_row, b)))
		return e;
	write_foot(b);
	return db_commit(db);
}

static enum err keep_outputs(struct build *b)
{
	for (int i = 0; i < FORMATS; i++) {
		struct output *o = &b->outputs[i];
		bool good = pack_end(o->pack);
		enum err e;

		o->pack = NULL;
		if (!good || b->has_failed)
			return ERR_BUSY;
		sha256_end(o->digest, o->sha256);
		o->digest = NULL;
		if ((e = store_keep(files_config, o->fd, o->sha256)))
			return e;
	}
	return OK;
}

static enum err note(struct build *b, const struct rows *facts)
{
	struct cursor at = { 0 };
	char lanes[DIGEST_TEXT];
	struct db *db;
	enum err e;

	if (!cursor_at(b->a, rows_at(facts, 0, 0), &at))
		return ERR_INTERNAL;
	digest_format(&b->sum, lanes);
	const char *params[] = {
		b->id,
		b->kind,
		b->area,
		rows_at(facts, 0, 1),
		arena_printf(b->a, "%d", SYNC_SCHEMA),
		at.hi,
		at.running,
		rows_at(facts, 0, 2),
		arena_printf(b->a, "%u", b->sum.count),
		lanes,
		arena_printf(b->a, "%lu", b->bytes),
		b->outputs[0].sha256,
		arena_printf(b->a, "%lu", b->outputs[0].bytes),
		b->outputs[1].sha256,
		arena_printf(b->a, "%lu", b->outputs[1].bytes),
	};
	if ((e = db_take(b->pools, DB_JOB, &db)))
		return e;
	e = db_run(db, b->a, Q_SNAPSHOT_ADD, params, NULL);
	db_give(db);
	return e;
}

static enum err build_class(struct pools *pools, struct arena *a, const char *kind,
			    const char *area)
{
	struct build b = { .pools = pools, .a = a, .kind = kind, .area = area };
	struct rows *facts;
	struct db *db;
	enum err e;

	uuid7(b.id);
	buf_init(&b.line, LINE_BYTES);
	buf_init(&b.parts, LINE_BYTES / 2);
	if ((e = feed_job_key(pools, &b.key)) || (e = open_outputs(&b) ? OK : ERR_BUSY) ||
	    (e = db_take(pools, DB_FIELD, &db))) {
		close_outputs(&b);
		return e;
	}
	e = read_class(&b, db, &facts);
	db_give(db);
	if (!e && !(e = keep_outputs(&b)))
		e = note(&b, facts);
	close_outputs(&b);
	return e;
}

static enum err sweep(struct pools *pools, struct arena *a)
{
	struct rows *old;
	struct db *db;
	enum err e;

	if ((e = db_take(pools, DB_JOB, &db)))
		return e;
	e = db_run(db, a, Q_SNAPSHOT_OLD, NULL, &old);
	db_give(db);
	for (int i = 0; !e && i < rows_count(old); i++)
		for (int column = 0; column < FORMATS; column++)
			store_remove(files_config, rows_at(old, i, column));
	return e;
}

static enum err list_stale(struct pools *pools, struct arena *a, long least, struct rows **out)
{
	const char *params[] = { arena_printf(a, "%d", SNAPSHOT_ROWS_MIN),
				 arena_printf(a, "%ld", least),
				 arena_printf(a, "%d", SYNC_SCHEMA) };
	struct db *db;
	enum err e;

	if ((e = db_take(pools, DB_JOB, &db)))
		return e;
	e = db_run(db, a, Q_SNAPSHOT_STALE, params, out);
	db_give(db);
	return e;
}

enum err snapshot_job(struct pools *pools, struct arena *a, const char *payload, struct buf *said)
{
	json_t *asked = payload ? json_loads(payload, 0, NULL) : NULL;
	long least = (long)json_integer_value(json_object_get(asked, "least"));
	struct rows *stale;
	int built = 0;
	enum err e;

	json_decref(asked);
	if ((e = list_stale(pools, a, least > 0 ? least : 1, &stale)))
		return e;
	for (; built < rows_count(stale); built++)
		if ((e = build_class(pools, a, rows_at(stale, built, 0), rows_at(stale, built, 1))))
			return e;
	buf_printf(said, "snapshot files made: %d", built);
	return sweep(pools, a);
}

int snapshot_command(const struct config *config, struct pools *pools)
{
	struct arena a = { 0 };
	struct buf said;
	enum err e;

	snapshot_open(config);
	buf_init(&said, 1000);
	e = snapshot_job(pools, &a, NULL, &said);
	puts(said.length ? said.at : err_title(e, "en"));
	buf_release(&said);
	arena_release(&a);
	return e ? 1 : 0;
}
