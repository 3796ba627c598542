/* Small things that are done with jansson in many places of the tablets' protocol. */
#pragma once

#include <jansson.h>

#include "base/arena.h"

/* A member's text; NULL when there is none, or it is no text. */
const char *js_text(const json_t *object, const char *name);

/* Gives a value back; for arena_defer(). */
void js_free(void *json);

/* A new array, given back with the arena. */
json_t *js_array(struct arena *a);

/* The value as compact JSON, in the arena's care. `flags` are jansson's, beside that. */
const char *js_dump(struct arena *a, const json_t *value, size_t flags);

/* What a mutation is known again by: the SHA-256 of its JSON with sorted keys, as digits. */
const char *js_hash(struct arena *a, const json_t *mutation);
