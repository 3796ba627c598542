#include "importers/import.h"

#include "base/clock.h"
#include "base/sha256.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES_MAX_GIB = 16, HASH_PIECE = 256 * 1024 };

enum err import_refuse(struct import *im, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	im->refusal = arena_vprintf(im->arena, format, args);
	va_end(args);
	fprintf(im->out, "Innlesingen stoppet: %s.\nIngenting er endret.\n", im->refusal);
	return ERR_UNPROCESSABLE;
}

static enum err broken(struct import *im, const char *where, enum err e)
{
	im->refusal = arena_printf(im->arena, "«%s»: %s", where, db_message(im->db));
	fprintf(im->out, "Innlesingen stoppet i %s\nIngenting er endret.\n", im->refusal);
	return e;
}

size_t import_place(const struct import *im, const char *name)
{
	for (size_t i = 0; i < im->width; i++) {
		if (!strcmp(im->columns[i], name))
			return i;
	}
	return im->width;
}

enum err import_section(struct import *im, const struct script *s, const char *name)
{
	const char *sql = script_find(s, name);
	enum err e;

	if (!sql)
		return import_refuse(im, "delen «%s» mangler i profilens SQL", name);
	e = db_script(im->db, sql);
	return e ? broken(im, name, e) : OK;
}

static bool hash_file(int fd, char hex[SHA256_TEXT])
{
	struct sha256 *sum = sha256_start();
	char piece[HASH_PIECE];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, piece, sizeof(piece), at)) > 0) {
		sha256_add(sum, piece, (size_t)n);
		at += n;
	}
	sha256_end(sum, hex);
	return n == 0;
}

static enum err open_file(struct import *im)
{
	struct stat st;

	im->fd = open(im->options->file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (im->fd < 0)
		return import_refuse(im, "%s: %s", im->options->file, strerror(errno));
	if (fstat(im->fd, &st) || !S_ISREG(st.st_mode))
		return import_refuse(im, "%s er ikke en fil", im->options->file);
	if (st.st_size > (off_t)FILE_BYTES_MAX_GIB << 30)
		return import_refuse(im, "filen er større enn %d GiB", FILE_BYTES_MAX_GIB);
	if (!hash_file(im->fd, im->sha256))
		return import_refuse(im, "filen lot seg ikke lese: %s", strerror(errno));
	return OK;
}

/* What the batch is called in the list. */
static const char *file_name(const struct import *im)
{
	const char *slash = im->options->is_settled ? NULL : strrchr(im->options->file, '/');

	if (im->options->name)
		return im->options->name;
	if (im->options->is_settled)
		return "(fra køen)";
	return slash ? slash + 1 : im->options->file;
}

/* The transaction, its settings and its work tables. */
static enum err open_run(struct import *im)
{
	const char *params[] = { im->profile.name,
				 im->profile.source,
				 file_name(im),
				 im->sha256,
				 im->options->municipality,
				 im->options->is_dry_run ? "true" : "false",
				 im->profile.needs_municipality ? "true" : "false" };
	const char *sql = script_find(&im->common, "begin");
	struct rows *rows;
	enum err e;

	if ((e = import_section(im, &im->common, "open")))
		return e;
	if (!sql)
		return import_refuse(im, "delen «begin» mangler i common.sql");
	e = db_run_sql(im->db, im->arena, sql, 7, params, &rows);
	if (e)
		return broken(im, "begin", e);
	im->batch = rows_at(rows, 0, 2);
	if (!strcmp(rows_at(rows, 0, 0), "busy"))
		return import_refuse(im, "en annen innlesing med profilen «%s» pågår",
				     im->profile.name);
	if (!strcmp(rows_at(rows, 0, 0), "municipality"))
		return import_refuse(im, "kommunen må sies med --municipality NNNN (her er: %s)",
				     rows_at(rows, 0, 1) ? rows_at(rows, 0, 1) : "ingen");
	return import_section(im, &im->common, "here");
}

/* What the program does after a section of map.sql: after the one called «files» the files are
 * taken, after «seek» the places are found, and after «cook» rows are staged that compete with
 * others of the file. */
static enum err follow(struct import *im, const char *name)
{
	bool has_more = false;
	enum err e = OK;

	if (!strcmp(name, "files") && im->options->files)
		return files_take(im);
	if (!strcmp(name, "seek"))
		return import_section(im, &im->places, "find");
	if (!strcmp(name, "cook"))
		e = stage_rivals(im, &has_more);
	return e || !has_more ? e : import_section(im, &im->profile.map, name);
}

/* The sections of map.sql in their order. */
static enum err run_map(struct import *im)
{
	const struct script *map = &im->profile.map;
	enum err e;

