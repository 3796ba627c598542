#include "importers/unpack.h"

#include "base/fd.h"
#include "importers/child.h"
#include "importers/import.h"
#include "importers/look.h"
#include "importers/spool.h"
#include "importers/unpack_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PIECE = 256 * 1024 };

/* What the child tells, piece by piece (unpack_pipe.h). */
struct unpacking {
	struct unpack *to;
	unsigned char head[UNPACK_PIPE_HEAD];
	size_t head_length;
	char path[UNPACK_PATH_MAX + 1];
	size_t path_length;
	uint32_t left; /* bytes of the piece that are to come */
	int fd;
	bool has_ended;
};

__attribute__((format(printf, 2, 3))) static enum err refuse(struct unpack *u, const char *format,
							     ...)
{
	va_list args;

	va_start(args, format);
	u->why = arena_vprintf(u->arena, format, args);
	va_end(args);
	return ERR_UNPROCESSABLE;
}

bool unpack_is_path(const char *path)
{
	size_t depth = 0;

	if (!*path || strlen(path) > UNPACK_PATH_MAX || strchr(path, '\\'))
		return false;
	for (const char *part = path; part; depth++) {
		const char *slash = strchr(part, '/');
		size_t length = slash ? (size_t)(slash - part) : strlen(part);

		if (length == 0 || length > 255 || !strncmp(part, "..", length))
			return false;
		part = slash ? slash + 1 : NULL;
	}
	return depth <= UNPACK_DEPTH_MAX;
}

/* Opens a new file below the folder, with the folders that it lies in. Nothing but what was made
 * here is in there, and the kernel follows no link all the same. */
static int make_file(int folder, const char *path)
{
	struct open_how how = { .flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
				.mode = 0600,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
	char part[UNPACK_PATH_MAX + 1];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		memcpy(part, path, (size_t)(slash - path));
		part[slash - path] = '\0';
		if (mkdirat(folder, part, 0700) && errno != EEXIST)
			return -1;
	}
	return (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));
}

/* A new file, counted. -1 with why. */
static int begin_file(struct unpack *u, const char *path)
{
	int fd;

	if (!unpack_is_path(path)) {
		refuse(u, "en av filene har en sti som fører ut av mappen, eller en som er for "
			  "lang");
		return -1;
	}
	if (++u->files > UNPACK_FILES_MAX) {
		refuse(u, "det er flere enn %d filer", UNPACK_FILES_MAX);
		return -1;
	}
	fd = make_file(u->folder, path);
	if (fd < 0)
		refuse(u,
		       errno == EEXIST || errno == EISDIR || errno == ENOTDIR
			       ? "to av filene heter det samme"
			       : "det er ikke plass til filene: %s",
		       strerror(errno));
	return fd;
}

static enum err add_bytes(struct unpack *u, int fd, const char *at, size_t length)
{
	uint64_t most = (uint64_t)UNPACK_TIMES_MAX * (uint64_t)u->config->import_mib << 20;

	u->bytes += length;
	if (u->bytes > most)
		return refuse(u, "filene er større enn %llu MiB til sammen",
			      (unsigned long long)(most >> 20));
	if (!fd_write(fd, at, length))
		return refuse(u, "det er ikke plass til filene: %s", strerror(errno));
	return OK;
}

static enum err ask(struct unpack *u)
{
	return u->told ? u->told(u->closure) : OK;
}

enum err unpack_file(struct unpack *u, const char *sha256, const char *path)
{
	char piece[PIECE];
	int from = spool_open(u->config, sha256, NULL), to;
	enum err e = OK;
	ssize_t n = 0;

	if (from < 0)
		return refuse(u, "en av filene er slettet: send den på nytt");
	to = begin_file(u, path);
	if (to < 0)
		e = ERR_UNPROCESSABLE;
	while (!e && (n = read(from, piece, sizeof(piece))) > 0) {
		if (!(e = add_bytes(u, to, piece, (size_t)n)))
			e = ask(u);
	}
	if (!e && n < 0)
		e = refuse(u, "en av filene lot seg ikke lese: %s", strerror(errno));
	close(from);
	if (to >= 0)
		close(to);
	return e;
}

