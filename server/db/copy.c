#include "db/internal.h"

#include <limits.h>
#include <stdlib.h>

enum err db_copy_begin_sql(struct db *db, const char *sql)
{
	PGresult *result;
	enum err e = OK;

	if (!db->pg)
		return ERR_BUSY;
	result = PQexec(db->pg, sql);
	if (PQresultStatus(result) != PGRES_COPY_IN)
		e = db_failed(db, result);
	PQclear(result);
	return e;
}

enum err db_copy_begin(struct db *db, enum query q)
{
	return db_copy_begin_sql(db, queries[q].sql);
}

enum err db_copy_data(struct db *db, const char *bytes, size_t length)
{
	if (length > INT_MAX)
		return ERR_TOO_LARGE;
	return PQputCopyData(db->pg, bytes, (int)length) == 1 ? OK : db_failed(db, NULL);
}

enum err db_copy_end(struct db *db, const char *reason, uint64_t *copied)
{
	enum err e = OK;
	PGresult *result;

	if (copied)
		*copied = 0;
	if (PQputCopyEnd(db->pg, reason) != 1)
		e = db_failed(db, NULL);
	while ((result = PQgetResult(db->pg))) {
		if (PQresultStatus(result) != PGRES_COMMAND_OK && !e)
			e = db_failed(db, result);
		else if (copied)
			*copied = strtoull(PQcmdTuples(result), NULL, 10);
		PQclear(result);
	}
	return e;
}
