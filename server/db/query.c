#include "db/internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum err db_connect(struct db *db)
{
	PQfinish(db->pg);
	memset(db->prepared, 0, sizeof(db->prepared));
	db->knows_identify = db->knows_planning = false;
	db->pg = PQconnectdb(pool_conninfo(db->pool));
	if (PQstatus(db->pg) == CONNECTION_OK)
		return OK;
	return db_failed(db, NULL);
}

enum err db_failed(struct db *db, const PGresult *result)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *constraint =
		result ? PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME) : NULL;
	const char *detail = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : NULL;

	snprintf(db->sqlstate, sizeof(db->sqlstate), "%s", state ? state : "");
	snprintf(db->message, sizeof(db->message), "%s", text ? text : PQerrorMessage(db->pg));
	snprintf(db->constraint, sizeof(db->constraint), "%s", constraint ? constraint : "");
	free(db->detail);
	db->detail = detail ? strdup(detail) : NULL;
	return err_from_sqlstate(db->sqlstate);
}

const char *db_message(const struct db *db)
{
	return db->message;
}

const char *db_sqlstate(const struct db *db)
{
	return db->sqlstate;
}

const char *db_constraint(const struct db *db)
{
	return db->constraint;
}

const char *db_detail(const struct db *db)
{
	return db->detail ? db->detail : "";
}

static void forget_failure(struct db *db)
{
	free(db->detail);
	db->detail = NULL;
	db->sqlstate[0] = db->message[0] = db->constraint[0] = '\0';
}

static void free_result(void *result)
{
	PQclear(result);
}

static void keep_rows(struct arena *a, PGresult *result, struct rows **out)
{
	arena_defer(a, free_result, result);
	if (!out)
		return;
	*out = arena_alloc(a, sizeof(**out));
	(*out)->result = result;
}

