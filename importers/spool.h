/* Files that wait to be imported, and the rejected rows of those that were: under var/files/import,
 * for some days (config.import_days). They hold personal data, so they go by themselves. */
#pragma once

#include "base/config.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

enum { SPOOL_PATH = 1024 };

/* Makes the folder. False when it cannot, with errno set. */
bool spool_prepare(const struct config *config);

/* Gives the unnamed file `fd` (made in var/files by O_TMPFILE) its name: the SHA-256 of its bytes.
 * The same bytes are kept once, and from now on again. */
enum err spool_keep(const struct config *config, int fd, const char *sha256);

/* Opens the file of these bytes. -1 when it is not there. `size` (may be NULL) in bytes. */
int spool_open(const struct config *config, const char *sha256, uint64_t *size);

/* The path of the file of these bytes, whether or not it is there. */
void spool_path(const struct config *config, const char *sha256, char path[SPOOL_PATH]);

/* Where the rejected rows of a run are. */
void spool_rejects(const struct config *config, const char *run, char path[SPOOL_PATH]);

/* Where the files of the export lie while a run goes on. */
void spool_folder(const struct config *config, const char *run, char path[SPOOL_PATH]);

/* Removes a folder of the spool with all that is in it, if it is there. */
void spool_remove(const char *path);

/* Removes what is older than config.import_days and no run waits for, and folders that no run has
 * any more. How many files and folders. */
int spool_sweep(const struct config *config, const struct rows *in_use);
