#include "register/components.h"

#include <string.h>

#include "auth/ask.h"
#include "db/rows.h"
#include "register/tfm.h"

static void write_part(struct buf *to, const char *name, struct str part)
{
	buf_printf(to, ",\"%s\":", name);
	if (part.length)
		buf_json(to, part.at, part.length);
	else
		buf_text(to, "null");
}

/* What the mark says, and what is odd about it. */
static void write_hint(struct buf *to, const char *tag, const char *element)
{
	struct tfm t = tfm_parse(tag);

	buf_printf(to, "{\"variant\":\"%s\"", tfm_variant_name(t.variant));
	write_part(to, "location", t.location);
	write_part(to, "system", t.system);
	write_part(to, "component", t.component);
	write_part(to, "type", t.type);
	if (!t.hint && !tfm_fits_element(&t, element))
		t.hint = "tfm_element";
	write_part(to, "hint", str_of(t.hint));
	buf_char(to, '}');
}

/* A component with `tag_hint`. */
static enum err answer(struct req *rq, enum query q, const char *const *params)
{
	struct rows *rows;
	const char *tag;
	enum err e;

	if ((e = ask_rows(rq, q, params, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	rows_object(rows, 0, &rq->out);
	if (!rq->out.is_full) {
		rq->out.length--; /* the object goes on */
		tag = rows_at(rows, 0, rows_column(rows, "tag"));
		buf_text(&rq->out, ",\"tag_hint\":");
		if (tag)
			write_hint(&rq->out, tag, rows_at(rows, 0, rows_column(rows, "element")));
		else
			buf_text(&rq->out, "null");
		buf_char(&rq->out, '}');
	}
	rq->out_type = "application/json";
	return OK;
}

static const struct input get_inputs[] = {
	{ "at", IN_MOMENT, QUERY },
	{ 0 },
};

static enum err get(struct req *rq)
{
	const char *at = req_value(rq, "at");
	const char *params[] = { rq->ids[0], at };

	if (rq->audience != 'o')
		return at ? req_fail(rq, ERR_FORBIDDEN, "how it was is for the office")
			  : ask_reply(rq, Q_COMPONENT_GET, params);
	return answer(rq, at ? Q_REGISTER_COMPONENT_AT : Q_REGISTER_COMPONENT, params);
}

#define COMPONENT_FIELDS(name_flags)                                                               \
	{ "name", IN_TEXT, name_flags, .max = 200 }, { "element", IN_CODE, 0, .max = 4 },          \
		{ "tag", IN_TEXT, 0, .max = 100 }, { "maker", IN_TEXT, 0, .max = 200 },            \
		{ "model", IN_TEXT, 0, .max = 200 }, { "serial", IN_TEXT, 0, .max = 200 },         \
		{ "installed_on", IN_DATE, 0 },                                                    \
		{ "service_life_years", IN_INT, 0, .max = 500, .min = 1 },                         \
		{ "quantity", IN_NUMBER, 0 }, { "unit", IN_TEXT, 0, .max = 20 },                   \
		{ "replacement_cost_ore", IN_INT, 0, .max = 1000000000000L },                      \
		{ "warranty_until", IN_DATE, 0 }, { "code", IN_CODE, 0, .max = 8 },                \
		{ "geometry", IN_JSON, 0 }, { "parent_id", IN_UUID, 0 },                           \
		{ "note", IN_TEXT, 0, .max = 4000 },                                               \
	{                                                                                          \
		"valid_from", IN_MOMENT, 0                                                         \
	}

static const struct input add_inputs[] = {
	{ "id", IN_UUID, 0 },
	{ "place_id", IN_UUID, REQUIRED },
	COMPONENT_FIELDS(REQUIRED),
	{ 0 },
};

static const struct input change_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "base", IN_JSON, 0 },
	COMPONENT_FIELDS(0),
	{ 0 },
};

static const struct input remove_inputs[] = {
	{ "row_v", IN_INT, QUERY | REQUIRED, .min = 1 },
	{ "valid_from", IN_MOMENT, QUERY },
	{ 0 },
};

static enum err add(struct req *rq)
{
	const char *params[] = { rq->body.at };

	rq->status = 201;
	return answer(rq, Q_REGISTER_COMPONENT_ADD, params);
}

static enum err change(struct req *rq)
{
	const char *params[] = { rq->ids[0], rq->body.at };

	return answer(rq, Q_REGISTER_COMPONENT_CHANGE, params);
}

static const struct input move_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "place_id", IN_UUID, REQUIRED },
	{ "parent_id", IN_UUID, 0 },
	{ "valid_from", IN_MOMENT, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 },
	{ 0 },
};

static enum err move(struct req *rq)
{
	const char *params[] = { rq->ids[0], rq->body.at };

	return answer(rq, Q_REGISTER_COMPONENT_MOVE, params);
}

static enum err restore(struct req *rq)
{
	const char *params[] = { rq->ids[0] };

	return answer(rq, Q_REGISTER_COMPONENT_RESTORE, params);
}

const struct route component_routes[] = {
	{ "GET", "/api/v1/components/{id}", ROLE_OFFICE | ROLE_FIELD, get, get_inputs,
	  .summary = "A component; for the office with what its mark says, and the past" },
	{ "POST", "/api/v1/components", ROLE_OFFICE, add, add_inputs,
	  .summary = "Make a component; geometry is a GeoJSON point in EPSG:25832" },
	{ "PATCH", "/api/v1/components/{id}", ROLE_OFFICE, change, change_inputs,
	  .summary = "Change a component; merged by field with base, 409 with conflicts" },
	{ "DELETE", "/api/v1/components/{id}", ROLE_OFFICE, .inputs = remove_inputs,
	  .query = Q_REGISTER_COMPONENT_REMOVE,
	  .summary = "Remove a component with its parts; 409 with used_by" },
	{ "POST", "/api/v1/components/{id}/restore", ROLE_OFFICE, restore,
	  .summary = "Bring back a removed component" },
	{ "POST", "/api/v1/components/{id}/move", ROLE_OFFICE, move, move_inputs,
	  .summary = "Move a component, with its parts" },
	{ 0 },
};
