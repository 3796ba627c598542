#include "fieldapi/current.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/uuid.h"
#include "fieldapi/js.h"
#include "fieldapi/merge.h"

static json_t *rows_of(const struct pusher *p)
{
	return (json_t *)p->rows;
}

static json_t *writes_of(const struct pusher *p)
{
	return (json_t *)p->writes;
}

/* The first column is the row's id. */
static void note_rows(struct pusher *p, const struct rows *rows)
{
	for (int i = 0; i < rows_count(rows); i++) {
		json_t *row = json_object();

		for (int column = 1; column < rows_columns(rows); column++) {
			const char *text = rows_at(rows, i, column);

			json_object_set_new(row, rows_name(rows, column),
					    text ? json_string(text) : json_null());
		}
		json_object_set_new(rows_of(p), rows_at(rows, i, 0), row);
	}
}

static enum err read_rows(struct pusher *p, int query, const json_t *ids)
{
	const char *text = op_text(&p->rq->arena, (const struct json_t *)ids);
	struct rows *rows;
	enum err e;

	if (!(e = db_run(p->db, &p->rq->arena, (enum query)query, &text, &rows)))
		note_rows(p, rows);
	return e;
}

/* All rows that are updated by statements of one kind. */
static enum err read_kind(struct pusher *p, const json_t *mutations, int query)
{
	json_t *ids = json_array(), *m;
	size_t i;

	arena_defer(&p->rq->arena, js_free, ids);
	json_array_foreach(mutations, i, m)
	{
		const struct op *op = op_find(js_text(m, "op"));
		json_t *id = json_object_get(json_object_get(m, "row"), "id");

		if (op && op->now == query && json_is_string(id) &&
		    uuid_is_valid(json_string_value(id)))
			json_array_append(ids, id);
	}
	return json_array_size(ids) ? read_rows(p, query, ids) : OK;
}

enum err current_learn(struct pusher *p, const struct json_t *mutations, bool is_deferring)
{
	p->rows = (struct json_t *)json_object();
	p->writes = (struct json_t *)json_array();
	p->is_deferring = is_deferring;
	arena_defer(&p->rq->arena, js_free, p->rows);
	arena_defer(&p->rq->arena, js_free, p->writes);
	/* Of one group alone only what is not held is locked. */
	return is_deferring ? read_kind(p, (const json_t *)mutations, Q_PUSH_TASK_NOW) : OK;
}

static bool is_waiting(const struct pusher *p, const char *id)
{
	json_t *write;
	size_t i;

	json_array_foreach(writes_of(p), i, write)
	{
		if (!strcmp(js_text(write, "id"), id))
			return true;
	}
	return false;
}

enum err current_row(struct pusher *p, const struct op *op, const char *given, struct json_t **row)
{
	const char *id = merge_canonical(&p->rq->arena, IN_UUID, given);
	json_t *ids;
	enum err e;

	*row = NULL;
	/* Each change has its own line in the trail. */
	if (is_waiting(p, id) && (e = current_flush(p)))
		return e;
	if (!json_object_get(rows_of(p), id)) {
		ids = json_pack("[s]", id);
		arena_defer(&p->rq->arena, js_free, ids);
		if ((e = read_rows(p, op->now, ids)))
			return e;
	}
	*row = (struct json_t *)json_object_get(rows_of(p), id);
	return OK;
}

enum err current_write(struct pusher *p, const struct op *op, const char *given,
		       const struct json_t *changes, struct json_t *answer)
{
	const char *id = merge_canonical(&p->rq->arena, IN_UUID, given);
	json_t *set = (json_t *)(uintptr_t)changes;

	json_object_update(json_object_get(rows_of(p), id), set);
	json_array_append_new(writes_of(p),
			      json_pack("{s:s, s:O, s:O, s:i}", "id", id, "j", set, "answer",
					(json_t *)answer, "query", op->query));
	if (p->is_deferring && op->query == Q_PUSH_TASK_SET)
		return OK;
	return current_flush(p);
}

/* What waits for the statement of the first that waits: [{id, j}]. */
static const char *next_writes(struct pusher *p, int *query)
{
	json_t *given = json_array(), *write;
	size_t i;

	*query = (int)json_integer_value(json_object_get(json_array_get(writes_of(p), 0), "query"));
	json_array_foreach(writes_of(p), i, write)
	{
		if (json_integer_value(json_object_get(write, "query")) == *query)
			json_array_append_new(given, json_pack("{s:O, s:O}", "id",
							       json_object_get(write, "id"), "j",
							       json_object_get(write, "j")));
	}
	arena_defer(&p->rq->arena, js_free, given);
	return op_text(&p->rq->arena, (const struct json_t *)given);
}

/* The rows' new versions go to the answers of those who wrote them, which wait no longer. */
static void note_versions(struct pusher *p, int query, const struct rows *rows)
{
	for (size_t i = json_array_size(writes_of(p)); i-- > 0;) {
		const json_t *write = json_array_get(writes_of(p), i);

		if (json_integer_value(json_object_get(write, "query")) != query)
			continue;
		for (int row = 0; row < rows_count(rows); row++)
			if (!strcmp(rows_at(rows, row, 0), js_text(write, "id")))
				json_object_set_new(
					json_object_get(write, "answer"), "v",
					json_integer(strtoll(rows_at(rows, row, 1), NULL, 10)));
		json_array_remove(writes_of(p), i);
	}
}

enum err current_flush(struct pusher *p)
{
	struct rows *rows;
	int query;
	enum err e;

	while (json_array_size(writes_of(p))) {
		const char *writes = next_writes(p, &query);

		if ((e = db_run(p->db, &p->rq->arena, (enum query)query, &writes, &rows)))
			return e;
		note_versions(p, query, rows);
	}
	return OK;
}
