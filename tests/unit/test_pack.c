/* What is packed wrongly is a page or a first load that a tablet cannot read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

#include "base/pack.h"

enum { TEXT_BYTES = 300000 };

static char text[TEXT_BYTES], back[TEXT_BYTES + 1];

static void fill(void)
{
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)("åFDVU{}0123456789"[i * i % 17] ^ (int)(i / 977 % 3));
}

static size_t unpack(enum packing kind, const struct buf *packed)
{
	z_stream z = { 0 };
	size_t length;

	if (kind == PACK_NONE) {
		if (packed->length)
			memcpy(back, packed->at, packed->length);
		return packed->length;
	}
	if (kind == PACK_ZSTD)
		return ZSTD_decompress(back, sizeof(back), packed->at, packed->length);
	assert_int_equal(inflateInit2(&z, 31), Z_OK);
	z.next_in = (unsigned char *)packed->at;
	z.avail_in = (uInt)packed->length;
	z.next_out = (unsigned char *)back;
	z.avail_out = sizeof(back);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	length = sizeof(back) - z.avail_out;
	inflateEnd(&z);
	return length;
}

static void what_is_packed_can_be_unpacked(void **state)
{
	static const enum packing kinds[] = { PACK_NONE, PACK_ZSTD, PACK_GZIP };
	static const size_t sizes[] = { 0, 1, 70000, TEXT_BYTES };

	(void)state;
	fill();
	for (size_t k = 0; k < 3; k++)
		for (size_t s = 0; s < 4; s++) {
			struct buf packed;

			buf_init(&packed, 1 << 20);
			assert_true(pack_all(kinds[k], text, sizes[s], &packed));
			assert_int_equal(unpack(kinds[k], &packed), sizes[s]);
			assert_memory_equal(back, text, sizes[s]);
			buf_release(&packed);
		}
}

static bool add(void *closure, const void *bytes, size_t length)
{
	struct buf *to = closure;

	buf_add(to, bytes, length);
	return !to->is_full;
}

static void a_stream_is_the_same_in_small_pieces(void **state)
{
	(void)state;
	fill();
	for (int kind = PACK_NONE; kind <= PACK_GZIP; kind++) {
		struct pack *p;
		struct buf packed;

		buf_init(&packed, 1 << 20);
		p = pack_start((enum packing)kind, 9, add, &packed);
		for (size_t at = 0; at < sizeof(text); at += 1000) {
			assert_true(pack_add(p, text + at, 1000));
			assert_true(at % 3000 || pack_cut(p));
			if (kind == PACK_GZIP && at % 3000 == 0)
				assert_memory_equal(packed.at + packed.length - 4, "\0\0\xff\xff",
						    4);
		}
		assert_true(pack_end(p));
		assert_int_equal(unpack((enum packing)kind, &packed), sizeof(text));
		assert_memory_equal(back, text, sizeof(text));
		buf_release(&packed);
	}
}

static void a_full_disk_is_told(void **state)
{
	(void)state;
	fill();
	for (int kind = PACK_NONE; kind <= PACK_GZIP; kind++) {
		struct buf packed;

		buf_init(&packed, 100);
		assert_false(pack_all((enum packing)kind, text, sizeof(text), &packed));
		buf_release(&packed);
	}
}

static void a_client_gets_what_it_accepts(void **state)
{
	static const struct {
		const char *accepts;
		enum packing kind;
	} cases[] = {
		{ NULL, PACK_NONE },
		{ "", PACK_NONE },
		{ "identity", PACK_NONE },
		{ "gzip, deflate, br, zstd", PACK_ZSTD },
		{ "gzip, deflate, br", PACK_GZIP },
		{ "GZIP", PACK_GZIP },
		{ "br;q=1.0, gzip;q=0.8, *;q=0.1", PACK_GZIP },
		{ "zstd;q=0, gzip", PACK_GZIP },
		{ "zstd; q=0.000,gzip", PACK_GZIP },
		{ "zstd;q=0.5", PACK_ZSTD },
		{ "zstdx, xgzip", PACK_NONE },
		{ "gzip;", PACK_GZIP },
		{ ",,,", PACK_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(pack_choose(cases[i].accepts), cases[i].kind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_can_be_unpacked),
		cmocka_unit_test(a_stream_is_the_same_in_small_pieces),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(a_client_gets_what_it_accepts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
