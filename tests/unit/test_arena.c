/* Memory of a request: what goes wrong here is another request's data in an answer, or a leak that
 * takes the server down after a week. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static char order[16];

static void note(void *object)
{
	size_t length = strlen(order);

	order[length] = *(const char *)object;
	order[length + 1] = '\0';
}

static void gives_back_the_newest_first(void **state)
{
	static char a = 'a', b = 'b', c = 'c';
	struct arena arena;

	(void)state;
	order[0] = '\0';
	arena_init(&arena);
	arena_defer(&arena, note, &a);
	arena_defer(&arena, note, &b);
	arena_defer(&arena, note, &c);
	arena_reset(&arena);
	assert_string_equal(order, "cba");
	arena_reset(&arena);
	assert_string_equal(order, "cba"); /* once only */
	arena_defer(&arena, note, &a);
	arena_release(&arena);
	assert_string_equal(order, "cbaa");
}

/* A result may be read while it is given back: its memory is still there. */
static void runs_what_is_deferred_before_memory_goes(void **state)
{
	struct arena arena;
	char *mark;

	(void)state;
	order[0] = '\0';
	arena_init(&arena);
	mark = arena_text(&arena, "x");
	arena_alloc(&arena, 100000);
	arena_defer(&arena, note, mark);
	arena_release(&arena);
	assert_string_equal(order, "x");
}

static void memory_is_zeroed_also_when_it_is_used_again(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (int round = 0; round < 3; round++) {
		unsigned char *at = arena_alloc(&arena, 5000);

		for (int i = 0; i < 5000; i++)
			assert_int_equal(at[i], 0);
		memset(at, 0xff, 5000);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

static void every_piece_is_aligned_for_any_object(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t size = 0; size < 300; size++)
		assert_int_equal((uintptr_t)arena_alloc(&arena, size) % _Alignof(max_align_t), 0);
	arena_release(&arena);
}

static void pieces_do_not_overlap(void **state)
{
	enum { PIECES = 400 };
	static unsigned char *at[PIECES];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (int i = 0; i < PIECES; i++) {
		at[i] = arena_alloc(&arena, (size_t)i + 1);
		memset(at[i], i & 0xff, (size_t)i + 1);
	}
	for (int i = 0; i < PIECES; i++)
		for (int j = 0; j <= i; j++)
			assert_int_equal(at[i][j], i & 0xff);
	arena_release(&arena);
}

static void takes_pieces_larger_than_a_block(void **state)
{
	struct arena arena;
	char *before, *large, *after;

	(void)state;
	arena_init(&arena);
	before = arena_text(&arena, "before");
	large = arena_alloc(&arena, (size_t)3 * 1024 * 1024);
	after = arena_text(&arena, "after");
	memset(large, 'x', (size_t)3 * 1024 * 1024);
	assert_string_equal(before, "before");
	assert_string_equal(after, "after");
	assert_true(arena.used > (size_t)3 * 1024 * 1024);
	arena_reset(&arena);
	assert_int_equal(arena.used, 0);
	arena_text(&arena, "used again");
	arena_release(&arena);
}

static void copies_are_ended_by_a_nul(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(arena_copy(&arena, "abcdef", 3), "abc");
	assert_string_equal(arena_copy(&arena, NULL, 0), "");
	assert_string_equal(arena_text(&arena, "Ås"), "Ås");
	assert_string_equal(arena_printf(&arena, "%s-%d", "x", 7), "x-7");
	assert_int_equal(strlen(arena_printf(&arena, "%20000d", 1)), 20000);
	arena_release(&arena);
}

static void a_zeroed_arena_is_ready(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	arena_reset(&arena);
	arena_release(&arena);
	arena_text(&arena, "x");
	arena_release(&arena);
	arena_release(&arena);
	assert_null(arena.blocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_the_newest_first),
		cmocka_unit_test(runs_what_is_deferred_before_memory_goes),
		cmocka_unit_test(memory_is_zeroed_also_when_it_is_used_again),
		cmocka_unit_test(every_piece_is_aligned_for_any_object),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(takes_pieces_larger_than_a_block),
		cmocka_unit_test(copies_are_ended_by_a_nul),
		cmocka_unit_test(a_zeroed_arena_is_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
