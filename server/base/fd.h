/* Writing all of something. */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

/* Writes all bytes, in as many writes as that takes. False with errno set when it cannot. */
static inline bool fd_write(int fd, const void *bytes, size_t length)
{
	for (const char *at = bytes; length;) {
		ssize_t wrote = write(fd, at, length);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		at += wrote;
		length -= (size_t)wrote;
	}
	return true;
}
