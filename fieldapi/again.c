#include "fieldapi/again.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth/ask.h"
#include "base/uuid.h"
#include "fieldapi/apply.h"
#include "fieldapi/current.h"
#include "fieldapi/js.h"

bool again_is_refusal(enum err e)
{
	return e == ERR_INVALID || e == ERR_CONFLICT || e == ERR_FORBIDDEN ||
	       e == ERR_UNPROCESSABLE;
}

/* The reason that the database gave, as a word. */
static const char *reason_of(struct req *rq, const struct db *db, enum err e)
{
	const char *constraint = db_constraint(db);

	if (constraint[0])
		return arena_text(&rq->arena, constraint);
	return e == ERR_FORBIDDEN ? "forbidden" : "refused";
}

static enum err read_group(struct req *rq, struct db *db, const char *mid, struct rows **group)
{
	enum err e;

	if ((e = db_run(db, &rq->arena, Q_MATTER_GROUP, &mid, group)))
		return e;
	return rows_count(*group) ? OK : ERR_NOT_FOUND;
}

/* -- applying ------------------------------------------------------------------------ */

static enum err apply_one(struct pusher *p, const json_t *m, json_t *result, const char **reason)
{
	struct op_fault fault = apply_check(p, (const struct json_t *)m);
	enum err e;

	if (!fault.reason) {
		e = apply_mutation(p, (const struct json_t *)m, (struct json_t *)result, &fault);
		if (e && !*reason)
			*reason = reason_of(p->rq, p->db, e);
		if (e)
			return e;
	}
	*reason = fault.reason;
	return fault.reason ? ERR_UNPROCESSABLE : OK;
}

static enum err write_handled(struct req *rq, struct db *db, const struct rows *group, int row,
			      const char *state, const char *answer, const char *as,
			      const char *note)
{
	const char *params[] = {
		rows_at(group, row, 0), rows_at(group, row, 1), state, answer, as, note
	};
	const char *said[] = { rows_at(group, row, 2), strcmp(as, "applied") ? "theirs" : "mine" };
	enum err e;

	if ((e = db_run(db, &rq->arena, Q_MATTER_HANDLED, params, NULL)))
		return e;
	return strcmp(as, "refused") ? db_run(db, &rq->arena, Q_MATTER_SETTLE_SAID, said, NULL)
				     : OK;
}

/* Each is applied by the author that its own row names. */
static enum err apply_row(struct req *rq, struct db *db, const struct rows *group, int row,
			  const char *note, json_t *result, const char **reason)
{
	const char *who[] = { rows_at(group, row, 0), rows_at(group, row, 1) };
	json_t *m = json_loads(rows_at(group, row, 3), 0, NULL);
	struct pusher p = { .rq = rq,
			    .db = db,
			    .device = who[0],
			    .now = rows_at(group, row, 5),
			    .skew_s = rows_at(group, row, 4) };
	struct rows *author;
	enum err e;

	arena_defer(&rq->arena, js_free, m);
	json_object_set(result, "seq", json_object_get(m, "seq"));
	if ((e = db_run(db, &rq->arena, Q_MATTER_WRITE_AS, who, &author)))
		return e;
	p.person = rows_at(author, 0, 0);
	p.author = rows_at(author, 0, 1) ? rows_at(author, 0, 1) : "";
	if ((e = current_learn(&p, NULL, false)) || (e = apply_one(&p, m, result, reason)) ||
	    (e = db_run(db, &rq->arena, Q_MATTER_WRITE_AS_ME, NULL, NULL)))
		return e;
	return write_handled(rq, db, group, row, js_text(result, "state"),
			     js_dump(&rq->arena, result, 0), "applied", note);
}

enum err again_apply(struct req *rq, struct db *db, const char *mid, const char *note,
		     struct json_t *results, const char **reason)
{
	struct rows *group;
	enum err e;

	*reason = NULL;
	if ((e = read_group(rq, db, mid, &group)))
		return e;
	for (int row = 0; row < rows_count(group); row++) {
		json_t *result = json_pack("{s:s}", "mid", rows_at(group, row, 2));

		json_array_append_new((json_t *)results, result);
		if ((e = apply_row(rq, db, group, row, note, result, reason)))
			return e;
	}
	return OK;
}

enum err again_close(struct req *rq, struct db *db, const char *mid, const char *note)
{
	struct rows *group;
	enum err e;

	if ((e = read_group(rq, db, mid, &group)))
		return e;
	for (int row = 0; row < rows_count(group); row++)
		if ((e = write_handled(rq, db, group, row, "quarantined", NULL, "closed", note)))
			return e;
	return OK;
}

/* -- bytes that nobody has read ------------------------------------------------------- */

/* What is like a mutation: it has a name and says what it does. */
static void add_readable(struct arena *a, json_t *m, json_t *found)
{
	const char *mid = js_text(m, "mid"), *grp = js_text(m, "grp");

	if (!mid || !uuid_is_valid(mid) || !js_text(m, "op"))
		return;
	json_array_append_new(found,
			      json_pack("{s:s, s:s?, s:s, s:s, s:O, s:O?}", "mid", mid, "grp",
					grp && uuid_is_valid(grp) ? grp : NULL, "op",
					js_text(m, "op"), "hash", js_hash(a, m), "payload", m,
					"captured_at", json_object_get(m, "captured_at")));
}

