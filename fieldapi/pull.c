#include "fieldapi/pull.h"

#include <stdlib.h>
#include <string.h>

#include "auth/ask.h"
#include "db/rows.h"
#include "fieldapi/feed.h"
#include "fieldapi/js.h"
#include "fieldapi/reconcile_routes.h"
#include "fieldapi/snapshot.h"

enum {
	PAGE_ROWS = 2000,
	PAGE_ROWS_MAX = 20000,
	POLL_SECONDS = 30,
	BUCKETS_MAX = 2000,
	BODY_BYTES = 512 * 1024,
	PAGE_BYTES = 1024 * 1024, /* of a page of PAGE_ROWS; a larger page may have as much more */
	ROW_BYTES = 160,          /* of a row beside its fields */
	APP_MAX = 40,
	QUEUE_MAX = 1000000,
	LATE_MAX = 64,      /* snapshot files at once */
	SCHEMAS_SPOKEN = 2, /* how many schemas back an app may be */
	COL_BUCKET_NO = 0,
	COL_BUCKET,
	COL_TBL,
	COL_T,
	COL_ROW_ID,
	COL_ROW_V,
	COL_D,
};

static const struct input pull_inputs[] = {
	{ "device", IN_UUID, REQUIRED },
	{ "cursor", IN_TEXT, 0, .max = CURSOR_MAX },
	{ "scope", IN_CODE, 0, .max = 64 },
	{ "buckets", IN_TEXT, LIST, .max = BUCKETS_MAX },
	{ "limit", IN_INT, 0, .max = 1000000, .min = 1 },
	{ "late", IN_TEXT, LIST, .max = LATE_MAX },
	{ "files", IN_BOOL, 0 },
	{ "digests", IN_BOOL, 0 },
	{ "queue", IN_JSON, 0 },
	{ "sent_at", IN_TIME, 0 },
	{ 0 },
};

/* What one pull knows on its way. */
struct pull {
	const char *key;
	struct cursor from;
	const char *scope, *buckets, *late;
	long limit;
	struct db *db; /* a transaction of one moment, when digests are asked for */
	bool takes_files;
	struct rows *rows;
	json_t *facts;
	const char *h;     /* of the scope after this page */
	const char *areas; /* of the session; NULL: not all of the scope is told row by row */
	int told;          /* rows of the page, without the one too many */
	bool is_more;
};

static const char *fact(const struct pull *p, const char *name)
{
	return json_string_value(json_object_get(p->facts, name));
}

/* The files that the tablet has loaded, each named by the cursor of its first line. */
static enum err read_late(struct req *rq, struct pull *p)
{
	const json_t *list = json_object_get((json_t *)rq->json, "late"), *item;
	struct cursor file;
	struct buf *ids;
	size_t i;

	p->late = p->from.late ? p->from.late : "{}";
	if (!json_array_size(list))
		return OK;
	if (p->from.to) { /* this window's scope is settled, and has not these buckets */
		req_fault(rq, "/late", "only when a window begins");
		return ERR_INVALID;
	}
	ids = arena_alloc(&rq->arena, sizeof(*ids));
	buf_init(ids, CURSOR_MAX);
	arena_defer(&rq->arena, buf_release, ids);
	buf_printf(ids, "%.*s", (int)strlen(p->late) - 1, p->late);
	json_array_foreach(list, i, item)
	{
		if (!cursor_parse(&rq->arena, p->key, json_string_value(item), &file) ||
		    !file.late) {
			req_fault(rq, "/late", "not a cursor of a file of this server");
			return ERR_INVALID;
		}
		if (p->from.epoch && strcmp(p->from.epoch, file.epoch) != 0)
			return req_problem(rq, ERR_CONFLICT, "epoch_changed");
		p->from.epoch = file.epoch;
		buf_printf(ids, "%s%.*s", ids->length > 1 ? "," : "", (int)strlen(file.late) - 2,
			   file.late + 1);
	}
	buf_char(ids, '}');
	p->late = arena_text(&rq->arena, ids->at);
	return OK;
}

/* What the app says that it is: too old an app gets no rows, but may still send what it has. */
static enum err read_headers(struct req *rq)
{
	const char *schema = req_incoming(rq, "Sync-Schema");

	if (schema && strtol(schema, NULL, 10) < SYNC_SCHEMA - SCHEMAS_SPOKEN)
		return req_problem(rq, ERR_UPGRADE, "app_too_old");
	return OK;
}

