#include "fieldapi/operations.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "fieldapi/ops.h"

static json_t *words_of(const char *words)
{
	json_t *list = json_array();

	for (struct str rest = str_of(words); rest.at;) {
		struct str word = str_cut(&rest, '|');

		json_array_append_new(list, json_stringn(word.at, word.length));
	}
	return list;
}

static json_t *field_of(const struct op_field *f)
{
	bool is_fact = f->policy == POLICY_NONE;
	json_t *field =
		json_pack("{s:s, s:s, s:b, s:s, s:s?}", "name", f->name, "type", kind_name(f->kind),
			  "required", (f->flags & REQUIRED) != 0, "policy", policy_name(f->policy),
			  "severity", is_fact ? NULL : severity_name(f->severity));

	if (f->min || f->max) {
		json_object_set_new(field, "min", json_integer(f->min));
		json_object_set_new(field, "max", json_integer(f->max));
	}
	if (f->words)
		json_object_set_new(field, "values", words_of(f->words));
	return field;
}

static json_t *operation_of(const struct op *op)
{
	json_t *fields = json_array();

	for (const struct op_field *f = op->fields; f->name; f++)
		json_array_append_new(fields, field_of(f));
	return json_pack("{s:s, s:s, s:s, s:o}", "op", op->name, "entity", op->table, "kind",
			 op->kind == OP_INSERT ? "insert" : "update", "fields", fields);
}

static enum err list(struct req *rq)
{
	json_t *all = json_array();
	const struct op *op;
	char *text;

	for (size_t i = 0; (op = op_at(i)); i++)
		json_array_append_new(all, operation_of(op));
	text = json_dumps(all, JSON_COMPACT);
	buf_printf(&rq->out, "{\"items\":%s}", text);
	rq->out_type = "application/json";
	free(text);
	json_decref(all);
	return OK;
}

const struct route operation_routes[] = {
	{ "GET", "/api/v1/sync/operations", ROLE_FIELD, list,
	  .summary = "What a tablet may do: each operation with its fields and who wins" },
	{ 0 },
};
