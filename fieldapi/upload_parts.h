/* Where the bytes of uploads lie until they are whole: files of var/files/upload, beside the
 * content store. A part is written by one writer, who alone has it open, so that one who has lost
 * his turn can never change what another has committed. A part has no name before bytes of it are
 * committed: what a dead writer leaves is gone with him. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "db/db.h"

/* Makes the folder. False when it cannot, with errno set. */
bool parts_prepare(const struct config *config);

/* A new part, without name, for reading and writing. -1 when there is no room. */
int parts_new(const struct config *config);

/* The part `part` of upload `id`, to go on writing. -1 when it is not there. */
int parts_open(const struct config *config, const char *id, const char *part);

/* Writes all of it at `at`. False when there is no room. */
bool parts_write(int fd, const char *bytes, size_t length, uint64_t at);

/* Lets the disk begin with what was written, so that the flush to come has little to wait for. Only
 * a hint: nothing is promised. */
void parts_send(int fd);

/* Gives a new part its name. The name is on disk when it returns. */
enum err parts_name(const struct config *config, int fd, const char *id, const char *part);

/* The part that a writer who ends an upload has open: its file, and where in the upload it begins
 * and stops. */
struct last_part {
	int fd;
	uint64_t start, stop;
};

/* The bytes of the parts before the last one (rows of upload_parts), then those of the last one, in
 * one new file without name; `sha256` gets what they have. -1 when it cannot be made. */
int parts_join(const struct config *config, const char *id, const struct rows *parts,
	       const struct last_part *last, char sha256[65]);

/* The SHA-256 of the first `length` bytes. False when they are not there. */
bool parts_hash(int fd, uint64_t length, char sha256[65]);

/* Removes the files of the parts (rows of upload_parts). */
void parts_remove(const struct config *config, const char *id, const struct rows *parts);

/* Removes what is older than an hour and of no upload that is open (rows of job_upload_open). How
 * many files. */
int parts_sweep(const struct config *config, const struct rows *open_ids);
