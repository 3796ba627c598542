#include "importers/command.h"

#include "base/uuid.h"
#include "importers/import.h"
#include "importers/look.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_ALL = 0, STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_SOME = 3, PROFILES_MAX = 200 };

static int usage(void)
{
	fputs("fdvu import PROFIL FIL [--dry-run] [--rejects FIL] [--files MAPPE] [--municipality NNNN]\n"
	      "                       [--profile-dir MAPPE] [--max-rejects N eller N%]\n"
	      "fdvu import PROFIL --settled   rader i køen som noen har avgjort\n"
	      "fdvu import batches    viser de siste innlesingene\n"
	      "fdvu import undo ID    tar en innlesing tilbake\n"
	      "fdvu import profiles   viser profilene\n"
	      "fdvu import profile NAVN   viser hva en profil venter seg\n"
	      "fdvu import --look FIL [--profile NAVN]   viser hva en fil er, kolonnene, de første\n"
	      "                                          radene og feilene i den\n"
	      "Avslutter med 0 når alle rader landet, 3 når noen ble avvist eller står i kø, 1 når\n"
	      "ingenting er endret.\n",
	      stderr);
	return STATUS_USAGE;
}

static int list_profiles(const struct config *config)
{
	const char *names[PROFILES_MAX];
	struct arena a = { 0 };
	size_t n = profile_list(&a, config->profiles, names, PROFILES_MAX);

	for (size_t i = 0; i < n; i++) {
		struct profile *p = arena_alloc(&a, sizeof(*p));

		if (!profile_load(&a, config->profiles, names[i], p, stderr) && p->map.count)
			printf("%-20s %s\n", p->name, p->title);
	}
	arena_release(&a);
	return n ? STATUS_ALL : STATUS_FAILED;
}

static int show_profile(const struct config *config, const char *name)
{
	struct arena a = { 0 };
	struct profile *p = arena_alloc(&a, sizeof(*p));
	enum err e = profile_load(&a, config->profiles, name, p, stderr);

	if (!e) {
		printf("%s: %s\n\n%s\nFormat: %s. Skilletegn: %s. Tegnsett: %s.\nKolonner%s:\n",
		       p->name, p->title, p->about, p->formats, p->delimiter, p->encoding,
		       p->is_positional ? " etter plass" : "");
		for (size_t i = 0; i < p->record_count; i++)
			printf("  (en rad for hver %s i XML og JSON)\n", p->records[i]);
		for (size_t i = 0; i < p->column_count; i++) {
			const struct profile_column *c = &p->columns[i];

			printf("  %-28s%s", c->name, c->is_required ? " må være med" : "");
			for (size_t k = 0; k < c->alias_count; k++)
				printf("%s%s", k ? ", " : "  også: ", c->aliases[k]);
			putchar('\n');
		}
	}
	arena_release(&a);
	return e ? STATUS_FAILED : STATUS_ALL;
}

/* «100», «5%» or «2.5%». */
static bool is_limit(const char *text)
{
	char *end;
	double n = strtod(text, &end);

	return end > text && n >= 0 && (!*end || (!strcmp(end, "%") && n <= 100));
}

/* Takes the options out of argv; the others are left in `words`. False when it makes no sense. */
static bool parse(int argc, char **argv, struct import_options *o, struct config *config,
		  const char *words[2])
{
	const struct {
		const char *name;
		const char **to;
	} texts[] = {
		{ "--rejects", &o->rejects },           { "--files", &o->files },
		{ "--municipality", &o->municipality }, { "--profile-dir", &config->profiles },
		{ "--max-rejects", &o->max_rejects },   { "--look", &o->look },
		{ "--profile", &o->profile },
	};
	int count = 0;

	for (int i = 1; i < argc; i++) {
		size_t k = 0, known = sizeof(texts) / sizeof(texts[0]);

		if (!strcmp(argv[i], "--dry-run") || !strcmp(argv[i], "--settled")) {
			o->is_dry_run |= argv[i][2] == 'd';
			o->is_settled |= argv[i][2] == 's';
			continue;
		}
		while (k < known && strcmp(argv[i], texts[k].name) != 0)
			k++;
		if (k < known && i + 1 < argc)
			*texts[k].to = argv[++i];
		else if (argv[i][0] == '-' || count == 2)
			return false;
		else
			words[count++] = argv[i];
	}
	return (count > 0 || o->look) && (!o->max_rejects || is_limit(o->max_rejects));
}

static int list_batches(struct db *db, struct arena *a)
{
	struct rows *rows;

	if (db_run(db, a, Q_IMPORT_BATCHES, NULL, &rows)) {
		fprintf(stderr, "%s\n", db_message(db));
		return STATUS_FAILED;
	}
	for (int i = 0; i < rows_count(rows); i++)
		printf("%s  %s  %-18s %-8s lest %s = landet %s + endret %s + uendret %s + avvist "
		       "%s + i kø %s  %s%s\n",
		       rows_at(rows, i, 0), rows_at(rows, i, 11), rows_at(rows, i, 1),
		       rows_at(rows, i, 3), rows_at(rows, i, 5), rows_at(rows, i, 6),
		       rows_at(rows, i, 7), rows_at(rows, i, 8), rows_at(rows, i, 9),
		       rows_at(rows, i, 10), rows_at(rows, i, 2),
		       rows_at(rows, i, 4)[0] == 't' ? " (prøve)" : "");
	return STATUS_ALL;
}

