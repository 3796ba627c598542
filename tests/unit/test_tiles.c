#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "geo/grid.h"
#include "geo/tile_cache.h"

enum { SECOND = 1000000 };

static struct tile_key key_of(long x)
{
	struct tile_key key;

	memset(&key, 0, sizeof(key));
	key.grid = 25832;
	key.z = 14;
	key.x = x;
	key.layers = 1;
	memcpy(key.rights, "anybody", 8);
	return key;
}

/* A tile of the kilometre that begins at x km, made after the last look. */
static void put(struct tile_cache *cache, long x, unsigned depends, size_t size)
{
	struct tile_key key = key_of(x);
	struct tile_made made = { .look = tile_cache_look(cache),
				  .box = { (double)x * 1000, 0, (double)x * 1000 + 999, 999 },
				  .depends = depends };
	struct tile_bytes *bytes = tile_bytes_new(size);

	memset(bytes->at, 'x', size);
	tile_cache_put(cache, &key, bytes, &made);
	tile_bytes_release(bytes);
}

static bool has(struct tile_cache *cache, long x, uint64_t now_us)
{
	struct tile_key key = key_of(x);
	struct tile_bytes *bytes = tile_cache_find(cache, &key, now_us, 0);

	tile_bytes_release(bytes);
	return bytes;
}

static void gives_what_it_was_given_while_nothing_changes(void **state)
{
	struct tile_cache *cache = tile_cache_new(1 << 20);

	(void)state;
	tile_cache_looked(cache, SECOND);
	put(cache, 1, TILE_TASK, 100);
	assert_true(has(cache, 1, SECOND));
	assert_false(has(cache, 2, SECOND));
	tile_cache_looked(cache, 2 * SECOND);
	assert_true(has(cache, 1, 2 * SECOND));
	tile_cache_free(cache);
}

static void forgets_only_what_a_change_touches(void **state)
{
	const double box[4] = { 1500, 500, 1500, 500 };
	struct tile_cache *cache = tile_cache_new(1 << 20);

	(void)state;
	tile_cache_looked(cache, SECOND);
	put(cache, 1, TILE_TASK, 100);
	put(cache, 2, TILE_TASK, 100);
	put(cache, 3, TILE_CASE, 100);
	tile_cache_change(cache, TILE_TASK, box);
	assert_true(has(cache, 1, SECOND)); /* the look is not done */
	tile_cache_looked(cache, SECOND);
	assert_false(has(cache, 1, SECOND));
	assert_true(has(cache, 2, SECOND));
	assert_true(has(cache, 3, SECOND));
	put(cache, 1, TILE_TASK, 100); /* made after the look that saw it */
	assert_true(has(cache, 1, SECOND));
	tile_cache_free(cache);
}

/* The database was asked before the look, and the answer came after it. */
static void does_not_keep_a_tile_that_was_overtaken(void **state)
{
	const double box[4] = { 1500, 500, 1500, 500 };
	struct tile_cache *cache = tile_cache_new(1 << 20);
	struct tile_made made = { .box = { 1000, 0, 1999, 999 }, .depends = TILE_TASK };
	struct tile_bytes *bytes = tile_bytes_new(10);
	struct tile_key key = key_of(1);

	(void)state;
	memset(bytes->at, 'x', 10);
	tile_cache_looked(cache, SECOND);
	made.look = tile_cache_look(cache);
	tile_cache_change(cache, TILE_TASK, box);
	tile_cache_looked(cache, SECOND);
	tile_cache_put(cache, &key, bytes, &made);
	tile_bytes_release(bytes);
	assert_false(has(cache, 1, SECOND));
	tile_cache_free(cache);
}

static void gives_nothing_when_the_last_look_is_a_second_old(void **state)
{
	struct tile_cache *cache = tile_cache_new(1 << 20);

	(void)state;
	put(cache, 1, TILE_TASK, 100);
	assert_false(has(cache, 1, 5 * SECOND)); /* there was no look at all */
	tile_cache_looked(cache, 5 * SECOND);
	assert_true(has(cache, 1, 6 * SECOND - 1));
	assert_false(has(cache, 1, 6 * SECOND));
	tile_cache_looked(cache, 6 * SECOND);
	assert_true(has(cache, 1, 6 * SECOND));
	tile_cache_free(cache);
}

static void gives_nothing_after_it_lost_the_thread(void **state)
{
	struct tile_cache *cache = tile_cache_new(1 << 20);

	(void)state;
	tile_cache_looked(cache, SECOND);
	put(cache, 1, TILE_TASK, 100);
	tile_cache_lost(cache);
	assert_false(has(cache, 1, SECOND));
	tile_cache_looked(cache, SECOND);
	assert_false(has(cache, 1, SECOND));
	put(cache, 1, TILE_TASK, 100);
	assert_true(has(cache, 1, SECOND));
	tile_cache_free(cache);
}

