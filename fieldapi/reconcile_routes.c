#include "fieldapi/reconcile_routes.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "auth/ask.h"
#include "fieldapi/feed.h"
#include "fieldapi/reconcile.h"

enum {
	BODY_BYTES = 2 * 1024 * 1024,
	WANTED_BYTES = 512 * 1024,
	SCRATCH_BYTES = 256 * 1024, /* of rows' JSON before it is given back */
	COL_N = 0,
	COL_T,
	COL_ID,
	COL_V,
	COL_D,
};

static const struct input reconcile_inputs[] = {
	{ "device", IN_UUID, REQUIRED },
	{ "digests", IN_JSON, 0 },
	{ "slots", IN_JSON, 0 },
	{ "rows", IN_JSON, 0 },
	{ 0 },
};

/* The server's rows on their way past what the tablet said. */
struct look {
	struct reconcile r;
	struct buf *to;
	struct arena scratch;
	size_t told;
};

static void tell_row(struct look *l, const struct feed_row *row)
{
	if (l->told++)
		buf_char(l->to, ',');
	feed_write_row(l->to, row);
}

static enum err see_row(void *closure, const struct rows *row)
{
	struct look *l = closure;
	struct digest d;
	size_t n;

	if (!rows_count(row))
		return OK;
	n = (size_t)strtoul(rows_at(row, 0, COL_N), NULL, 10) - 1;
	digest_row(&l->scratch, rows_at(row, 0, COL_T), rows_at(row, 0, COL_ID),
		   rows_at(row, 0, COL_D), &d);
	if (l->scratch.used > SCRATCH_BYTES)
		arena_reset(&l->scratch);
	if (!reconcile_see(&l->r, n, rows_at(row, 0, COL_T), rows_at(row, 0, COL_ID), &d))
		return OK;
	if (l->told == RECONCILE_ROWS_MAX)
		return ERR_TOO_LARGE;
	tell_row(l, &(struct feed_row){ l->r.parts[n].bucket, rows_at(row, 0, COL_T),
					rows_at(row, 0, COL_ID), rows_at(row, 0, COL_V),
					rows_at(row, 0, COL_D) });
	return OK;
}

/* What the tablet has and the server has not. */
static void tell_gone(struct look *l)
{
	for (size_t n = 0; n < l->r.count; n++) {
		const char *key;
		json_t *value;

		json_object_foreach(l->r.parts[n].listed, key, value)
		{
			char *t = arena_text(&l->scratch, key), *id = strchr(t, ' ');

			if (!id)
				continue; /* never: the keys are ours */
			*id++ = '\0';
			tell_row(l, &(struct feed_row){ l->r.parts[n].bucket, t, id, NULL, NULL });
		}
	}
}

/* Reads the server's rows past what was said. */
static enum err look_at_rows(struct req *rq, struct db *db, struct look *l)
{
	struct buf wanted;
	const char *params[1];
	enum err e;

	buf_init(&wanted, WANTED_BYTES);
	reconcile_wanted(&l->r, &wanted);
	params[0] = wanted.at;
	arena_init(&l->scratch);
	e = db_each(db, Q_SYNC_COMPARE, params, see_row, l);
	buf_release(&wanted);
	if (e == ERR_TOO_LARGE)
		return req_fail(rq, e, "at most %d rows at once", RECONCILE_ROWS_MAX);
	return e ? ask_failed(rq, db, e) : OK;
}

static void write_buckets(struct look *l)
{
	const char *comma = "";

	buf_text(l->to, ",\"differ\":[");
	for (size_t n = 0; n < l->r.count; n++) {
		if (!reconcile_differs(&l->r, n))
			continue;
		buf_printf(l->to, "%s\"%s\"", comma, l->r.parts[n].bucket);
		comma = ",";
	}
	buf_char(l->to, ']');
}

static void write_slots(struct look *l)
{
	buf_text(l->to, ",\"slots\":{");
	for (size_t n = 0; n < l->r.count; n++) {
		buf_printf(l->to, "%s\"%s\":", n ? "," : "", l->r.parts[n].bucket);
		reconcile_slots(&l->r, n, l->to);
	}
	buf_char(l->to, '}');
}

static const char *fact(const json_t *facts, const char *name)
{
	return json_string_value(json_object_get(facts, name));
}

/* Where the tablet goes on from when all differences are dealt with: the moment of this answer.
 * What it holds of what it may hold is noted under its hash. */
