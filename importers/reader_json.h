/* JSON (RFC 8259) as it streams by: a key is a node's name, an array's items are nodes that bear
 * the array's name, the outermost value's name is "item". jansson builds the whole value that it
 * reads, and a document of archive records is one value, with its files in Base64: see
 * docs/decisions/0023. */
#pragma once

#include "importers/reader_source.h"
#include "importers/reader_tree.h"

/* Parses the source and tells the sink. NULL when the document was whole, or the sink stopped it;
 * otherwise a word for reader_fail(), with where and why in `said`. */
const char *json_read(struct source *s, const struct tree_sink *sink, char *said, size_t size);
