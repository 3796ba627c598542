#include "importers/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, REPORT_MAX = 4096 };

struct pipes {
	int out[2], err[2];
};

/* Standard error of the child, read beside its rows so that neither pipe fills up. */
struct said {
	char text[REPORT_MAX];
	size_t length;
};

bool child_program(char *path, size_t size)
{
	static const char name[] = "fdvu-reader";
	ssize_t n = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (!slash || (size_t)(slash + 1 - path) + sizeof(name) > size)
		return false;
	memcpy(slash + 1, name, sizeof(name));
	return access(path, X_OK) == 0;
}

static enum err open_pipes(struct pipes *p)
{
	if (pipe2(p->out, O_CLOEXEC))
		return ERR_INTERNAL;
	if (pipe2(p->err, O_CLOEXEC)) {
		close(p->out[0]);
		close(p->out[1]);
		return ERR_INTERNAL;
	}
	return OK;
}

/* Starts the child with nothing but the file and the two pipes: no environment, no other
 * descriptor. */
static bool start(const struct child_call *call, int fd, const struct pipes *p, pid_t *pid)
{
	static char reader[] = "fdvu-reader", delimiter[] = "--delimiter",
		    encoding[] = "--encoding", width[] = "--width", least[] = "--least";
	char numbers[2][24], format[CHILD_WORD], mark[CHILD_WORD], charset[CHILD_WORD];
	char *argv[] = { reader, format,     delimiter, mark,       encoding, charset,
			 width,  numbers[0], least,     numbers[1], NULL };
	char *env[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, usual;
	int failed;

	snprintf(numbers[0], sizeof(numbers[0]), "%zu", call->width);
	snprintf(numbers[1], sizeof(numbers[1]), "%zu", call->least);
	snprintf(format, sizeof(format), "%s", call->format);
	snprintf(mark, sizeof(mark), "%s", call->delimiter);
	snprintf(charset, sizeof(charset), "%s", call->encoding);
	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, p->out[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, p->err[1], STDERR_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &usual);
	failed = posix_spawn(pid, call->program, &actions, &attributes, argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return !failed;
}

static void listen_to(int fd, struct said *said, bool *is_open)
{
	char lost[256];
	size_t room = REPORT_MAX - 1 - said->length;
	ssize_t n = room ? read(fd, said->text + said->length, room) : read(fd, lost, sizeof(lost));

	if (n > 0)
		said->length += room ? (size_t)n : 0;
	else if (n == 0 || errno != EINTR)
		*is_open = false;
}

/* Rows to the sink until both pipes are closed. A failing sink ends it: the child then gets
 * SIGPIPE. */
static enum err pump(const struct pipes *p, const struct child_sink *sink, struct said *said)
{
	static const short readable = POLLIN | POLLHUP | POLLERR;
	bool is_out_open = true, is_err_open = true;
	char piece[PIECE];
	enum err e = OK;

	while (!e && (is_out_open || is_err_open)) {
		struct pollfd polls[] = {
			{ .fd = is_out_open ? p->out[0] : -1, .events = POLLIN },
			{ .fd = is_err_open ? p->err[0] : -1, .events = POLLIN },
		};

		if (poll(polls, 2, -1) < 0 && errno != EINTR)
			return ERR_INTERNAL;
		if (polls[1].revents & readable)
			listen_to(p->err[0], said, &is_err_open);
		if (polls[0].revents & readable) {
			ssize_t n = read(p->out[0], piece, sizeof(piece));

			if (n > 0)
				e = sink->take(sink->context, piece, (size_t)n);
			else if (n == 0 || errno != EINTR)
				is_out_open = false;
		}
	}
	return e;
}

/* The rest of `line` after the words `start`; NULL when it does not begin so. */
static const char *after(const char *line, const char *start)
{
	size_t length = strlen(start);

	return strncmp(line, start, length) ? NULL : line + length;
}

/* Copies the first word of `from`; what follows it. */
static const char *copy_word(const char *from, char to[CHILD_WORD])
{
	size_t length = strcspn(from, " ");

	snprintf(to, CHILD_WORD, "%.*s", (int)length, from);
	return from[length] ? from + length + 1 : from + length;
}

static void understand(const struct said *said, struct child_report *r)
{
	char text[REPORT_MAX], *save = NULL;
	const char *rest;

	memcpy(text, said->text, said->length);
	text[said->length] = '\0';
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if ((rest = after(line, "note rows ")))
			r->rows = strtoull(rest, NULL, 10);
		else if ((rest = after(line, "note blank ")))
			r->blank = strtoull(rest, NULL, 10);
		else if ((rest = after(line, "note sheets ")))
			r->sheets = (unsigned)strtoul(rest, NULL, 10);
		else if ((rest = after(line, "note encoding ")))
			copy_word(rest, r->encoding);
		else if (!r->fault[0] && (rest = after(line, "fault ")))
			snprintf(r->text, sizeof(r->text), "%s", copy_word(rest, r->fault));
	}
}

/* How the child ended, in the words of `fault`. */
static void judge(int status, struct child_report *r)
{
	const char *word = NULL;

	if (WIFSIGNALED(status)) {
		int signal = WTERMSIG(status);

		word = signal == SIGXCPU || signal == SIGKILL ? "cpu"
		       : signal == SIGSYS                     ? "forbidden"
		       : signal == SIGABRT                    ? "memory"
							      : "crashed";
	} else if (WEXITSTATUS(status) && !r->fault[0]) {
		word = "crashed";
	}
	if (word)
		snprintf(r->fault, sizeof(r->fault), "%s", word);
}

enum err child_read(const struct child_call *call, int fd, const struct child_sink *sink,
		    struct child_report *report)
{
	struct said said = { .length = 0 };
	struct pipes p;
	int status = 0;
	enum err e;
	pid_t pid;

	memset(report, 0, sizeof(*report));
	if ((e = open_pipes(&p)))
		return e;
	if (lseek(fd, 0, SEEK_SET) || !start(call, fd, &p, &pid)) {
		pid = -1;
		e = ERR_INTERNAL;
	}
	close(p.out[1]);
	close(p.err[1]);
	if (!e)
		e = pump(&p, sink, &said);
	close(p.out[0]);
	close(p.err[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (e)
		return e;
	understand(&said, report);
	judge(status, report);
	return report->fault[0] ? ERR_UNPROCESSABLE : OK;
}