static enum err write_position(struct req *rq, struct db *db, const json_t *facts, const char *key)
{
	struct cursor next = { .epoch = fact(facts, "epoch"), .schema = SYNC_SCHEMA };
	char *kept = json_dumps(json_object_get(facts, "kept"), JSON_COMPACT);
	const char *params[] = { req_value(rq, "device"), fact(facts, "h"), kept };
	enum err e = db_run(db, &rq->arena, Q_SYNC_SCOPE_KEEP, params, NULL);

	free(kept);
	if (e)
		return ask_failed(rq, db, e);
	cursor_at(&rq->arena, fact(facts, "snapshot"), &next);
	buf_printf(&rq->out, ",\"cursor\":\"%s\",\"scope\":{\"h\":\"%s\",\"drop\":",
		   cursor_format(&rq->arena, key, &next), fact(facts, "h"));
	feed_write_json(&rq->out, json_object_get(facts, "drop"));
	buf_char(&rq->out, '}');
	return OK;
}

static enum err answer(struct req *rq, struct db *db, struct look *l, const char *key)
{
	struct buf held;
	const char *params[2] = { req_value(rq, "device") };
	const json_t *facts, *dropped;
	struct rows *rows;
	enum err e;
	size_t i;

	buf_init(&held, WANTED_BYTES);
	reconcile_wanted(&l->r, &held);
	params[1] = held.at;
	e = db_run(db, &rq->arena, Q_SYNC_POSITION, params, &rows);
	buf_release(&held);
	if (e)
		return ask_failed(rq, db, e);
	facts = feed_facts(&rq->arena, rows_at(rows, 0, 0));
	if ((e = feed_check(rq, facts, NULL)))
		return e;
	buf_printf(l->to, "{\"epoch\":\"%s\",\"now\":\"%s\"", fact(facts, "epoch"),
		   fact(facts, "now"));
	json_array_foreach(json_object_get(facts, "drop"), i, dropped)
		reconcile_drop(&l->r, json_string_value(dropped));
	if (l->r.level == RECONCILE_BUCKETS && (e = write_position(rq, db, facts, key)))
		return e;
	if (l->r.level == RECONCILE_ROWS)
		buf_text(l->to, ",\"rows\":[");
	if ((e = look_at_rows(rq, db, l)))
		return e;
	switch (l->r.level) {
	case RECONCILE_BUCKETS:
		write_buckets(l);
		break;
	case RECONCILE_SLOTS:
		write_slots(l);
		break;
	case RECONCILE_ROWS:
		tell_gone(l);
		buf_char(l->to, ']');
	}
	buf_char(l->to, '}');
	return OK;
}

static enum err reconcile(struct req *rq)
{
	struct look l = { .to = &rq->out };
	const char *key, *wrong;
	struct db *db;
	enum err e;

	if ((wrong = reconcile_read(&rq->arena, rq->json, &l.r))) {
		req_fault(rq, wrong, "not what a tablet says of its rows");
		return ERR_INVALID;
	}
	if ((e = feed_key(rq, &key)) || (e = ask_begin_moment(rq, &db)))
		return e;
	e = answer(rq, db, &l, key);
	arena_release(&l.scratch);
	if (!e)
		e = db_commit(db);
	db_give(db);
	rq->out_type = "application/json";
	return e;
}

enum err reconcile_digests(struct req *rq, struct db *db, const struct json_t *buckets,
			   struct buf *to)
{
	struct look l = { .r = { .arena = &rq->arena }, .to = to };
	enum err e;

	l.r.parts = arena_alloc(&rq->arena, (json_array_size(buckets) + 1) * sizeof(*l.r.parts));
	for (; l.r.count < json_array_size(buckets); l.r.count++) {
		l.r.parts[l.r.count].bucket = json_string_value(json_array_get(buckets, l.r.count));
		l.r.parts[l.r.count].sums = arena_alloc(&rq->arena, sizeof(struct digest));
	}
	e = look_at_rows(rq, db, &l);
	arena_release(&l.scratch);
	if (e)
		return e;
	buf_char(to, '{');
	for (size_t n = 0; n < l.r.count; n++) {
		char lanes[DIGEST_TEXT];

		digest_format(&l.r.parts[n].sums[0], lanes);
		buf_printf(to, "%s\"%s\":[%u,\"%s\"]", n ? "," : "", l.r.parts[n].bucket,
			   l.r.parts[n].sums[0].count, lanes);
	}
	buf_char(to, '}');
	return OK;
}

const struct route reconcile_routes[] = {
	{ "POST", "/api/v1/sync/reconcile", ROLE_FIELD, reconcile, reconcile_inputs,
	  .body_max = BODY_BYTES,
	  .summary = "What a tablet holds otherwise than the server, by digests" },
	{ 0 },
};
