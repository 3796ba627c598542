#include "fieldapi/upload_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sha256.h"
#include "base/uuid.h"

enum {
	PATH_BYTES = 1024,
	COPY_BYTES = 64 * 1024,
	FRESH_SECONDS = 60 * 60, /* a part may be named a moment before its row says so */
};

static void set_folder(const struct config *config, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, "%s/files/upload", config->var);
}

static void set_path(const struct config *config, const char *id, const char *part,
		     char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, "%s/files/upload/%s.%s", config->var, id, part);
}

bool parts_prepare(const struct config *config)
{
	char folder[PATH_BYTES];

	set_folder(config, folder);
	return !mkdir(folder, 0700) || errno == EEXIST;
}

int parts_new(const struct config *config)
{
	char folder[PATH_BYTES];

	set_folder(config, folder);
	return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

int parts_open(const struct config *config, const char *id, const char *part)
{
	char path[PATH_BYTES];

	set_path(config, id, part, path);
	return open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
}

bool parts_write(int fd, const char *bytes, size_t length, uint64_t at)
{
	while (length) {
		ssize_t wrote = pwrite(fd, bytes, length, (off_t)at);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		bytes += wrote;
		length -= (size_t)wrote;
		at += (uint64_t)wrote;
	}
	return true;
}

void parts_send(int fd)
{
	sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

enum err parts_name(const struct config *config, int fd, const char *id, const char *part)
{
	char folder[PATH_BYTES], path[PATH_BYTES], from[64];
	enum err e = OK;
	int directory;

	set_folder(config, folder);
	set_path(config, id, part, path);
	snprintf(from, sizeof(from), "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, from, AT_FDCWD, path, AT_SYMLINK_FOLLOW)) {
		log_warn("uploads", "%s: %s", path, strerror(errno));
		return ERR_BUSY;
	}
	directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0 || fsync(directory))
		e = ERR_BUSY;
	if (directory >= 0)
		close(directory);
	return e;
}

/* Reads the first `length` bytes of `from` into the digest, and to `to` unless that is -1. */
static bool copy_part(int from, uint64_t length, int to, uint64_t *at, struct sha256 *digest)
{
	char bytes[COPY_BYTES];

	for (uint64_t done = 0; done < length;) {
		size_t want =
			length - done < sizeof(bytes) ? (size_t)(length - done) : sizeof(bytes);
		ssize_t got = pread(from, bytes, want, (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		sha256_add(digest, bytes, (size_t)got);
		if (to >= 0 && !parts_write(to, bytes, (size_t)got, *at))
			return false;
		*at += (uint64_t)got;
		done += (uint64_t)got;
	}
	return true;
}

bool parts_hash(int fd, uint64_t length, char sha256[65])
{
	struct sha256 *digest = sha256_start();
	uint64_t at = 0;
	bool good = copy_part(fd, length, -1, &at, digest);

	sha256_end(digest, sha256);
	return good;
}

static uint64_t number_at(const struct rows *rows, int row, int column)
{
	return strtoull(rows_at(rows, row, column), NULL, 10);
}

int parts_join(const struct config *config, const char *id, const struct rows *parts,
	       const struct last_part *last, char sha256[65])
{
	struct sha256 *digest = sha256_start();
	int to = parts_new(config);
	bool good = to >= 0;
	uint64_t at = 0;

	for (int i = 0; good && i < rows_count(parts); i++) {
		uint64_t start = number_at(parts, i, 1);
		uint64_t stop = rows_at(parts, i, 2) ? number_at(parts, i, 2) : last->start;
		int from;

		if (start >= last->start)
			break; /* the last one itself, which has more than its row knows */
		from = parts_open(config, id, rows_at(parts, i, 0));
		good = from >= 0 && start == at && stop > start &&
		       copy_part(from, stop - start, to, &at, digest);
		if (from >= 0)
			close(from);
	}
	good = good && at == last->start &&
	       copy_part(last->fd, last->stop - last->start, to, &at, digest);
	sha256_end(digest, sha256);
	if (!good && to >= 0)
		close(to);
	return good ? to : -1;
}

void parts_remove(const struct config *config, const char *id, const struct rows *parts)
{
	char path[PATH_BYTES];

	for (int i = 0; i < rows_count(parts); i++) {
		set_path(config, id, rows_at(parts, i, 0), path);
		unlink(path);
	}
}

/* The upload that a file's name tells. False for what is no part of one. */
static bool read_name(const char *name, char id[UUID_TEXT])
{
	if (strlen(name) < UUID_TEXT || name[UUID_TEXT - 1] != '.')
		return false;
	memcpy(id, name, UUID_TEXT - 1);
	id[UUID_TEXT - 1] = '\0';
	return uuid_is_valid(id);
}

static bool is_old_part(int folder, const char *name, char id[UUID_TEXT])
{
	struct stat st;

	return read_name(name, id) && !fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       S_ISREG(st.st_mode) && st.st_mtime < time(NULL) - FRESH_SECONDS;
}

static bool is_among(const struct rows *open_ids, const char *id)
{
	for (int i = 0; i < rows_count(open_ids); i++)
		if (!strcmp(rows_at(open_ids, i, 0), id))
			return true;
	return false;
}

int parts_sweep(const struct config *config, const struct rows *open_ids)
{
	char folder[PATH_BYTES], id[UUID_TEXT];
	struct dirent *entry;
	int gone = 0;
	DIR *dir;

	set_folder(config, folder);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir)))
		if (is_old_part(dirfd(dir), entry->d_name, id) && !is_among(open_ids, id))
			gone += !unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	return gone;
}
