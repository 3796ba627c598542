#include "importers/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { DAY_SECONDS = 24 * 60 * 60, HOUR_SECONDS = 60 * 60, FOLDERS_OPEN = 30 };

static void set_folder(const struct config *config, char path[SPOOL_PATH])
{
	snprintf(path, SPOOL_PATH, "%s/files/import", config->var);
}

bool spool_prepare(const struct config *config)
{
	char folder[SPOOL_PATH];

	set_folder(config, folder);
	return !mkdir(folder, 0700) || errno == EEXIST;
}

void spool_path(const struct config *config, const char *sha256, char path[SPOOL_PATH])
{
	snprintf(path, SPOOL_PATH, "%s/files/import/%s", config->var, sha256);
}

void spool_rejects(const struct config *config, const char *run, char path[SPOOL_PATH])
{
	snprintf(path, SPOOL_PATH, "%s/files/import/%s.csv", config->var, run);
}

void spool_folder(const struct config *config, const char *run, char path[SPOOL_PATH])
{
	snprintf(path, SPOOL_PATH, "%s/files/import/%s.files", config->var, run);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void spool_remove(const char *path)
{
	nftw(path, remove_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
}

enum err spool_keep(const struct config *config, int fd, const char *sha256)
{
	char path[SPOOL_PATH], from[64];

	spool_path(config, sha256, path);
	snprintf(from, sizeof(from), "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, from, AT_FDCWD, path, AT_SYMLINK_FOLLOW) && errno != EEXIST)
		return ERR_BUSY;
	/* Its days are counted from when it was last sent. */
	return utimensat(AT_FDCWD, path, NULL, 0) ? ERR_BUSY : OK;
}

int spool_open(const struct config *config, const char *sha256, uint64_t *size)
{
	char path[SPOOL_PATH];
	struct stat st;
	int fd;

	spool_path(config, sha256, path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		close(fd);
		return -1;
	}
	if (fd >= 0 && size)
		*size = (uint64_t)st.st_size;
	return fd;
}

static bool is_in_use(const struct rows *in_use, const char *name)
{
	for (int i = 0; i < rows_count(in_use); i++) {
		if (!strcmp(rows_at(in_use, i, 0), name))
			return true;
	}
	return false;
}

/* A folder goes with its run; one that is still here was left by a server that died. */
static bool sweep_folder(const char *folder, const char *name, const struct stat *st)
{
	char path[SPOOL_PATH + NAME_MAX + 2];

	if (!S_ISDIR(st->st_mode) || name[0] == '.' || st->st_mtime > time(NULL) - HOUR_SECONDS)
		return false;
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	spool_remove(path);
	return true;
}

int spool_sweep(const struct config *config, const struct rows *in_use)
{
	time_t oldest = time(NULL) - config->import_days * DAY_SECONDS;
	char folder[SPOOL_PATH];
	struct dirent *entry;
	int gone = 0;
	DIR *dir;

	set_folder(config, folder);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir))) {
		struct stat st;

		if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    is_in_use(in_use, entry->d_name))
			continue;
		if (S_ISREG(st.st_mode) && st.st_mtime < oldest)
			gone += !unlinkat(dirfd(dir), entry->d_name, 0);
		else
			gone += sweep_folder(folder, entry->d_name, &st);
	}
	if (dir)
		closedir(dir);
	return gone;
}
