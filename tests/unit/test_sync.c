/* What a tablet and the office meet with: a cursor that is taken for what it is not loses changes,
 * a wrong merge loses somebody's work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fieldapi/cursor.h"
#include "fieldapi/merge.h"
#include "fieldapi/ops.h"

#define KEY   "0123456789abcdef0123456789abcdef"
#define EPOCH "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"

static struct arena arena;

static void a_cursor_comes_back_as_it_went(void **state)
{
	const struct cursor plain = { .epoch = EPOCH, .hi = "1234", .running = "{1200,1201}" };
	const struct cursor open = { .epoch = EPOCH,
				     .hi = "18446744073709551615",
				     .running = "{}",
				     .to = "10:20:11",
				     .base = "",
				     .bucket_no = 2147483647,
				     .tbl = 12,
				     .row_id = EPOCH };
	const struct cursor whole = { .epoch = EPOCH, .whole = "a b", .areas = "{1,2}" };
	struct cursor c;

	(void)state;
	assert_true(cursor_parse(&arena, KEY, cursor_format(&arena, KEY, &whole), &c));
	assert_string_equal(c.whole, "a b");
	assert_string_equal(c.areas, "{1,2}");
	assert_true(cursor_parse(&arena, KEY, cursor_format(&arena, KEY, &plain), &c));
	assert_null(c.whole);
	assert_null(c.areas);
	assert_string_equal(c.epoch, EPOCH);
	assert_string_equal(c.hi, "1234");
	assert_string_equal(c.running, "{1200,1201}");
	assert_null(c.to);
	assert_null(c.row_id);
	assert_true(cursor_parse(&arena, KEY, cursor_format(&arena, KEY, &open), &c));
	assert_string_equal(c.hi, "18446744073709551615");
	assert_string_equal(c.to, "10:20:11");
	assert_string_equal(c.base, "");
	assert_string_equal(c.row_id, EPOCH);
	assert_int_equal(c.bucket_no, 2147483647);
	assert_int_equal(c.tbl, 12);
}

/* The first pull, page by page: there is no snapshot behind it yet. */
static void a_cursor_inside_the_first_window_has_no_snapshot(void **state)
{
	const struct cursor first = { .epoch = EPOCH, .to = "10:20:", .base = "", .row_id = EPOCH };
	struct cursor c;

	(void)state;
	assert_true(cursor_parse(&arena, KEY, cursor_format(&arena, KEY, &first), &c));
	assert_null(c.hi);
	assert_null(c.running);
	assert_string_equal(c.to, "10:20:");
}

static void a_forged_cursor_is_none(void **state)
{
	const struct cursor plain = { .epoch = EPOCH, .hi = "1234", .running = "{}" };
	const char *text = cursor_format(&arena, KEY, &plain);
	size_t length = strlen(text);
	struct cursor c;

	(void)state;
	/* Every character counts: of the version, the contents, the dots and the signature. */
	for (size_t i = 0; i < length; i++) {
		char *forged = arena_text(&arena, text);

		forged[i] = forged[i] == 'A' ? 'B' : 'A';
		if (cursor_parse(&arena, KEY, forged, &c))
			fail_msg("character %zu may be changed", i);
	}
	for (size_t i = 0; i < length; i++)
		assert_false(cursor_parse(&arena, KEY, arena_copy(&arena, text, i), &c));
	assert_false(cursor_parse(&arena, KEY, arena_printf(&arena, "%s0", text), &c));
}

static void a_cursor_of_another_key_is_none(void **state)
{
	const struct cursor plain = { .epoch = EPOCH, .hi = "1234", .running = "{}" };
	struct cursor c;

	(void)state;
	assert_false(cursor_parse(&arena, KEY "0", cursor_format(&arena, KEY, &plain), &c));
	assert_false(cursor_parse(&arena, KEY, cursor_format(&arena, "", &plain), &c));
}

static void other_texts_are_no_cursors(void **state)
{
	static const char *const texts[] = {
		"",
		".",
		"v1.",
		"v1..",
		"v2.e30.00000000000000000000000000000000",
		"v1.00000000000000000000000000000000",
		"v1.e30.00000000000000000000000000000000",
	};
	char *large = arena_alloc(&arena, CURSOR_MAX + 100);
	struct cursor c;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (cursor_parse(&arena, KEY, texts[i], &c))
			fail_msg("«%s»", texts[i]);
	memset(large, 'A', CURSOR_MAX + 99);
	memcpy(large, "v1.", 3);
	assert_false(cursor_parse(&arena, KEY, large, &c));
}

