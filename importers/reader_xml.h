/* XML as it streams by. libxml2 is known here only. */
#pragma once

#include "importers/reader_source.h"
#include "importers/reader_tree.h"

/* Parses the source and tells the sink. Nothing outside the document is ever looked for: a document
 * type, and with it every entity of its own, is refused at its first word. NULL when the document
 * was whole, or the sink stopped it; otherwise a word for reader_fail(), with the library's own
 * words in `said`. */
const char *xml_read(struct source *s, const struct tree_sink *sink, char *said, size_t size);
