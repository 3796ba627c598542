/* `fdvu doctor` and `fdvu after-restore`: whether this database can serve, in plain words, and what
 * a restored one needs first (docs/operations.md). */
#pragma once

#include "base/config.h"
#include "db/db.h"

/* Looks at the database and says what is well and what is not, with what to do. Returns the exit
 * status: 0 when all is well. */
int doctor_command(const struct config *config, struct pools *pools);

/* Makes a database that was restored into a new cluster ready: goes past the transaction numbers in
 * its data and begins a new epoch. Returns the exit status. */
int after_restore_command(struct pools *pools);