/* The app's version, when it is one. */
static const char *app_of_tablet(struct req *rq)
{
	const char *app = req_incoming(rq, "Sync-App");
	size_t length = app ? strspn(app, "0123456789abcdefghijklmnopqrstuvwxyz.+-") : 0;

	return length && length <= APP_MAX && !app[length] ? app : NULL;
}

static bool is_asked(const struct req *rq, const char *name)
{
	return json_is_true(json_object_get((json_t *)rq->json, name));
}

static enum err read_request(struct req *rq, struct pull *p)
{
	const char *limit = req_value(rq, "limit"), *cursor = req_value(rq, "cursor");
	const json_t *buckets = json_object_get((json_t *)rq->json, "buckets");

	if (cursor && !cursor_parse(&rq->arena, p->key, cursor, &p->from)) {
		req_fault(rq, "/cursor", "not a cursor of this server");
		return ERR_INVALID;
	}
	p->scope = req_value(rq, "scope");
	if (json_is_array(buckets))
		p->buckets = js_dump(&rq->arena, buckets, 0);
	p->limit = limit ? strtol(limit, NULL, 10) : PAGE_ROWS;
	if (p->limit > PAGE_ROWS_MAX)
		p->limit = PAGE_ROWS_MAX;
	p->takes_files = is_asked(rq, "files");
	return read_late(rq, p);
}

/* In the transaction of the digests, if there is one. */
static enum err run(struct req *rq, struct pull *p, enum query q, const char *const *params,
		    struct rows **out)
{
	enum err e;

	if (!p->db)
		return ask_rows(rq, q, params, out);
	e = db_run(p->db, &rq->arena, q, params, out);
	return e ? ask_failed(rq, p->db, e) : OK;
}

/* What a cursor says of a tablet that has its whole scope. */
static const char *whole(struct req *rq, const char *h)
{
	return arena_printf(&rq->arena, "%s %s", req_value(rq, "device"), h);
}

/* A tablet that is up to date, which is what most of them are whenever they ask: who is asking is
 * looked up by the statement itself. */
static enum err read_nothing(struct req *rq, struct pull *p, bool *is_done)
{
	const struct cursor *c = &p->from;
	const char *params[] = { rq->token_hash, req_value(rq, "device"), c->areas, c->hi,
				 c->running };
	struct db *db;
	enum err e;

	*is_done = false;
	if (p->db || !c->hi || c->to || !p->scope || p->buckets || strcmp(p->late, "{}") != 0 ||
	    c->schema < SYNC_SCHEMA || !c->whole || strcmp(c->whole, whole(rq, p->scope)))
		return OK;
	if ((e = db_take(app_of(rq)->pools, ask_role(rq->audience), &db)))
		return req_fail(rq, e, "no database connection");
	if ((e = db_run(db, &rq->arena, Q_SYNC_QUIET, params, &p->rows)))
		ask_failed(rq, db, e);
	db_give(db);
	if (e || !rows_at(p->rows, 0, 0))
		return e;
	p->facts = feed_facts(&rq->arena, rows_at(p->rows, 0, 0));
	p->h = p->scope;
	p->areas = c->areas;
	*is_done = true;
	return OK;
}

/* How many of the rows are told: as many as were asked for, and no more bytes than go with that;
 * at least one, so that it goes on. */
static void fill_page(struct pull *p)
{
	size_t left = (size_t)(p->limit > PAGE_ROWS ? p->limit / PAGE_ROWS : 1) * PAGE_BYTES;
	int count = rows_count(p->rows) - 1;

	for (p->told = 0; p->told < count && p->told < p->limit; p->told++) {
		size_t size = rows_length(p->rows, p->told + 1, COL_D) + ROW_BYTES;

		if (p->told && size > left)
			break;
		left -= size < left ? size : left;
	}
	p->is_more = p->told < count;
}

static enum err read_page(struct req *rq, struct pull *p)
{
	const struct cursor *c = &p->from;
	const char *params[] = {
		req_value(rq, "device"),
		p->scope,
		p->buckets,
		c->hi,
		c->running,
		c->to,
		c->to ? arena_printf(&rq->arena, "%ld", c->bucket_no) : NULL,
		c->to ? arena_printf(&rq->arena, "%ld", c->tbl) : NULL,
		c->to ? c->row_id : NULL,
		c->to ? c->base : NULL,
		arena_printf(&rq->arena, "%ld", p->limit),
		p->late,
		arena_printf(&rq->arena, "%ld", c->hi ? c->schema : SYNC_SCHEMA),
		p->takes_files ? arena_printf(&rq->arena, "%d", SNAPSHOT_ROWS_MIN) : NULL,
	};
	bool is_done;
	enum err e;

