/* Snapshot files: all rows of a bucket class as a packed file that a tablet begins with, and pulls
 * on from where the file was (docs/sync-protocol.md). */
#pragma once

#include "auth/app.h"

/* Rows of a class below this come inline as fast as by a file. */
enum { SNAPSHOT_ROWS_MIN = 500 };

extern const struct route snapshot_routes[];

/* Where the files are kept; before the job or the command below. */
void snapshot_open(const struct config *config);

/* The job: builds the files of classes that have changed, sweeps those that have been followed.
 * `payload` may say {"least": N}: changes of a class that are worth a new file. */
enum err snapshot_job(struct pools *pools, struct arena *a, const char *payload, struct buf *said);

/* `fdvu snapshots`: the same now. Returns the exit status. */
int snapshot_command(const struct config *config, struct pools *pools);
