#include "jobs/doctor.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct doctor {
	const struct rows *facts;
	bool is_ill;
};

static const char *fact(const struct doctor *d, const char *name)
{
	const char *text = rows_at(d->facts, 0, rows_column(d->facts, name));

	return text ? text : "";
}

static bool is_true(const struct doctor *d, const char *name)
{
	return fact(d, name)[0] == 't';
}

__attribute__((format(printf, 3, 4))) static void say(struct doctor *d, bool is_well,
						      const char *format, ...)
{
	va_list args;

	d->is_ill |= !is_well;
	fputs(is_well ? "ok   " : "BAD  ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static long count_migrations(const char *directory)
{
	char path[1024];
	DIR *dir;
	struct dirent *entry;
	long count = 0;

	snprintf(path, sizeof(path), "%s/migrations", directory);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);

		count += length > 4 && !strcmp(entry->d_name + length - 4, ".sql");
	}
	if (dir)
		closedir(dir);
	return count;
}

static void look_at_epoch(struct doctor *d)
{
	if (is_true(d, "is_standby")) {
		say(d, true, "a standby: it may be read; tablets are answered by the primary only");
		return;
	}
	say(d, !is_true(d, "is_ahead"),
	    is_true(d, "is_ahead")
		    ? "rows have transaction numbers up to %s, and the cluster is at %s: it was "
		      "restored. Run «fdvu after-restore», then start the servers"
		    : "transaction numbers: %s in the data, the next is %s",
	    fact(d, "highest"), fact(d, "next"));
	if (!strcmp(fact(d, "epoch"), fact(d, "noted")))
		say(d, true, "epoch %s", fact(d, "epoch"));
	else
		say(d, true, "epoch %s, after %s: tablets will send again and compare",
		    fact(d, "epoch"), fact(d, "noted")[0] ? fact(d, "noted") : "none");
}

static void look_at_schema(struct doctor *d, const struct config *config)
{
	long there = strtol(fact(d, "migrations"), NULL, 10);
	long wanted = count_migrations(config->schema);

	say(d, there == wanted,
	    there == wanted  ? "schema: %ld of %ld migrations"
	    : there < wanted ? "schema: %ld of %ld migrations. Run «fdvu migrate»"
			     : "schema: %ld migrations, this program knows %ld: it is too old",
	    there, wanted);
}

static void look_at_work(struct doctor *d)
{
	const char *late = fact(d, "late_jobs"), *failed = fact(d, "failed_jobs");

	say(d, !strcmp(late, "0"),
	    strcmp(late, "0") != 0
		    ? "%s jobs have waited for an hour: does a server run with «jobs = true»?"
		    : "%s jobs that have waited too long",
	    late);
	say(d, !strcmp(failed, "0"), "%s jobs given up in the last week%s", failed,
	    strcmp(failed, "0") != 0 ? ": see job.last_error" : "");
	say(d, !strcmp(fact(d, "prepared"), "0"), "%s transactions prepared and left%s",
	    fact(d, "prepared"),
	    strcmp(fact(d, "prepared"), "0") != 0 ? ": nothing of ours makes any. Roll them back"
						  : "");
}

int doctor_command(const struct config *config, struct pools *pools)
{
	struct doctor d = { 0 };
	struct arena a = { 0 };
	struct rows *facts;
	struct db *db;

	if (db_take(pools, DB_JOB, &db)) {
		say(&d, false, "the database does not answer");
		return 1;
	}
	if (db_run(db, &a, Q_DOCTOR_LOOK, NULL, &facts)) {
		say(&d, false,
		    "the database has not the schema of this program (%s). Run «fdvu migrate»",
		    db_message(db));
	} else {
		d.facts = facts;
		look_at_epoch(&d);
		look_at_schema(&d, config);
		look_at_work(&d);
	}
	db_give(db);
	arena_release(&a);
	return d.is_ill ? 1 : 0;
}

int after_restore_command(struct pools *pools)
{
	struct arena a = { 0 };
	struct rows *rows;
	struct db *db;
	enum err e;

	if (db_take(pools, DB_JOB, &db)) {
		fputs("the database does not answer\n", stderr);
		return 1;
	}
	if ((e = db_run(db, &a, Q_RESTORE_PASS, NULL, NULL)) ||
	    (e = db_run(db, &a, Q_RESTORE_END, NULL, &rows)))
		fprintf(stderr, "%s\n", db_message(db));
	else
		printf("a new epoch has begun: %s\n", rows_at(rows, 0, 0));
	db_give(db);
	arena_release(&a);
	return e ? 1 : 0;
}