	if ((e = read_nothing(rq, p, &is_done)) || is_done)
		return e;
	if ((e = run(rq, p, Q_SYNC_PULL, params, &p->rows)))
		return e;
	p->facts = feed_facts(&rq->arena, rows_at(p->rows, 0, COL_D));
	p->h = fact(p, "h");
	p->areas = fact(p, "areas");
	fill_page(p);
	return OK;
}

/* Whether the tablet may go on from where it says it is. Nothing here touches its outbox. */
static enum err check_facts(struct req *rq, const struct pull *p)
{
	enum err e = feed_check(rq, p->facts, p->from.epoch);

	if (e)
		return e;
	if (!json_is_true(json_object_get(p->facts, "is_scope_known")))
		return req_problem(rq, ERR_CONFLICT, "scope_unknown");
	if (json_is_true(json_object_get(p->facts, "is_expired")))
		return req_problem(rq, ERR_GONE, "cursor_expired");
	return OK;
}

/* The hash of what the tablet held when its window began. */
static const char *base_of(const struct pull *p)
{
	if (p->buckets)
		return fact(p, "base_h");
	return p->scope ? p->scope : "";
}

/* Where the tablet is after this page. */
static const char *next_cursor(struct req *rq, struct pull *p)
{
	struct cursor next = { .epoch = fact(p, "epoch"), .schema = SYNC_SCHEMA };
	int last = p->told;

	if (p->is_more) {
		next.hi = p->from.hi;
		next.running = p->from.running;
		next.schema = p->from.hi ? p->from.schema : SYNC_SCHEMA;
		next.late = strcmp(p->late, "{}") != 0 ? p->late : NULL;
		next.to = p->from.to ? p->from.to : cursor_window(&rq->arena, fact(p, "snapshot"));
		next.base = p->from.to ? p->from.base : base_of(p);
		next.bucket_no = strtol(rows_at(p->rows, last, COL_BUCKET_NO), NULL, 10);
		next.tbl = strtol(rows_at(p->rows, last, COL_TBL), NULL, 10);
		next.row_id = rows_at(p->rows, last, COL_ROW_ID);
	} else {
		cursor_at(&rq->arena, p->from.to ? p->from.to : fact(p, "snapshot"), &next);
		if (!p->from.to && p->areas) {
			next.whole = whole(rq, p->h);
			next.areas = p->areas;
		}
	}
	return cursor_format(&rq->arena, p->key, &next);
}

static void write_row(struct buf *to, const struct rows *rows, int row)
{
	feed_write_row(
		to, &(struct feed_row){ rows_at(rows, row, COL_BUCKET), rows_at(rows, row, COL_T),
					rows_at(rows, row, COL_ROW_ID),
					rows_at(rows, row, COL_ROW_V), rows_at(rows, row, COL_D) });
}

static void write_rows(struct buf *to, const struct pull *p)
{
	for (int i = 1; i <= p->told; i++) {
		if (i > 1)
			buf_char(to, ',');
		write_row(to, p->rows, i);
	}
}

/* What the tablet should hold now, by bucket: when it asks, and has got all there is. */
static enum err write_digests(struct req *rq, struct pull *p)
{
	json_t *buckets = json_object_get(p->facts, "buckets");
	enum err e;

	if (!p->db || p->is_more || p->from.to)
		return OK;
	buf_text(&rq->out, ",\"digests\":");
	if ((e = reconcile_digests(rq, p->db, buckets, &rq->out)))
		return e;
	return OK;
}

/* A list of the facts, which most pulls do not have. */
static void write_list(struct buf *to, const struct pull *p, const char *name)
{
	const json_t *list = p->from.to ? NULL : json_object_get(p->facts, name);

	buf_printf(to, ",\"%s\":", name);
	if (list)
		feed_write_json(to, list);
	else
		buf_text(to, "[]");
}

static enum err write_answer(struct req *rq, struct pull *p)
{
	struct buf *to = &rq->out;
	enum err e;

