#include "base/fd.h"
#include "base/str.h"
#include "importers/import.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	PIECE = 256 * 1024,
	HEAD = 512, /* bytes that tell what a file is */
};

/* One file of the export, read once: hashed, and copied if it is to be kept. */
struct taken {
	char sha256[SHA256_TEXT];
	uint64_t size;
	const char *family; /* what its first bytes say it is */
};

/* Opens a file under the folder; links and «..» that lead out of it are refused by the kernel. */
static int open_beneath(int folder, const char *path)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };
	struct stat st;
	int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));

	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		close(fd);
		errno = ENOENT;
		return -1;
	}
	return fd;
}

static const char *family_of(const unsigned char *head, size_t length)
{
	static const struct {
		const char *magic;
		size_t length;
		const char *family;
	} known[] = {
		{ "%PDF-", 5, "pdf" },
		{ "\xff\xd8\xff", 3, "jpeg" },
		{ "\x89PNG\r\n\x1a\n", 8, "png" },
		{ "GIF8", 4, "gif" },
		{ "II*\0", 4, "tiff" },
		{ "MM\0*", 4, "tiff" },
		{ "PK\3\4", 4, "zip" },
		{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "ole" },
		{ "AC10", 4, "dwg" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (length >= known[i].length && !memcmp(head, known[i].magic, known[i].length))
			return known[i].family;
	}
	return memchr(head, '\0', length) ? "unknown" : "text";
}

/* Reads `from` to its end; writes it to `to` unless that is -1. */
static bool copy_and_hash(int from, int to, uint64_t most, struct taken *t)
{
	struct sha256 *sum = sha256_start();
	unsigned char piece[PIECE];
	bool is_well = true;
	ssize_t n = 0;

	t->size = 0;
	t->family = "text";
	while (is_well && (n = read(from, piece, sizeof(piece))) > 0) {
		if (t->size == 0)
			t->family = family_of(piece, (size_t)n < HEAD ? (size_t)n : HEAD);
		sha256_add(sum, piece, (size_t)n);
		t->size += (uint64_t)n;
		is_well = t->size <= most && (to < 0 || fd_write(to, piece, (size_t)n));
	}
	sha256_end(sum, t->sha256);
	return is_well && n == 0;
}

/* Gives the unnamed copy its place in the store, files/ab/cdef…, unless the same bytes are there.
 */
static bool name_copy(struct import *im, int fd, const char *sha256)
{
	const char *store = arena_printf(im->arena, "%s/files", im->config->var);
	const char *folder = arena_printf(im->arena, "%s/%.2s", store, sha256);
	const char *path = arena_printf(im->arena, "%s/%s", folder, sha256 + 2);
	const char *self = arena_printf(im->arena, "/proc/self/fd/%d", fd);

	if (access(path, F_OK) == 0)
		return true;
	if (mkdir(folder, 0750) && errno != EEXIST)
		return false;
	if (fsync(fd) ||
	    (linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) && errno != EEXIST))
		return false;
	return true;
}

/* False only when the store fails; a file that cannot be read is a missing one. */
static bool take_one(struct import *im, int folder, const char *path, struct taken *t,
		     bool *is_there)
{
	const char *store = arena_printf(im->arena, "%s/files", im->config->var);
	uint64_t most = (uint64_t)im->config->file_mib << 20;
	int from = open_beneath(folder, path), to = -1;
	bool is_kept = true;

	*is_there = from >= 0;
	if (from < 0)
		return true;
	if (!im->options->is_dry_run) {
		mkdir(store, 0750);
		to = open(store, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
		is_kept = to >= 0;
	}
	if (is_kept) {
		*is_there = copy_and_hash(from, to, most, t);
		if (*is_there && to >= 0)
			is_kept = name_copy(im, to, t->sha256);
	}
	close(from);
	if (to >= 0)
		close(to);
	return is_kept;
}

static enum err note_one(struct import *im, const char *path, const struct taken *t)
{
	const char *sql = script_find(&im->common, "taken_file");
	const char *params[] = { path, t->sha256,
				 arena_printf(im->arena, "%llu", (unsigned long long)t->size),
				 t->family };

	im->counts.files_taken++;
	return db_run_sql(im->db, im->arena, sql ? sql : "", 4, params, NULL);
}

/* The names too must be on disk before the rows that point at them are committed. */
static enum err sync_store(struct import *im)
{
	const char *store = arena_printf(im->arena, "%s/files", im->config->var);
	bool is_well;
	int fd;

	if (im->options->is_dry_run || im->counts.files_taken == 0)
		return OK;
	fd = open(store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	is_well = fd >= 0 && !syncfs(fd);
	if (fd >= 0)
		close(fd);
	return is_well ? OK : import_refuse(im, "%s: %s", store, strerror(errno));
}

static bool has_any(int folder, const struct rows *paths)
{
	for (int i = 0; i < rows_count(paths); i++) {
		int fd = open_beneath(folder, rows_at(paths, i, 0));

		if (fd >= 0) {
			close(fd);
			return true;
		}
	}
	return false;
}

/* The one folder that is all there is in this one; -1 when there is more, or none. */
static int open_only(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	char name[256] = "";
	size_t count = 0;
	int fd = -1;

	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    count++ == 0)
			snprintf(name, sizeof(name), "%s", entry->d_name);
	}
	if (dir && count == 1)
		fd = openat(dirfd(dir), name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir)
		closedir(dir);
	return fd;
}

/* Where the export's paths begin: in the folder, or, when none of them is there, in the one folder
 * that it holds (people pack the folder, not what is in it). */
static int open_start(const char *path, const struct rows *paths)
{
	int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), inner;

	if (folder < 0 || has_any(folder, paths) || (inner = open_only(path)) < 0)
		return folder;
	if (!has_any(inner, paths)) {
		close(inner);
		return folder;
	}
	close(folder);
	return inner;
}

enum err files_take(struct import *im)
{
	const char *sql = script_find(&im->common, "wanted_files");
	struct rows *rows;
	int folder;
	enum err e;

	if ((e = db_run_sql(im->db, im->arena, sql ? sql : "", 0, NULL, &rows)))
		return e;
	folder = open_start(im->options->files, rows);
	if (folder < 0)
		return import_refuse(im, "%s: %s", im->options->files, strerror(errno));
	for (int i = 0; !e && i < rows_count(rows); i++) {
		struct taken t;
		bool is_there;

		if ((e = report_step(im, im->step)))
			break;
		if (!take_one(im, folder, rows_at(rows, i, 0), &t, &is_there))
			e = import_refuse(im, "fillageret tok ikke imot: %s", strerror(errno));
		else if (is_there)
			e = note_one(im, rows_at(rows, i, 0), &t);
	}
	close(folder);
	return e ? e : sync_store(im);
}
