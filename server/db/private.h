/* The private PostgreSQL: what fdvu runs itself under var/ when no `database` is configured. */
#pragma once

#include <stdio.h>

#include "base/config.h"
#include "base/err.h"

struct private_db;

/* Makes the cluster if it is missing and starts it if it is not running. `conninfo` (owned by the
 * returned object) tells how to reach it: a Unix socket that only this user can. Run by root, the
 * PostgreSQL programs run as the user `postgres`, since they refuse root. Processes that share var/
 * share the server. Reasons of failure go to `report`. */
enum err private_start(const struct config *config, struct private_db **out, const char **conninfo,
		       FILE *report);

/* Lets go of it; the last process to do so stops the server. NULL does nothing. */
void private_stop(struct private_db *p);

/* The user that may make roles and extensions there. */
extern const char private_owner[];
