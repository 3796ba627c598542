#include "importers/rowset.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 4096 };

void rowset_init(struct rowset *s)
{
	memset(s, 0, sizeof(*s));
}

void rowset_release(void *rowset)
{
	struct rowset *s = rowset;

	free(s->bits);
	rowset_init(s);
}

static void make_room(struct rowset *s, size_t bytes)
{
	size_t room = s->bytes ? s->bytes : LEAST;

	while (room < bytes)
		room *= 2;
	if (room == s->bytes)
		return;
	s->bits = realloc(s->bits, room);
	if (!s->bits)
		abort();
	memset(s->bits + s->bytes, 0, room - s->bytes);
	s->bytes = room;
}

void rowset_add(struct rowset *s, uint64_t n)
{
	if (rowset_has(s, n))
		return;
	make_room(s, n / 8 + 1);
	s->bits[n / 8] |= (unsigned char)(1u << n % 8);
	s->count++;
}

bool rowset_has(const struct rowset *s, uint64_t n)
{
	return n / 8 < s->bytes && (s->bits[n / 8] >> n % 8 & 1);
}
