#include "fieldapi/pull.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "auth/ask.h"
#include "db/rows.h"
#include "fieldapi/feed.h"

enum {
	PAGE_ROWS = 2000,
	PAGE_ROWS_MAX = 20000,
	POLL_SECONDS = 30,
	BUCKETS_MAX = 2000,
	BODY_BYTES = 512 * 1024,
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
	{ "sent_at", IN_TIME, 0 },
	{ 0 },
};

/* What one pull knows on its way. */
struct pull {
	const char *key;
	struct cursor from;
	const char *scope, *buckets;
	long limit;
	struct rows *rows;
	json_t *facts;
	int told; /* rows of the page, without the one too many */
	bool is_more;
};

static const char *fact(const struct pull *p, const char *name)
{
	return json_string_value(json_object_get(p->facts, name));
}

static void free_text(void *text)
{
	free(text);
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
	if (json_is_array(buckets)) {
		char *text = json_dumps(buckets, JSON_COMPACT);

		arena_defer(&rq->arena, free_text, text);
		p->buckets = text;
	}
	p->limit = limit ? strtol(limit, NULL, 10) : PAGE_ROWS;
	if (p->limit > PAGE_ROWS_MAX)
		p->limit = PAGE_ROWS_MAX;
	return OK;
}

/* A tablet that is up to date, which is what most of them are whenever they ask. */
static enum err read_nothing(struct req *rq, struct pull *p, bool *is_done)
{
	const struct cursor *c = &p->from;
	const char *params[] = { req_value(rq, "device"), p->scope, c->hi, c->running };
	enum err e;

	*is_done = false;
	if (!c->hi || c->to || !p->scope || p->buckets)
		return OK;
	if ((e = ask_rows(rq, Q_SYNC_QUIET, params, &p->rows)) || !rows_count(p->rows))
		return e;
	p->facts = feed_facts(&rq->arena, rows_at(p->rows, 0, 0));
	*is_done = true;
	return OK;
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
	};
	bool is_done;
	enum err e;

	if ((e = read_nothing(rq, p, &is_done)) || is_done)
		return e;
	if ((e = ask_rows(rq, Q_SYNC_PULL, params, &p->rows)))
		return e;
	p->facts = feed_facts(&rq->arena, rows_at(p->rows, 0, COL_D));
	p->told = rows_count(p->rows) - 1;
	p->is_more = p->told > p->limit;
	if (p->is_more)
		p->told = (int)p->limit;
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
		next.to = p->from.to ? p->from.to : cursor_window(&rq->arena, fact(p, "snapshot"));
		next.base = p->from.to ? p->from.base : base_of(p);
		next.bucket_no = strtol(rows_at(p->rows, last, COL_BUCKET_NO), NULL, 10);
		next.tbl = strtol(rows_at(p->rows, last, COL_TBL), NULL, 10);
		next.row_id = rows_at(p->rows, last, COL_ROW_ID);
	} else {
		cursor_at(&rq->arena, p->from.to ? p->from.to : fact(p, "snapshot"), &next);
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

static void write_answer(struct req *rq, struct pull *p)
{
	struct buf *to = &rq->out;
	bool is_new_window = !p->from.to;

	buf_printf(to, "{\"epoch\":\"%s\",\"now\":\"%s\",\"schema\":%d", fact(p, "epoch"),
		   fact(p, "now"), SYNC_SCHEMA);
	buf_printf(to, ",\"scope\":{\"h\":\"%s\",\"add\":", fact(p, "h"));
	if (is_new_window)
		feed_write_json(to, json_object_get(p->facts, "add"));
	buf_text(to, is_new_window ? ",\"drop\":" : "[],\"drop\":");
	if (is_new_window)
		feed_write_json(to, json_object_get(p->facts, "drop"));
	buf_text(to, is_new_window ? "},\"rows\":[" : "[]},\"rows\":[");
	for (int i = 1; i <= p->told; i++) {
		if (i > 1)
			buf_char(to, ',');
		write_row(to, p->rows, i);
	}
	buf_printf(to, "],\"cursor\":\"%s\",\"more\":%s,\"complete\":%s,\"next_poll_s\":%d}",
		   next_cursor(rq, p), p->is_more ? "true" : "false",
		   is_new_window && !p->is_more ? "true" : "false", POLL_SECONDS);
	rq->out_type = "application/json";
}

/* What has to be remembered of this pull: rarely anything, so that an empty pull writes nothing. */
static enum err remember(struct req *rq, const struct pull *p)
{
	const char *device = req_value(rq, "device"), *h = fact(p, "h");
	const char *seen[] = { device };
	enum err e;

	/* A list that was sent instead of a hash is needed again for the window's next pages. */
	if (p->buckets && p->is_more) {
		const char *base[] = { device, fact(p, "base_h"), p->buckets };

		if ((e = ask_rows(rq, Q_SYNC_SCOPE_KEEP, base, NULL)))
			return e;
	}
	if (!p->from.to && (!p->scope || p->buckets || strcmp(p->scope, h))) {
		char *buckets = json_dumps(json_object_get(p->facts, "buckets"), JSON_COMPACT);
		const char *params[] = { device, h, buckets };

		e = ask_rows(rq, Q_SYNC_SCOPE_KEEP, params, NULL);
		free(buckets);
		if (e)
			return e;
	}
	if (json_is_true(json_object_get(p->facts, "is_seen_long_ago")))
		return ask_rows(rq, Q_SYNC_DEVICE_SEEN, seen, NULL);
	return OK;
}

static enum err pull(struct req *rq)
{
	struct pull p = { 0 };
	enum err e;

	if ((e = feed_key(rq, &p.key)) || (e = read_request(rq, &p)) || (e = read_page(rq, &p)) ||
	    (e = check_facts(rq, &p)) || (e = remember(rq, &p)))
		return e;
	write_answer(rq, &p);
	return OK;
}

static const struct input device_inputs[] = {
	{ "name", IN_TEXT, REQUIRED, .max = 100 },
	{ 0 },
};

static const struct input quarantine_inputs[] = {
	{ "device", IN_UUID, REQUIRED },
	{ "reason", IN_CODE, REQUIRED, .max = 60 },
	{ "raw", IN_TEXT, REQUIRED, .max = 4 * 1024 * 1024 },
	{ 0 },
};

static enum err quarantine(struct req *rq)
{
	const char *params[] = { req_value(rq, "device"), req_value(rq, "reason"),
				 req_value(rq, "raw") };

	return ask_reply(rq, Q_SYNC_QUARANTINE_ADD, params);
}

const struct route pull_routes[] = {
	{ "POST", "/api/v1/devices", ROLE_FIELD, .inputs = device_inputs,
	  .query = Q_SYNC_DEVICE_ADD, .summary = "Enrol a tablet" },
	{ "GET", "/api/v1/sync/info", ROLE_FIELD, .query = Q_SYNC_INFO,
	  .summary = "Epoch, time and limits of the sync protocol" },
	{ "POST", "/api/v1/sync/pull", ROLE_FIELD, pull, pull_inputs, .body_max = BODY_BYTES,
	  .summary = "What has changed since a cursor" },
	{ "POST", "/api/v1/sync/quarantine", ROLE_FIELD, quarantine, quarantine_inputs,
	  .body_max = 4 * 1024 * 1024 + 4096,
	  .summary = "Hand over what the server could not read" },
	{ 0 },
};