	for (size_t i = 0; i < map->count; i++) {
		const char *name = map->sections[i].name;

		if ((e = report_step(im, name)) || (e = import_section(im, map, name)) ||
		    (e = follow(im, name)))
			return e;
	}
	return OK;
}

/* Counts the rows by how they ended; each must have ended in exactly one way. */
static enum err tally(struct import *im)
{
	const char *sql = script_find(&im->common, "tally");
	uint64_t *const to[] = { &im->counts.read,         &im->counts.landed,
				 &im->counts.updated,      &im->counts.unchanged,
				 &im->counts.rejected,     &im->counts.queued,
				 &im->counts.files_missing };
	const struct import_counts *c = &im->counts;
	struct rows *rows;
	enum err e;

	if (!sql)
		return import_refuse(im, "delen «tally» mangler i common.sql");
	e = db_run_sql(im->db, im->arena, sql, 0, NULL, &rows);
	if (e)
		return broken(im, "tally", e);
	for (int i = 0; i < 7; i++)
		*to[i] = strtoull(rows_at(rows, 0, i), NULL, 10);
	im->counts.blank = im->child.blank;
	if (c->read != c->landed + c->updated + c->unchanged + c->rejected + c->queued)
		return import_refuse(
			im,
			"profilen gjorde ikke rede for alle radene (lest %llu, landet %llu, "
			"endret %llu, uendret %llu, avvist %llu, i kø %llu)",
			(unsigned long long)c->read, (unsigned long long)c->landed,
			(unsigned long long)c->updated, (unsigned long long)c->unchanged,
			(unsigned long long)c->rejected, (unsigned long long)c->queued);
	return OK;
}

/* More rejects than the caller would have: nothing lands, and the file of rejects says why. */
static enum err check_rejects(struct import *im)
{
	const char *most = im->options->max_rejects;
	const struct import_counts *c = &im->counts;
	char *end;
	double limit;

	if (!most)
		return OK;
	limit = strtod(most, &end);
	if (*end == '%')
		limit = limit / 100 * (double)c->read;
	if ((double)c->rejected <= limit)
		return OK;
	return import_refuse(im, "%llu av %llu rader er avvist, og høyst %s var tillatt",
			     (unsigned long long)c->rejected, (unsigned long long)c->read, most);
}

static enum err steps(struct import *im)
{
	enum err e;

	if ((e = open_run(im)) ||
	    (e = im->options->is_settled ? stage_settled(im) : stage_file(im)))
		return e;
	if ((e = report_step(im, "kontroll")) || (e = import_section(im, &im->common, "staged")) ||
	    (e = run_map(im)) || (e = import_section(im, &im->common, "ended")) || (e = tally(im)))
		return e;
	if ((e = report_step(im, "avslutning")) || (e = rejects_write(im)))
		return e;
	report_lists(im);
	if ((e = check_rejects(im)))
		return e;
	return import_section(im, &im->common, "close");
}

/* All of an import's transaction. */
static enum err transact(struct import *im)
{
	const struct import_watch *w = im->watch;
	bool lands = !im->options->is_dry_run;
	enum err e;

	if ((e = db_begin(im->db, NULL)))
		return broken(im, "begin", e);
	if ((!w || !(e = w->begun(w->closure, im))) && !(e = steps(im)) && lands && w)
		e = w->landed(w->closure, im);
	if (e || !lands) {
		db_rollback(im->db);
		im->batch = NULL;
	} else if ((e = db_commit(im->db))) {
		broken(im, "commit", e);
	}
	return e;
}

/* A dry run and a failure leave a line in the list of batches, and nothing else. */
static void note_batch(struct import *im, const char *state)
{
	const struct import_counts *c = &im->counts;
	const uint64_t counts[] = { c->read,      c->landed,   c->updated,
				    c->unchanged, c->rejected, c->queued };
	const char *params[12] = { im->profile.name,
				   im->profile.source,
				   file_name(im),
				   im->sha256,
				   im->options->is_dry_run ? "true" : "false",
				   state };
	struct rows *rows;

	for (size_t i = 0; i < 6; i++)
		params[6 + i] = arena_printf(im->arena, "%llu", (unsigned long long)counts[i]);
	if (db_run(im->db, im->arena, Q_IMPORT_NOTE_BATCH, params, &rows))
		fprintf(im->out, "Innlesingen er ikke ført i loggen: %s\n", db_message(im->db));
	else
		im->noted = rows_at(rows, 0, 0);
}

enum err import_run(struct import *im)
{
	const char *common = arena_printf(im->arena, "%s/common.sql", im->config->profiles);
	const char *places = arena_printf(im->arena, "%s/places.sql", im->config->profiles);
	enum err e;

	im->started_us = clock_us();
	if ((e = script_load(im->arena, common, &im->common, im->out)) ||
	    (e = script_load(im->arena, places, &im->places, im->out)))
		return e;
	if (im->options->is_settled)
		sha256_of("", 0, im->sha256);
	else
		e = open_file(im);
	if (!e)
		e = transact(im);
	if (im->fd >= 0)
		close(im->fd);
	if (e || im->options->is_dry_run)
		note_batch(im, e ? "failed" : "done");
	if (!e)
		report_print(im);
	return e;
}
