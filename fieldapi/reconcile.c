#include "fieldapi/reconcile.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/uuid.h"
#include "fieldapi/js.h"

enum { NAME_MAX_BYTES = 40, KEY_BYTES = 96 };

static const char *const members[] = { "digests", "slots", "rows" };

/* Names go back into an answer as they came. */
static bool is_name(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-:/");

	return length && !text[length] && length < 2 * (size_t)NAME_MAX_BYTES;
}

static bool read_sum(const json_t *said, struct digest *d)
{
	json_int_t count = json_integer_value(json_array_get(said, 0));
	const char *lanes = json_string_value(json_array_get(said, 1));

	if (json_array_size(said) != 2 || count < 0 || count > UINT32_MAX || !lanes)
		return false;
	d->count = (uint32_t)count;
	return digest_parse(lanes, d);
}

static int read_slot(const char *text)
{
	struct digest d;
	char wide[DIGEST_TEXT];

	if (strlen(text) != 2)
		return -1;
	snprintf(wide, sizeof(wide), "00000000000000%s", text);
	return digest_parse(wide, &d) ? (int)d.b : -1;
}

static bool are_slots_good(json_t *said)
{
	const char *slot;
	json_t *sum;
	struct digest d;

	if (!json_is_object(said))
		return false;
	json_object_foreach(said, slot,
			    sum) if (read_slot(slot) < 0 || !read_sum(sum, &d)) return false;
	return true;
}

static void set_key(char key[KEY_BYTES], const char *t, const char *id)
{
	snprintf(key, KEY_BYTES, "%s %s", t, id);
}

/* Notes one row that the tablet has. */
static bool list_row(struct reconcile_part *part, int slot, const json_t *row)
{
	const char *t = json_string_value(json_array_get(row, 0));
	const char *id = json_string_value(json_array_get(row, 1));
	const char *lanes = json_string_value(json_array_get(row, 2));
	struct digest d;
	char key[KEY_BYTES];

	if (!t || !id || !lanes || !is_name(t) || strlen(t) > NAME_MAX_BYTES ||
	    digest_slot(id) != slot || !digest_parse(lanes, &d))
		return false;
	set_key(key, t, id);
	return !json_object_set_new(part->listed, key, json_string(lanes));
}

static bool list_rows(struct reconcile_part *part, size_t *left)
{
	const char *name;
	json_t *rows, *row;
	size_t i;

	if (!json_is_object(part->said))
		return false;
	json_object_foreach(part->said, name, rows)
	{
		int slot = read_slot(name);

		if (slot < 0 || !json_is_array(rows) || json_array_size(rows) > *left)
			return false;
		*left -= json_array_size(rows);
		json_array_foreach(rows, i, row) if (!list_row(part, slot, row)) return false;
	}
	return true;
}

static bool read_part(struct reconcile *r, struct reconcile_part *part, size_t *left)
{
	size_t sums = r->level == RECONCILE_SLOTS ? DIGEST_SLOTS : 1;
	struct digest d;

	if (!is_name(part->bucket))
		return false;
	part->sums = arena_alloc(r->arena, sums * sizeof(*part->sums));
	switch (r->level) {
	case RECONCILE_BUCKETS:
		return read_sum(part->said, &d);
	case RECONCILE_SLOTS:
		return are_slots_good(part->said);
	case RECONCILE_ROWS:
		break;
	}
	return list_rows(part, left);
}

static json_t *find_level(const json_t *body, struct reconcile *r)
{
	json_t *found = NULL;

	for (int i = RECONCILE_BUCKETS; i <= RECONCILE_ROWS; i++) {
		json_t *said = json_object_get(body, members[i]);

		if (!said)
			continue;
		if (found)
			return NULL;
		found = said;
		r->level = (enum reconcile_level)i;
	}
	return found;
}