static bool is_good(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

/* Prepares a statement on this connection the first time it is used there. */
static enum err prepare(struct db *db, enum query q)
{
	PGresult *result;
	enum err e = OK;

	if (db->prepared[q])
		return OK;
	result = PQprepare(db->pg, queries[q].name, queries[q].sql, 0, NULL);
	if (is_good(result))
		db->prepared[q] = true;
	else
		e = db_failed(db, result);
	PQclear(result);
	return e;
}

static enum err finish(struct db *db, struct arena *a, PGresult *result, struct rows **out)
{
	enum err e;

	if (is_good(result)) {
		keep_rows(a, result, out);
		return OK;
	}
	e = db_failed(db, result);
	PQclear(result);
	return e;
}

/* Whether PostgreSQL answers with bytes rather than text. */
static int is_binary(enum query q)
{
	return queries[q].kind == QUERY_BYTES;
}

enum err db_run(struct db *db, struct arena *a, enum query q, const char *const *params,
		struct rows **out)
{
	enum err e;

	forget_failure(db);
	if ((e = prepare(db, q)))
		return e;
	return finish(db, a,
		      PQexecPrepared(db->pg, queries[q].name, queries[q].params, params, NULL, NULL,
				     is_binary(q)),
		      out);
}

/* Prepares one of the statements that go before others. */
static enum err prepare_own(struct db *db, const char *name, const char *sql, bool *is_known)
{
	PGresult *result;
	enum err e = OK;

	if (*is_known)
		return OK;
	result = PQprepare(db->pg, name, sql, 0, NULL);
	if (is_good(result))
		*is_known = true;
	else
		e = db_failed(db, result);
	PQclear(result);
	return e;
}

static enum err prepare_identify(struct db *db)
{
	return prepare_own(db, "identify", "select identify($1::bytea)", &db->knows_identify);
}

static enum err prepare_planning(struct db *db)
{
	return prepare_own(db, "planning",
			   "select set_config('plan_cache_mode', 'force_custom_plan', true)",
			   &db->knows_planning);
}

static bool needs_planning(const enum query *list, int count)
{
	for (int i = 0; i < count; i++)
		if (queries[list[i]].is_planned)
			return true;
	return false;
}

/* Sends the statements and the sync that ends their common transaction. */
static bool send_pipeline(struct db *db, const char *token_hash, const enum query *list, int count,
			  const char *const *params)
{
	if (!PQenterPipelineMode(db->pg))
		return false;
	if (token_hash && !PQsendQueryPrepared(db->pg, "identify", 1, &token_hash, NULL, NULL, 0))
		return false;
	if (needs_planning(list, count) &&
	    !PQsendQueryPrepared(db->pg, "planning", 0, NULL, NULL, NULL, 0))
		return false;
	for (int i = 0; i < count; i++) {
		const struct query_text *q = &queries[list[i]];

		if (!PQsendQueryPrepared(db->pg, q->name, q->params, params, NULL, NULL,
					 is_binary(list[i])))
			return false;
	}
	return PQpipelineSync(db->pg);
}

/* Reads until the sync. The first failure is noted; the rows of the last `count` statements are
 * handed on. */
static enum err read_pipeline(struct db *db, int skip, int count, PGresult **results)
{
	enum err e = OK;
	int number = -skip; /* of the statement whose answer is read */
	bool ended = false; /* a NULL was read: the statement before it is done */

	for (;;) {
		PGresult *result = PQgetResult(db->pg);
		ExecStatusType status;

		if (!result) {
			if (ended || PQstatus(db->pg) != CONNECTION_OK)
				return e ? e : db_failed(db, NULL);
			ended = true;
			number++;
			continue;
		}
		ended = false;
		status = PQresultStatus(result);
		if (status == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			return e;
		}
		if (is_good(result) && number >= 0 && number < count) {
			PQclear(results[number]);
			results[number] = result;
			continue;
		}
		if (!e && !is_good(result) && status != PGRES_PIPELINE_ABORTED)
			e = db_failed(db, result);
		PQclear(result);
	}
}

static enum err ask_pipeline(struct db *db, const char *token_hash, const enum query *list,
			     int count, const char *const *params, PGresult **results)
{
	enum err e;

	if (!send_pipeline(db, token_hash, list, count, params)) {
		e = db_failed(db, NULL);
		PQfinish(db->pg);
		db->pg = NULL;
		return e;
	}
	e = read_pipeline(db, (token_hash != NULL) + needs_planning(list, count), count, results);
	/* A pipeline that did not end cleanly leaves the connection of no use. */
	if (!PQexitPipelineMode(db->pg)) {
		PQfinish(db->pg);
		db->pg = NULL;
		e = e ? e : ERR_BUSY;
	}
	for (int i = 0; !e && i < count; i++)
		if (!results[i])
			e = ERR_INTERNAL;
	return e;
}

enum err db_ask_all(struct db *db, struct arena *a, const char *token_hash, const enum query *list,
		    int count, const char *const *params, struct rows **out)
{
	PGresult *results[ASK_MAX] = { NULL };
	enum err e = OK;

	assert(count <= ASK_MAX);
	forget_failure(db);
	for (int i = 0; i < count; i++)
		if ((e = prepare(db, list[i])))
			return e;
	if ((token_hash && (e = prepare_identify(db))) ||
	    (needs_planning(list, count) && (e = prepare_planning(db))))
		return e;
	e = ask_pipeline(db, token_hash, list, count, params, results);
	for (int i = 0; i < count; i++)
		if (e)
			PQclear(results[i]);
		else
			keep_rows(a, results[i], &out[i]);
	return e;
}

enum err db_ask(struct db *db, struct arena *a, const char *token_hash, enum query q,
		const char *const *params, struct rows **out)
{
	struct rows *rows = NULL;
	enum err e = db_ask_all(db, a, token_hash, &q, 1, params, &rows);

	if (!e && out)
		*out = rows;
	return e;
}

enum err db_simple(struct db *db, const char *sql)
{
	PGresult *result;
	enum err e = OK;

	forget_failure(db);
	if (!db->pg)
		return ERR_BUSY;
	result = PQexec(db->pg, sql);
	if (!is_good(result))
		e = db_failed(db, result);
	PQclear(result);
	return e;
}

enum err db_script(struct db *db, const char *sql)
{
	return db_simple(db, sql);
}

enum err db_run_sql(struct db *db, struct arena *a, const char *sql, int count,
		    const char *const *params, struct rows **out)
{
	forget_failure(db);
	return finish(db, a, PQexecParams(db->pg, sql, count, NULL, params, NULL, NULL, 0), out);
}

static enum err begin(struct db *db, const char *sql, const char *token_hash)
{
	struct arena a;
	enum err e;

	if ((e = db_simple(db, sql)) || !token_hash)
		return e;
	if ((e = prepare_identify(db)))
		return e;
	arena_init(&a);
	e = finish(db, &a, PQexecPrepared(db->pg, "identify", 1, &token_hash, NULL, NULL, 0), NULL);
	arena_release(&a);
	return e;
}

enum err db_begin(struct db *db, const char *token_hash)
{
	return begin(db, "begin", token_hash);
}

enum err db_begin_moment(struct db *db, const char *token_hash)
{
	return begin(db, "begin isolation level repeatable read", token_hash);
}

/* PostgreSQL answers the commit of a transaction in which something failed with ROLLBACK, and not
 * as an error. */
enum err db_commit(struct db *db)
{
	PGresult *result;
	enum err e = OK;

	forget_failure(db);
	if (!db->pg)
		return ERR_BUSY;
	result = PQexec(db->pg, "commit");
	if (!is_good(result)) {
		e = db_failed(db, result);
	} else if (strcmp(PQcmdStatus(result), "COMMIT") != 0) {
		snprintf(db->message, sizeof(db->message), "nothing was committed");
		e = ERR_INTERNAL;
	}
	PQclear(result);
	return e;
}

/* Keeps the words of the failure that led here. A connection that cannot roll back is closed. */
void db_rollback(struct db *db)
{
	PGresult *result;

	if (!db->pg)
		return;
	if (PQtransactionStatus(db->pg) == PQTRANS_IDLE)
		return;
	result = PQexec(db->pg, "rollback");
	if (!is_good(result)) {
		PQfinish(db->pg);
		db->pg = NULL;
	}
	PQclear(result);
}

/* Asks PostgreSQL to stop: what it still sends must be read in any case. */
static void cancel(struct db *db)
{
	PGcancel *cancel = PQgetCancel(db->pg);
	char said[256];

	if (cancel)
		PQcancel(cancel, said, sizeof(said));
	PQfreeCancel(cancel);
}

/* Reads to the end of a statement in single-row mode; after a failure only reads. */
static enum err read_each(struct db *db, db_each_fn *each, void *closure)
{
	PGresult *result;
	enum err e = OK;

	while ((result = PQgetResult(db->pg))) {
		struct rows row = { result };
		ExecStatusType status = PQresultStatus(result);

		if (!e && status == PGRES_SINGLE_TUPLE) {
			if ((e = each(closure, &row)))
				cancel(db);
		} else if (!e && !is_good(result)) {
			e = db_failed(db, result);
		} else if (!e) {
			e = each(closure, &row);
		}
		PQclear(result);
	}
	return e;
}

enum err db_each(struct db *db, enum query q, const char *const *params, db_each_fn *each,
		 void *closure)
{
	enum err e;

	forget_failure(db);
	if ((e = prepare(db, q)))
		return e;
	if (!PQsendQueryPrepared(db->pg, queries[q].name, queries[q].params, params, NULL, NULL,
				 0) ||
	    !PQsetSingleRowMode(db->pg))
		return db_failed(db, NULL);
	return read_each(db, each, closure);
}

int rows_count(const struct rows *rows)
{
	return PQntuples(rows->result);
}

const char *rows_at(const struct rows *rows, int row, int column)
{
	return PQgetisnull(rows->result, row, column) ? NULL
						      : PQgetvalue(rows->result, row, column);
}

const void *rows_bytes(const struct rows *rows, int row, int column, size_t *length)
{
	*length = (size_t)PQgetlength(rows->result, row, column);
	return rows_at(rows, row, column);
}

int rows_column(const struct rows *rows, const char *name)
{
	for (int i = 0; i < PQnfields(rows->result); i++)
		if (!strcmp(PQfname(rows->result, i), name))
			return i;
	return -1;
}

int rows_columns(const struct rows *rows)
{
	return PQnfields(rows->result);
}

const char *rows_name(const struct rows *rows, int column)
{
	return PQfname(rows->result, column);
}

size_t rows_length(const struct rows *rows, int row, int column)
{
	return (size_t)PQgetlength(rows->result, row, column);
}
