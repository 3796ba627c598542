#include "importers/reader_lockdown.h"

#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

#if IS_SANITIZED
/* Looking for leaks at the end starts a thread that traces this one, which the prison forbids. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

/* What reading bytes, keeping them in memory and writing rows needs. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(readv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(brk),
	SCMP_SYS(mmap),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(mprotect),
	SCMP_SYS(futex),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(getrandom),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
	SCMP_SYS(getrusage),
	SCMP_SYS(tgkill),
};

/* What libraries try and do without: looking for settings and data files, starting threads. */
static const int refused[] = {
	SCMP_SYS(open),      SCMP_SYS(openat),     SCMP_SYS(openat2),    SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat),       SCMP_SYS(lstat),
	SCMP_SYS(statx),     SCMP_SYS(readlink),   SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
	SCMP_SYS(unlink),    SCMP_SYS(ioctl),      SCMP_SYS(fcntl),      SCMP_SYS(clone),
	SCMP_SYS(clone3),    SCMP_SYS(prlimit64),
};

static bool filter_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool is_done = filter != NULL;

	for (size_t i = 0; is_done && i < sizeof(allowed) / sizeof(allowed[0]); i++)
		is_done = !seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; is_done && i < sizeof(refused) / sizeof(refused[0]); i++)
		is_done = !seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
	is_done = is_done && !seccomp_load(filter); /* sets no_new_privs too */
	if (filter)
		seccomp_release(filter);
	return is_done;
}

bool lockdown_is_over_memory(void)
{
	struct rusage use;

	return !getrusage(RUSAGE_SELF, &use) && use.ru_maxrss / 1024 >= LOCKDOWN_MEMORY_MIB;
}

static bool limit(int resource, rlim_t most)
{
	return !setrlimit((__rlimit_resource_t)resource, &(struct rlimit){ most, most });
}

bool lockdown(void)
{
	/* AddressSanitizer's shadow takes terabytes of address space. */
	if (!IS_SANITIZED && !limit(RLIMIT_AS, (rlim_t)LOCKDOWN_MEMORY_MIB * 1024 * 1024))
		return false;
	return limit(RLIMIT_CPU, LOCKDOWN_CPU_S) && limit(RLIMIT_FSIZE, 0) &&
	       limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, 16) &&
	       !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) && filter_calls();
}
