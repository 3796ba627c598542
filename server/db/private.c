#include "db/private.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef POSTGRES_BIN
#define POSTGRES_BIN "/usr/lib/postgresql/15/bin"
#endif

/* A socket's path has 107 bytes (unix(7)); PostgreSQL adds "/.s.PGSQL.5432" to the directory. */
enum { PATH_BYTES = 4096, SOCKET_DIR_MAX = 90, ARGS_MAX = 24 };

#define OWNER "fdvu"
const char private_owner[] = OWNER;

struct private_db {
	char data[PATH_BYTES], socket[PATH_BYTES], log[PATH_BYTES];
	char conninfo[PATH_BYTES];
	int users; /* shared lock: somebody uses the server */
};

extern char **environ;

/* Runs a PostgreSQL program and waits. True when it exits with 0. */
static bool run(char *const *args, bool is_quiet)
{
	char *argv[ARGS_MAX] = { NULL };
	posix_spawn_file_actions_t actions;
	int count = 0, status = 0;
	pid_t pid;

	if (geteuid() == 0) {
		argv[count++] = "/usr/sbin/runuser";
		argv[count++] = "-u";
		argv[count++] = "postgres";
		argv[count++] = "--";
	}
	while (*args && count < ARGS_MAX - 1)
		argv[count++] = *args++;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	if (is_quiet)
		posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, argv[0], &actions, NULL, argv, environ))
		status = -1;
	posix_spawn_file_actions_destroy(&actions);
	if (status)
		return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Whether an open directory is ours, or the PostgreSQL user's, and becomes the latter's. Somebody
 * else's in /tmp, put there before us, would hold their server, or our chown would hit their link.
 */
static bool take_directory(int fd, const struct passwd *user)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return false;
	if (st.st_uid != geteuid() && !(user && st.st_uid == user->pw_uid)) {
		errno = EPERM;
		return false;
	}
	return !user || fchown(fd, user->pw_uid, user->pw_gid) == 0;
}

/* A directory that the PostgreSQL user owns and nobody else reads. */
static bool own_directory(const char *path, FILE *report)
{
	const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
	bool good;
	int fd;

	if (geteuid() == 0 && !user) {
		fputs("there is no user «postgres»: is PostgreSQL installed?\n", report);
		return false;
	}
	if (mkdir(path, 0700) && errno != EEXIST) {
		fprintf(report, "%s: %s\n", path, strerror(errno));
		return false;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	good = take_directory(fd, user);
	if (!good)
		fprintf(report, "%s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return good;
}

static uint64_t hash_text(const char *text)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return hash;
}

static bool set_paths(struct private_db *p, const char *var, FILE *report)
{
	char full[PATH_BYTES];

	if (mkdir(var, 0755) && errno != EEXIST) {
		fprintf(report, "%s: %s\n", var, strerror(errno));
		return false;
	}
	if (!realpath(var, full) || strlen(full) >= PATH_BYTES - 32) {
		fprintf(report, "%s: %s\n", var, strerror(errno));
		return false;
	}
	snprintf(p->data, sizeof(p->data), "%.4064s/postgres", full);
	snprintf(p->log, sizeof(p->log), "%.4064s/postgres/server.log", full);
	snprintf(p->socket, sizeof(p->socket), "%.4064s/socket", full);
	if (strlen(p->socket) > SOCKET_DIR_MAX)
		snprintf(p->socket, sizeof(p->socket), "/tmp/fdvu-%016lx",
			 (unsigned long)hash_text(full));
	snprintf(p->conninfo, sizeof(p->conninfo), "host='%.1024s' dbname=fdvu", p->socket);
	return own_directory(p->data, report) && own_directory(p->socket, report);
}

static bool make_cluster(struct private_db *p, FILE *report)
{
	char version[PATH_BYTES + 16];
	char *const initdb[] = { POSTGRES_BIN "/initdb",
				 "--pgdata",
				 p->data,
				 "--username",
				 OWNER,
				 "--auth=trust",
				 "--encoding=UTF8",
				 "--locale-provider=icu",
				 "--icu-locale=nb-NO",
				 "--locale=C.UTF-8",
				 "--no-instructions",
				 NULL };

	snprintf(version, sizeof(version), "%s/PG_VERSION", p->data);
	if (access(version, F_OK) == 0)
		return true;
	if (run(initdb, false))
		return true;
	fprintf(report, "initdb failed in %s\n", p->data);
	return false;
}

static bool is_running(struct private_db *p)
{
	char *const status[] = { POSTGRES_BIN "/pg_ctl", "status", "-D", p->data, NULL };

	return run(status, true);
}

static bool start_server(struct private_db *p, FILE *report)
{
	char options[PATH_BYTES + 512];
	char *const start[] = { POSTGRES_BIN "/pg_ctl",
				"start",
				"-w",
				"-s",
				"-D",
				p->data,
				"-l",
				p->log,
				"-o",
				options,
				NULL };
	char *const createdb[] = {
		POSTGRES_BIN "/createdb", "-h", p->socket, "-U", OWNER, "fdvu", NULL
	};

	snprintf(options, sizeof(options),
		 "-c listen_addresses= -c unix_socket_directories='%s' -c max_connections=120 "
		 "-c shared_buffers=256MB -c max_wal_size=2GB -c checkpoint_timeout=15min "
		 "-c random_page_cost=1.1 -c jit=off -c log_min_messages=warning",
		 p->socket);
	if (!is_running(p) && !run(start, false)) {
		fprintf(report, "PostgreSQL did not start; its log is %s\n", p->log);
		return false;
	}
	run(createdb, true); /* fails when it is there already */
	return true;
}

static int open_lock(const char *var, const char *name)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s", var, name);
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

enum err private_start(const struct config *config, struct private_db **out, const char **conninfo,
		       FILE *report)
{
	struct private_db *p = calloc(1, sizeof(*p));
	int starting;
	bool good;

	if (!p)
		abort();
	*out = NULL;
	p->users = -1;
	if (!set_paths(p, config->var, report)) {
		free(p);
		return ERR_INTERNAL;
	}
	starting = open_lock(config->var, "postgres.starting");
	p->users = open_lock(config->var, "postgres.users");
	good = starting >= 0 && p->users >= 0 && !flock(starting, LOCK_EX) &&
	       !flock(p->users, LOCK_SH) && make_cluster(p, report) && start_server(p, report);
	if (starting >= 0)
		close(starting);
	if (!good) {
		if (p->users >= 0)
			close(p->users);
		free(p);
		return ERR_INTERNAL;
	}
	*out = p;
	*conninfo = p->conninfo;
	return OK;
}

void private_stop(struct private_db *p)
{
	if (!p)
		return;
	/* The exclusive lock is to be had only when no other process uses the server. */
	if (!flock(p->users, LOCK_EX | LOCK_NB)) {
		char *const stop[] = { POSTGRES_BIN "/pg_ctl",
				       "stop",
				       "-w",
				       "-s",
				       "-m",
				       "fast",
				       "-D",
				       p->data,
				       NULL };

		run(stop, false);
	}
	close(p->users);
	free(p);
}
