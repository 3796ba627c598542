/* Migrations: numbered SQL files, applied once each, in order, each in its own transaction. */
#pragma once

#include <stdio.h>

#include "db/db.h"

/* Applies what is missing of `directory`/migrations/NNNN_name.sql by the owner's pool. A file that
 * was applied and has changed since is refused. Two at once wait for each other. Writes a line per
 * applied file, and the reason of a failure, to `report`. */
enum err migrate(struct pools *pools, const char *directory, FILE *report);
