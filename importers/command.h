/* `fdvu import …` */
#pragma once

#include "base/config.h"
#include "db/db.h"

/* What import needs before it runs: `fdvu import profiles` and `profile NAME` need no database. */
bool import_needs_database(int argc, char **argv);

/* Runs `fdvu import`, argv[0] being "import". `pools` may be NULL when import_needs_database() is
 * false. The exit status: 0 all rows landed or were there already, 3 some were rejected or wait in
 * the queue, 1 nothing landed, 2 called wrongly. */
int import_command(const struct config *config, struct pools *pools, int argc, char **argv);
