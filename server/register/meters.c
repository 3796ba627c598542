#include "register/meters.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "auth/ask.h"
#include "db/rows.h"
#include "register/lines.h"

enum {
	FILE_BYTES_MAX = 2 * 1024 * 1024,
	FILE_CHARACTERS_MAX = 1900000,
	LINE_TOLD_MAX = 200,               /* bytes of a rejected line that are told back */
	LINES_JSON_MAX = 16 * 1024 * 1024, /* all lines as the database gets them */
};

static const struct input list_inputs[] = {
	{ "place", IN_UUID, QUERY },
	{ "kind", IN_CODE, QUERY, .max = 20 },
	{ "q", IN_TEXT, QUERY, .max = 100 },
	{ "flagged", IN_BOOL, QUERY },
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input place_meters_inputs[] = {
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input add_inputs[] = {
	{ "place", IN_UUID, 0 },
	{ "component", IN_UUID, 0 },
	{ "kind", IN_CODE, REQUIRED, .max = 20 },
	{ "unit", IN_TEXT, REQUIRED, .max = 20 },
	{ "serial", IN_TEXT, REQUIRED, .max = 60 },
	{ "name", IN_TEXT, 0, .max = 200 },
	{ "digits", IN_INT, 0, .max = 12, .min = 3 },
	{ "factor", IN_NUMBER, 0 },
	{ "heat_share", IN_NUMBER, 0 },
	{ "station", IN_TEXT, 0, .max = 20 },
	{ "installed_on", IN_DATE, 0 },
	{ "start_value", IN_NUMBER, 0 },
	{ 0 },
};

static const struct input change_inputs[] = {
	{ "row_v", IN_INT, REQUIRED, .min = 1 },
	{ "place", IN_UUID, 0 },
	{ "component", IN_UUID, 0 },
	{ "kind", IN_CODE, 0, .max = 20 },
	{ "unit", IN_TEXT, 0, .max = 20 },
	{ "serial", IN_TEXT, 0, .max = 60 },
	{ "name", IN_TEXT, 0, .max = 200 },
	{ "digits", IN_INT, 0, .max = 12, .min = 3 },
	{ "factor", IN_NUMBER, 0 },
	{ "heat_share", IN_NUMBER, 0 },
	{ "station", IN_TEXT, 0, .max = 20 },
	{ "installed_on", IN_DATE, 0 },
	{ "removed_on", IN_DATE, 0 },
	{ 0 },
};

static const struct input swap_inputs[] = {
	{ "at", IN_TIME, 0 },
	{ "end_value", IN_NUMBER, REQUIRED },
	{ "serial", IN_TEXT, REQUIRED, .max = 60 },
	{ "start_value", IN_NUMBER, 0 },
	{ "digits", IN_INT, 0, .max = 12, .min = 3 },
	{ "factor", IN_NUMBER, 0 },
	{ 0 },
};

static const struct input reading_inputs[] = {
	{ "id", IN_UUID, 0 },
	{ "at", IN_TIME, 0 },
	{ "value", IN_NUMBER, REQUIRED },
	{ "note", IN_TEXT, 0, .max = 1000 },
	{ 0 },
};

static const struct input correct_inputs[] = {
	{ "value", IN_NUMBER, REQUIRED },
	{ "at", IN_TIME, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 },
	{ 0 },
};

static const struct input page_inputs[] = {
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct input consumption_inputs[] = {
	{ "from", IN_DATE, QUERY },
	{ "to", IN_DATE, QUERY },
	{ "by", IN_CODE, QUERY, .max = 10 },
	{ 0 },
};

static const struct input months_inputs[] = {
	{ "station", IN_TEXT, QUERY | REQUIRED, .max = 20 },
	{ "from", IN_DATE, QUERY },
	{ "to", IN_DATE, QUERY },
	{ 0 },
};

static const struct input file_inputs[] = {
	{ "text", IN_TEXT, REQUIRED, .max = FILE_CHARACTERS_MAX },
	{ 0 },
};

static const char *limit_of(const struct req *rq)
{
	return req_value(rq, "limit") ? req_value(rq, "limit") : "50";
}

static enum err list(struct req *rq)
{
	const char *params[] = { req_value(rq, "place"), req_value(rq, "kind"),
				 req_value(rq, "q"),     req_value(rq, "flagged"),
				 limit_of(rq),           req_value(rq, "after") };

	return ask_reply(rq, rq->audience == 't' ? Q_METER_LIST_MINE : Q_METER_LIST, params);
}

static enum err list_at_place(struct req *rq)
{
	const char *params[] = {
		rq->ids[0], NULL, NULL, NULL, limit_of(rq), req_value(rq, "after")
	};

	return ask_reply(rq, Q_METER_LIST, params);
}

/* The meter and its first reading, in one transaction. */
static enum err add(struct req *rq)
{
	const char *params[] = { rq->body.at }, *start[] = { NULL, rq->body.at };
	struct rows *rows = NULL;
	struct db *db;
	enum err e;

	if (!req_value(rq, "place") && !req_value(rq, "component")) {
		req_fault(rq, "/place", "place or component");
		return ERR_INVALID;
	}
	if ((e = ask_begin(rq, &db)))
		return e;
	e = db_run(db, &rq->arena, Q_METER_ADD, params, &rows);
	if (!e) {
		start[0] = rows_at(rows, 0, 0);
		e = db_run(db, &rq->arena, Q_METER_START, start, NULL);
	}
	if (!e)
		e = db_commit(db);
	if (e) {
		ask_failed(rq, db, e);
		db_rollback(db);
		db_give(db);
		return e;
	}
	db_give(db);
	rows_object(rows, 0, &rq->out);
	rq->out_type = "application/json";
	rq->status = 201;
	return OK;
}

static enum err readings(struct req *rq)
{
	const char *params[] = { rq->ids[0], limit_of(rq), req_value(rq, "after") };

	return ask_reply(rq, rq->audience == 't' ? Q_READING_LIST_MINE : Q_READING_LIST, params);
}

/* Where it comes from follows from who asks: nobody calls a guess automatic. */
static enum err add_reading(struct req *rq)
{
	const char *source = rq->audience == 't'   ? "tenant"
			     : rq->audience == 'f' ? "tablet"
						   : "manual";
	const char *params[] = { rq->ids[0], source, rq->body.at };

	return ask_reply(rq, Q_READING_ADD, params);
}

static enum err accept(struct req *rq)
{
	enum err e = ask_reply(rq, Q_READING_ACCEPT, rq->ids);

	rq->status = 200;
	return e;
}

static enum err consumption(struct req *rq)
{
	const char *by = req_value(rq, "by");
	const char *params[] = { rq->ids[0], req_value(rq, "from"), req_value(rq, "to"), by };

	if (by && strcmp(by, "day") && strcmp(by, "month")) {
		req_fault(rq, "?by", "day, month");
		return ERR_INVALID;
	}
	return ask_reply(rq, Q_METER_CONSUMPTION, params);
}

static void write_member(struct buf *to, const char *name, struct str value)
{
	buf_printf(to, ",\"%s\":", name);
	buf_json(to, value.at, value.length);
}

/* Begins a line's object; a line with a fault is told with it and the text it had. */
static void open_line(struct buf *to, const struct line *line, enum line_fault fault)
{
	struct str text = line->text;

	if (text.length > LINE_TOLD_MAX)
		text.length = LINE_TOLD_MAX;
	buf_printf(to, "%s{\"line\":%d", to->length > 1 ? "," : "", line->number);
	if (fault) {
		write_member(to, "text", text);
		write_member(to, "reason", str_of(line_fault_name(fault)));
	}
}

static void write_reading(struct buf *to, const struct line *line)
{
	char number[LINE_NUMBER_TEXT] = "", at[LINE_TIME_TEXT] = "";
	enum line_fault fault = line->fault;
	bool has_offset = false;

	if (!fault)
		fault = line_time(line->cells[1], at, &has_offset);
	if (!fault)
		fault = line_number(line->cells[2], number);
	if (!fault && number[0] == '-')
		fault = LINE_NEGATIVE;
	open_line(to, line, fault);
	if (!fault) {
		write_member(to, "text", line->text);
		write_member(to, "serial", line->cells[0]);
		write_member(to, "at", str_of(at));
		buf_printf(to, ",\"has_offset\":%s,\"value\":%s", has_offset ? "true" : "false",
			   number);
	}
	buf_char(to, '}');
}

static void write_temperature(struct buf *to, const struct line *line)
{
	char number[LINE_NUMBER_TEXT] = "", day[LINE_TIME_TEXT] = "";
	enum line_fault fault = line->fault;

	if (!fault)
		fault = line_day(line->cells[1], day);
	if (!fault)
		fault = line_number(line->cells[2], number);
	open_line(to, line, fault);
	if (!fault) {
		write_member(to, "text", line->text);
		write_member(to, "station", line->cells[0]);
		write_member(to, "day", str_of(day));
		buf_printf(to, ",\"mean\":\"%s\"", number);
	}
	buf_char(to, '}');
}

/* Reads the file line by line; what cannot be read is answered with its line and why, the rest is
 * one statement. */
static enum err take_file(struct req *rq, enum query q,
			  void (*write)(struct buf *to, const struct line *line))
{
	struct str text = str_of(req_value(rq, "text"));
	const char *params[1];
	struct lines lines;
	struct line line;
	struct buf json;
	enum err e;

	buf_init(&json, LINES_JSON_MAX);
	buf_char(&json, '[');
	lines_init(&lines, text);
	while (lines_next(&lines, &line))
		if (!line_is_heading(&line))
			write(&json, &line);
	buf_char(&json, ']');
	if (json.is_full) {
		buf_release(&json);
		return req_fail(rq, ERR_TOO_LARGE, "too many lines");
	}
	params[0] = json.at;
	e = ask_reply(rq, q, params);
	buf_release(&json);
	rq->status = 200;
	return e;
}

static enum err take_readings(struct req *rq)
{
	return take_file(rq, Q_READING_FILE, write_reading);
}

static enum err take_temperatures(struct req *rq)
{
	return take_file(rq, Q_DEGREE_DAY_FILE, write_temperature);
}

const struct route meter_routes[] = {
	{ "GET", "/api/v1/meters", ROLE_ANY_PERSON, list, list_inputs,
	  .summary = "Meters by place, kind, words; a tenant's own" },
	{ "POST", "/api/v1/meters", ROLE_OFFICE, add, add_inputs, .summary = "Put up a meter" },
	{ "GET", "/api/v1/meters/{id}", ROLE_OFFICE | ROLE_FIELD, .query = Q_METER_GET,
	  .summary = "A meter" },
	{ "PATCH", "/api/v1/meters/{id}", ROLE_OFFICE, .inputs = change_inputs,
	  .query = Q_METER_CHANGE, .summary = "Change a meter" },
	{ "POST", "/api/v1/meters/{id}/replace", ROLE_OFFICE, .inputs = swap_inputs,
	  .query = Q_METER_SWAP, .summary = "A new meter where an old one hung" },
	{ "GET", "/api/v1/meters/{id}/readings", ROLE_ANY_PERSON, readings, page_inputs,
	  .summary = "Readings of a meter, the newest first" },
	{ "POST", "/api/v1/meters/{id}/readings", ROLE_ANY_PERSON, add_reading, reading_inputs,
	  .summary = "Take a reading; an implausible one is kept and flagged" },
	{ "GET", "/api/v1/meters/{id}/consumption", ROLE_ANY_PERSON, consumption,
	  consumption_inputs,
	  .summary = "Consumption by day or month, months corrected for the weather" },
	{ "GET", "/api/v1/places/{id}/meters", ROLE_OFFICE | ROLE_FIELD, list_at_place,
	  place_meters_inputs, .summary = "Meters at a place or in a building" },
	{ "GET", "/api/v1/meter-readings/flagged", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_READING_FLAGGED, .summary = "Readings that wait for a decision" },
	{ "POST", "/api/v1/meter-readings/{id}/accept", ROLE_OFFICE, accept,
	  .summary = "Say that an implausible reading is right" },
	{ "POST", "/api/v1/meter-readings/{id}/correct", ROLE_OFFICE, .inputs = correct_inputs,
	  .query = Q_READING_CORRECT, .summary = "Write what a reading should have been" },
	{ "POST", "/api/v1/meter-readings/file", ROLE_OFFICE, take_readings, file_inputs,
	  .summary = "Readings of a file: meter;time;value a line", .body_max = FILE_BYTES_MAX },
	{ "POST", "/api/v1/degree-days", ROLE_OFFICE, take_temperatures, file_inputs,
	  .summary = "Mean temperatures of a file: station;day;degrees a line",
	  .body_max = FILE_BYTES_MAX },
	{ "GET", "/api/v1/degree-days", ROLE_OFFICE, .inputs = months_inputs,
	  .query = Q_DEGREE_DAY_MONTHS, .summary = "Degree days of a station by month" },
	{ 0 },
};
