#include "importers/charset.h"

#include <string.h>

size_t charset_letter(const unsigned char *at, size_t length)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t need;

	if (length == 0)
		return 0;
	if (at[0] < 0x80)
		return 1;
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 0;
	need = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	if (length < need)
		return 0;
	if (at[0] == 0xe0)
		low = 0xa0;
	else if (at[0] == 0xed)
		high = 0x9f;
	else if (at[0] == 0xf0)
		low = 0x90;
	else if (at[0] == 0xf4)
		high = 0x8f;
	if (at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < need; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	}
	return need;
}

/* Bytes from `at` on that are plain ASCII, eight at a time. */
static size_t plain_run(const char *at, size_t length)
{
	size_t i = 0;
	uint64_t word;

	for (; length - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, at + i, sizeof(word));
		if (word & 0x8080808080808080u)
			break;
	}
	while (i < length && !(at[i] & 0x80))
		i++;
	return i;
}

/* One byte of a letter that a piece's end cut in two. */
static void count_held(struct charset_guess *g, unsigned char byte)
{
	size_t need = g->lead[0] < 0xe0 ? 2 : g->lead[0] < 0xf0 ? 3 : 4;

	g->lead[g->held++] = byte;
	if (g->held < need && (byte & 0xc0) == 0x80)
		return;
	if (charset_letter(g->lead, g->held) == g->held)
		g->sequences++;
	else
		g->faults++;
	g->held = 0;
}

void charset_count(struct charset_guess *g, const char *at, size_t length)
{
	size_t i = 0;

	while (g->held && i < length)
		count_held(g, (unsigned char)at[i++]);
	while (i < length) {
		const unsigned char *letter;
		size_t taken;

		i += plain_run(at + i, length - i);
		if (i == length)
			return;
		letter = (const unsigned char *)at + i;
		taken = charset_letter(letter, length - i);
		if (taken) {
			g->sequences++;
			i += taken;
		} else if (length - i < 4 && letter[0] >= 0xc2 && letter[0] <= 0xf4) {
			g->lead[0] = letter[0];
			g->held = 1;
			for (i++; g->held && i < length; i++)
				count_held(g, (unsigned char)at[i]);
		} else {
			g->faults++;
			i++;
		}
	}
}

enum charset charset_choose(const struct charset_guess *g)
{
	return g->faults + (g->held > 0) > g->sequences ? CHARSET_WINDOWS_1252 : CHARSET_UTF8;
}

size_t charset_from_1252(unsigned char byte, char out[3])
{
	/* 0x80–0x9f, from the WHATWG Encoding Standard's index-windows-1252, where the five that
	 * Microsoft left undefined are 0 here. */
	static const uint16_t upper[32] = {
		0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
		0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
		0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
	};
	unsigned code = byte >= 0x80 && byte < 0xa0 ? upper[byte - 0x80] : byte;

	if (code == 0 && byte)
		return 0;
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | code >> 12);
	out[1] = (char)(0x80 | (code >> 6 & 0x3f));
	out[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

size_t charset_mark(const char *at, size_t length, enum charset *says)
{
	if (length >= 3 && !memcmp(at, "\xef\xbb\xbf", 3)) {
		*says = CHARSET_UTF8;
		return 3;
	}
	if (length >= 2 && (!memcmp(at, "\xff\xfe", 2) || !memcmp(at, "\xfe\xff", 2))) {
		*says = CHARSET_UTF16;
		return 2;
	}
	return 0;
}

static size_t put_letter(uint32_t code, char *to)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 0x3f));
		to[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 0x3f));
	to[2] = (char)(0x80 | (code >> 6 & 0x3f));
	to[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

static size_t put_unit(struct charset_utf16 *u, uint32_t unit, char *to)
{
	bool is_low = unit >= 0xdc00 && unit <= 0xdfff;
	size_t n = 0;

	if (u->high && is_low) {
		n = put_letter(0x10000 + ((u->high - 0xd800) << 10) + (unit - 0xdc00), to);
		u->high = 0;
		return n;
	}
	if (u->high)
		to[n++] = (char)0xff;
	u->high = unit >= 0xd800 && unit <= 0xdbff ? unit : 0;
	if (is_low)
		to[n++] = (char)0xff;
	else if (!u->high)
		n += put_letter(unit, to + n);
	return n;
}

size_t charset_from_utf16(struct charset_utf16 *u, const char *at, size_t length, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned byte = (unsigned char)at[i];

		if (!u->is_held) {
			u->held = (unsigned char)byte;
			u->is_held = true;
			continue;
		}
		u->is_held = false;
		n += put_unit(u, u->is_big ? (uint32_t)u->held << 8 | byte : byte << 8 | u->held,
			      to + n);
	}
	return n;
}