/* -- archives ---------------------------------------------------------------------------------- */

static void end_file(struct unpacking *g)
{
	if (g->fd >= 0)
		close(g->fd);
	g->fd = -1;
}

/* The head of a piece is whole. */
static enum err begin_piece(struct unpacking *g)
{
	g->left = unpack_pipe_length(g->head);
	switch (g->head[0]) {
	case UNPACK_PIPE_NAME:
		end_file(g);
		g->path_length = 0;
		if (g->left == 0 || g->left > UNPACK_PATH_MAX)
			return refuse(g->to, "en av filene har en sti som er for lang");
		return OK;
	case UNPACK_PIPE_DATA:
		return g->fd < 0 || g->left == 0 ? ERR_INTERNAL : OK;
	case UNPACK_PIPE_END:
		end_file(g);
		g->has_ended = true;
		return g->left ? ERR_INTERNAL : OK;
	default:
		return ERR_INTERNAL;
	}
}

/* Windows programs write the paths of archives with «\». */
static enum err name_file(struct unpacking *g)
{
	g->path[g->path_length] = '\0';
	for (char *p = g->path; (p = strchr(p, '\\')); p++)
		*p = '/';
	if (strlen(g->path) != g->path_length)
		return refuse(g->to, "en av filene har et NUL-tegn i stien");
	g->fd = begin_file(g->to, g->path);
	return g->fd < 0 ? ERR_UNPROCESSABLE : OK;
}

static enum err take_piece(struct unpacking *g, const char *at, size_t length)
{
	enum err e = OK;

	if (g->head[0] == UNPACK_PIPE_DATA) {
		e = add_bytes(g->to, g->fd, at, length);
	} else {
		memcpy(g->path + g->path_length, at, length);
		g->path_length += length;
	}
	g->left -= (uint32_t)length;
	if (!g->left) {
		g->head_length = 0;
		if (!e && g->head[0] == UNPACK_PIPE_NAME)
			e = name_file(g);
	}
	return e;
}

static enum err take(void *context, const char *bytes, size_t length)
{
	struct unpacking *g = context;
	enum err e = ask(g->to);

	while (!e && length) {
		size_t n = g->left < length ? g->left : length;

		if (g->has_ended)
			return ERR_INTERNAL;
		if (g->head_length < UNPACK_PIPE_HEAD) {
			g->head[g->head_length++] = (unsigned char)*bytes;
			n = 1;
			if (g->head_length == UNPACK_PIPE_HEAD)
				e = begin_piece(g);
		} else {
			e = take_piece(g, bytes, n);
		}
		bytes += n;
		length -= n;
	}
	return e;
}

static enum err idle(void *context)
{
	const struct unpacking *g = context;

	return ask(g->to);
}

static enum err unpack_open(struct unpack *u, const char *program, int fd)
{
	struct child_report *report = arena_alloc(u->arena, sizeof(*report));
	struct unpacking *g = arena_alloc(u->arena, sizeof(*g));
	struct profile *any = arena_alloc(u->arena, sizeof(*any));
	struct child_call call = { .program = program, .profile = any };
	enum err e;

	look_any(any);
	any->formats = unpack_pipe_format;
	memset(g, 0, sizeof(*g));
	g->to = u;
	g->fd = -1;
	e = child_read(&call, fd, &(struct child_sink){ take, idle, g }, report);
	end_file(g);
	if (u->why)
		return ERR_UNPROCESSABLE;
	if (report->fault[0])
		return refuse(u, "%s", report_fault(u->arena, any, report));
	return e || g->has_ended ? e : refuse(u, "zip-filen er skadet: leseprogrammet stoppet");
}

enum err unpack_archive(struct unpack *u, const char *sha256)
{
	int fd = spool_open(u->config, sha256, NULL);
	char program[4096];
	enum err e;

	if (fd < 0)
		return refuse(u, "en av filene er slettet: send den på nytt");
	e = child_program(program, sizeof(program))
		    ? unpack_open(u, program, fd)
		    : refuse(u, "leseprogrammet fdvu-reader finnes ikke ved siden av fdvu");
	close(fd);
	return e;
}
