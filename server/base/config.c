#include "base/config.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#ifndef FDVU_SHARE
#define FDVU_SHARE "."
#endif

enum { LINE_MAX_BYTES = 4096, ENV_MAX = 64 };

enum kind { TEXT, NUMBER, BOOLEAN };

struct key {
	const char *name;
	enum kind kind;
	size_t at;
	const char *standard;
	long min, max; /* of a number */
	const char *meaning;
};

#define AT(field) offsetof(struct config, field)

static const struct key keys[] = {
	{ "address", TEXT, AT(address), "127.0.0.1", 0, 0, "address to listen on" },
	{ "port", NUMBER, AT(port), "8080", 1, 65535, "port to listen on" },
	{ "origin", TEXT, AT(origin), "", 0, 0,
	  "scheme and host that people use, e.g. https://fdvu.example.no; empty: taken from Host" },
	{ "var", TEXT, AT(var), "var", 0, 0,
	  "directory of the private database, uploaded files and sockets" },
	{ "database", TEXT, AT(database), "", 0, 0,
	  "libpq connection string without user; empty: a private PostgreSQL under var" },
	{ "owner", TEXT, AT(owner), "fdvu_migrate", 0, 0,
	  "with database: the superuser that migrates; serving needs none" },
	{ "pool_size", NUMBER, AT(pool_size), "8", 1, 500, "database connections for each role" },
	{ "pool_wait_ms", NUMBER, AT(pool_wait_ms), "2000", 1, 60000,
	  "longest wait for a connection before 503" },
	{ "statement_timeout_ms", NUMBER, AT(statement_timeout_ms), "5000", 10, 600000,
	  "longest time a statement of a request may take" },
	{ "connections", NUMBER, AT(connections), "256", 4, 10000, "HTTP connections at once" },
	{ "event_streams", NUMBER, AT(event_streams), "64", 1, 5000, "event streams at once" },
	{ "waiting_tablets", NUMBER, AT(waiting_tablets), "2000", 1, 50000,
	  "tablets that wait for a hint at once" },
	{ "session_hours", NUMBER, AT(session_hours), "12", 1, 8760, "how long a log-in lasts" },
	{ "file_mib", NUMBER, AT(file_mib), "25", 1, 4096, "largest file taken, in MiB" },
	{ "import_mib", NUMBER, AT(import_mib), "512", 1, 16384,
	  "largest file taken to be imported, in MiB" },
	{ "import_days", NUMBER, AT(import_days), "7", 1, 365,
	  "how long a file that was imported, and its rejected rows, are kept, in days" },
	{ "tile_cache_mib", NUMBER, AT(tile_cache_mib), "64", 0, 65536,
	  "memory for vector tiles, in MiB; 0: none is kept" },
	{ "web", TEXT, AT(web), FDVU_SHARE "/web/dist", 0, 0, "directory of the built pages" },
	{ "schema", TEXT, AT(schema), FDVU_SHARE "/schema", 0, 0, "directory of the migrations" },
	{ "profiles", TEXT, AT(profiles), FDVU_SHARE "/importers/profiles", 0, 0,
	  "directory of the import profiles" },
	{ "map_hosts", TEXT, AT(map_hosts), "https://cache.kartverket.no", 0, 0,
	  "origins that the map's background may come from, with spaces between" },
	{ "jobs", BOOLEAN, AT(jobs), "true", 0, 0, "run the scheduled jobs in this process" },
	{ "demo", BOOLEAN, AT(demo), "false", 0, 0,
	  "offer log-in without password; never in production" },
	{ "log", TEXT, AT(log), "info", 0, 0,
	  "least level that is logged: debug, info, warn, error" },
};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static bool parse_bool(const char *text, bool *out)
{
	if (!strcmp(text, "true") || !strcmp(text, "1") || !strcmp(text, "yes"))
		*out = true;
	else if (!strcmp(text, "false") || !strcmp(text, "0") || !strcmp(text, "no"))
		*out = false;
	else
		return false;
	return true;
}

