/* PostgreSQL: pools of connections, one for each role; named statements; transactions;
 * COPY. The only folder that knows libpq. A connection is used by one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/err.h"
#include "queries.gen.h" /* enum query: made from the .sql files at build */

/* Who the connection is logged in as; each has its own grants and row-level security. */
enum db_role { DB_PUBLIC, DB_OFFICE, DB_FIELD, DB_TENANT, DB_SUPPLIER, DB_JOB, DB_OWNER, DB__MAX };

enum { ASK_MAX = 12 }; /* statements in one round trip */

struct db;    /* one connection */
struct pools; /* the connections of all roles */
struct rows;  /* what a statement answered; owned by an arena */

struct pool_use {
	const char *role;
	int size, taken;
	uint64_t waits, timeouts; /* since the start */
};

/* Pools that connect when first asked. `conninfo` is a libpq connection string without user. The
 * owner's pool logs in as `owner`. Freed by pools_close(). */
struct pools *pools_open(const struct config *config, const char *conninfo, const char *owner);
void pools_close(struct pools *pools);

/* The settings that they were opened with, for jobs, which are given nothing else. */
const struct config *pools_config(const struct pools *pools);

/* How the pool of `role` is used, for the metrics. */
struct pool_use pools_use(struct pools *pools, enum db_role role);

/* Takes a connection, waiting at most config.pool_wait_ms. ERR_BUSY when none is free in time or
 * PostgreSQL cannot be reached. Give it back with db_give() before the reply is sent. */
enum err db_take(struct pools *pools, enum db_role role, struct db **out);

/* Gives it back; a transaction left open is rolled back. NULL does nothing. */
void db_give(struct db *db);

/* Why the last call on this connection failed, in PostgreSQL's words; "" if it did not. */
const char *db_message(const struct db *db);

/* The SQLSTATE of the last failure ("" when the connection was lost) and the constraint it names.
 */
const char *db_sqlstate(const struct db *db);
const char *db_constraint(const struct db *db);

/* The DETAIL of the last failure, "" when it has none. Functions of ours put a JSON object there.
 */
const char *db_detail(const struct db *db);

/* Runs one named statement. `params` are its texts, NULL is null; as many as the statement has.
 * `out` (may be NULL) gets the rows, owned by `a`. */
enum err db_run(struct db *db, struct arena *a, enum query q, const char *const *params,
		struct rows **out);

/* Who is asking and what is asked, in one round trip and one implicit transaction: identify() with
 * the token's hash (skipped when `token_hash` is NULL), then `q`. ERR_UNAUTHORIZED when there is no
 * such session. */
enum err db_ask(struct db *db, struct arena *a, const char *token_hash, enum query q,
		const char *const *params, struct rows **out);

/* As db_ask(), of `count` statements (at most ASK_MAX) that take the same parameters, each the
 * first of them that it has. `out` has room for as many. */
enum err db_ask_all(struct db *db, struct arena *a, const char *token_hash, const enum query *list,
		    int count, const char *const *params, struct rows **out);

/* A transaction of several statements; with `token_hash` identified as in db_ask(). */
enum err db_begin(struct db *db, const char *token_hash);
/* As db_begin(), and all its statements see the same moment (REPEATABLE READ). */
enum err db_begin_moment(struct db *db, const char *token_hash);
enum err db_commit(struct db *db); /* ERR_INTERNAL when a failure inside has undone all of it */
void db_rollback(struct db *db);

/* Runs a statement that may answer with any number of rows and hands them on one at a time, so that
 * memory stays what one row takes: `each` gets a `row` of one row (rows_at(row, 0, …)) and, at the
 * end, one more of none, which has the columns' names when there was no row at all. A failure of
 * `each` ends the statement and is returned. For exports, inside a transaction (db_begin()), into
 * something that takes bytes as fast as they come: never to a client. */
typedef enum err db_each_fn(void *closure, const struct rows *row);
enum err db_each(struct db *db, enum query q, const char *const *params, db_each_fn *each,
		 void *closure);

/* Runs SQL that is read from a file of ours or the operator's (migrations, import profiles), never
 * text made from input. db_script() takes several statements and no parameters. */
enum err db_script(struct db *db, const char *sql);
enum err db_run_sql(struct db *db, struct arena *a, const char *sql, int count,
		    const char *const *params, struct rows **out);

/* COPY … FROM STDIN: begin with a named statement (or the SQL of a profile), then bytes in COPY's
 * own format, then the end. A reason given to db_copy_end() makes all of it fail. `copied` (may be
 * NULL) gets the number of rows. */
enum err db_copy_begin(struct db *db, enum query q);
enum err db_copy_begin_sql(struct db *db, const char *sql);
enum err db_copy_data(struct db *db, const char *bytes, size_t length);
enum err db_copy_end(struct db *db, const char *reason, uint64_t *copied);

/* Number of rows; the text of a cell, NULL when it is null. Both numbers of a cell begin at 0. */
int rows_count(const struct rows *rows);
const char *rows_at(const struct rows *rows, int row, int column);

/* How many columns; the name of one; the length of a cell's text; what its type is. */
enum rows_type { ROWS_TEXT, ROWS_BOOL, ROWS_INT, ROWS_REAL, ROWS_DATE, ROWS_TIME, ROWS_JSON };
int rows_columns(const struct rows *rows);
const char *rows_name(const struct rows *rows, int column);
size_t rows_length(const struct rows *rows, int row, int column);
enum rows_type rows_type(const struct rows *rows, int column);

/* A cell of a :bytes query as it came over the wire, NULL when it is null; lives as long as the
 * rows. A number's bytes are big-endian. */
const void *rows_bytes(const struct rows *rows, int row, int column, size_t *length);

/* Column number by name, -1 when there is none. */
int rows_column(const struct rows *rows, const char *name);
