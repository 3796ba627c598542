/* The files of the export that a run was given: laid in a folder of the spool while it goes on. */
#pragma once

#include "importers/unpack.h"

/* Checks what was asked for: a list of {sha256, path}, without a path for an archive that is to be
 * unpacked, each of them sent before. NULL, or what is wrong as a sentence. */
const char *run_files_check(struct arena *a, const struct config *config, const char *json);

/* Lays the files in a new folder of the run; `folder` gets its path. u->arena, config and told are
 * set. ERR_UNPROCESSABLE with u->why. */
enum err run_files_lay(struct unpack *u, const char *run, const char *json, const char **folder);

/* Removes the folder, if it is there. */
void run_files_remove(const struct config *config, const char *run);
