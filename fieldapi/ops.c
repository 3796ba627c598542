#include "fieldapi/ops.h"

#include <string.h>

#include "db/db.h"

enum {
	TITLE_CHARS = 200,
	TEXT_CHARS = 20000,
	NOTE_CHARS = 4000,
	NAME_CHARS = 200,
	LAYER_BYTES = 128 * 1024,
	VISITS_MAX = 100, /* in one mutation */
};

static const char states[] = "open|in_progress|waiting|done|cancelled";

/* What somebody wrote and the office's value stands against is never lost, and a person looks. */
#define OFFICE    .policy = POLICY_OFFICE, .severity = SEVERITY_HARD
#define KEEP_BOTH .policy = POLICY_KEEP_BOTH, .severity = SEVERITY_HARD
#define STATE     .policy = POLICY_STATE, .severity = SEVERITY_HARD
#define ONCE      .policy = POLICY_ONCE
#define TABLET    .policy = POLICY_TABLET
#define LARGEST   .policy = POLICY_MAX
#define SMALLEST  .policy = POLICY_MIN
#define ADDED     .policy = POLICY_ADD

static const struct op_field task_update[] = {
	{ "title", IN_TEXT, .max = TITLE_CHARS, .min = 1, OFFICE },
	{ "description", IN_TEXT, .max = TEXT_CHARS, KEEP_BOTH },
	{ "category", IN_CODE, .max = 60, OFFICE },
	{ "state", IN_CODE, .words = states, STATE },
	{ "priority", IN_INT, .min = 1, .max = 4, OFFICE },
	{ "planned_on", IN_DATE, OFFICE },
	{ "assignee_id", IN_UUID, OFFICE },
	{ "done_note", IN_TEXT, .max = TEXT_CHARS, KEEP_BOTH },
	{ "done_at", IN_TIME, ONCE },
	{ "started_at", IN_TIME, SMALLEST },
	{ "progress", IN_INT, .min = 0, .max = 100, LARGEST },
	{ "visits", IN_INT, .min = 1, .max = VISITS_MAX, ADDED },
	{ "access_note", IN_TEXT, .max = 1000, TABLET },
	{ 0 },
};

static const struct op_field task_close[] = {
	{ "state", IN_CODE, REQUIRED, .words = "done", STATE },
	{ "description", IN_TEXT, .max = TEXT_CHARS, KEEP_BOTH },
	{ "done_note", IN_TEXT, .max = TEXT_CHARS, KEEP_BOTH },
	{ "done_at", IN_TIME, ONCE },
	{ "started_at", IN_TIME, SMALLEST },
	{ "visits", IN_INT, .min = 1, .max = VISITS_MAX, ADDED },
	{ 0 },
};

static const struct op_field task_reopen[] = {
	{ "state", IN_CODE, REQUIRED, .words = "open|in_progress|waiting", STATE },
	{ "description", IN_TEXT, .max = TEXT_CHARS, KEEP_BOTH },
	{ "planned_on", IN_DATE, OFFICE },
	{ "assignee_id", IN_UUID, OFFICE },
	{ 0 },
};

static const struct op_field task_create[] = {
	{ "place_id", IN_UUID },
	{ "component_id", IN_UUID },
	{ "title", IN_TEXT, REQUIRED, .max = TITLE_CHARS, .min = 1 },
	{ "description", IN_TEXT, .max = TEXT_CHARS },
	{ "category", IN_CODE, .max = 60 },
	{ "state", IN_CODE, .words = states },
	{ "priority", IN_INT, .min = 1, .max = 4 },
	{ "planned_on", IN_DATE },
	{ "assignee_id", IN_UUID },
	{ "checklist_id", IN_UUID },
	{ "done_note", IN_TEXT, .max = TEXT_CHARS },
	{ "access_note", IN_TEXT, .max = 1000 },
	{ 0 },
};

static const struct op_field answer_add[] = {
	{ "task_id", IN_UUID, REQUIRED },
	{ "item_id", IN_UUID, REQUIRED },
	{ "value", IN_TEXT, .max = NOTE_CHARS },
	{ "is_ok", IN_BOOL },
	{ "note", IN_TEXT, .max = NOTE_CHARS },
	{ "captured_at", IN_TIME },
	{ 0 },
};

static const struct op_field photo_add[] = {
	{ "task_id", IN_UUID },
	{ "place_id", IN_UUID },
	{ "sha256", IN_SHA256, REQUIRED },
	{ "mime", IN_TEXT, .max = 100, .min = 1 },
	{ "title", IN_TEXT, .max = 500 },
	{ "size", IN_INT, .min = 0, .max = 1L << 32 },
	{ "captured_at", IN_TIME },
	{ 0 },
};