/* Sets one key; `where` says whose words they are, for the fault. */
static bool set_key(struct config *c, const struct key *k, const char *value, const char *where,
		    FILE *err)
{
	char *field = (char *)c + k->at;
	char **text = (char **)(void *)field;
	char *end;
	long number;
	bool flag;

	switch (k->kind) {
	case TEXT:
		free(*text); /* what was set before, by a lesser source */
		*text = strdup(value);
		return true;
	case NUMBER:
		errno = 0;
		number = strtol(value, &end, 10);
		if (errno || end == value || *end || number < k->min || number > k->max) {
			fprintf(err, "%s: %s must be a whole number from %ld to %ld, not «%s»\n",
				where, k->name, k->min, k->max, value);
			return false;
		}
		*(long *)(void *)field = number;
		return true;
	case BOOLEAN:
		if (!parse_bool(value, &flag)) {
			fprintf(err, "%s: %s must be true or false, not «%s»\n", where, k->name,
				value);
			return false;
		}
		*(bool *)field = flag;
		return true;
	}
	return false;
}

static char *trim(char *text)
{
	size_t length;

	while (*text == ' ' || *text == '\t')
		text++;
	length = strlen(text);
	while (length && (text[length - 1] == ' ' || text[length - 1] == '\t' ||
			  text[length - 1] == '\n' || text[length - 1] == '\r'))
		text[--length] = '\0';
	return text;
}

static bool set_line(struct config *c, char *line, const char *where, FILE *err)
{
	char *name = trim(line);
	char *equals = strchr(name, '=');

	if (!*name || *name == '#')
		return true;
	if (!equals) {
		fprintf(err, "%s: a line is «key = value»\n", where);
		return false;
	}
	*equals = '\0';
	name = trim(name);
	for (int i = 0; i < KEYS; i++)
		if (!strcmp(name, keys[i].name))
			return set_key(c, &keys[i], trim(equals + 1), where, err);
	fprintf(err, "%s: no such key: %s (see «fdvu help config»)\n", where, name);
	return false;
}

/* A line is whole when its text ends at its end: not cut by the buffer, nor by a NUL inside. */
static bool is_whole(const char *line, FILE *from)
{
	size_t length = strlen(line);

	return (length && line[length - 1] == '\n') || (length < LINE_MAX_BYTES - 1 && feof(from));
}

static bool read_lines(struct config *c, FILE *from, const char *file, FILE *err)
{
	char line[LINE_MAX_BYTES], where[LINE_MAX_BYTES];

	for (int number = 1; fgets(line, sizeof(line), from); number++) {
		snprintf(where, sizeof(where), "%s:%d", file, number);
		if (!is_whole(line, from)) {
			fprintf(err, "%s: longer than %d bytes, or with a NUL in it\n", where,
				LINE_MAX_BYTES - 2);
			return false;
		}
		if (!set_line(c, line, where, err))
			return false;
	}
	if (!ferror(from))
		return true;
	fprintf(err, "%s: %s\n", file, strerror(errno));
	return false;
}

static bool read_file(struct config *c, const char *file, FILE *err)
{
	FILE *from = fopen(file, "re");
	bool good;

	if (!from) {
		fprintf(err, "%s: %s\n", file, strerror(errno));
		return false;
	}
	good = read_lines(c, from, file, err);
	fclose(from);
	return good;
}

static void env_name(const char *key, char out[ENV_MAX])
{
	size_t length = (size_t)snprintf(out, ENV_MAX, "FDVU_%s", key);

	for (size_t i = 0; i < length; i++)
		out[i] = (char)toupper((unsigned char)out[i]);
}

bool config_load(struct config *c, const char *file, FILE *err)
{
	char name[ENV_MAX];

	memset(c, 0, sizeof(*c));
	for (int i = 0; i < KEYS; i++)
		if (!set_key(c, &keys[i], keys[i].standard, "default", err))
			return false;
	if (file && !read_file(c, file, err))
		return false;
	for (int i = 0; i < KEYS; i++) {
		const char *value;

		env_name(keys[i].name, name);
		value = getenv(name);
		if (value && !set_key(c, &keys[i], value, name, err))
			return false;
	}
	return true;
}

void config_release(struct config *c)
{
	for (int i = 0; i < KEYS; i++)
		if (keys[i].kind == TEXT)
			free(*(char **)(void *)((char *)c + keys[i].at));
	memset(c, 0, sizeof(*c));
}

void config_help(FILE *to)
{
	char name[ENV_MAX];

	fputs("The configuration file has lines «key = value»; the environment goes before it.\n\n",
	      to);
	for (int i = 0; i < KEYS; i++) {
		env_name(keys[i].name, name);
		fprintf(to, "%-22s %s\n%22s default «%s», environment %s\n", keys[i].name,
			keys[i].meaning, "", keys[i].standard, name);
	}
}
