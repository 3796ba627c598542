/* The rows that a transaction's updates meet: read and locked at once, and written as few times as
 * that can be done. */
#pragma once

#include "fieldapi/apply.h"
#include "fieldapi/ops.h"

/* Begins a transaction of `mutations`, an array. `is_deferring`: the tasks that they update are
 * read and locked at once, and changes wait for current_flush(); otherwise each row is read and
 * written when its turn comes, so that a failure is its own. */
enum err current_learn(struct pusher *p, const struct json_t *mutations, bool is_deferring);

/* The row as it is, with what this transaction has changed: {field: text or null}. NULL when there
 * is none that the tablet may see. */
enum err current_row(struct pusher *p, const struct op *op, const char *given, struct json_t **row);

/* Changes fields of a row, {field: text or null}; `answer` gets its new version. */
enum err current_write(struct pusher *p, const struct op *op, const char *given,
		       const struct json_t *changes, struct json_t *answer);

/* Writes what waits. */
enum err current_flush(struct pusher *p);
