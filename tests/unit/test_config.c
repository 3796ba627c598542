/* Settings: an operator who mistypes one must be told where, not find out a month later that the
 * limit was never set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/config.h"

enum { SAID_MAX = 16384 };

static char said[SAID_MAX];
static char path[] = "/tmp/fdvu-test-config-XXXXXX";

static void forget_environment(void)
{
	static const char *const names[] = { "FDVU_PORT", "FDVU_DEMO", "FDVU_LOG", "FDVU_VAR" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

/* Loads a file with these bytes (NULL: no file); what was said about it is in `said`. */
static bool load(struct config *c, const char *bytes, size_t length)
{
	FILE *to = fmemopen(said, sizeof(said), "w");
	bool good;

	assert_non_null(to);
	memset(said, 0, sizeof(said));
	if (bytes) {
		FILE *file = fopen(path, "we");

		assert_non_null(file);
		fwrite(bytes, 1, length, file);
		fclose(file);
	}
	good = config_load(c, bytes ? path : NULL, to);
	fclose(to);
	return good;
}

static bool load_text(struct config *c, const char *text)
{
	return load(c, text, strlen(text));
}

static void expect_fault(const char *text, const char *words)
{
	struct config c;

	assert_false(load_text(&c, text));
	if (!strstr(said, words))
		fail_msg("«%s» does not say «%s»", said, words);
	config_release(&c);
}

static void runs_without_a_file(void **state)
{
	struct config c;

	(void)state;
	forget_environment();
	assert_true(load(&c, NULL, 0));
	assert_string_equal(c.address, "127.0.0.1");
	assert_int_equal(c.port, 8080);
	assert_false(c.demo); /* log-in without password is never a default */
	assert_true(c.jobs);
	assert_string_equal(said, "");
	config_release(&c);
}

static void reads_keys_comments_and_blank_lines(void **state)
{
	struct config c;

	(void)state;
	forget_environment();
	assert_true(load_text(&c, "# the whole\n\n  port =  8123  \r\n"
				  "var=/srv/fdvu\n\tdemo\t=\tyes\n"
				  "database = host=db dbname=fdvu\nlog = warn"));
	assert_int_equal(c.port, 8123);
	assert_string_equal(c.var, "/srv/fdvu");
	assert_true(c.demo);
	assert_string_equal(c.database, "host=db dbname=fdvu"); /* = in a value */
	assert_string_equal(c.log, "warn");                     /* a last line without its end */
	config_release(&c);
}

static void the_environment_goes_before_the_file(void **state)
{
	struct config c;

	(void)state;
	setenv("FDVU_PORT", "9000", 1);
	setenv("FDVU_VAR", "/from/environment", 1);
	assert_true(load_text(&c, "port = 8123\nvar = /from/file\nlog = error\n"));
	assert_int_equal(c.port, 9000);
	assert_string_equal(c.var, "/from/environment");
	assert_string_equal(c.log, "error");
	config_release(&c);
	setenv("FDVU_PORT", "", 1);
	assert_false(load(&c, NULL, 0));
	assert_non_null(strstr(said, "FDVU_PORT"));
	config_release(&c);
	forget_environment();
}

static void each_fault_is_told_with_its_line(void **state)
{
	(void)state;
	forget_environment();
	expect_fault("port = 8080\nnonsense\n", ":2: ");
	expect_fault("\n\nprot = 8080\n", ":3: no such key: prot");
	expect_fault("port = 0\n", ":1: port must be a whole number from 1 to 65535");
	expect_fault("port = 65536\n", "«65536»");
	expect_fault("port = 80a\n", "«80a»");
	expect_fault("port = \n", "«»");
	expect_fault("port = 99999999999999999999\n", "whole number");
	expect_fault("# x\ndemo = maybe\n", ":2: demo must be true or false");
	expect_fault("Port = 1\n", "no such key: Port");
	expect_fault("= 1\n", "no such key: ");
}

/* The rest of a line that was cut would be read as a line of its own. */
static void a_line_that_is_too_long_is_a_fault(void **state)
{
	static char text[8000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "port = 1\nvar = ", 15);
	expect_fault(text, ":2: longer than");
}

static void a_nul_in_the_file_is_a_fault(void **state)
{
	static const char bytes[] = "port = 8123\nlog = in\0fo\n";
	struct config c;

	(void)state;
	assert_false(load(&c, bytes, sizeof(bytes) - 1));
	assert_non_null(strstr(said, ":2: "));
	config_release(&c);
}

static void a_file_that_cannot_be_read_is_a_fault(void **state)
{
	FILE *to = fmemopen(said, sizeof(said), "w");
	struct config c;

	(void)state;
	assert_non_null(to);
	assert_false(config_load(&c, "/nowhere/fdvu.conf", to));
	config_release(&c);
	assert_false(config_load(&c, "/tmp", to));
	config_release(&c);
	fclose(to);
	assert_non_null(strstr(said, "/nowhere/fdvu.conf: "));
	assert_non_null(strstr(said, "/tmp: "));
}

static void help_lists_every_key(void **state)
{
	static const char *const keys[] = {
		"address", "port",          "origin",         "var",
		"web",     "database",      "pool_size",      "pool_wait_ms",
		"schema",  "profiles",      "connections",    "statement_timeout_ms",
		"jobs",    "file_mib",      "demo",           "event_streams",
		"log",     "session_hours", "tile_cache_mib", "map_hosts",
	};
	FILE *to = fmemopen(said, sizeof(said), "w");

	(void)state;
	assert_non_null(to);
	memset(said, 0, sizeof(said));
	config_help(to);
	fclose(to);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char line[80], name[80] = "FDVU_";

		snprintf(line, sizeof(line), "\n%s ", keys[i]);
		for (size_t j = 0; keys[i][j]; j++)
			name[5 + j] = keys[i][j] == '_' ? '_' : (char)(keys[i][j] - 32);
		if (!strstr(said, line) || !strstr(said, name))
			fail_msg("no help for %s", keys[i]);
	}
}

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_without_a_file),
		cmocka_unit_test(reads_keys_comments_and_blank_lines),
		cmocka_unit_test(the_environment_goes_before_the_file),
		cmocka_unit_test(each_fault_is_told_with_its_line),
		cmocka_unit_test(a_line_that_is_too_long_is_a_fault),
		cmocka_unit_test(a_nul_in_the_file_is_a_fault),
		cmocka_unit_test(a_file_that_cannot_be_read_is_a_fault),
		cmocka_unit_test(help_lists_every_key),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
