#include "fieldapi/apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/uuid.h"
#include "fieldapi/current.h"
#include "fieldapi/js.h"
#include "fieldapi/merge.h"

static const char *row_of(const json_t *m)
{
	return js_text(json_object_get(m, "row"), "id");
}

static const char *dump(struct arena *a, const json_t *value)
{
	return json_is_null(value) ? NULL : op_text(a, (const struct json_t *)value);
}

static json_t *new_values(const json_t *set)
{
	json_t *fields = json_object();
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)set, name, value)
		json_object_set(fields, name, json_object_get(value, "n"));
	return fields;
}

struct op_fault apply_check(const struct pusher *p, const struct json_t *mutation)
{
	const json_t *m = (const json_t *)mutation, *row = json_object_get(m, "row"),
		     *set = json_object_get(m, "set");
	const struct op *op = op_find(js_text(m, "op"));
	const char *id = js_text(row, "id"), *t = js_text(row, "t"), *by = js_text(m, "by");

	if (!op)
		return (struct op_fault){ "unknown_op", NULL };
	if (!id || !uuid_is_valid(id) || !t || !json_is_object(set))
		return (struct op_fault){ "malformed", NULL };
	if (strcmp(t, op->table))
		return (struct op_fault){ "wrong_table", NULL };
	if (by && strcmp(by, p->person))
		return (struct op_fault){ "another_author", NULL };
	return op_check(op, (const struct json_t *)set);
}

/* A conflict's row, as a statement returned it, in the answer. */
static void tell_conflict(const struct rows *rows, json_t *result)
{
	static const char *const names[] = { "id",     "field",     "base",      "mine",
					     "theirs", "theirs_by", "theirs_at", "chosen",
					     "policy", "severity",  "kind" };
	json_t *conflicts = json_object_get(result, "conflicts"), *told = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = rows_at(rows, 0, rows_column(rows, names[i]));

		json_object_set_new(told, names[i], text ? json_string(text) : json_null());
	}
	if (!conflicts) {
		conflicts = json_array();
		json_object_set_new(result, "conflicts", conflicts);
	}
	json_array_append_new(conflicts, told);
	json_object_set_new(result, "state", json_string("merged"));
}

/* Whether another fact denies this one: then both stand, and a person looks. */
static enum err review(struct pusher *p, const struct op *op, const json_t *m, json_t *result)
{
	const char *params[] = { p->device, js_text(m, "mid"), row_of(m) };
	struct rows *rows;
	enum err e;

	if (!op->review)
		return OK;
	if ((e = db_run(p->db, &p->rq->arena, (enum query)op->review, params, &rows)))
		return e;
	if (rows_count(rows))
		tell_conflict(rows, result);
	return OK;
}

static enum err insert(struct pusher *p, const struct op *op, const json_t *m, json_t *result)
{
	struct arena *a = &p->rq->arena;
	json_t *fields = new_values(json_object_get(m, "set"));
	const char *params[] = { row_of(m), dump(a, fields), js_text(m, "captured_at"), p->skew_s };
	struct rows *rows;
	enum err e = db_run(p->db, a, (enum query)op->query, params, &rows);
	int told;

	json_decref(fields);
	if (e)
		return e;
	if (!rows_count(rows))
		return ERR_INVALID;
	json_object_set_new(result, "v", json_integer(1));
	told = rows_column(rows, "told");
	if (told >= 0) {
		json_t *more = json_loads(rows_at(rows, 0, told), 0, NULL);

		json_object_update(result, more);
		json_decref(more);
	}
	return review(p, op, m, result);
}

/* Notes that two values met, in the database and in the answer. */
static enum err add_conflict(struct pusher *p, const struct op *op, const json_t *m,
			     const struct op_field *f, const char *current, const char *base,
			     const char *mine, const struct merged *merged, json_t *result)
{
	struct arena *a = &p->rq->arena;
	const char *params[] = { p->device,
				 js_text(m, "mid"),
				 arena_printf(a, "%d", op->number),
				 op->table,
				 row_of(m),
				 f->name,
				 base,
				 mine,
				 current,
				 merged->chosen,
				 policy_name(f->policy),
				 severity_name(merged->severity) };
	struct rows *rows;
	enum err e;

	if ((e = db_run(p->db, a, Q_PUSH_CONFLICT, params, &rows)))
		return e;
	tell_conflict(rows, result);
	return OK;
}

