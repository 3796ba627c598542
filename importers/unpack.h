/* The files that an export names, sent beside it: laid in a folder of their own for the run that
 * reads them (the office's --files). An archive is unpacked by fdvu-reader in its prison, which
 * opens no file; what it says is in the archive is checked here and written below the folder. */
#pragma once

#include "base/arena.h"
#include "base/config.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	UNPACK_FILES_MAX = 20000, /* of all that is sent beside one export */
	UNPACK_TIMES_MAX = 4,     /* their bytes, in times config.import_mib */
	UNPACK_DEPTH_MAX = 20,    /* folders in each other */
	UNPACK_PATH_MAX = 1000,   /* bytes of a path */
};

struct unpack {
	struct arena *arena;
	const struct config *config;
	int folder;      /* where the files are laid */
	uint64_t files;  /* so far */
	uint64_t bytes;  /* so far */
	const char *why; /* what was wrong, as a sentence without its full stop */
	/* Asked now and then; anything but OK stops it. NULL: nobody. */
	enum err (*told)(void *closure);
	void *closure;
};

/* Lays the file of the spool with these bytes at `path` below the folder. ERR_UNPROCESSABLE with
 * why. */
enum err unpack_file(struct unpack *u, const char *sha256, const char *path);

/* Unpacks the zip archive of the spool with these bytes below the folder. As unpack_file(). */
enum err unpack_archive(struct unpack *u, const char *sha256);

/* Whether a path is one that may be laid below a folder: relative, without «.», «..» and empty
 * parts. */
bool unpack_is_path(const char *path);
