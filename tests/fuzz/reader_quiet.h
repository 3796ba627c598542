/* The reader without a parent: its notes go nowhere, and its rows to a sum. */
#pragma once

#include "importers/reader.h"
#include "importers/reader_source.h"

/* A reader with these options whose rows are only counted. */
void quiet_reader(struct reader *r, const struct reader_options *options);

/* Bytes as a file that gives at most `piece` of them at a time. */
struct quiet_file {
	const char *at;
	size_t length, from, piece;
};

void quiet_source(struct source *s, struct quiet_file *f);

/* How often it failed since quiet_reader(). */
unsigned quiet_failures(void);
