#include "auth/ask.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/rows.h"

enum { LIST_LIMIT = 50 };

enum db_role ask_role(char audience)
{
	switch (audience) {
	case 'o':
		return DB_OFFICE;
	case 'f':
		return DB_FIELD;
	case 't':
		return DB_TENANT;
	case 's':
		return DB_SUPPLIER;
	default:
		return DB_PUBLIC;
	}
}

static const char *token_hash(const struct req *rq)
{
	return rq->audience ? rq->token_hash : NULL;
}

/* Our own words (SQLSTATE FD…) and the names of constraints are for people; PostgreSQL's other
 * messages may quote what somebody wrote, so they stay out. */
enum err ask_failed(struct req *rq, const struct db *db, enum err e)
{
	const char *constraint = db_constraint(db), *detail = db_detail(db);
	size_t length = strlen(detail);

	/* Our functions say more in a JSON object, whose members become the problem's. */
	if (!strncmp(db_sqlstate(db), "FD", 2) && detail[0] == '{' && length > 2)
		rq->problem_extra = arena_printf(&rq->arena, ",%.*s", (int)length - 2, detail + 1);
	if (!strncmp(db_sqlstate(db), "FD", 2))
		return req_fail(rq, e, "%s", db_message(db));
	if (constraint[0]) {
		char *words = arena_text(&rq->arena, constraint);

		for (char *c = words; *c; c++)
			if (*c == '_')
				*c = ' ';
		return req_fail(rq, e, "%s", words);
	}
	if (e == ERR_INTERNAL || e == ERR_BUSY || e == ERR_INVALID)
		return req_fail(rq, e, "SQLSTATE %s",
				db_sqlstate(db)[0] ? db_sqlstate(db) : "08006");
	return e;
}

static bool is_read(const struct req *rq)
{
	return !strcmp(rq->method, "GET") || !strcmp(rq->method, "HEAD");
}

enum err ask_all(struct req *rq, const enum query *list, int count, const char *const *params,
		 struct rows **out)
{
	struct pools *pools = app_of(rq)->pools;
	bool may_repeat = is_read(rq);
	struct db *db;
	enum err e;

	for (;;) {
		if ((e = db_take(pools, ask_role(rq->audience), &db)))
			return req_fail(rq, e, "no database connection");
		e = db_ask_all(db, &rq->arena, token_hash(rq), list, count, params, out);
		/* An open route is open also to somebody whose session has ended; but a program
		 * that shows a token hears that it is no good. */
		if (e == ERR_UNAUTHORIZED && (rq->route->roles & ROLE_PUBLIC) && rq->audience &&
		    !(rq->route->for_gis && !rq->by_cookie)) {
			db_give(db);
			rq->audience = 0;
			continue;
		}
		if (e != ERR_BUSY || !may_repeat)
			break;
		may_repeat = false;
		db_give(db);
	}
	if (e)
		ask_failed(rq, db, e);
	db_give(db);
	return e;
}

enum err ask_rows(struct req *rq, enum query q, const char *const *params, struct rows **out)
{
	return ask_all(rq, &q, 1, params, out);
}

static int limit_of(const struct req *rq)
{
	const char *limit = req_value(rq, "limit");

	return limit ? (int)strtol(limit, NULL, 10) : LIST_LIMIT;
}

enum err ask_reply(struct req *rq, enum query q, const char *const *params)
{
	struct rows *rows = NULL;
	enum err e;

	if ((e = ask_rows(rq, q, params, &rows)))
		return e;
	switch (queries[q].kind) {
	case QUERY_LIST:
		rows_list(rows, limit_of(rq), &rq->out);
		break;
	case QUERY_ONE:
		if (!rows_count(rows))
			return ERR_NOT_FOUND;
		rows_object(rows, 0, &rq->out);
		if (!strcmp(rq->method, "POST") && !rq->status)
			rq->status = 201;
		break;
	case QUERY_BYTES: /* for a handler that knows what they are */
	case QUERY_EXEC:
		return OK;
	}
	rq->out_type = "application/json";
	return OK;
}

enum err ask_route(struct req *rq)
{
	const struct input *in = rq->route->inputs;
	const char *params[PATH_IDS + INPUTS_MAX + 1] = { NULL };
	bool has_body = false;
	int count = 0;

	for (int i = 0; i < PATH_IDS && rq->ids[i]; i++)
		params[count++] = rq->ids[i];
	for (int i = 0; in && in[i].name; i++) {
		if (!(in[i].flags & QUERY)) {
			has_body = true;
			continue;
		}
		params[count] = rq->values[i];
		if (!params[count] && !strcmp(in[i].name, "limit"))
			params[count] = arena_printf(&rq->arena, "%d", LIST_LIMIT);
		count++;
	}
	if (has_body)
		params[count++] = rq->body.at;
	assert(count == queries[rq->route->query].params); /* else the route needs a handler */
	return ask_reply(rq, (enum query)rq->route->query, params);
}

static enum err begin(struct req *rq, enum err (*how)(struct db *db, const char *token_hash),
		      struct db **out)
{
	struct db *db;
	enum err e;

	if ((e = db_take(app_of(rq)->pools, ask_role(rq->audience), &db)))
		return req_fail(rq, e, "no database connection");
	if ((e = how(db, token_hash(rq)))) {
		ask_failed(rq, db, e);
		db_give(db);
		/* As in ask_rows(). */
		if (e == ERR_UNAUTHORIZED && (rq->route->roles & ROLE_PUBLIC) && rq->audience) {
			rq->audience = 0;
			return begin(rq, how, out);
		}
		return e;
	}
	*out = db;
	return OK;
}

enum err ask_begin(struct req *rq, struct db **out)
{
	return begin(rq, db_begin, out);
}

enum err ask_begin_moment(struct req *rq, struct db **out)
{
	return begin(rq, db_begin_moment, out);
}
