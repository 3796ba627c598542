/* Runs fdvu-reader on a file and takes the rows that it writes. The parent parses nothing of the
 * file, only these rows. */
#pragma once

#include "base/err.h"
#include "importers/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHILD_WORD = 32, CHILD_TEXT = 320, CHILD_LIST = 4000 };

struct child_call {
	const char *program; /* path of fdvu-reader */
	const struct profile *profile;
};

/* What the child said of the file. Lists are parted by ", ". */
struct child_report {
	uint64_t rows, blank;
	char format[CHILD_WORD];
	char encoding[CHILD_WORD];
	char layers[CHILD_LIST];         /* sheets or layers that were not read */
	char unused[CHILD_LIST];         /* paths within records that no column reads */
	char outside[CHILD_LIST];        /* what stands outside the records, with its value */
	char hidden_columns[CHILD_LIST]; /* sheets with hidden columns */
	char fault[CHILD_WORD];          /* empty when all went well */
	char text[CHILD_TEXT];           /* a library's own words about it */
};

/* Takes bytes of rowpipe.h; anything but OK stops the reading. */
struct child_sink {
	enum err (*take)(void *context, const char *bytes, size_t length);
	/* Nothing has come for a while. NULL: it may take all the time that it is given. */
	enum err (*idle)(void *context);
	void *context;
};

/* Reads the open file `fd` from its start. OK when the child ended well and `sink` took everything;
 * ERR_UNPROCESSABLE when the file could not be read (see report->fault); the sink's own error
 * otherwise. */
enum err child_read(const struct child_call *call, int fd, const struct child_sink *sink,
		    struct child_report *report);

/* The path of fdvu-reader: beside the running program. False when it cannot be told. */
bool child_program(char *path, size_t size);
