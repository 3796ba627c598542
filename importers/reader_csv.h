/* Tables of text: any delimiter, UTF-8, UTF-16 with a mark, or Windows-1252. */
#pragma once

#include "importers/reader.h"
#include "importers/reader_source.h"

/* Writes the rows of `file`; the exit status. */
int reader_csv(struct reader *r, struct source *file);