/* A snapshot with this many transactions under way, the first of which is 18000000000000001000. */
static const char *snapshot_with(int running)
{
	size_t size = 64 + (size_t)running * 24, at;
	char *text = arena_alloc(&arena, size);

	at = (size_t)snprintf(text, size, "18000000000000001000:18000000000000009000:");
	for (int i = 0; i < running; i++)
		at += (size_t)snprintf(text + at, size - at, "%s1800000000000000%d", i ? "," : "",
				       1000 + i);
	return text;
}

static void a_position_is_taken_from_a_snapshot(void **state)
{
	struct cursor c = { .epoch = EPOCH };

	(void)state;
	assert_true(cursor_at(&arena, "10:20:10,14,15", &c));
	assert_string_equal(c.hi, "20");
	assert_string_equal(c.running, "{10,14,15}");
	assert_true(cursor_at(&arena, "20:20:", &c));
	assert_string_equal(c.hi, "20");
	assert_string_equal(c.running, "{}");
	assert_false(cursor_at(&arena, "", &c));
	assert_false(cursor_at(&arena, "20", &c));
	assert_false(cursor_at(&arena, "20:20", &c));
}

/* More is told twice then; nothing is missed. */
static void a_position_with_too_many_transactions_falls_back_to_the_oldest(void **state)
{
	struct cursor c = { .epoch = EPOCH };

	(void)state;
	assert_true(cursor_at(&arena, snapshot_with(256), &c));
	assert_string_equal(c.hi, "18000000000000009000");
	assert_true(strlen(c.running) > 5000);
	assert_true(cursor_at(&arena, snapshot_with(257), &c));
	assert_string_equal(c.hi, "18000000000000001000");
	assert_string_equal(c.running, "{}");
}

/* A server that makes a cursor which it then refuses has shut the tablet out. */
static void the_largest_cursor_is_taken_back(void **state)
{
	struct cursor made = { .epoch = EPOCH,
			       .base = EPOCH EPOCH,
			       .bucket_no = 2147483647,
			       .tbl = 12,
			       .row_id = EPOCH };
	struct cursor c;

	(void)state;
	assert_true(cursor_at(&arena, snapshot_with(256), &made));
	made.to = cursor_window(&arena, snapshot_with(256));
	assert_string_equal(made.to, snapshot_with(256));
	assert_true(cursor_parse(&arena, KEY, cursor_format(&arena, KEY, &made), &c));
	made.to = cursor_window(&arena, snapshot_with(5000));
	assert_string_equal(made.to, "18000000000000001000:18000000000000001000:");
	assert_true(cursor_parse(&arena, KEY, cursor_format(&arena, KEY, &made), &c));
}

/* -- operations ----------------------------------------------------------------- */

static void knows_its_operations_with_their_versions(void **state)
{
	(void)state;
	assert_string_equal(op_find("task.close@1")->table, "task");
	assert_int_equal(op_find("answer.add@1")->kind, OP_INSERT);
	assert_null(op_find("task.close"));
	assert_null(op_find("task.close@2"));
	assert_null(op_find("Task.close@1"));
	assert_null(op_find(""));
	assert_null(op_find(NULL));
}

/* What a tablet may set is what stands in the table: never whose area or number a task is. */
static void a_mutation_sets_only_the_fields_of_its_operation(void **state)
{
	static const char *const never[] = { "id",      "number",  "area_no",   "site_id",
					     "row_v",   "rule_id", "case_id",   "changed",
					     "done_by", "",        "occurrence" };
	const struct op *op = op_find("task.update@1");

	(void)state;
	assert_non_null(op_field(op, "state"));
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		assert_null(op_field(op, never[i]));
	assert_null(op_field(op_find("answer.add@1"), "answered_by"));
	assert_null(op_field(op_find("comment.add@1"), "is_internal"));
	assert_null(op_field(op_find("comment.add@1"), "author_id"));
	assert_null(op_field(op_find("task.create@1"), "number"));
}

static void each_policy_has_its_name(void **state)
{
	(void)state;
	assert_string_equal(policy_name(POLICY_OFFICE), "office_wins");
	assert_string_equal(policy_name(POLICY_KEEP_BOTH), "keep_both");
	assert_string_equal(policy_name(POLICY_STATE), "state_machine");
	assert_string_equal(policy_name(POLICY_ONCE), "set_once");
}

