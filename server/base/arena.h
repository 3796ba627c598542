/* Memory that lives as long as one request (or one job): allocate freely, give
 * everything back at once. After PostgreSQL's memory contexts, much reduced. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct arena_block;
struct arena_deferred;

struct arena {
	struct arena_block *blocks;
	struct arena_deferred *deferred;
	size_t used; /* bytes handed out since the last reset */
};

/* Ready for use; a zeroed struct is ready too. */
void arena_init(struct arena *a);

/* Runs what was deferred, newest first, and frees all but one block, which the
 * next request reuses. */
void arena_reset(struct arena *a);

/* As arena_reset(), and gives the last block back as well. */
void arena_release(struct arena *a);

/* `size` zeroed bytes, aligned for any object. Never NULL: out of memory aborts. Owned by the
 * arena. Under AddressSanitizer each object is a malloc of its own, so that overruns show. */
void *arena_alloc(struct arena *a, size_t size);

/* A copy of the first `length` bytes of `text`, ended by a NUL. */
char *arena_copy(struct arena *a, const char *text, size_t length);

/* A copy of a C string. */
char *arena_text(struct arena *a, const char *text);

/* A formatted string owned by the arena. */
__attribute__((format(printf, 2, 3))) char *arena_printf(struct arena *a, const char *format, ...);
__attribute__((format(printf, 2, 0))) char *arena_vprintf(struct arena *a, const char *format,
							  va_list args);

/* Calls fn(object) when the arena is reset: for results, files and other things to give back. */
void arena_defer(struct arena *a, void (*fn)(void *object), void *object);
