/* What the files of server/db share. */
#pragma once

#include <libpq-fe.h>

#include "db/db.h"

enum { SQLSTATE_SIZE = 6, MESSAGE_SIZE = 512, CONSTRAINT_SIZE = 64 };

struct pool;

struct db {
	struct pool *pool;
	PGconn *pg;
	bool prepared[Q__MAX];
	bool knows_identify, knows_planning;
	char sqlstate[SQLSTATE_SIZE];
	char message[MESSAGE_SIZE];
	char constraint[CONSTRAINT_SIZE];
	char *detail; /* owned; NULL: none */
};

struct rows {
	PGresult *result;
};

/* Connects, or connects again after a loss. */
enum err db_connect(struct db *db);

/* Notes what went wrong, from the result or, without one, from the connection. */
enum err db_failed(struct db *db, const PGresult *result);

/* The connection string of a role's pool. */
const char *pool_conninfo(const struct pool *pool);

/* Runs SQL text without parameters by the simple protocol. */
enum err db_simple(struct db *db, const char *sql);
