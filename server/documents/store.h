/* The content store: files under var/files by their SHA-256 (DOC-1). The same bytes are kept once.
 */
#pragma once

#include <stdint.h>

#include "base/config.h"
#include "base/err.h"

/* Gives the file `fd` (in var/files, most often made there by O_TMPFILE) its name. OK also when
 * those bytes are there already. The bytes are on disk when it returns. */
enum err store_keep(const struct config *config, int fd, const char *sha256);

/* Opens the file of these bytes for reading. -1 when it is not there. `size` in bytes. */
int store_open(const struct config *config, const char *sha256, uint64_t *size);

/* Removes the file of these bytes, if it is there: only for bytes that nobody else can have kept.
 */
void store_remove(const struct config *config, const char *sha256);

/* What the bytes of `fd` are (libmagic's media type), whatever they are called: NULL when it cannot
 * be told. Copied to `type`. */
const char *store_type(int fd, char type[64]);

/* The media type of the bytes of `fd` when it is one that we take, NULL when it is not; store_takes
 * says in words which those are. */
const char *store_accepted(int fd);
extern const char store_takes[];
