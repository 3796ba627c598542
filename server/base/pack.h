/* Compression: gzip (RFC 1952) and Zstandard (RFC 8878), as a stream or all at once. The only file
 * that knows zlib and zstd. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum packing { PACK_NONE, PACK_ZSTD, PACK_GZIP };

/* Takes packed bytes; false when it cannot, which ends the stream. */
typedef bool pack_write(void *closure, const void *bytes, size_t length);

struct pack; /* a stream under way */

/* Starts a stream, ended by pack_end(), which also frees it. `level` as the library has it. */
struct pack *pack_start(enum packing kind, int level, pack_write *write, void *closure);
bool pack_add(struct pack *p, const void *bytes, size_t length);

/* In a gzip: what has been added so far is written, and what follows is raw deflate (RFC 1951) that
 * can be unpacked without it. Nothing otherwise. */
bool pack_cut(struct pack *p);

/* Writes what is left and frees. False when anything could not be written. NULL does nothing. */
bool pack_end(struct pack *p);

/* All at once, at a level for what is packed again for each reply. False when `to` is too small. */
bool pack_all(enum packing kind, const void *bytes, size_t length, struct buf *to);

/* What an Accept-Encoding header (RFC 9110, section 12.5.3) lets us use, the best first. NULL: no
 * header. */
enum packing pack_choose(const char *accepts);

/* Its name in HTTP: "zstd", "gzip"; NULL for none. */
const char *pack_name(enum packing kind);

/* Unpacks a gzip into `out`, whose limit is what may come of it: ERR_TOO_LARGE as soon as more
 * would, however small the packed bytes are. ERR_INVALID when they are no gzip, are cut off, or go
 * on after its end. */
enum err unpack_gzip(struct str packed, struct buf *out);