static const struct op_field comment_add[] = {
	{ "case_id", IN_UUID, REQUIRED },
	{ "text", IN_TEXT, REQUIRED, .max = TEXT_CHARS, .min = 1 },
	{ 0 },
};

static const struct op_field photo_mark[] = {
	{ "document_id", IN_UUID, REQUIRED },
	{ "layer", IN_JSON, REQUIRED, .max = LAYER_BYTES },
	{ "note", IN_TEXT, .max = NOTE_CHARS },
	{ "captured_at", IN_TIME },
	{ 0 },
};

static const struct op_field reading_add[] = {
	{ "meter_id", IN_UUID, REQUIRED },
	{ "value", IN_NUMBER, REQUIRED, .min = 0, .max = 1000000000000 },
	{ "at", IN_TIME },
	{ "note", IN_TEXT, .max = NOTE_CHARS },
	{ 0 },
};

static const struct op_field key_out[] = {
	{ "key_id", IN_UUID, REQUIRED },
	{ "holder_id", IN_UUID, REQUIRED },
	{ "out_name", IN_TEXT, REQUIRED, .max = NAME_CHARS, .min = 1 },
	{ "out_at", IN_TIME },
	{ "due_on", IN_DATE },
	{ "out_note", IN_TEXT, .max = NOTE_CHARS },
	{ 0 },
};

/* What came in has come in: the first to say so is right. */
static const struct op_field key_in[] = {
	{ "in_at", IN_TIME, REQUIRED, ONCE },
	{ "in_name", IN_TEXT, .max = NAME_CHARS, ONCE },
	{ "in_note", IN_TEXT, .max = NOTE_CHARS, ONCE },
	{ 0 },
};

static const struct op_field time_add[] = {
	{ "task_id", IN_UUID },
	{ "place_id", IN_UUID },
	{ "kind", IN_CODE, .words = "work|travel|overtime" },
	{ "minutes", IN_INT, REQUIRED, .min = 1, .max = 1440 },
	{ "started_at", IN_TIME },
	{ "note", IN_TEXT, .max = NOTE_CHARS },
	{ "captured_at", IN_TIME },
	{ 0 },
};

static const struct op_field material_add[] = {
	{ "task_id", IN_UUID },
	{ "place_id", IN_UUID },
	{ "component_id", IN_UUID },
	{ "name", IN_TEXT, REQUIRED, .max = NAME_CHARS, .min = 1 },
	{ "quantity", IN_NUMBER, REQUIRED, .min = 0, .max = 1000000000 },
	{ "unit", IN_TEXT, .max = 20, .min = 1 },
	{ "price_ore", IN_INT, .min = 0, .max = 100000000000 },
	{ "note", IN_TEXT, .max = NOTE_CHARS },
	{ "captured_at", IN_TIME },
	{ 0 },
};

static const struct op_field signature_add[] = {
	{ "task_id", IN_UUID },
	{ "inspection_id", IN_UUID },
	{ "loan_id", IN_UUID },
	{ "role", IN_CODE, REQUIRED, .words = "landlord|tenant|holder|supplier|witness" },
	{ "name", IN_TEXT, REQUIRED, .max = NAME_CHARS, .min = 1 },
	{ "sha256", IN_SHA256 },
	{ "captured_at", IN_TIME },
	{ 0 },
};

static const struct op_field condition_set[] = {
	{ "component_id", IN_UUID, REQUIRED },
	{ "grade", IN_CODE, REQUIRED, .words = "TG0|TG1|TG2|TG3|TGIU" },
	{ "consequence", IN_INT, .min = 0, .max = 3 },
	{ "probability", IN_INT, .min = 0, .max = 3 },
	{ "cause", IN_TEXT, .max = NOTE_CHARS },
	{ "note", IN_TEXT, .max = NOTE_CHARS },
	{ "measure", IN_TEXT, .max = NOTE_CHARS },
	{ "due_year", IN_INT, .min = 1950, .max = 2200 },
	{ "noted_at", IN_TIME },
	{ 0 },
};

static const struct op_field inspection_start[] = {
	{ "place_id", IN_UUID, REQUIRED },
	{ "kind", IN_CODE, REQUIRED, .words = "move_in|move_out" },
	{ "checklist_id", IN_UUID },
	{ "started_at", IN_TIME },
	{ "note", IN_TEXT, .max = TEXT_CHARS },
	{ 0 },
};

static const struct op_field inspection_answer[] = {
	{ "inspection_id", IN_UUID, REQUIRED },
	{ "item_id", IN_UUID, REQUIRED },
	{ "value", IN_TEXT, .max = NOTE_CHARS },
	{ "is_ok", IN_BOOL },
	{ "note", IN_TEXT, .max = NOTE_CHARS },
	{ "captured_at", IN_TIME },
	{ 0 },
};

