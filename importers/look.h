/* A look at a file before it is imported: what it is, its columns, its first rows, and what is
 * wrong with it. Nothing is written, and no database is needed. */
#pragma once

#include "base/arena.h"
#include "importers/child.h"
#include "importers/profile.h"

#include <stdio.h>

enum { LOOK_ROWS = 20, LOOK_WORDS = 40, LOOK_LINES = 5 };

/* How often one fault or mark was seen, and on which lines first. */
struct look_count {
	char word[CHILD_WORD];
	bool is_fault; /* else a mark */
	uint64_t count;
	uint64_t lines[LOOK_LINES];
};

struct look_row {
	uint64_t line;
	const char **cells;
	size_t count;
};

struct look {
	bool is_glance;         /* stop after the first LOOK_ROWS rows */
	struct look_row header; /* the first row of the file, or the columns of the profile */
	struct look_row rows[LOOK_ROWS];
	size_t row_count;
	uint64_t total; /* rows after the header */
	struct look_count words[LOOK_WORDS];
	size_t word_count;
	struct child_report child;
};

/* A profile that takes anything. */
void look_any(struct profile *p);

/* Reads the open file `fd` as the profile would; look->is_glance is set before, a glance that has
 * seen enough ends OK. ERR_UNPROCESSABLE when the child could not (see
 * look->child); what came before that is there. All of it is owned by the arena. */
enum err look_file(struct arena *a, const struct profile *profile, int fd, struct look *look);

/* What a word of struct look_count means. */
const char *look_meaning(const char *word);

/* Prints it for people. */
void look_print(struct arena *a, const struct profile *profile, const struct look *look, FILE *out);
