#include "fieldapi/hold.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fieldapi/js.h"

static const char *group_of(const json_t *m)
{
	const char *grp = js_text(m, "grp");

	return grp ? grp : js_text(m, "mid");
}

static const char *row_of(const json_t *m)
{
	return js_text(json_object_get(m, "row"), "id");
}

static void add_waiting(struct hold *h, const char *mid, long long seq, const char *grp,
			const char *row)
{
	json_array_append_new((json_t *)h->waiting,
			      json_pack("{s:s, s:I, s:s, s:s?}", "mid", mid, "seq", (json_int_t)seq,
					"grp", grp, "row", row));
}

static enum err learn_needs(struct hold *h, struct pusher *p, const json_t *needs)
{
	struct arena *a = &p->rq->arena;
	const char *text = op_text(a, (const struct json_t *)needs);
	struct rows *rows;
	enum err e;

	if (!json_array_size(needs))
		return OK;
	if ((e = db_run(p->db, a, Q_PUSH_NEEDS, &text, &rows)))
		return e;
	for (int i = 0; i < rows_count(rows); i++)
		json_object_set_new((json_t *)h->known, rows_at(rows, i, 0), json_true());
	return OK;
}

enum err hold_learn(struct hold *h, struct pusher *p, const struct json_t *mutations)
{
	struct arena *a = &p->rq->arena;
	json_t *needs = json_array(), *m;
	struct rows *rows;
	size_t i;
	enum err e;

	h->waiting = (struct json_t *)json_array();
	h->known = (struct json_t *)json_object();
	arena_defer(a, js_free, h->waiting);
	arena_defer(a, js_free, h->known);
	arena_defer(a, js_free, needs);
	json_array_foreach((const json_t *)mutations, i, m)
	{
		if (json_is_array(json_object_get(m, "needs")))
			json_array_extend(needs, json_object_get(m, "needs"));
	}
	if ((e = db_run(p->db, a, Q_PUSH_WAITING, &p->device, &rows)))
		return e;
	for (int row = 0; row < rows_count(rows); row++)
		add_waiting(h, rows_at(rows, row, 0), strtoll(rows_at(rows, row, 1), NULL, 10),
			    rows_at(rows, row, 2), rows_at(rows, row, 3));
	return learn_needs(h, p, needs);
}

static bool is_in_group(const json_t *group, const char *mid)
{
	json_t *m;
	size_t i;

	json_array_foreach(group, i, m)
	{
		if (!strcasecmp(js_text(m, "mid"), mid))
			return true;
	}
	return false;
}

/* Whether an earlier one that is held itself concerns `m`: by its name, its row or its group. */
static const char *held_before(const struct hold *h, const json_t *m)
{
	long long seq = json_integer_value(json_object_get(m, "seq"));
	const char *row = row_of(m);
	json_t *held;
	size_t i;

	json_array_foreach((const json_t *)h->waiting, i, held)
	{
		const char *held_row = js_text(held, "row");

		if (json_integer_value(json_object_get(held, "seq")) < seq &&
		    ((row && held_row && !strcasecmp(row, held_row)) ||
		     !strcasecmp(js_text(held, "grp"), group_of(m))))
			return js_text(held, "mid");
	}
	return NULL;
}

static bool is_waiting(const struct hold *h, const char *mid)
{
	return is_in_group((const json_t *)h->waiting, mid);
}

static const char *missing_need(const struct hold *h, const json_t *group, const json_t *m,
				long long oldest)
{
	bool is_gap_final = oldest >= json_integer_value(json_object_get(m, "seq"));
	json_t *need;
	size_t i;

	json_array_foreach(json_object_get(m, "needs"), i, need)
	{
		const char *mid = json_string_value(need);

		if (is_in_group(group, mid))
			continue;
		if (is_waiting(h, mid) ||
		    (!json_object_get((const json_t *)h->known, mid) && !is_gap_final))
			return mid;
	}
	return NULL;
}

const char *hold_blocker(const struct hold *h, const struct json_t *given, long long oldest)
{
	const json_t *group = (const json_t *)given;
	const char *blocker;
	json_t *m;
	size_t i;

	json_array_foreach(group, i, m)
	{
		if ((blocker = held_before(h, m)) || (blocker = missing_need(h, group, m, oldest)))
			return blocker;
	}
	return NULL;
}

void hold_note(struct hold *h, const struct json_t *group, bool is_held)
{
	json_t *m;
	size_t i;

	json_array_foreach((const json_t *)group, i, m)
	{
		json_object_set_new((json_t *)h->known, js_text(m, "mid"), json_true());
		if (is_held)
			add_waiting(h, js_text(m, "mid"),
				    json_integer_value(json_object_get(m, "seq")), group_of(m),
				    row_of(m));
	}
}

enum err hold_aside(struct pusher *p, const char *reason, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";
	struct arena *a = &p->rq->arena;
	char *hex = arena_alloc(a, bytes.length * 2 + 1);
	const char *params[] = { p->device, reason, hex };

	for (size_t i = 0; i < bytes.length; i++) {
		hex[2 * i] = digits[(uint8_t)bytes.at[i] >> 4];
		hex[2 * i + 1] = digits[(uint8_t)bytes.at[i] & 15];
	}
	hex[bytes.length * 2] = '\0';
	return db_run(p->db, a, Q_PUSH_ASIDE, params, NULL);
}