static json_t *readable_of(struct arena *a, const char *text)
{
	json_t *read = text ? json_loads(text, 0, NULL) : NULL, *found = js_array(a), *list, *m;
	size_t i;

	arena_defer(a, js_free, read);
	list = json_is_object(read) ? json_object_get(read, "mutations") : read;
	if (json_is_object(read) && !list)
		add_readable(a, read, found);
	json_array_foreach(list, i, m) add_readable(a, m, found);
	return found;
}

/* Makes mutations of bytes; `names` are theirs. */
static enum err unpack(struct req *rq, struct db *db, struct rows **names)
{
	struct arena *a = &rq->arena;
	const char *params[] = { rq->ids[0], NULL };
	const char *end[] = { rq->ids[0], "unpacked", req_value(rq, "note") };
	struct rows *raw;
	json_t *found;
	enum err e;

	if ((e = db_run(db, a, Q_MATTER_OPAQUE_LOCK, rq->ids, &raw)))
		return e;
	if (!rows_count(raw))
		return ERR_NOT_FOUND;
	if (!strcmp(rows_at(raw, 0, 2), "resolved"))
		return req_problem(rq, ERR_CONFLICT, "already_handled");
	found = readable_of(a, rows_at(raw, 0, 3));
	if (!json_array_size(found) || !rows_at(raw, 0, 0))
		return req_problem(rq, ERR_UNPROCESSABLE, "unreadable");
	params[1] = js_dump(a, found, 0);
	if ((e = db_run(db, a, Q_MATTER_UNPACK, params, names)))
		return e;
	return db_run(db, a, Q_MATTER_OPAQUE_END, end, NULL);
}

/* -- requests ------------------------------------------------------------------------- */

/* One group in a transaction of its own; when it is refused again, that is written down. */
static enum err take_group(struct req *rq, const char *mid, json_t *results)
{
	struct arena *a = &rq->arena;
	const char *note = req_value(rq, "note"), *reason;
	json_t *answers = js_array(a), *result;
	struct rows *group;
	struct db *db;
	enum err e;

	if ((e = ask_begin(rq, &db)))
		return e;
	e = again_apply(rq, db, mid, note, (struct json_t *)answers, &reason);
	if (!e && !(e = db_commit(db)))
		json_array_extend(results, answers);
	if (e && !(again_is_refusal(e) && reason))
		ask_failed(rq, db, e);
	db_give(db);
	if (!again_is_refusal(e) || !reason)
		return e;
	if ((e = ask_begin(rq, &db)))
		return e;
	result = json_pack("{s:s, s:s, s:s}", "mid", mid, "state", "quarantined", "reason", reason);
	json_array_append_new(results, result);
	e = read_group(rq, db, mid, &group);
	for (int row = 0; !e && row < rows_count(group); row++)
		e = write_handled(rq, db, group, row, "quarantined", js_dump(a, result, 0),
				  "refused", note);
	if (!e)
		e = db_commit(db);
	if (e)
		ask_failed(rq, db, e);
	db_give(db);
	return e;
}

static enum err answer(struct req *rq, const json_t *results)
{
	buf_printf(&rq->out, "{\"results\":%s}", js_dump(&rq->arena, results, 0));
	rq->out_type = "application/json";
	return OK;
}

/* The mutations that bytes are made of, each group as far as it goes. */
static enum err take_opaque(struct req *rq, json_t *results)
{
	struct rows *names = NULL;
	struct db *db;
	enum err e;

	if ((e = ask_begin(rq, &db)))
		return e;
	e = unpack(rq, db, &names);
	if (!e)
		e = db_commit(db);
	if (e && !rq->problem)
		ask_failed(rq, db, e);
	db_give(db);
	for (int i = 0; !e && i < rows_count(names); i++) {
		e = take_group(rq, rows_at(names, i, 0), results);
		if (e == ERR_NOT_FOUND) /* with an earlier one of its group */
			e = OK;
	}
	return e;
}

enum err again_take(struct req *rq)
{
	json_t *results = js_array(&rq->arena);
	enum err e = take_group(rq, rq->ids[0], results);

	if (e == ERR_NOT_FOUND && strstr(rq->route->path, "/quarantine/"))
		e = take_opaque(rq, results);
	return e ? e : answer(rq, results);
}

static enum err close_opaque(struct req *rq, struct db *db)
{
	const char *params[] = { rq->ids[0], "closed", req_value(rq, "note") };
	struct rows *raw;
	enum err e;

	if ((e = db_run(db, &rq->arena, Q_MATTER_OPAQUE_LOCK, rq->ids, &raw)))
		return e;
	if (!rows_count(raw))
		return ERR_NOT_FOUND;
	if (!strcmp(rows_at(raw, 0, 2), "resolved"))
		return req_problem(rq, ERR_CONFLICT, "already_handled");
	return db_run(db, &rq->arena, Q_MATTER_OPAQUE_END, params, NULL);
}

enum err again_end(struct req *rq)
{
	struct db *db;
	enum err e;

	if ((e = ask_begin(rq, &db)))
		return e;
	e = again_close(rq, db, rq->ids[0], req_value(rq, "note"));
	if (e == ERR_NOT_FOUND)
		e = close_opaque(rq, db);
	if (!e)
		e = db_commit(db);
	if (e && !rq->problem)
		ask_failed(rq, db, e);
	db_give(db);
	return e;
}
