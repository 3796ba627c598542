/* The file that the reader was given (standard input), and what is in it when it is a zip archive.
 * Nothing is opened: GDAL sees the file as /vsiinput/…, read from the descriptor. */
#pragma once

#include "importers/reader_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FILE_ENTRIES_MAX = 5000,         /* of a zip archive */
	FILE_UNPACK_ENTRIES_MAX = 20000, /* of one that is only unpacked */
	FILE_NAME_MAX = 400,             /* bytes of a member's name */
	FILE_RATIO_MAX = 250,            /* bytes of a member for a byte of the archive … */
	FILE_PLAIN_MIB = 64,             /* … beyond this many MiB: a packed bomb */
	FILE_UNPACKED_MIB = 400,         /* unpacked into memory, for drivers that jump about */
};

struct zip_entry {
	char name[FILE_NAME_MAX];
	uint64_t size; /* as the archive says */
};

/* Counts what GDAL complains of: it gives fewer rows rather than an error. */
struct file_failures {
	unsigned count;
	bool is_memory; /* one of them was an allocation */
	char first[300];
};

extern struct file_failures file_failures;

/* Before the prison: GDAL's settings and the file's name in it. */
void file_prepare(void);

/* The file's bytes. */
void file_source(struct source *s);

/* Bytes at its start; how many. */
size_t file_head(char *to, size_t room);
uint64_t file_size(void);

/* Lists the archive of at most that many files. NULL, or a word for reader_fail(). Owned by the
 * reader's one archive. */
const char *zip_list(struct zip_entry **to, size_t *count, size_t most);

/* Opens a member as a stream that is stopped when it unpacks to too much. */
bool zip_source(const char *member, struct source *s);
struct archive zip_archive(void);

/* Unpacks the members whose folder and name up to the last dot are those of `like` (all in its
 * folder when `is_folder`) into memory under `folder`. NULL, or a word for reader_fail(). */
const char *zip_unpack(const char *like, bool is_folder, const char *folder);
