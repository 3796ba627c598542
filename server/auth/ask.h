/* Questions to the database on behalf of whoever asks: the pool of their audience, their identity
 * and the statement in one round trip, the answer as JSON. */
#pragma once

#include "auth/app.h"

/* Identity and one statement. Takes and gives back a connection. A read that met a restart or a
 * serialisation failure is tried once more. Failures have their reason noted on `rq`. */
enum err ask_rows(struct req *rq, enum query q, const char *const *params, struct rows **out);

/* As ask_rows(), of several statements: see db_ask_all(). */
enum err ask_all(struct req *rq, const enum query *list, int count, const char *const *params,
		 struct rows **out);

/* As ask_rows(), and the rows become the reply: an object (404 when there is none), a list, or
 * nothing, as the query says. A POST that answers with an object has status 201. */
enum err ask_reply(struct req *rq, enum query q, const char *const *params);

/* Answers a route that names its query: the path's ids, then the query string's inputs, then, if it
 * has members of a body, the body are the statement's parameters. */
enum err ask_route(struct req *rq);

/* A transaction in the name of whoever asks. On success the caller ends it with db_commit() (or
 * db_rollback()) and db_give(). */
enum err ask_begin(struct req *rq, struct db **out);

/* As ask_begin(), and all its statements see the same moment: see db_begin_moment(). */
enum err ask_begin_moment(struct req *rq, struct db **out);

/* Notes on `rq` why the last call on `db` failed, in words for a person; returns `e`. */
enum err ask_failed(struct req *rq, const struct db *db, enum err e);

/* The pool of an audience's letter. */
enum db_role ask_role(char audience);