static void gives_nothing_older_than_its_log(void **state)
{
	const double elsewhere[4] = { 9e6, 9e6, 9e6, 9e6 };
	struct tile_cache *cache = tile_cache_new(1 << 20);

	(void)state;
	tile_cache_looked(cache, SECOND);
	put(cache, 1, TILE_TASK, 100);
	for (int i = 0; i < 4000; i++)
		tile_cache_change(cache, TILE_TASK, elsewhere);
	tile_cache_looked(cache, SECOND);
	assert_true(has(cache, 1, SECOND));
	put(cache, 2, TILE_TASK, 100);
	for (int i = 0; i < 5000; i++)
		tile_cache_change(cache, TILE_TASK, elsewhere);
	tile_cache_looked(cache, SECOND);
	assert_false(has(cache, 2, SECOND));
	tile_cache_free(cache);
}

static void changes_by_itself_when_a_deadline_passes(void **state)
{
	struct tile_cache *cache = tile_cache_new(1 << 20);
	struct tile_made made = { .depends = TILE_TASK, .until = 1000 };
	struct tile_bytes *bytes = tile_bytes_new(0);
	struct tile_key key = key_of(1);

	(void)state;
	tile_cache_looked(cache, SECOND);
	tile_cache_put(cache, &key, bytes, &made);
	tile_bytes_release(bytes);
	bytes = tile_cache_find(cache, &key, SECOND, 999);
	assert_non_null(bytes);
	tile_bytes_release(bytes);
	assert_null(tile_cache_find(cache, &key, SECOND, 1000));
	tile_cache_free(cache);
}

static void stays_within_its_memory_and_keeps_what_is_used(void **state)
{
	const size_t most = 16 * 10000;
	struct tile_cache *cache = tile_cache_new(most);
	struct tile_counts counts;

	(void)state;
	tile_cache_looked(cache, SECOND);
	put(cache, 0, TILE_TASK, 1000);
	for (long x = 1; x < 1000; x++) {
		put(cache, x, TILE_TASK, 1000);
		assert_true(has(cache, 0, SECOND));
	}
	put(cache, 5000, TILE_TASK, 20000); /* more than a shard */
	assert_false(has(cache, 5000, SECOND));
	counts = tile_cache_counts(cache);
	assert_true(counts.bytes <= most);
	assert_true(counts.tiles > 50 && counts.evicted > 800);
	tile_cache_free(cache);
}

static void remembers_a_token_for_half_a_second(void **state)
{
	struct tile_cache *cache = tile_cache_new(1 << 20);
	char rights[TILE_RIGHTS];

	(void)state;
	assert_false(tile_rights_find(cache, "\\xab", SECOND, rights));
	tile_rights_put(cache, "\\xab", SECOND, "0123456789abcdef0123456789abcdef");
	assert_true(tile_rights_find(cache, "\\xab", SECOND + TILE_RIGHTS_US - 1, rights));
	assert_string_equal(rights, "0123456789abcdef0123456789abcdef");
	assert_false(tile_rights_find(cache, "\\xab", SECOND + TILE_RIGHTS_US, rights));
	assert_false(tile_rights_find(cache, "\\xac", SECOND, rights));
	tile_cache_free(cache);
}

/* Kartverket's WMTS, matrix set utm32n: 5 545 984 m each way; and the world in Web Mercator. */
static void cuts_as_kartverket_and_the_world_do(void **state)
{
	struct tile tile;
	double box[4];

	(void)state;
	assert_true(tile_parse(grid_find("utm32n"), "0", "0", "0", &tile));
	tile_bounds(&tile, box);
	assert_true(box[0] == -2000000 && box[1] == 3500000 && box[2] == 3545984 &&
		    box[3] == 9045984);
	assert_true(tile_parse(grid_find("UTM32N.json"), "2", "3", "1.mvt", &tile));
	tile_bounds(&tile, box);
	assert_true(box[0] == 2159488 && box[3] == 9045984 - 1386496);
	assert_true(tile_parse(grid_find("webmercatorquad"), "1", "1", "0.pbf", &tile));
	tile_bounds(&tile, box);
	assert_true(box[0] == 0 && box[1] == 0 && box[2] > 20037508 && box[3] > 20037508);
	assert_null(grid_find("utm33n"));
	assert_null(grid_find("utm32n.xml"));
	assert_false(tile_parse(grid_find("utm32n"), "1", "2", "0", &tile));
	assert_false(tile_parse(grid_find("utm32n"), "", "0", "0", &tile));
	assert_false(tile_parse(grid_find("utm32n"), "0", "0", ".mvt", &tile));
	assert_false(tile_parse(grid_find("utm32n"), "64", "0", "0", &tile));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_it_was_given_while_nothing_changes),
		cmocka_unit_test(forgets_only_what_a_change_touches),
		cmocka_unit_test(does_not_keep_a_tile_that_was_overtaken),
		cmocka_unit_test(gives_nothing_when_the_last_look_is_a_second_old),
		cmocka_unit_test(gives_nothing_after_it_lost_the_thread),
		cmocka_unit_test(gives_nothing_older_than_its_log),
		cmocka_unit_test(changes_by_itself_when_a_deadline_passes),
		cmocka_unit_test(stays_within_its_memory_and_keeps_what_is_used),
		cmocka_unit_test(remembers_a_token_for_half_a_second),
		cmocka_unit_test(cuts_as_kartverket_and_the_world_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
