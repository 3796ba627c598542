#include "db/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { PARAMS_MAX = 24 };

enum err db_connect(struct db *db)
{
	PQfinish(db->pg);
	memset(db->prepared, 0, sizeof(db->prepared));
	db->knows_identify = false;
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

enum err db_run(struct db *db, struct arena *a, enum query q, const char *const *params,
		struct rows **out)
{
	enum err e;

	forget_failure(db);
	if ((e = prepare(db, q)))
		return e;
	return finish(
		db, a,
		PQexecPrepared(db->pg, queries[q].name, queries[q].params, params, NULL, NULL, 0),
		out);
}

static enum err prepare_identify(struct db *db)
{
	PGresult *result;
	enum err e = OK;

	if (db->knows_identify)
		return OK;
	result = PQprepare(db->pg, "identify", "select identify($1::bytea)", 0, NULL);
	if (is_good(result))
		db->knows_identify = true;
	else
		e = db_failed(db, result);
	PQclear(result);
	return e;
}

/* Sends the statements and the sync that ends their common transaction. */
static bool send_pipeline(struct db *db, const char *token_hash, enum query q,
			  const char *const *params)
{
	return PQenterPipelineMode(db->pg) &&
	       (!token_hash ||
		PQsendQueryPrepared(db->pg, "identify", 1, &token_hash, NULL, NULL, 0)) &&
	       PQsendQueryPrepared(db->pg, queries[q].name, queries[q].params, params, NULL, NULL,
				   0) &&
	       PQpipelineSync(db->pg);
}

/* Reads until the sync. The first failure is noted; the last statement's rows are handed on. */
static enum err read_pipeline(struct db *db, PGresult **last)
{
	enum err e = OK;
	bool ended = false; /* a NULL was read: the statement before it is done */

	*last = NULL;
	for (;;) {
		PGresult *result = PQgetResult(db->pg);
		ExecStatusType status;

		if (!result) {
			if (ended || PQstatus(db->pg) != CONNECTION_OK)
				return e ? e : db_failed(db, NULL);
			ended = true;
			continue;
		}
		ended = false;
		status = PQresultStatus(result);
		if (status == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			return e;
		}
		if (is_good(result)) {
			PQclear(*last);
			*last = result;
			continue;
		}
		if (!e && status != PGRES_PIPELINE_ABORTED)
			e = db_failed(db, result);
		PQclear(result);
	}
}

enum err db_ask(struct db *db, struct arena *a, const char *token_hash, enum query q,
		const char *const *params, struct rows **out)
{
	PGresult *result = NULL;
	enum err e;

	forget_failure(db);
	if ((e = prepare(db, q)) || (token_hash && (e = prepare_identify(db))))
		return e;
	if (!send_pipeline(db, token_hash, q, params)) {
		e = db_failed(db, NULL);
		PQfinish(db->pg);
		db->pg = NULL;
		return e;
	}
	e = read_pipeline(db, &result);
	/* A pipeline that did not end cleanly leaves the connection of no use. */
	if (!PQexitPipelineMode(db->pg)) {
		PQfinish(db->pg);
		db->pg = NULL;
		e = e ? e : ERR_BUSY;
	}
	if (e || !result) {
		PQclear(result);
		return e ? e : ERR_INTERNAL;
	}
	keep_rows(a, result, out);
	return OK;
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

enum err db_begin(struct db *db, const char *token_hash)
{
	struct arena a;
	enum err e;

	if ((e = db_simple(db, "begin")) || !token_hash)
		return e;
	if ((e = prepare_identify(db)))
		return e;
	arena_init(&a);
	e = finish(db, &a, PQexecPrepared(db->pg, "identify", 1, &token_hash, NULL, NULL, 0), NULL);
	arena_release(&a);
	return e;
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

int rows_count(const struct rows *rows)
{
	return PQntuples(rows->result);
}

const char *rows_at(const struct rows *rows, int row, int column)
{
	return PQgetisnull(rows->result, row, column) ? NULL
						      : PQgetvalue(rows->result, row, column);
}

int rows_column(const struct rows *rows, const char *name)
{
	for (int i = 0; i < PQnfields(rows->result); i++)
		if (!strcmp(PQfname(rows->result, i), name))
			return i;
	return -1;
}
