/* Which route a request leads to: a wrong one is another route's rights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/router.h"

#define ID  "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static const struct route table[] = {
	{ "GET", "/api/v1/cases", ROLE_OFFICE },
	{ "POST", "/api/v1/cases", ROLE_OFFICE },
	{ "GET", "/api/v1/cases/similar", ROLE_OFFICE },
	{ "GET", "/api/v1/cases/{id}", ROLE_OFFICE },
	{ "PATCH", "/api/v1/cases/{id}", ROLE_OFFICE },
	{ "GET", "/api/v1/files/{sha256}", ROLE_OFFICE },
	{ "GET", "/api/v1/codes/{code}", ROLE_PUBLIC },
	{ "GET", "/a/{id}/b/{name}/{code}", ROLE_PUBLIC },
	{ 0 },
};
static const struct route more[] = {
	{ "PUT", "/api/v1/files/{sha256}", ROLE_OFFICE },
	{ "GET", "/api/v1/uploads/{id}", ROLE_OFFICE },
	{ "HEAD", "/api/v1/uploads/{id}", ROLE_OFFICE },
	{ 0 },
};

static struct router router;
static struct arena arena;
static const char *ids[PATH_IDS];
static char allow[ALLOW_MAX];

static int find(const char *method, const char *path)
{
	memset(ids, 0, sizeof(ids));
	return router_find(&router, &arena, method, path, ids, allow);
}

static void finds_by_method_and_path(void **state)
{
	(void)state;
	assert_int_equal(find("GET", "/api/v1/cases"), 0);
	assert_int_equal(find("POST", "/api/v1/cases"), 1);
	assert_int_equal(find("GET", "/api/v1/cases/similar"), 2);
	assert_int_equal(find("PATCH", "/api/v1/cases/" ID), 4);
	assert_int_equal(find("PUT", "/api/v1/files/" SHA), 8);
	assert_string_equal(ids[0], SHA);
}

static void a_head_finds_what_get_does(void **state)
{
	(void)state;
	assert_int_equal(find("HEAD", "/api/v1/cases/" ID), 3);
	assert_string_equal(ids[0], ID);
	assert_int_equal(find("HEAD", "/nowhere"), -1);
	assert_int_equal(find("HEAD", "/api/v1/uploads/" ID), 10); /* its own */
	assert_string_equal(ids[0], ID);
	assert_int_equal(find("GET", "/api/v1/uploads/" ID), 9);
}

static void an_unknown_path_is_not_found(void **state)
{
	static const char *const paths[] = {
		"",
		"/",
		"*",
		"/api/v1",
		"/api/v1/cases/",
		"//api/v1/cases",
		"/api//v1/cases",
		"/API/v1/cases",
		"api/v1/cases",
		"/api/v1/cases/" ID "/",
		"/api/v1/cases/" ID "/x",
		"/api/v1/cases/../cases",
		"/api/v1/cases?x=1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (find("GET", paths[i]) != -1)
			fail_msg("«%s» was found", paths[i]);
		assert_string_equal(allow, "");
	}
}

static void a_known_path_by_another_method_names_those_it_has(void **state)
{
	(void)state;
	assert_int_equal(find("DELETE", "/api/v1/cases"), -2);
	assert_string_equal(allow, "GET, POST");
	assert_int_equal(find("POST", "/api/v1/cases/" ID), -2);
	assert_string_equal(allow, "GET, PATCH");
	assert_int_equal(find("POST", "/api/v1/files/" SHA), -2);
	assert_string_equal(allow, "GET, PUT");
	assert_int_equal(find("get", "/api/v1/cases"), -2); /* methods are in capitals */
	assert_int_equal(find("", "/api/v1/cases"), -2);
}

static void an_id_that_cannot_be_one_is_not_found(void **state)
{
	static const char *const paths[] = {
		"/api/v1/cases/1",
		"/api/v1/cases/017f22e2-79b0-7cc3-98c4-dc0c0c07398",
		"/api/v1/cases/" ID "0",
		"/api/v1/files/" ID,
		"/api/v1/files/BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
		"/api/v1/files/" SHA "0",
		"/api/v1/codes/",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (find("GET", paths[i]) != -1)
			fail_msg("«%s» was found", paths[i]);
}

static void a_named_part_has_a_longest_length(void **state)
{
	char path[200] = "/api/v1/codes/";
	size_t start = strlen(path);

	(void)state;
	memset(path + start, 'x', 128);
	assert_int_equal(find("GET", path), 6);
	assert_int_equal(strlen(ids[0]), 128);
	path[start + 128] = 'x';
	assert_int_equal(find("GET", path), -1);
}

static void several_parts_come_in_their_order(void **state)
{
	(void)state;
	assert_int_equal(find("GET", "/a/" ID "/b/vaskeri æ/C0DE"), 7);
	assert_string_equal(ids[0], ID);
	assert_string_equal(ids[1], "vaskeri æ");
	assert_string_equal(ids[2], "C0DE");
}

static int add_routes(void **state)
{
	(void)state;
	router_add(&router, table);
	router_add(&router, more);
	return 0;
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
		cmocka_unit_test(finds_by_method_and_path),
		cmocka_unit_test(a_head_finds_what_get_does),
		cmocka_unit_test(an_unknown_path_is_not_found),
		cmocka_unit_test(a_known_path_by_another_method_names_those_it_has),
		cmocka_unit_test(an_id_that_cannot_be_one_is_not_found),
		cmocka_unit_test(a_named_part_has_a_longest_length),
		cmocka_unit_test(several_parts_come_in_their_order),
	};

	return cmocka_run_group_tests(tests, add_routes, release);
}
