#include "fieldapi/rights.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/uuid.h"
#include "fieldapi/js.h"

static void add_name(json_t *ids, json_t *id)
{
	if (json_is_string(id) && uuid_is_valid(json_string_value(id)))
		json_array_append(ids, id);
}

/* The rows that a mutation names: its own, and those that its fields refer to. */
static json_t *names_of(const json_t *m)
{
	json_t *ids = json_array(), *value;
	const char *field;

	add_name(ids, json_object_get(json_object_get(m, "row"), "id"));
	json_object_foreach(json_object_get(m, "set"), field, value)
		add_name(ids, json_object_get(value, "n"));
	return ids;
}

enum err rights_learn(struct pusher *p, const struct json_t *mutations, const char *const *times,
		      struct json_t **reasons)
{
	struct arena *a = &p->rq->arena;
	const json_t *all = (const json_t *)mutations;
	json_t *asked = js_array(a), *told = json_object(), *m;
	const char *params[] = { NULL, times || !p->skew_s ? "0" : p->skew_s };
	struct rows *rows;
	size_t i;
	enum err e;

	arena_defer(a, js_free, told);
	*reasons = (struct json_t *)told;
	json_array_foreach(all, i, m)
	{
		const char *at = times ? times[i] : js_text(m, "captured_at");

		json_array_append_new(asked, json_pack("{s:i, s:s, s:o}", "n", (int)i, "at", at,
						       "ids", names_of(m)));
	}
	params[0] = js_dump(a, asked, 0);
	if ((e = db_run(p->db, a, Q_PUSH_RIGHTS, params, &rows)))
		return e;
	for (int row = 0; row < rows_count(rows); row++) {
		m = json_array_get(all, strtoul(rows_at(rows, row, 0), NULL, 10));
		json_object_set_new(told, js_text(m, "mid"), json_string(rows_at(rows, row, 1)));
	}
	return OK;
}