static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

/* Why a batch cannot be taken back: each row that somebody has changed since. */
static void tell_changed(struct db *db, struct arena *a, const char *batch)
{
	const char *params[] = { batch };
	struct rows *rows;

	if (db_run(db, a, Q_IMPORT_CHANGED_SINCE, params, &rows))
		return;
	for (int i = 0; i < rows_count(rows); i++)
		printf("  linje %s: %s «%s» endret %s av %s\n", or_nothing(rows_at(rows, i, 1)),
		       rows_at(rows, i, 0), or_nothing(rows_at(rows, i, 2)), rows_at(rows, i, 4),
		       or_nothing(rows_at(rows, i, 3)));
}

static int undo(struct db *db, struct arena *a, const char *batch)
{
	const char *params[] = { batch };
	struct rows *rows;

	if (!db_run(db, a, Q_IMPORT_UNDO, params, &rows)) {
		printf("Innlesingen er tatt tilbake: %s rader.\n", rows_at(rows, 0, 0));
		return STATUS_ALL;
	}
	printf("Innlesingen er ikke tatt tilbake: %s.\n", db_message(db));
	if (db_detail(db)[0])
		printf("  %s\n", db_detail(db));
	tell_changed(db, a, batch);
	puts("Ingenting er endret.");
	return STATUS_FAILED;
}

/* `fdvu import batches` and `fdvu import undo ID`. */
static int batches(struct pools *pools, const char *batch)
{
	struct arena a = { 0 };
	int status = STATUS_FAILED;
	struct db *db;

	if (db_take(pools, DB_JOB, &db))
		fputs("Databasen svarer ikke.\n", stderr);
	else
		status = batch ? undo(db, &a, batch) : list_batches(db, &a);
	db_give(db);
	arena_release(&a);
	return status;
}

static int import(const struct config *config, struct pools *pools,
		  const struct import_options *options, const char *profile)
{
	struct arena a = { 0 };
	struct import *im = arena_alloc(&a, sizeof(*im));
	int status = STATUS_FAILED;
	sigset_t stop;

	/* The program blocks these for its server; an import may be broken off at any moment. */
	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
	im->config = config;
	im->options = options;
	im->arena = &a;
	im->out = stdout;
	im->fd = -1;
	if (!profile_load(&a, config->profiles, profile, &im->profile, stderr)) {
		if (!im->profile.map.count)
			fprintf(stderr, "Profilen «%s» har ingen map.sql: filer kan bare ses på.\n",
				profile);
		else if (db_take(pools, DB_JOB, &im->db))
			fputs("Databasen svarer ikke.\n", stderr);
		else if (!import_run(im))
			status = im->counts.rejected + im->counts.queued ? STATUS_SOME : STATUS_ALL;
		db_give(im->db);
	}
	arena_release(&a);
	return status;
}

/* Needs no database: what it reads goes nowhere. */
static int look(const struct config *config, const struct import_options *o)
{
	struct arena a = { 0 };
	struct profile *p = arena_alloc(&a, sizeof(*p));
	struct look *found = arena_alloc(&a, sizeof(*found));
	int status = STATUS_FAILED,
	    fd = open(o->look, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	look_any(p);
	if (fd < 0) {
		fprintf(stderr, "%s: %s\n", o->look, strerror(errno));
	} else if (!o->profile || !profile_load(&a, config->profiles, o->profile, p, stderr)) {
		status = look_file(&a, p, fd, found) ? STATUS_FAILED : STATUS_ALL;
		look_print(&a, p, found, stdout);
	}
	if (fd >= 0)
		close(fd);
	arena_release(&a);
	return status;
}

bool import_needs_database(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--look"))
			return false;
	}
	return argc > 1 && strcmp(argv[1], "profile") != 0 && strcmp(argv[1], "profiles") != 0;
}

int import_command(const struct config *config, struct pools *pools, int argc, char **argv)
{
	struct import_options options = { .shows_progress = isatty(STDERR_FILENO) };
	const char *words[2] = { NULL, NULL };
	struct config own = *config;

	if (!parse(argc, argv, &options, &own, words))
		return usage();
	if (options.look)
		return words[0] ? usage() : look(&own, &options);
	if (!strcmp(words[0], "profiles") && !words[1])
		return list_profiles(&own);
	if (!strcmp(words[0], "profile") && words[1])
		return show_profile(&own, words[1]);
	if (!strcmp(words[0], "batches") && !words[1])
		return batches(pools, NULL);
	if (!strcmp(words[0], "undo") && words[1] && uuid_is_valid(words[1]))
		return batches(pools, words[1]);
	if (options.is_settled ? words[1] != NULL : !words[1])
		return usage();
	options.file = words[1];
	return import(&own, pools, &options, words[0]);
}