static const struct op_field inspection_finish[] = {
	{ "finished_at", IN_TIME, REQUIRED, ONCE },
	{ "keys", IN_INT, .min = 0, .max = 100, OFFICE },
	{ "note", IN_TEXT, .max = TEXT_CHARS, KEEP_BOTH },
	{ 0 },
};

static const struct op ops[] = {
	{ "task.create@1", OP_INSERT, "task", task_create, 3, Q_PUSH_TASK },
	{ "task.update@1", OP_UPDATE, "task", task_update, 3, Q_PUSH_TASK_SET, Q_PUSH_TASK_NOW },
	{ "task.close@1", OP_UPDATE, "task", task_close, 3, Q_PUSH_TASK_SET, Q_PUSH_TASK_NOW },
	{ "task.reopen@1", OP_UPDATE, "task", task_reopen, 3, Q_PUSH_TASK_SET, Q_PUSH_TASK_NOW },
	{ "answer.add@1", OP_INSERT, "answer", answer_add, 4, Q_PUSH_ANSWER,
	  .review = Q_PUSH_ANSWER_REVIEW },
	{ "comment.add@1", OP_INSERT, "case_message", comment_add, 0, Q_PUSH_COMMENT },
	{ "photo.add@1", OP_INSERT, "document", photo_add, 5, Q_PUSH_PHOTO },
	{ "photo.mark@1", OP_INSERT, "photo_mark", photo_mark, 25, Q_PUSH_MARK },
	{ "reading.add@1", OP_INSERT, "meter_reading", reading_add, 0, Q_PUSH_READING },
	{ "key.out@1", OP_INSERT, "key_loan", key_out, 27, Q_PUSH_KEY_OUT },
	{ "key.in@1", OP_UPDATE, "key_loan", key_in, 27, Q_PUSH_KEY_IN, Q_PUSH_KEY_NOW },
	{ "time.add@1", OP_INSERT, "time_entry", time_add, 20, Q_PUSH_TIME },
	{ "material.add@1", OP_INSERT, "material_use", material_add, 21, Q_PUSH_MATERIAL },
	{ "signature.add@1", OP_INSERT, "signature", signature_add, 24, Q_PUSH_SIGNATURE },
	{ "condition.set@1", OP_INSERT, "condition", condition_set, 0, Q_PUSH_CONDITION },
	{ "inspection.start@1", OP_INSERT, "inspection", inspection_start, 22, Q_PUSH_INSPECTION },
	{ "inspection.answer@1", OP_INSERT, "inspection_answer", inspection_answer, 23,
	  Q_PUSH_INSPECTION_ANSWER, .review = Q_PUSH_INSPECTION_REVIEW },
	{ "inspection.finish@1", OP_UPDATE, "inspection", inspection_finish, 22,
	  Q_PUSH_INSPECTION_SET, Q_PUSH_INSPECTION_NOW },
};

const struct op *op_at(size_t number)
{
	return number < sizeof(ops) / sizeof(ops[0]) ? &ops[number] : NULL;
}

const struct op *op_find(const char *name)
{
	const struct op *op;

	for (size_t i = 0; name && (op = op_at(i)); i++)
		if (!strcmp(op->name, name))
			return op;
	return NULL;
}

const struct op_field *op_field(const struct op *op, const char *name)
{
	for (const struct op_field *f = op->fields; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

const char *policy_name(enum policy p)
{
	static const char *const names[] = {
		[POLICY_NONE] = "fact",
		[POLICY_OFFICE] = "office_wins",
		[POLICY_TABLET] = "tablet_wins",
		[POLICY_KEEP_BOTH] = "keep_both",
		[POLICY_STATE] = "state_machine",
		[POLICY_ONCE] = "set_once",
		[POLICY_MAX] = "max",
		[POLICY_MIN] = "min",
		[POLICY_ADD] = "add",
	};

	return names[p];
}

const char *severity_name(enum severity s)
{
	return s == SEVERITY_HARD ? "hard" : "soft";
}

const char *kind_name(enum input_kind k)
{
	switch (k) {
	case IN_TEXT:
		return "text";
	case IN_CODE:
		return "code";
	case IN_UUID:
		return "uuid";
	case IN_INT:
		return "int";
	case IN_NUMBER:
		return "number";
	case IN_BOOL:
		return "bool";
	case IN_DATE:
		return "date";
	case IN_TIME:
		return "time";
	case IN_SHA256:
		return "sha256";
	case IN_JSON:
		return "json";
	default:
		return ""; /* no operation has such a field */
	}
}
