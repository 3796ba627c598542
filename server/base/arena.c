#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define EACH_ALONE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EACH_ALONE 1
#endif
#endif
#ifndef EACH_ALONE
#define EACH_ALONE 0
#endif

enum { BLOCK_SIZE = 16 * 1024, ALIGNMENT = 16 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	size_t used;
	_Alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena_deferred {
	struct arena_deferred *next;
	void (*fn)(void *object);
	void *object;
};

void arena_init(struct arena *a)
{
	memset(a, 0, sizeof(*a));
}

static struct arena_block *add_block(struct arena *a, size_t size)
{
	struct arena_block *block = malloc(sizeof(*block) + size);

	if (!block) {
		fputs("fdvu: out of memory\n", stderr);
		abort();
	}
	block->size = size;
	block->used = 0;
	block->next = a->blocks;
	a->blocks = block;
	return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *block = a->blocks;
	size_t want = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	void *at;

	if (want < size)
		abort(); /* a size near SIZE_MAX is a mistake of ours */
	if (EACH_ALONE)
		block = add_block(a, size);
	else if (!block || block->size - block->used < want)
		block = add_block(a, want > BLOCK_SIZE ? want : BLOCK_SIZE);
	at = block->bytes + block->used;
	block->used += EACH_ALONE ? size : want;
	a->used += size;
	memset(at, 0, size);
	return at;
}

char *arena_copy(struct arena *a, const char *text, size_t length)
{
	char *copy = arena_alloc(a, length + 1);

	if (length)
		memcpy(copy, text, length);
	return copy;
}

char *arena_text(struct arena *a, const char *text)
{
	return arena_copy(a, text, strlen(text));
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		abort();
	text = arena_alloc(a, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(a, format, args);
	va_end(args);
	return text;
}

void arena_defer(struct arena *a, void (*fn)(void *object), void *object)
{
	struct arena_deferred *d = arena_alloc(a, sizeof(*d));

	d->fn = fn;
	d->object = object;
	d->next = a->deferred;
	a->deferred = d;
}

static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = NULL;

	/* What is deferred lives in the arena itself, so it runs before anything is freed. */
	while (a->deferred) {
		struct arena_deferred *d = a->deferred;

		a->deferred = d->next;
		d->fn(d->object);
	}
	if (!EACH_ALONE && a->blocks && a->blocks->size == BLOCK_SIZE) {
		keep = a->blocks;
		a->blocks = keep->next;
		keep->next = NULL;
		keep->used = 0;
	}
	free_blocks(a->blocks);
	a->blocks = keep;
	a->used = 0;
}

void arena_release(struct arena *a)
{
	arena_reset(a);
	free_blocks(a->blocks);
	a->blocks = NULL;
}
