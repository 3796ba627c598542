#include "importers/child.h"

#include "base/arena.h"

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

enum {
	PIECE = 64 * 1024,
	IDLE_MS = 500,
	REPORT_MAX = 64 * 1024,
	ARGUMENTS_MAX = 2 * (6 + PROFILE_RECORDS_MAX + PROFILE_COLUMNS_MAX) + 3,
};

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

/* The child's arguments: all of the profile that reading needs. */
struct arguments {
	struct arena arena;
	char *argv[ARGUMENTS_MAX];
	size_t count;
};

static void add_argument(struct arguments *a, const char *key, const char *value)
{
	a->argv[a->count++] = arena_text(&a->arena, key);
	a->argv[a->count++] = arena_text(&a->arena, value);
}

/* A column by its own name is read from where the profile says; what a person chose from there
 * only, and what nobody chose not at all. */
static void add_column(struct arguments *a, const struct profile_column *c)
{
	bool is_own = !c->chosen || !strcmp(c->chosen, c->name);
	const char *paths = is_own ? c->name : c->chosen;

	if (!*paths)
		return;
	for (size_t i = 0; is_own && i < c->alias_count; i++)
		paths = arena_printf(&a->arena, "%s|%s", paths, c->aliases[i]);
	add_argument(a, c->is_required ? "--required" : "--column", paths);
}

static void make_arguments(const struct profile *p, struct arguments *a)
{
	memset(a, 0, sizeof(*a));
	add_argument(a, "fdvu-reader", p->formats);
	add_argument(a, "--delimiter", p->delimiter);
	add_argument(a, "--encoding", p->encoding);
	add_argument(a, "--layer", p->layer);
	if (p->is_positional)
		add_argument(a, "--width", arena_printf(&a->arena, "%zu", p->column_count));
	if (p->is_positional || p->least)
		add_argument(a, "--least", arena_printf(&a->arena, "%zu", p->least));
	for (size_t i = 0; i < p->record_count; i++)
		add_argument(a, "--record", p->records[i]);
	for (size_t i = 0; i < p->column_count; i++)
		add_column(a, &p->columns[i]);
}

/* Starts the child with nothing but the file and the two pipes: no environment, no other
 * descriptor. */
static bool start(const struct child_call *call, int fd, const struct pipes *p, pid_t *pid)
{
	struct arguments arguments;
	char *env[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, usual;
	int failed;

	make_arguments(call->profile, &arguments);
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
	failed = posix_spawn(pid, call->program, &actions, &attributes, arguments.argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	arena_release(&arguments.arena);
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

/* Rows to the sink until both pipes are closed. A failing sink ends it. */
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

		int ready = poll(polls, 2, IDLE_MS);

		if (ready < 0 && errno != EINTR)
			return ERR_INTERNAL;
		if (ready == 0 && sink->idle)
			e = sink->idle(sink->context);
		if (ready <= 0)
			continue;
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

/* Adds to a list; what there is no room for ends it with «…». */
static void add_to(char list[CHILD_LIST], const char *text)
{
	static const char more[] = ", …";
	size_t used = strlen(list), room = CHILD_LIST - used;

	if (room > strlen(text) + 2 + sizeof(more))
		snprintf(list + used, room, "%s%s", used ? ", " : "", text);
	else if (room > sizeof(more) && strcmp(list + used - strlen("…"), "…") != 0)
		memcpy(list + used, more, sizeof(more));
}

static void understand_note(const char *line, struct child_report *r)
{
	const struct {
		const char *word;
		char *list;
	} lists[] = {
		{ "layer ", r->layers },
		{ "unused ", r->unused },
		{ "outside ", r->outside },
		{ "hidden_columns ", r->hidden_columns },
	};
	const char *rest;

	if ((rest = after(line, "rows ")))
		r->rows = strtoull(rest, NULL, 10);
	else if ((rest = after(line, "blank ")))
		r->blank = strtoull(rest, NULL, 10);
	else if ((rest = after(line, "format ")))
		copy_word(rest, r->format);
	else if ((rest = after(line, "encoding ")))
		copy_word(rest, r->encoding);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if ((rest = after(line, lists[i].word)))
			add_to(lists[i].list, rest);
	}
}

static void understand(struct said *said, struct child_report *r)
{
	char *save = NULL;
	const char *rest;

	said->text[said->length] = '\0';
	for (char *line = strtok_r(said->text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if ((rest = after(line, "note ")))
			understand_note(rest, r);
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
	if (e && pid > 0)
		kill(pid, SIGKILL);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (e)
		return e;
	understand(&said, report);
	judge(status, report);
	return report->fault[0] ? ERR_UNPROCESSABLE : OK;
}
