/* A tablet's batch before the database hears of it: a mutation that is lost here is work that was
 * done and is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "fieldapi/batch.h"

#define DEVICE "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define MID(n) "017f22e2-79b0-7cc3-98c4-00000000000" #n
#define GROUP  "017f22e2-79b0-7cc3-98c4-aaaaaaaaaaaa"
#define MUTATION(seq, n, more)                                                                     \
	"{\"seq\":" #seq ",\"mid\":\"" MID(n) "\",\"op\":\"task.close@1\","                        \
					      "\"captured_at\":\"2026-11-22T14:10:00+01:00\"" more \
					      "}"
#define BATCH(mutations) "{\"device\":\"" DEVICE "\",\"mutations\":[" mutations "]}"

static struct batch b;

static enum err read_text(const char *text)
{
	batch_release(&b);
	return batch_read(&b, text, strlen(text));
}

static void expect_group(size_t from, const char *expected)
{
	json_t *group = (json_t *)batch_group(&b, from), *m;
	char seqs[100] = "";
	size_t i, at = 0;

	json_array_foreach(group, i, m)
	{
		at += (size_t)snprintf(seqs + at, sizeof(seqs) - at, "%s%lld", i ? " " : "",
				       (long long)json_integer_value(json_object_get(m, "seq")));
	}
	json_decref(group);
	assert_string_equal(seqs, expected);
}

static void refuses_what_is_no_batch(void **state)
{
	(void)state;
	assert_int_equal(batch_read(&b, NULL, 0), ERR_INVALID);
	assert_non_null(strstr(b.said, "JSON, line 1"));
	assert_int_equal(read_text("{\"device\":1,\"device\":2}"), ERR_INVALID);
	assert_non_null(strstr(b.said, "duplicate"));
	assert_int_equal(read_text("[]"), ERR_INVALID);
	assert_int_equal(b.wrong_count, 2);
	assert_string_equal(b.wrong[0], "/device");
	assert_string_equal(b.wrong[1], "/mutations");
	assert_int_equal(read_text("{\"device\":\"x\",\"mutations\":[]}"), ERR_INVALID);
	assert_int_equal(b.wrong_count, 1);
	assert_int_equal(read_text("{\"device\":\"" DEVICE "\",\"mutations\":{}}"), ERR_INVALID);
	assert_string_equal(b.wrong[0], "/mutations");
	assert_int_equal(read_text(BATCH("")), OK);
	assert_int_equal(batch_size(&b), 0);
}

static void takes_two_hundred_mutations_and_not_one_more(void **state)
{
	char text[2000] = "{\"device\":\"" DEVICE "\",\"mutations\":[0";
	size_t at = strlen(text);

	(void)state;
	for (int i = 1; i < BATCH_MUTATIONS_MAX; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, ",0");
	snprintf(text + at, sizeof(text) - at, "]}");
	assert_int_equal(read_text(text), OK);
	assert_int_equal(batch_size(&b), BATCH_MUTATIONS_MAX);
	snprintf(text + at, sizeof(text) - at, ",0]}");
	assert_int_equal(read_text(text), ERR_TOO_LARGE);
	assert_non_null(strstr(b.said, "200"));
}

static void knows_which_mutations_can_be_answered(void **state)
{
	static const char *const wrong[] = {
		"1",
		"null",
		"[]",
		"{}",
		MUTATION(0, 1, ""),
		MUTATION(-1, 1, ""),
		MUTATION(1.5, 1, ""),
		MUTATION("1", 1, ""),
		MUTATION(1, x, ""),
		MUTATION(1, 1, ",\"grp\":\"x\""),
		"{\"seq\":1,\"mid\":\"" MID(1) "\",\"op\":\"x\"}",
		"{\"seq\":1,\"mid\":\"" MID(1) "\",\"op\":\"x\",\"captured_at\":\"2026-11-22\"}",
		"{\"seq\":1,\"mid\":\"" MID(1) "\",\"captured_at\":\"2026-11-22T14:10:00Z\"}",
		MUTATION(
			1, 1,
			",\"set\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
	};
	char text[1000];

	(void)state;
	assert_int_equal(read_text(BATCH(MUTATION(1, 1, ""))), OK);
	assert_null(b.faults[0]);
	assert_int_equal(read_text(BATCH(MUTATION(1, 1, ",\"grp\":\"" GROUP "\",\"x\":[[[]]]"))),
			 OK);
	assert_null(b.faults[0]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(text, sizeof(text), BATCH("%s"), wrong[i]);
		assert_int_equal(read_text(text), OK);
		if (!b.faults[0])
			fail_msg("%s", wrong[i]);
	}
}

static void a_mutation_has_a_largest_size(void **state)
{
	static const char before[] =
		"{\"device\":\"" DEVICE "\",\"mutations\":[{\"seq\":1,\"mid\":\"" MID(
			1) "\",\"op\":\"x\",\"captured_at\":"
			   "\"2026-11-22T14:10:00Z\",\"set\":\"";
	size_t size = 300 * 1024, at = sizeof(before) - 1;
	char *text = malloc(size + 300);

	(void)state;
	memcpy(text, before, at);
	memset(text + at, 'x', size);
	memcpy(text + at + size, "\"}]}", 5);
	assert_int_equal(read_text(text), OK);
	assert_non_null(b.faults[0]);
	memcpy(text + at + 200 * 1024, "\"}]}", 5);
	assert_int_equal(read_text(text), OK);
	assert_null(b.faults[0]);
	free(text);
}

static void gathers_each_group_once_and_in_order(void **state)
{
	(void)state;
	assert_int_equal(read_text(BATCH(MUTATION(1, 1, ",\"grp\":\"" GROUP "\"") "," MUTATION(
				 2, 2, "") ",7," MUTATION(4, 4, ",\"grp\":\"" GROUP "\""))),
			 OK);
	expect_group(0, "1 4");
	assert_true(b.is_taken[0]);
	assert_false(b.is_taken[1]);
	assert_true(b.is_taken[3]);
	expect_group(1, "2");
	expect_group(0, "");
}

static long long acked(const char *results)
{
	json_t *list = json_loads(results, 0, NULL);
	long long seq = batch_acked(&b, (const struct json_t *)list);

	json_decref(list);
	return seq;
}

/* What is acknowledged is forgotten by the tablet. */
static void acknowledges_nothing_that_something_open_stands_before(void **state)
{
	(void)state;
	assert_int_equal(
		read_text(BATCH(MUTATION(5, 1, "") "," MUTATION(6, 2, "") "," MUTATION(7, 3, ""))),
		OK);
	assert_int_equal(acked("[]"), 0);
	assert_int_equal(acked("[{\"mid\":\"" MID(1) "\",\"state\":\"applied\"}]"), 5);
	assert_int_equal(acked("[{\"mid\":\"" MID(2) "\",\"state\":\"applied\"}]"), 0);
	assert_int_equal(
		acked("[{\"mid\":\"" MID(
			1) "\",\"state\":\"quarantined\"},"
			   "{\"mid\":\"" MID(2) "\",\"state\":\"retry\"},"
						"{\"mid\":\"" MID(3) "\",\"state\":\"applied\"}]"),
		5);
	assert_int_equal(
		acked("[{\"mid\":\"" MID(
			1) "\",\"state\":\"merged\"},"
			   "{\"mid\":\"" MID(2) "\",\"state\":\"applied\"},"
						"{\"mid\":\"" MID(3) "\",\"state\":\"applied\"}]"),
		7);
}

static int release(void **state)
{
	(void)state;
	batch_release(&b);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_no_batch),
		cmocka_unit_test(takes_two_hundred_mutations_and_not_one_more),
		cmocka_unit_test(knows_which_mutations_can_be_answered),
		cmocka_unit_test(a_mutation_has_a_largest_size),
		cmocka_unit_test(gathers_each_group_once_and_in_order),
		cmocka_unit_test(acknowledges_nothing_that_something_open_stands_before),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