const char *reconcile_read(struct arena *a, const struct json_t *body, struct reconcile *r)
{
	json_t *said;
	const char *bucket;
	json_t *value;
	size_t left = RECONCILE_ROWS_MAX, most;

	*r = (struct reconcile){ .arena = a };
	said = find_level(body, r);
	most = r->level == RECONCILE_BUCKETS ? RECONCILE_BUCKETS_MAX : RECONCILE_PARTS_MAX;
	if (!said)
		return "/digests";
	if (!json_is_object(said) || json_object_size(said) > most)
		return arena_printf(a, "/%s", members[r->level]);
	r->parts = arena_alloc(a, (json_object_size(said) + 1) * sizeof(*r->parts));
	json_object_foreach(said, bucket, value)
	{
		struct reconcile_part *part = &r->parts[r->count++];

		*part = (struct reconcile_part){ .bucket = bucket, .said = value };
		part->listed = json_object();
		arena_defer(a, js_free, part->listed);
		if (!read_part(r, part, &left))
			return arena_printf(a, "/%s/%zu", members[r->level], r->count - 1);
	}
	return NULL;
}

void reconcile_wanted(const struct reconcile *r, struct buf *to)
{
	buf_char(to, '[');
	for (size_t n = 0; n < r->count; n++) {
		const char *slot, *comma = "";
		json_t *value;

		buf_printf(to, "%s{\"b\":\"%s\",\"s\":", n ? "," : "", r->parts[n].bucket);
		if (r->level != RECONCILE_ROWS) {
			buf_text(to, "null}");
			continue;
		}
		buf_char(to, '[');
		json_object_foreach(r->parts[n].said, slot, value)
		{
			buf_printf(to, "%s%d", comma, read_slot(slot));
			comma = ",";
		}
		buf_text(to, "]}");
	}
	buf_char(to, ']');
}

bool reconcile_see(struct reconcile *r, size_t n, const char *t, const char *id,
		   const struct digest *row)
{
	struct reconcile_part *part = &r->parts[n];
	char key[KEY_BYTES], lanes[DIGEST_TEXT];
	const char *said;
	bool is_same;
	int slot;

	if (r->level == RECONCILE_BUCKETS) {
		digest_add(&part->sums[0], row);
		return false;
	}
	if (r->level == RECONCILE_SLOTS) {
		slot = digest_slot(id);
		digest_add(&part->sums[slot < 0 ? 0 : slot], row);
		return false;
	}
	set_key(key, t, id);
	digest_format(row, lanes);
	said = json_string_value(json_object_get(part->listed, key));
	is_same = said && !strcmp(said, lanes);
	json_object_del(part->listed, key);
	return !is_same;
}

static bool sum_differs(const json_t *said, const struct digest *mine)
{
	struct digest theirs = { 0 };

	if (said)
		read_sum(said, &theirs);
	return !digest_equals(&theirs, mine);
}

void reconcile_drop(struct reconcile *r, const char *bucket)
{
	for (size_t n = 0; n < r->count; n++)
		if (!strcmp(r->parts[n].bucket, bucket))
			r->parts[n].is_dropped = true;
}

bool reconcile_differs(const struct reconcile *r, size_t n)
{
	return !r->parts[n].is_dropped && sum_differs(r->parts[n].said, &r->parts[n].sums[0]);
}

void reconcile_slots(const struct reconcile *r, size_t n, struct buf *to)
{
	const char *comma = "";

	buf_char(to, '{');
	for (int slot = 0; slot < DIGEST_SLOTS; slot++) {
		const struct digest *mine = &r->parts[n].sums[slot];
		char name[4], lanes[DIGEST_TEXT];

		snprintf(name, sizeof(name), "%02x", (unsigned)slot & 0xff);
		if (!sum_differs(json_object_get(r->parts[n].said, name), mine))
			continue;
		digest_format(mine, lanes);
		buf_printf(to, "%s\"%s\":[%u,\"%s\"]", comma, name, mine->count, lanes);
		comma = ",";
	}
	buf_char(to, '}');
}
