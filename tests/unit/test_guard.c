/* The guard before the router: what slips through here is a request that a proxy understood
 * otherwise, and so one that somebody else's request can carry (RFC 9112, section 11.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/guard.h"

struct pair {
	const char *name, *value;
};

static bool is_good(const struct pair *headers, struct framing *f)
{
	*f = (struct framing){ 0 };
	for (; headers->name; headers++)
		guard_see(f, headers->name, headers->value);
	return guard_is_good(f);
}

static void lets_ordinary_requests_through(void **state)
{
	static const struct pair plain[] = { { "Host", "x" }, { "Accept", "*/*" }, { 0 } };
	static const struct pair sized[] = { { "host", "x" }, { "content-length", "42" }, { 0 } };
	static const struct pair chunked[] = { { "HOST", "x" },
					       { "Transfer-Encoding", "Chunked" },
					       { 0 } };
	static const struct pair empty[] = { { "Host", "" }, { "Content-Length", "0" }, { 0 } };
	struct framing f;

	(void)state;
	assert_true(is_good(plain, &f));
	assert_int_equal(f.length, 0);
	assert_true(is_good(sized, &f));
	assert_int_equal(f.length, 42);
	assert_false(f.is_chunked);
	assert_true(is_good(chunked, &f));
	assert_true(f.is_chunked);
	assert_true(is_good(empty, &f));
}

static void refuses_two_ways_to_say_the_length(void **state)
{
	static const struct pair both[] = { { "Host", "x" },
					    { "Content-Length", "4" },
					    { "Transfer-Encoding", "chunked" },
					    { 0 } };
	static const struct pair twice[] = {
		{ "Host", "x" }, { "Content-Length", "4" }, { "Content-Length", "5" }, { 0 }
	};
	static const struct pair same_twice[] = {
		{ "Host", "x" }, { "Content-Length", "4" }, { "content-length", "4" }, { 0 }
	};
	static const struct pair codings[] = { { "Host", "x" },
					       { "Transfer-Encoding", "chunked" },
					       { "Transfer-Encoding", "chunked" },
					       { 0 } };
	struct framing f;

	(void)state;
	assert_false(is_good(both, &f));
	assert_false(is_good(twice, &f));
	assert_false(is_good(same_twice, &f));
	assert_false(is_good(codings, &f));
}

static void refuses_codings_it_does_not_know(void **state)
{
	static const char *const values[] = { "gzip",     "xchunked", "chunked, gzip",
					      "identity", "chunked ", "",
					      NULL };
	struct framing f;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct pair headers[] = { { "Host", "x" },
						{ "Transfer-Encoding", values[i] },
						{ 0 } };

		if (is_good(headers, &f))
			fail_msg("«%s»", values[i] ? values[i] : "(null)");
	}
}

static void refuses_lengths_that_are_not_digits(void **state)
{
	static const char *const values[] = { "",     "-1",  "+4",
					      " 4",   "4 ",  "4, 4",
					      "0x10", "1e3", "18446744073709551616",
					      "4\t",  NULL };
	struct framing f;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct pair headers[] = { { "Host", "x" },
						{ "Content-Length", values[i] },
						{ 0 } };

		if (is_good(headers, &f))
			fail_msg("«%s»", values[i] ? values[i] : "(null)");
	}
	{
		static const struct pair largest[] = { { "Host", "x" },
						       { "Content-Length", "18446744073709551615" },
						       { 0 } };

		assert_true(is_good(largest, &f));
		assert_true(f.length == UINT64_MAX);
	}
}

static void wants_exactly_one_host(void **state)
{
	static const struct pair none[] = { { "Accept", "*/*" }, { 0 } };
	static const struct pair two[] = { { "Host", "a" }, { "host", "a" }, { 0 } };
	struct framing f;

	(void)state;
	assert_false(is_good(none, &f));
	assert_false(is_good(two, &f));
}

static void refuses_a_space_before_the_colon(void **state)
{
	static const char *const names[] = { "Content-Length ", "X-A\t", " ", "" };
	struct framing f;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct pair headers[] = { { "Host", "x" }, { names[i], "1" }, { 0 } };

		if (is_good(headers, &f))
			fail_msg("«%s»", names[i]);
	}
}

static void refuses_addresses_with_a_second_reading(void **state)
{
	static const char *const wrong[] = {
		"/admin%00/x", "/x?q=%00", "/api%2Fv1", "/api%2fv1", "/%2F",
		"/a\nb",       "/a\x7f",   "/a\x01",    "/x?a\tb",   "/x?a=\r\nb",
	};
	static const char *const good[] = {
		"/",        "/api/v1/cases?q=a%2Fb", "/q/%C3%A6", "/a/../b", "/x?q=100%25",
		"/x?%2F=1", "/%20%30%300",           "/æ",        "",        "/x?a=%e2%82%ac",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (guard_uri_is_good(wrong[i]))
			fail_msg("let «%s» through", wrong[i]);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!guard_uri_is_good(good[i]))
			fail_msg("refused «%s»", good[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_ordinary_requests_through),
		cmocka_unit_test(refuses_two_ways_to_say_the_length),
		cmocka_unit_test(refuses_codings_it_does_not_know),
		cmocka_unit_test(refuses_lengths_that_are_not_digits),
		cmocka_unit_test(wants_exactly_one_host),
		cmocka_unit_test(refuses_a_space_before_the_colon),
		cmocka_unit_test(refuses_addresses_with_a_second_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
