/* Imports started in the office (table import_run): one thread of each server takes them, and one
 * run is under way at a time among all servers. The import itself is the command's. A server that
 * dies leaves nothing of its run; another, or the same when it is back, notes it as broken off. */
#pragma once

#include "base/config.h"
#include "db/db.h"

struct import_worker;

/* Starts the thread. NULL, with the reason in the log, when it cannot: the folder of the spool is
 * not there, or the job role's pool is too small. */
struct import_worker *import_worker_start(const struct config *config, struct pools *pools);

/* There is a run to take: look at once. NULL does nothing. */
void import_worker_wake(struct import_worker *w);

/* Takes no more runs, breaks off the one under way (nothing of it lands), frees. NULL does nothing.
 */
void import_worker_stop(struct import_worker *w);
