/* Legacy data in: one file through the reader child into a staging table, then a profile's SQL, in
 * one transaction. Every row ends as landed, unchanged, rejected or queued; the sums are checked
 * before anything is committed. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/err.h"
#include "base/sha256.h"
#include "db/db.h"
#include "importers/child.h"
#include "importers/profile.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { IMPORT_HEADERS_MAX = 500 };

/* Lists of the report: where rows landed, and why others were marked, rejected or queued. */
enum import_list { LIST_LANDED_IN, LIST_FLAGS, LIST_REASONS, LIST_QUEUE, IMPORT_LISTS };

struct import_options {
	const char *file;
	const char *name;    /* what the batch calls it; NULL: the last part of `file` */
	const char *rejects; /* where rejected rows are written; NULL: FILE.avvist.csv */
	const char *look;    /* a file to look at only, or NULL */
	const char *profile; /* as which it is looked at, or NULL */
	const char *files;   /* folder with the files that the export names, or NULL */
	const char
		*municipality; /* kommunenummer for rows that do not say; NULL: the only one here */
	const char *max_rejects; /* «5%» or «100»: with more, nothing lands; NULL: no limit */
	bool is_settled;         /* no file: rows of the queue that a person has answered */
	bool is_dry_run;
	bool shows_progress;
};

struct import_counts {
	uint64_t read, landed, updated, unchanged, rejected, queued;
	uint64_t blank;         /* empty rows, which are no rows */
	uint64_t files_taken;   /* files that now are in the content store */
	uint64_t files_missing; /* named by the export but not in the folder */
};

struct import;
struct stage;

/* Who follows an import, on its own thread. Anything but OK from one of these stops it. */
struct import_watch {
	enum err (*begun)(void *closure, struct import *im);  /* the transaction has begun */
	enum err (*told)(void *closure, struct import *im);   /* im->step and im->seen are new */
	enum err (*landed)(void *closure, struct import *im); /* all is done but the commit */
	void *closure;
};

/* One import as it goes on; lives on the stack of import_run()'s caller. */
struct import {
	const struct config *config;
	const struct import_options *options;
	struct arena *arena;
	struct db *db;
	struct profile profile;
	struct script common; /* profiles/common.sql */
	struct script places; /* profiles/places.sql */
	FILE *out;            /* what people read */
	int fd;               /* the file */
	char sha256[SHA256_TEXT];
	const char *headers[IMPORT_HEADERS_MAX]; /* of the file's columns, in its order */
	const char *columns[IMPORT_HEADERS_MAX]; /* their names in staging */
	size_t width;
	struct child_report child;
	struct import_counts counts;
	const char *rejects_path; /* NULL when none were written */
	const char *batch;        /* its id; NULL when nothing landed */
	const char *noted;        /* the id of a dry run or a failure in the list of batches */
	const char *refusal;      /* why it failed, as a sentence without its full stop */
	struct rows *lists[IMPORT_LISTS];
	struct stage *stage;              /* of the file; NULL: none is read */
	const char *step;                 /* what is being done; NULL: the file is read */
	uint64_t seen, seen_bytes;        /* rows and bytes of the file so far */
	const struct import_watch *watch; /* NULL: nobody */
	uint64_t started_us;
};

/* Runs the whole import and prints its summary. im->config, options, arena, db, profile and out are
 * set. Nothing has landed unless it returns OK and it was no dry run. */
enum err import_run(struct import *im);

/* Where the profile's column stands in the file; im->width when it does not. */
size_t import_place(const struct import *im, const char *name);

/* Runs the section `name` of common.sql or of the profile's map. */
enum err import_section(struct import *im, const struct script *s, const char *name);

/* Says on im->out why the import fails, and returns ERR_UNPROCESSABLE. */
__attribute__((format(printf, 2, 3))) enum err import_refuse(struct import *im, const char *format,
							     ...);

/* -- its steps, each in a file of its own ------------------------------------------------------ */

/* stage.c: the file's rows into the temporary table `staged`, header understood. */
enum err stage_file(struct import *im);

/* stage.c: stages rows that are known, of which the profile found others to be the same; none:
 * *has_more is false. The section `cook` has made `told`, and is run again when there were. */
enum err stage_rivals(struct import *im, bool *has_more);

/* stage.c: the answered rows of the queue into `staged` instead of a file. */
enum err stage_settled(struct import *im);

/* files.c: takes the files that the temporary table `wanted_file` names from options->files, fills
 * `taken_file`. A dry run reads and hashes them only. */
enum err files_take(struct import *im);

/* rejects.c: writes the rejected rows, if any, as CSV with UTF-8 BOM and «;». */
enum err rejects_write(struct import *im);

/* report.c: what happened, for people. The lists need the work tables, so they are asked for before
 * the commit. */
void report_lists(struct import *im);
void report_print(struct import *im);
/* The same as a JSON object, for programs. */
void report_json(struct import *im, struct buf *to);
/* What the child noted of the file, as members of a JSON object, each with a comma after it. */
void report_child_json(const struct child_report *child, struct buf *to);
/* How far it has come; fails when whoever watches stops it. */
enum err report_progress(struct import *im, uint64_t rows, bool is_done);
enum err report_step(struct import *im, const char *step);
/* Why the child could not read the file, as a sentence. */
const char *report_fault(struct arena *a, const struct profile *profile,
			 const struct child_report *child);
/* What the child noted of the file: what was left unread, and what stands beside the rows. */
void report_notes(const struct child_report *child, FILE *out);
