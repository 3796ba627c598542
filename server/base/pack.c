#include "base/pack.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <zlib.h>
#include <zstd.h>

enum {
	PIECE_BYTES = 64 * 1024,
	GZIP_WINDOW = 15 + 16, /* with gzip's header */
	GZIP_MEMORY = 8,
	ZSTD_REPLY_LEVEL = 3,
	GZIP_REPLY_LEVEL = 5,
	UNPACK_BYTES = 16 * 1024,
};

struct pack {
	enum packing kind;
	pack_write *write;
	void *closure;
	ZSTD_CCtx *zstd;
	z_stream gzip;
	bool has_failed;
	unsigned char piece[PIECE_BYTES];
};

struct pack *pack_start(enum packing kind, int level, pack_write *write, void *closure)
{
	struct pack *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->kind = kind;
	p->write = write;
	p->closure = closure;
	if (kind == PACK_ZSTD) {
		p->zstd = ZSTD_createCCtx();
		if (!p->zstd)
			abort();
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, level);
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 1);
	} else if (kind == PACK_GZIP && deflateInit2(&p->gzip, level, Z_DEFLATED, GZIP_WINDOW,
						     GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
		abort();
	}
	return p;
}

static bool pass_on(struct pack *p, const void *bytes, size_t length)
{
	if (length && !p->has_failed && !p->write(p->closure, bytes, length))
		p->has_failed = true;
	return !p->has_failed;
}

static bool run_zstd(struct pack *p, const void *bytes, size_t length, bool is_last)
{
	ZSTD_inBuffer in = { bytes, length, 0 };
	size_t left;

	do {
		ZSTD_outBuffer out = { p->piece, sizeof(p->piece), 0 };

		left = ZSTD_compressStream2(p->zstd, &out, &in,
					    is_last ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(left) || !pass_on(p, p->piece, out.pos))
			return false;
	} while (is_last ? left : in.pos < in.size);
	return true;
}

static bool run_gzip(struct pack *p, const void *bytes, size_t length, int flush)
{
	int state;

	/* zlib does not write to its input, but its type does not say so. */
	memcpy(&p->gzip.next_in, &bytes, sizeof(bytes));
	p->gzip.avail_in = (uInt)length;
	do {
		p->gzip.next_out = p->piece;
		p->gzip.avail_out = sizeof(p->piece);
		state = deflate(&p->gzip, flush);
		if (state == Z_STREAM_ERROR ||
		    !pass_on(p, p->piece, sizeof(p->piece) - p->gzip.avail_out))
			return false;
	} while (flush == Z_FINISH ? state != Z_STREAM_END : p->gzip.avail_out == 0);
	return true;
}

static bool run(struct pack *p, const void *bytes, size_t length, bool is_last)
{
	switch (p->kind) {
	case PACK_ZSTD:
		return run_zstd(p, bytes, length, is_last);
	case PACK_GZIP:
		return run_gzip(p, bytes, length, is_last ? Z_FINISH : Z_NO_FLUSH);
	case PACK_NONE:
		break;
	}
	return pass_on(p, bytes, length);
}

bool pack_add(struct pack *p, const void *bytes, size_t length)
{
	if (p->has_failed)
		return false;
	if (!run(p, bytes, length, false))
		p->has_failed = true;
	return !p->has_failed;
}

bool pack_cut(struct pack *p)
{
	if (!p->has_failed && p->kind == PACK_GZIP)
		p->has_failed = !run_gzip(p, "", 0, Z_FULL_FLUSH);
	return !p->has_failed;
}

bool pack_end(struct pack *p)
{
	bool good;

	if (!p)
		return true;
	good = !p->has_failed && run(p, "", 0, true);
	if (p->kind == PACK_GZIP)
		deflateEnd(&p->gzip);
	ZSTD_freeCCtx(p->zstd);
	free(p);
	return good;
}

static bool add_to_buf(void *closure, const void *bytes, size_t length)
{
	struct buf *to = closure;

	buf_add(to, bytes, length);
	return !to->is_full;
}

bool pack_all(enum packing kind, const void *bytes, size_t length, struct buf *to)
{
	int level = kind == PACK_ZSTD ? ZSTD_REPLY_LEVEL : GZIP_REPLY_LEVEL;
	struct pack *p = pack_start(kind, level, add_to_buf, to);

	pack_add(p, bytes, length);
	return pack_end(p);
}

const char *pack_name(enum packing kind)
{
	static const char *const names[] = { NULL, "zstd", "gzip" };

	return names[kind];
}

/* Whether a list of codings has `name`, and not with q=0. */
static bool has_coding(const char *accepts, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = accepts; at; at = strchr(at, ',')) {
		at += strspn(at, ", \t");
		if (strncasecmp(at, name, length))
			continue;
		at += length;
		at += strspn(at, " \t");
		if (*at == '\0' || *at == ',')
			return true;
		if (*at == ';') {
			at += 1 + strspn(at + 1, " \t");
			return !(!strncasecmp(at, "q=0", 3) &&
				 strspn(at + 3, ".0") == strcspn(at + 3, ", \t"));
		}
	}
	return false;
}

enum packing pack_choose(const char *accepts)
{
	if (!accepts)
		return PACK_NONE;
	if (has_coding(accepts, "zstd"))
		return PACK_ZSTD;
	return has_coding(accepts, "gzip") ? PACK_GZIP : PACK_NONE;
}

static enum err inflate_all(z_stream *z, struct buf *out)
{
	char piece[UNPACK_BYTES];
	int said = Z_OK;

	while (said == Z_OK) {
		z->next_out = (Bytef *)piece;
		z->avail_out = UNPACK_BYTES;
		said = inflate(z, Z_NO_FLUSH);
		buf_add(out, piece, UNPACK_BYTES - z->avail_out);
		if (out->is_full)
			return ERR_TOO_LARGE;
	}
	return said == Z_STREAM_END && !z->avail_in ? OK : ERR_INVALID;
}

enum err unpack_gzip(struct str packed, struct buf *out)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)packed.at, .avail_in = (uInt)packed.length };
	enum err e;

	if (packed.length > UINT_MAX || inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return ERR_INVALID;
	e = inflate_all(&z, out);
	inflateEnd(&z);
	return e;
}