static enum err merge_fields(struct pusher *p, const struct op *op, const json_t *m,
			     const json_t *row, json_t *changes, json_t *result)
{
	struct arena *a = &p->rq->arena;
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(m, "set"), name, value)
	{
		const struct op_field *f = op_field(op, name);
		const json_t *o = json_object_get(value, "o");
		const char *current = js_text(row, name);
		const char *base = o ? op_text(a, (const struct json_t *)o) : NULL;
		const char *mine = op_text(a, (const struct json_t *)json_object_get(value, "n"));
		struct merged merged = merge_field(a, f, current, base, mine, p->author,
						   js_text(m, "captured_at"));
		enum err e;

		if (merged.is_changed)
			json_object_set_new(changes, name,
					    merged.value ? json_string(merged.value) : json_null());
		if (merged.is_conflict &&
		    (e = add_conflict(p, op, m, f, current, base, mine, &merged, result)))
			return e;
	}
	return OK;
}

static enum err update(struct pusher *p, const struct op *op, const json_t *m, json_t *result,
		       struct op_fault *refused)
{
	bool is_deleted = false;
	struct json_t *row;
	json_t *changes;
	enum err e;

	if ((e = current_row(p, op, row_of(m), &row)))
		return e;
	if (!row) {
		e = apply_is_deleted(p, (const struct json_t *)m, &is_deleted);
		refused->reason = is_deleted ? "edit_after_delete" : "not_found";
		return e;
	}
	changes = json_object();
	e = merge_fields(p, op, m, (const json_t *)row, changes, result);
	if (!e && json_object_size(changes))
		e = current_write(p, op, row_of(m), (const struct json_t *)changes,
				  (struct json_t *)result);
	json_decref(changes);
	return e;
}

enum err apply_mutation(struct pusher *p, const struct json_t *mutation, struct json_t *answer,
			struct op_fault *refused)
{
	const json_t *m = (const json_t *)mutation;
	const struct op *op = op_find(js_text(m, "op"));
	json_t *result = (json_t *)answer;

	*refused = (struct op_fault){ 0 };
	json_object_set_new(result, "state", json_string("applied"));
	return op->kind == OP_INSERT ? insert(p, op, m, result) : update(p, op, m, result, refused);
}

/* The row that must be there: the mutation's own, or the task that its fact belongs to. */
static void target_of(const json_t *m, const char **tbl, const char **id)
{
	const struct op *op = op_find(js_text(m, "op"));
	const json_t *task = json_object_get(json_object_get(m, "set"), "task_id");

	*tbl = NULL;
	*id = NULL;
	if (op && op->kind == OP_UPDATE) {
		*tbl = op->table;
		*id = row_of(m);
	} else if (op && task) {
		*tbl = "task";
		*id = js_text(task, "n");
	}
}

enum err apply_is_deleted(struct pusher *p, const struct json_t *mutation, bool *is_deleted)
{
	const char *params[2];
	struct rows *rows;
	enum err e;

	*is_deleted = false;
	target_of((const json_t *)mutation, &params[0], &params[1]);
	if (!params[1] || !uuid_is_valid(params[1]))
		return OK;
	if (!(e = db_run(p->db, &p->rq->arena, Q_PUSH_DELETED, params, &rows)))
		*is_deleted = rows_count(rows) > 0;
	return e;
}

enum err apply_deleted(struct pusher *p, const struct json_t *mutation, struct json_t *answer)
{
	struct arena *a = &p->rq->arena;
	const json_t *m = (const json_t *)mutation;
	const struct op *op = op_find(js_text(m, "op"));
	json_t *fields = new_values(json_object_get(m, "set"));
	const char *tbl, *target, *mine = dump(a, fields);
	struct rows *rows;
	enum err e;

	json_decref(fields);
	target_of(m, &tbl, &target);
	{
		const char *params[] = { p->device,
					 js_text(m, "mid"),
					 arena_printf(a, "%d", op->number),
					 row_of(m),
					 mine,
					 tbl,
					 target };

		e = db_run(p->db, a, Q_PUSH_CONFLICT_DELETED, params, &rows);
	}
	if (!e && rows_count(rows))
		tell_conflict(rows, (json_t *)answer);
	return e;
}
