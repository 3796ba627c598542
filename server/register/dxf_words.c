/* The words of a DXF drawing, with its format codes taken out and its letters made UTF-8, and which
 * room they are the name of. */
#include <stdint.h>

#include "base/utf8.h"
#include "register/dxf.h"

enum { OUT_ROOM = DXF_NAME_MAX + 8 };

struct words {
	char *at;
	size_t length;
};

static void add_space(struct words *w)
{
	if (w->length && w->length < DXF_NAME_MAX && w->at[w->length - 1] != ' ')
		w->at[w->length++] = ' ';
}

/* A character as UTF-8; none that is invisible. */
static void add_letter(struct words *w, uint32_t c)
{
	char *to = w->at + w->length;

	if (w->length + 4 > DXF_NAME_MAX || c < 32 || (c >= 0x7f && c < 0xa0) ||
	    (c >= 0xd800 && c < 0xe000) || c > 0xffff)
		return;
	if (c < 0x80) {
		to[0] = (char)c;
		w->length += 1;
	} else if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		w->length += 2;
	} else {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | ((c >> 6) & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		w->length += 3;
	}
}

static int hex_of(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \U+00E6: four hexadecimal digits. Returns the bytes it took, 0 when it is none. */
static size_t add_coded(struct words *w, struct str text)
{
	uint32_t c = 0;

	if (text.length < 7 || text.at[1] != 'U' || text.at[2] != '+')
		return 0;
	for (int i = 3; i < 7; i++) {
		int digit = hex_of(text.at[i]);

		if (digit < 0)
			return 0;
		c = c << 4 | (uint32_t)digit;
	}
	add_letter(w, c);
	return 7;
}

/* A backslash and what it stands for. Returns the bytes it took. */
static size_t add_escaped(struct words *w, struct str text)
{
	size_t taken = add_coded(w, text);

	if (taken || text.length < 2)
		return taken ? taken : 1;
	switch (text.at[1]) {
	case 'P':
	case '~':
	case 'X':
		add_space(w);
		return 2;
	case '\\':
	case '{':
	case '}':
		add_letter(w, (unsigned char)text.at[1]);
		return 2;
	case 'f':
	case 'F':
	case 'H':
	case 'W':
	case 'Q':
	case 'T':
	case 'C':
	case 'A':
	case 'p': /* up to a semicolon */
		for (taken = 2; taken < text.length && text.at[taken] != ';'; taken++)
			;
		return taken < text.length ? taken + 1 : taken;
	default: /* underlined and the like */
		return 2;
	}
}

char *dxf_words(struct arena *a, struct str text)
{
	struct words w = { arena_alloc(a, OUT_ROOM), 0 };

	while (text.length) {
		size_t taken = utf8_length(text.at, text.length);

		if (text.at[0] == '\\') {
			taken = add_escaped(&w, text);
		} else if (is_space(text.at[0])) {
			add_space(&w);
		} else if (text.at[0] == '{' || text.at[0] == '}') {
			taken = 1;
		} else if (taken > 1) {
			if (w.length + taken <= DXF_NAME_MAX) {
				memcpy(w.at + w.length, text.at, taken);
				w.length += taken;
			}
		} else { /* ASCII, or a byte of Windows-1252, whose Norwegian letters are Latin-1's
			  */
			add_letter(&w, (unsigned char)text.at[0]);
			taken = 1;
		}
		text.at += taken ? taken : 1;
		text.length -= taken ? taken : 1;
	}
	while (w.length && w.at[w.length - 1] == ' ')
		w.length--;
	w.at[w.length] = '\0';
	return w.at;
}

bool dxf_holds(const struct dxf_ring *ring, struct dxf_point at)
{
	const struct dxf_point *p = ring->points;
	bool is_in = false;

	if (at.x < ring->least.x || at.x > ring->most.x || at.y < ring->least.y ||
	    at.y > ring->most.y)
		return false;
	for (size_t i = 0, j = ring->count - 1; i < ring->count; j = i++)
		if ((p[i].y > at.y) != (p[j].y > at.y) &&
		    at.x < (p[j].x - p[i].x) * (at.y - p[i].y) / (p[j].y - p[i].y) + p[i].x)
			is_in = !is_in;
	return is_in;
}

const char **dxf_names(struct arena *a, const struct dxf *d)
{
	const char **names = arena_alloc(a, (d->ring_count + 1) * sizeof(*names));

	for (size_t t = 0; t < d->text_count; t++) {
		const struct dxf_ring *best = NULL;
		char *words;

		for (size_t i = 0; i < d->ring_count; i++)
			if ((!best || d->rings[i].area < best->area) &&
			    dxf_holds(&d->rings[i], d->texts[t].at))
				best = &d->rings[i];
		if (!best)
			continue;
		words = dxf_words(a, d->texts[t].text);
		if (!words[0])
			continue;
		if (names[best - d->rings])
			words = arena_printf(a, "%s %s", names[best - d->rings], words);
		if (strlen(words) <= DXF_NAME_MAX)
			names[best - d->rings] = words;
	}
	return names;
}
