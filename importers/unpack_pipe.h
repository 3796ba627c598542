/* How fdvu-reader gives the files of an archive to its parent: pieces, each of one byte that says
 * what it is, four bytes of length (little-endian) and that many bytes. */
#pragma once

#include <stdint.h>

enum {
	UNPACK_PIPE_NAME = 'N', /* a file begins: its path in the archive */
	UNPACK_PIPE_DATA = 'D', /* bytes of it */
	UNPACK_PIPE_END = 'E',  /* all files have been told; empty */
	UNPACK_PIPE_HEAD = 5,
};

/* What fdvu-reader is asked for in the place of formats. */
static const char unpack_pipe_format[] = "unpack";

static inline uint32_t unpack_pipe_length(const unsigned char *head)
{
	return (uint32_t)head[1] | (uint32_t)head[2] << 8 | (uint32_t)head[3] << 16 |
	       (uint32_t)head[4] << 24;
}