static const struct merge {
	enum policy policy;
	const char *current, *base, *mine;
	const char *value;
	bool is_changed, is_conflict, is_open;
	const char *chosen;
} merges[] = {
	/* Nobody else was there: the tablet's value, by every policy. */
	{ POLICY_OFFICE, "a", "a", "b", "b", true, false, false, NULL },
	{ POLICY_KEEP_BOTH, "a", "a", "b", "b", true, false, false, NULL },
	{ POLICY_STATE, "open", "open", "done", "done", true, false, false, NULL },
	{ POLICY_ONCE, "a", "a", "b", "b", true, false, false, NULL },
	{ POLICY_OFFICE, NULL, NULL, "b", "b", true, false, false, NULL },
	{ POLICY_OFFICE, "a", "a", NULL, NULL, true, false, false, NULL },
	/* Both wrote the same: nothing to do. */
	{ POLICY_OFFICE, "b", "a", "b", "b", false, false, false, NULL },
	{ POLICY_KEEP_BOTH, "b", "a", "b", "b", false, false, false, NULL },
	{ POLICY_STATE, "done", "open", "done", "done", false, false, false, NULL },
	{ POLICY_OFFICE, NULL, "a", NULL, NULL, false, false, false, NULL },
	/* The office wins, and somebody looks. An empty text is not null. */
	{ POLICY_OFFICE, "c", "a", "b", "c", false, true, true, "theirs" },
	{ POLICY_OFFICE, NULL, "a", "b", NULL, false, true, true, "theirs" },
	{ POLICY_OFFICE, "c", NULL, "b", "c", false, true, true, "theirs" },
	{ POLICY_OFFICE, "", NULL, "b", "", false, true, true, "theirs" },
	/* Both texts are kept, the tablet's signed; an erasure does not erase what is new. */
	{ POLICY_KEEP_BOTH, "c", "a", "b", "c\n— Kari, T: b", true, true, false, "both" },
	{ POLICY_KEEP_BOTH, NULL, "a", "b", "b", true, false, false, "both" },
	{ POLICY_KEEP_BOTH, "c", "a", NULL, "c", false, true, true, "theirs" },
	/* What is set is set. */
	{ POLICY_ONCE, "c", NULL, "b", "c", false, true, true, "theirs" },
	{ POLICY_ONCE, NULL, "a", "b", "b", true, false, false, NULL },
	/* Work that is done is done. */
	{ POLICY_STATE, "waiting", "open", "done", "done", true, true, false, "mine" },
	{ POLICY_STATE, "in_progress", "open", "done", "done", true, true, false, "mine" },
	{ POLICY_STATE, "cancelled", "open", "done", "done_after_cancel", true, true, true,
	  "both" },
	{ POLICY_STATE, "done_after_cancel", "open", "done", "done_after_cancel", false, false,
	  false, NULL },
	{ POLICY_STATE, "done", "open", "in_progress", "done", false, true, false, "theirs" },
	{ POLICY_STATE, "done_after_cancel", "open", "waiting", "done_after_cancel", false, true,
	  false, "theirs" },
	{ POLICY_STATE, "cancelled", "open", "in_progress", "cancelled", false, true, true,
	  "theirs" },
	{ POLICY_STATE, "waiting", "open", "in_progress", "waiting", false, true, true, "theirs" },
	{ POLICY_STATE, "waiting", "open", NULL, "waiting", false, true, true, "theirs" },
};

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void two_values_meet_by_the_table_of_policies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(merges) / sizeof(merges[0]); i++) {
		const struct merge *m = &merges[i];
		const struct op_field f = { "x", IN_TEXT, .policy = m->policy,
					    .severity = SEVERITY_HARD };
		struct merged got =
			merge_field(&arena, &f, m->current, m->base, m->mine, "Kari", "T");
		bool is_open = got.is_conflict && got.severity == SEVERITY_HARD;

		if (!same(got.value, m->value) || got.is_changed != m->is_changed ||
		    got.is_conflict != m->is_conflict || is_open != m->is_open ||
		    !same(got.chosen, m->chosen))
			fail_msg("row %zu: «%s» %d %d %d %s", i, got.value ? got.value : "null",
				 got.is_changed, got.is_conflict, is_open,
				 got.chosen ? got.chosen : "-");
	}
}

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cursor_comes_back_as_it_went),
		cmocka_unit_test(a_cursor_inside_the_first_window_has_no_snapshot),
		cmocka_unit_test(a_forged_cursor_is_none),
		cmocka_unit_test(a_cursor_of_another_key_is_none),
		cmocka_unit_test(other_texts_are_no_cursors),
		cmocka_unit_test(a_position_is_taken_from_a_snapshot),
		cmocka_unit_test(a_position_with_too_many_transactions_falls_back_to_the_oldest),
		cmocka_unit_test(the_largest_cursor_is_taken_back),
		cmocka_unit_test(knows_its_operations_with_their_versions),
		cmocka_unit_test(a_mutation_sets_only_the_fields_of_its_operation),
		cmocka_unit_test(each_policy_has_its_name),
		cmocka_unit_test(two_values_meet_by_the_table_of_policies),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
