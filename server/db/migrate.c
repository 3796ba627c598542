#include "db/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sha256.h"

enum { FILES_MAX = 1000, PATH_MAX_BYTES = 4096, FILE_MAX = 8 * 1024 * 1024, NUMBER_DIGITS = 4 };

struct migration {
	int number;
	const char *name; /* file name without .sql */
	const char *sql;
	char sha256[SHA256_TEXT];
};

struct migrations {
	struct arena arena;
	struct migration list[FILES_MAX];
	int count;
};

static int is_migration(const struct dirent *entry)
{
	const char *name = entry->d_name;
	size_t length = strlen(name);

	return length > NUMBER_DIGITS + 5 && name[NUMBER_DIGITS] == '_' &&
	       strspn(name, "0123456789") == NUMBER_DIGITS && !strcmp(name + length - 4, ".sql");
}

static enum err read_sql(struct arena *a, const char *path, struct migration *m, FILE *report)
{
	FILE *from = fopen(path, "re");
	struct stat st;
	size_t length;
	char *sql;

	if (!from || fstat(fileno(from), &st)) {
		fprintf(report, "%s: %s\n", path, strerror(errno));
		if (from)
			fclose(from);
		return ERR_INTERNAL;
	}
	if (st.st_size > FILE_MAX) {
		fprintf(report, "%s: larger than %d bytes\n", path, FILE_MAX);
		fclose(from);
		return ERR_INTERNAL;
	}
	sql = arena_alloc(a, (size_t)st.st_size + 1);
	length = fread(sql, 1, (size_t)st.st_size, from);
	fclose(from);
	if (length != (size_t)st.st_size) {
		fprintf(report, "%s: could not be read whole\n", path);
		return ERR_INTERNAL;
	}
	m->sql = sql;
	sha256_of(sql, length, m->sha256);
	return OK;
}

static enum err read_directory(struct migrations *all, const char *directory, FILE *report)
{
	char path[PATH_MAX_BYTES];
	struct dirent **entries;
	enum err e = OK;
	int found;

	snprintf(path, sizeof(path), "%s/migrations", directory);
	found = scandir(path, &entries, is_migration, alphasort);
	if (found < 0) {
		fprintf(report, "%s: %s\n", path, strerror(errno));
		return ERR_INTERNAL;
	}
	for (int i = 0; i < found; i++) {
		struct migration *m = &all->list[all->count];
		const char *name = entries[i]->d_name;

		if (!e && all->count < FILES_MAX) {
			m->number = (int)strtol(name, NULL, 10);
			m->name = arena_copy(&all->arena, name, strlen(name) - 4);
			snprintf(path, sizeof(path), "%s/migrations/%s", directory, name);
			e = read_sql(&all->arena, path, m, report);
			all->count++;
		}
		free(entries[i]);
	}
	free(entries);
	for (int i = 1; !e && i < all->count; i++) {
		if (all->list[i].number != all->list[i - 1].number)
			continue;
		fprintf(report, "%s and %s have the same number\n", all->list[i - 1].name,
			all->list[i].name);
		e = ERR_CONFLICT;
	}
	return e;
}

/* Two servers that start together: the second waits here until the first is done. */
static const char before_all[] = "select pg_advisory_lock(1505);"
				 "create schema if not exists fdvu;"
				 "create table if not exists fdvu.migration ("
				 "  number     int primary key,"
				 "  name       text not null,"
				 "  sha256     text not null,"
				 "  applied_at timestamptz not null default now());";

/* 1 = applied, 0 = not yet, -1 = applied, but it has changed since. */
static enum err look_up(struct db *db, struct arena *a, const struct migration *m, int *state)
{
	const char *params[] = { arena_printf(a, "%d", m->number), m->sha256 };
	struct rows *rows;
	enum err e =
		db_run_sql(db, a, "select sha256 = $2 from fdvu.migration where number = $1::int",
			   2, params, &rows);

	if (e)
		return e;
	if (!rows_count(rows))
		*state = 0;
	else
		*state = rows_at(rows, 0, 0)[0] == 't' ? 1 : -1;
	return OK;
}

static enum err apply(struct db *db, struct arena *a, const struct migration *m)
{
	const char *params[] = { arena_printf(a, "%d", m->number), m->name, m->sha256 };
	enum err e;

	if ((e = db_begin(db, NULL)) || (e = db_script(db, m->sql)) ||
	    (e = db_script(db, "reset role; reset search_path")))
		return e;
	if ((e = db_run_sql(db, a,
			    "insert into fdvu.migration (number, name, sha256) values ($1, $2, $3)",
			    3, params, NULL)))
		return e;
	return db_commit(db);
}

static enum err apply_all(struct db *db, struct migrations *all, FILE *report)
{
	enum err e;
	int state;

	if ((e = db_script(db, before_all))) {
		fprintf(report, "cannot make the table of migrations: %s\n", db_message(db));
		return e;
	}
	for (int i = 0; i < all->count; i++) {
		const struct migration *m = &all->list[i];

		if ((e = look_up(db, &all->arena, m, &state)))
			return e;
		if (state < 0) {
			fprintf(report,
				"%s was applied and has changed since: undo the change "
				"and write a new migration\n",
				m->name);
			return ERR_CONFLICT;
		}
		if (state > 0)
			continue;
		if ((e = apply(db, &all->arena, m))) {
			fprintf(report, "%s: %s\n", m->name, db_message(db));
			db_rollback(db);
			return e;
		}
		fprintf(report, "applied %s\n", m->name);
	}
	return OK;
}

enum err migrate(struct pools *pools, const char *directory, FILE *report)
{
	struct migrations *all = calloc(1, sizeof(*all));
	struct db *db = NULL;
	enum err e;

	if (!all)
		abort();
	e = read_directory(all, directory, report);
	if (!e && (e = db_take(pools, DB_OWNER, &db)))
		fputs("cannot connect to PostgreSQL as the owner\n", report);
	if (!e) {
		e = apply_all(db, all, report);
		db_rollback(db);
		db_script(db, "select pg_advisory_unlock_all()");
	}
	db_give(db);
	arena_release(&all->arena);
	free(all);
	return e;
}
