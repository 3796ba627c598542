/* What the pages may fetch: exactly the hosts that the settings name. */
#include "http/csp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool write(const char *origins, char out[2048])
{
	struct buf b;
	bool is_good;

	buf_init(&b, 2047);
	is_good = csp_write(origins, &b);
	memcpy(out, b.at ? b.at : "", b.length + (b.at != NULL));
	if (!b.at)
		out[0] = '\0';
	buf_release(&b);
	return is_good;
}

static void lets_pages_fetch_from_us_and_the_hosts_named(void **state)
{
	char policy[2048];

	(void)state;
	assert_true(
		write("https://cache.kartverket.no  https://kart.sund.kommune.no:8443", policy));
	assert_non_null(strstr(policy, "img-src 'self' data: blob: https://cache.kartverket.no "
				       "https://kart.sund.kommune.no:8443; "));
	assert_non_null(strstr(policy, "connect-src 'self' https://cache.kartverket.no "
				       "https://kart.sund.kommune.no:8443; "));
	assert_non_null(strstr(policy, "default-src 'self'; "));
	assert_null(strstr(policy, "script-src"));
	assert_true(write("", policy));
	assert_non_null(strstr(policy, "img-src 'self' data: blob:; "));
	assert_non_null(strstr(policy, "connect-src 'self'; "));
}

static void refuses_what_would_widen_the_policy(void **state)
{
	static const char *const wrong[] = {
		"*",
		"https:",
		"https://",
		"https://*.no",
		"https://a.no/path",
		"https://a.no; script-src *",
		"https://a.no;script-src",
		"https://a.no,https://b.no",
		"'unsafe-inline'",
		"data:",
		"https://a.no:",
		"https://a.no:123456",
		"https://.no",
		"https://user@a.no",
		"ftp://a.no",
		"https://a.no https://b.no/x",
	};
	char policy[2048];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (write(wrong[i], policy))
			fail_msg("let «%s» through", wrong[i]);
		assert_string_equal(policy, "");
	}
}

static void knows_whether_an_address_is_on_a_host_named(void **state)
{
	static const char hosts[] = "https://a.no https://kart.b.no";

	(void)state;
	assert_true(csp_allows(hosts, "https://a.no/x/{z}"));
	assert_true(csp_allows(hosts, "https://kart.b.no?service=WMS"));
	assert_true(csp_allows(hosts, "https://a.no"));
	assert_false(csp_allows(hosts, "https://a.no.evil.example/"));
	assert_false(csp_allows(hosts, "https://a.no@evil.example/"));
	assert_false(csp_allows(hosts, "https://a.no:81/"));
	assert_false(csp_allows(hosts, "http://a.no/"));
	assert_false(csp_allows(hosts, "https://b.no/"));
	assert_false(csp_allows("", "https://a.no/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_pages_fetch_from_us_and_the_hosts_named),
		cmocka_unit_test(refuses_what_would_widen_the_policy),
		cmocka_unit_test(knows_whether_an_address_is_on_a_host_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
