#include "importers/reader_source.h"

#include <string.h>

enum { PIECE = 4096 };

size_t source_fill(struct source *s, char *to, size_t room)
{
	size_t held = 0, n = 1;

	while (held < room && n > 0) {
		n = s->read(s, to + held, room - held);
		held += n;
	}
	return held;
}

static size_t utf16_read(struct source *s, char *to, size_t room)
{
	struct source_utf16 *u = s->of;
	char raw[PIECE];
	size_t n;

	while (u->from == u->to) {
		n = u->raw->read(u->raw, raw, sizeof(raw));
		s->fault = u->raw->fault;
		if (n == 0 && !u->state.high && !u->state.is_held)
			return 0;
		u->from = 0;
		u->to = charset_from_utf16(&u->state, raw, n, u->waiting);
		if (n == 0) { /* half a letter at the end of the file */
			memset(&u->state, 0, sizeof(u->state));
			u->waiting[0] = (char)0xff;
			u->to = 1;
		}
	}
	n = u->to - u->from < room ? u->to - u->from : room;
	memcpy(to, u->waiting + u->from, n);
	u->from += n;
	s->seen += n;
	return n;
}

static bool utf16_rewind(struct source *s)
{
	struct source_utf16 *u = s->of;
	char mark[2];

	if (!u->raw->rewind(u->raw))
		return false;
	source_fill(u->raw, mark, sizeof(mark));
	u->state = (struct charset_utf16){ .is_big = u->is_big };
	u->from = u->to = 0;
	s->seen = 0;
	return true;
}

void source_utf16_init(struct source_utf16 *u, struct source *raw, bool is_big)
{
	memset(u, 0, sizeof(*u));
	u->base = (struct source){
		.read = utf16_read, .rewind = utf16_rewind, .of = u, .size = raw->size
	};
	u->raw = raw;
	u->is_big = is_big;
}
