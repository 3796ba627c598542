/* Importing from the office (IMP-1 … IMP-5): a file is sent, looked at, its columns chosen, tried,
 * read in, and taken back; and the queue is settled. The reading itself is worker.h's. */
#pragma once

#include "auth/app.h"

extern const struct route import_routes[];     /* api.c: files, looks, starting a run */
extern const struct route import_run_routes[]; /* api_runs.c: what becomes of it, and the queue */

/* ERR_FORBIDDEN unless whoever asks manages all of the municipality. `person` (may be NULL) gets
 * who it is. */
enum err api_may(struct req *rq, const char **person);
