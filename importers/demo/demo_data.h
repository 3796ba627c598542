/* The command `fdvu demo-data`: fills a database with a municipality that could be Kristiansund. */
#pragma once

#include <stdio.h>

#include "db/db.h"
#include "kinds.h"
#include "reference.h"
#include "row.h"

struct demo_options {
	enum scale scale;
	uint64_t seed;
	int today; /* days since 1970; cases, tasks and leases are relative to it */
	bool is_forced;
};

/*
 * Reads «--scale small|town|city», «--seed N», «--today YYYY-MM-DD» and «--force» (argv[0] is the
 * command's name). Without --today it is the current date in UTC. On a fault writes a sentence to
 * `to` and returns false.
 */
bool demo_options_read(int argc, char **argv, struct demo_options *out, FILE *to);

/* Makes everything and writes it to `sink`, table by table in the order of their references. The
 * same options and reference give the same bytes. Counts rows in `*rows`. `last_number` (may be
 * NULL) is called for each kind of number and year with the last one used. */
enum err demo_write(const struct demo_options *options, const struct reference *reference,
		    struct sink *sink, uint64_t *rows,
		    enum err (*last_number)(void *context, const char *kind, int year, int last),
		    void *context);

/*
 * Runs the command: all of it in one transaction, by the owner's pool. Refuses a database that has
 * places or people unless --force is given; then it is added to what is there. Prints a summary.
 * Returns the exit status.
 */
int demo_data_run(struct pools *pools, int argc, char **argv);