	buf_printf(to, "{\"epoch\":\"%s\",\"now\":\"%s\",\"schema\":%d", fact(p, "epoch"),
		   fact(p, "now"), SYNC_SCHEMA);
	buf_printf(to, ",\"scope\":{\"h\":\"%s\"", p->h);
	write_list(to, p, "add");
	write_list(to, p, "drop");
	buf_text(to, "},\"rows\":[");
	write_rows(to, p);
	buf_char(to, ']');
	if ((e = write_digests(rq, p)))
		return e;
	if (json_is_object(json_object_get(p->facts, "lease"))) {
		buf_text(to, ",\"lease\":");
		feed_write_json(to, json_object_get(p->facts, "lease"));
	}
	buf_printf(to, ",\"cursor\":\"%s\",\"more\":%s,\"complete\":%s,\"next_poll_s\":%d}",
		   next_cursor(rq, p), p->is_more ? "true" : "false",
		   !p->from.to && !p->is_more ? "true" : "false", POLL_SECONDS);
	rq->out_type = "application/json";
	return OK;
}

/* When the tablet was heard from, and what it says of the changes that it has not sent. */
static enum err note_seen(struct req *rq, struct pull *p)
{
	const json_t *queue = json_object_get((json_t *)rq->json, "queue");
	const json_t *count = json_object_get(queue, "n");
	const char *params[] = {
		req_value(rq, "device"),
		app_of_tablet(rq),
		NULL,
		json_string_value(json_object_get(queue, "oldest")),
	};

	if (json_is_integer(count) && json_integer_value(count) >= 0 &&
	    json_integer_value(count) <= QUEUE_MAX)
		params[2] = arena_printf(&rq->arena, "%ld", (long)json_integer_value(count));
	return run(rq, p, Q_SYNC_DEVICE_SEEN, params, NULL);
}

/* What has to be remembered of this pull: rarely anything, so that an empty pull writes nothing. */
static enum err remember(struct req *rq, struct pull *p)
{
	const char *device = req_value(rq, "device"), *h = p->h;
	enum err e;

	/* A list that was sent instead of a hash is needed again for the window's next pages. */
	if (p->buckets && p->is_more) {
		const char *base[] = { device, fact(p, "base_h"), p->buckets };

		if ((e = run(rq, p, Q_SYNC_SCOPE_KEEP, base, NULL)))
			return e;
	}
	if (!p->from.to && (!p->scope || p->buckets || strcmp(p->scope, h))) {
		const char *buckets = js_dump(&rq->arena, json_object_get(p->facts, "buckets"), 0);
		const char *params[] = { device, h, buckets };

		if ((e = run(rq, p, Q_SYNC_SCOPE_KEEP, params, NULL)))
			return e;
	}
	if (json_is_true(json_object_get(p->facts, "is_seen_long_ago")))
		return note_seen(rq, p);
	return OK;
}

static enum err answer(struct req *rq, struct pull *p)
{
	enum err e;

	if ((e = read_page(rq, p)) || (e = check_facts(rq, p)) || (e = remember(rq, p)))
		return e;
	/* A large scope that came row by row: the next tablet gets a file. */
	if (p->takes_files && !p->from.to && !p->from.hi && p->is_more &&
	    (e = run(rq, p, Q_SNAPSHOT_WANTED, NULL, NULL)))
		return e;
	return write_answer(rq, p);
}

static enum err pull(struct req *rq)
{
	struct pull p = { 0 };
	enum err e;

	if ((e = feed_key(rq, &p.key)) || (e = read_headers(rq)) || (e = read_request(rq, &p)))
		return e;
	if (!is_asked(rq, "digests"))
		return answer(rq, &p);
	if ((e = ask_begin_moment(rq, &p.db)))
		return e;
	if (!(e = answer(rq, &p)))
		e = db_commit(p.db);
	db_give(p.db);
	return e;
}

static enum err info(struct req *rq)
{
	const int back = SYNC_SCHEMA - SCHEMAS_SPOKEN;
	const char *params[] = { arena_printf(&rq->arena, "%d", SYNC_SCHEMA),
				 arena_printf(&rq->arena, "%d", back > 1 ? back : 1) };
	struct rows *rows;
	enum err e;

	if ((e = ask_rows(rq, Q_SYNC_INFO, params, &rows)))
		return e;
	if (!rows_at(rows, 0, rows_column(rows, "epoch")))
		return req_problem(rq, ERR_BUSY, "standby");
	rows_object(rows, 0, &rq->out);
	rq->out_type = "application/json";
	return OK;
}

const struct route pull_routes[] = {
	{ "GET", "/api/v1/sync/info", ROLE_FIELD, info,
	  .summary = "Epoch, time and limits of the sync protocol" },
	{ "POST", "/api/v1/sync/pull", ROLE_FIELD, pull, pull_inputs, .body_max = BODY_BYTES,
	  .summary = "What has changed since a cursor" },
	{ 0 },
};
