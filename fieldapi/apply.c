#include "fieldapi/apply.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/uuid.h"
#include "fieldapi/ops.h"

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

const char *json_scalar(struct arena *a, const struct json_t *given, bool *is_scalar)
{
	const json_t *value = (const json_t *)given;

	*is_scalar = true;
	switch (json_typeof(value)) {
	case JSON_STRING:
		return json_string_value(value);
	case JSON_INTEGER:
		return arena_printf(a, "%lld", (long long)json_integer_value(value));
	case JSON_REAL:
		return arena_printf(a, "%.17g", json_real_value(value));
	case JSON_TRUE:
		return "t";
	case JSON_FALSE:
		return "f";
	case JSON_NULL:
		return NULL;
	default:
		*is_scalar = false;
		return NULL;
	}
}

static void free_text(void *text)
{
	free(text);
}

static const char *dump(struct arena *a, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	arena_defer(a, free_text, text);
	return text;
}

/* Every field must be one that the operation may set, as {"o": …, "n": …} of scalars. */
static const char *check_fields(struct arena *a, const struct op *op, const json_t *set)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)set, name, value)
	{
		bool is_scalar = false;
		const json_t *n = json_object_get(value, "n");

		if (!op_field(op, name))
			return "unknown_field";
		if (n)
			json_scalar(a, (const struct json_t *)n, &is_scalar);
		if (!is_scalar)
			return "malformed";
	}
	return NULL;
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

static enum err insert(struct pusher *p, const struct op *op, const json_t *m, json_t *result)
{
	struct arena *a = &p->rq->arena;
	json_t *fields = new_values(json_object_get(m, "set"));
	const char *params[] = { text_of(json_object_get(m, "row"), "id"), dump(a, fields),
				 text_of(m, "captured_at") };
	struct rows *rows;
	enum err e = db_run(p->db, a, (enum query)op->query, params, &rows);

	json_decref(fields);
	if (e)
		return e;
	json_object_set_new(result, "v", json_integer(1));
	return rows_count(rows) ? OK : ERR_INVALID;
}

/* Notes that two values met, in the database and in the answer. */
static enum err add_conflict(struct pusher *p, const json_t *m, const struct op_field *f,
			     const char *current, const char *base, const char *mine,
			     const struct merged *merged, json_t *conflicts)
{
	struct arena *a = &p->rq->arena;
	const char *params[] = { p->device,
				 text_of(m, "mid"),
				 text_of(json_object_get(m, "row"), "id"),
				 f->name,
				 base,
				 mine,
				 current,
				 merged->chosen,
				 policy_name(f->policy),
				 merged->is_open ? "open" : "resolved" };
	struct rows *rows;
	enum err e;

	if ((e = db_run(p->db, a, Q_PUSH_CONFLICT, params, &rows)))
		return e;
	json_array_append_new(conflicts,
			      json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:s, s:s, s:s}", "id",
					rows_at(rows, 0, 0), "field", f->name, "base", base, "mine",
					mine, "theirs", current, "theirs_by", rows_at(rows, 0, 1),
					"theirs_at", rows_at(rows, 0, 2), "chosen", merged->chosen,
					"policy", policy_name(f->policy)));
	return OK;
}

static enum err merge_fields(struct pusher *p, const struct op *op, const json_t *m,
			     const struct rows *now_is, json_t *changes, json_t *conflicts)
{
	struct arena *a = &p->rq->arena;
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(m, "set"), name, value)
	{
		const struct op_field *f = op_field(op, name);
		const json_t *o = json_object_get(value, "o");
		bool is_scalar;
		const char *current = rows_at(now_is, 0, rows_column(now_is, name));
		const char *base = o ? json_scalar(a, (const struct json_t *)o, &is_scalar) : NULL;
		const char *mine = json_scalar(
			a, (const struct json_t *)json_object_get(value, "n"), &is_scalar);
		struct merged merged = merge_field(a, f->policy, current, base, mine, p->author,
						   text_of(m, "captured_at"));
		enum err e;

		if (merged.is_changed)
			json_object_set_new(changes, name,
					    merged.value ? json_string(merged.value) : json_null());
		if (merged.is_conflict &&
		    (e = add_conflict(p, m, f, current, base, mine, &merged, conflicts)))
			return e;
	}
	return OK;
}

static enum err update(struct pusher *p, const struct op *op, const json_t *m, json_t *result,
		       const char **refused)
{
	struct arena *a = &p->rq->arena;
	const char *id = text_of(json_object_get(m, "row"), "id");
	json_t *changes, *conflicts;
	struct rows *rows;
	enum err e;

	if ((e = db_run(p->db, a, Q_PUSH_TASK_NOW, &id, &rows)))
		return e;
	if (!rows_count(rows)) {
		*refused = "not_found";
		return OK;
	}
	changes = json_object();
	conflicts = json_array();
	e = merge_fields(p, op, m, rows, changes, conflicts);
	if (!e && json_object_size(changes)) {
		const char *params[] = { id, dump(a, changes) };

		e = db_run(p->db, a, Q_PUSH_TASK_SET, params, &rows);
	}
	if (!e && rows_count(rows))
		json_object_set_new(result, "v",
				    json_integer(strtoll(rows_at(rows, 0, 0), NULL, 10)));
	if (json_array_size(conflicts)) {
		json_object_set_new(result, "state", json_string("merged"));
		json_object_set(result, "conflicts", conflicts);
	}
	json_decref(changes);
	json_decref(conflicts);
	return e;
}

enum err apply_mutation(struct pusher *p, struct json_t *mutation, struct json_t *answer,
			const char **refused)
{
	const json_t *m = (const json_t *)mutation, *row = json_object_get(m, "row");
	const struct op *op = op_find(text_of(m, "op"));
	const char *id = text_of(row, "id"), *by = text_of(m, "by");
	json_t *result = (json_t *)answer;

	*refused = NULL;
	json_object_set_new(result, "state", json_string("applied"));
	if (!op)
		*refused = "unknown_op";
	else if (!id || !uuid_is_valid(id) || !text_of(row, "t") ||
		 !json_is_object(json_object_get(m, "set")))
		*refused = "malformed";
	else if (strcmp(text_of(row, "t"), op->table))
		*refused = "wrong_table";
	else if (by && strcmp(by, p->person))
		*refused = "another_author";
	else
		*refused = check_fields(&p->rq->arena, op, json_object_get(m, "set"));
	if (*refused)
		return OK;
	return op->kind == OP_INSERT ? insert(p, op, m, result) : update(p, op, m, result, refused);
}
