#include "documents/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <magic.h>

#include "base/log.h"

enum { PATH_BYTES = 1024, LOOK_BYTES = 64 * 1024 };

/* Two levels of names: a directory of a million files is slow to list and back up. */
static void set_path(const struct config *config, const char *sha256, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, "%s/files/%.2s/%s", config->var, sha256, sha256 + 2);
}

static bool sync_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && !fsync(fd);

	if (fd >= 0)
		close(fd);
	return good;
}

enum err store_keep(const struct config *config, int fd, const char *sha256)
{
	char path[PATH_BYTES], directory[PATH_BYTES], from[64];

	set_path(config, sha256, path);
	snprintf(directory, sizeof(directory), "%s/files/%.2s", config->var, sha256);
	snprintf(from, sizeof(from), "/proc/self/fd/%d", fd);
	if (fsync(fd) || (mkdir(directory, 0750) && errno != EEXIST))
		return ERR_BUSY;
	if (linkat(AT_FDCWD, from, AT_FDCWD, path, AT_SYMLINK_FOLLOW) && errno != EEXIST) {
		log_warn("files", "%s: %s", path, strerror(errno));
		return ERR_BUSY;
	}
	return sync_directory(directory) ? OK : ERR_BUSY;
}

int store_open(const struct config *config, const char *sha256, uint64_t *size)
{
	char path[PATH_BYTES];
	struct stat st;
	int fd;

	set_path(config, sha256, path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return -1;
	}
	*size = (uint64_t)st.st_size;
	return fd;
}

void store_remove(const struct config *config, const char *sha256)
{
	char path[PATH_BYTES];

	set_path(config, sha256, path);
	if (unlink(path) && errno != ENOENT)
		log_warn("files", "%s: %s", path, strerror(errno));
}

/* One database of magic for the process: loading it takes milliseconds, asking it microseconds. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static magic_t magic;

const char *store_type(int fd, char type[64])
{
	char bytes[LOOK_BYTES];
	ssize_t got = pread(fd, bytes, sizeof(bytes), 0);
	const char *found = NULL;

	if (got < 0)
		return NULL;
	pthread_mutex_lock(&mutex);
	if (!magic) {
		magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
		if (magic && magic_load(magic, NULL))
			log_error("files", "libmagic: %s", magic_error(magic));
	}
	if (magic)
		found = magic_buffer(magic, bytes, (size_t)got);
	if (found)
		snprintf(type, 64, "%s", found);
	pthread_mutex_unlock(&mutex);
	return found ? type : NULL;
}

/* Pictures of cameras and papers of suppliers. What a browser would run is not among them. */
static const char *const accepted[] = {
	"image/jpeg",
	"image/png",
	"image/webp",
	"image/heic",
	"image/heif",
	"image/tiff",
	"application/pdf",
	"application/msword",
	"application/vnd.ms-excel",
	"application/zip",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"image/vnd.dwg",
	"image/vnd.dxf",
};

const char store_takes[] = "pictures, PDF, DWG and office documents are taken";

const char *store_accepted(int fd)
{
	char found[64];
	const char *type = store_type(fd, found);

	for (size_t i = 0; type && i < sizeof(accepted) / sizeof(accepted[0]); i++)
		if (!strcmp(type, accepted[i]))
			return accepted[i];
	return NULL;
}
