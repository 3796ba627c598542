#include "fieldapi/ops.h"

#include <string.h>

#include "db/db.h"

static const struct op_field task_update[] = {
	{ "title", POLICY_OFFICE },       { "description", POLICY_KEEP_BOTH },
	{ "category", POLICY_OFFICE },    { "state", POLICY_STATE },
	{ "priority", POLICY_OFFICE },    { "planned_on", POLICY_OFFICE },
	{ "assignee_id", POLICY_OFFICE }, { "done_note", POLICY_KEEP_BOTH },
	{ "done_at", POLICY_ONCE },       { 0 },
};

static const struct op_field task_create[] = {
	{ "place_id" },    { "component_id" }, { "title" },     { "description" },
	{ "category" },    { "state" },        { "priority" },  { "planned_on" },
	{ "assignee_id" }, { "checklist_id" }, { "done_note" }, { 0 },
};

static const struct op_field answer_add[] = {
	{ "task_id" }, { "item_id" },     { "value" }, { "is_ok" },
	{ "note" },    { "captured_at" }, { 0 },
};

static const struct op_field photo_add[] = {
	{ "task_id" }, { "place_id" }, { "sha256" },      { "mime" },
	{ "title" },   { "size" },     { "captured_at" }, { 0 },
};

static const struct op_field comment_add[] = {
	{ "case_id" },
	{ "text" },
	{ 0 },
};

static const struct op ops[] = {
	{ "task.update@1", OP_UPDATE, "task", task_update, 0 },
	{ "task.close@1", OP_UPDATE, "task", task_update, 0 },
	{ "task.create@1", OP_INSERT, "task", task_create, Q_PUSH_TASK },
	{ "answer.add@1", OP_INSERT, "answer", answer_add, Q_PUSH_ANSWER },
	{ "photo.add@1", OP_INSERT, "document", photo_add, Q_PUSH_PHOTO },
	{ "comment.add@1", OP_INSERT, "case_message", comment_add, Q_PUSH_COMMENT },
};

const struct op *op_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof(ops) / sizeof(ops[0]); i++)
		if (!strcmp(ops[i].name, name))
			return &ops[i];
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
	switch (p) {
	case POLICY_OFFICE:
		return "office_wins";
	case POLICY_KEEP_BOTH:
		return "keep_both";
	case POLICY_STATE:
		return "state_machine";
	case POLICY_ONCE:
		return "set_once";
	}
	return "";
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool is_done(const char *state)
{
	return same(state, "done") || same(state, "done_after_cancel");
}

/* Work that is done is done: it is never unsaid by a plan. What the office cancelled and the tablet
 * had done by then is both, and somebody must look. */
static struct merged merge_state(const char *current, const char *mine)
{
	struct merged m = { .value = current, .is_conflict = true, .chosen = "theirs" };

	if (is_done(mine) && same(current, "cancelled"))
		return (struct merged){ "done_after_cancel", true, true, true, "both" };
	if (is_done(mine) && is_done(current))
		return (struct merged){ .value = current };
	if (is_done(mine))
		return (struct merged){ mine, true, true, false, "mine" };
	m.is_open = !is_done(current);
	return m;
}

struct merged merge_field(struct arena *a, enum policy policy, const char *current,
			  const char *base, const char *mine, const char *author, const char *at)
{
	struct merged m = { .value = current };

	if (same(current, mine))
		return m;
	if (same(current, base))
		return (struct merged){ .value = mine, .is_changed = true };
	switch (policy) {
	case POLICY_STATE:
		return merge_state(current, mine);
	case POLICY_KEEP_BOTH:
		if (!mine)
			break;
		m.value = current ? arena_printf(a, "%s\n— %s, %s: %s", current, author, at, mine)
				  : mine;
		return (struct merged){ m.value, true, current != NULL, false, "both" };
	case POLICY_ONCE:
		if (current)
			return m;
		return (struct merged){ .value = mine, .is_changed = true };
	case POLICY_OFFICE:
		break;
	}
	return (struct merged){ current, false, true, true, "theirs" };
}
