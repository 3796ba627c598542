#include "fieldapi/js.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"

const char *js_text(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

void js_free(void *json)
{
	json_decref(json);
}

json_t *js_array(struct arena *a)
{
	json_t *array = json_array();

	arena_defer(a, js_free, array);
	return array;
}

static void free_text(void *text)
{
	free(text);
}

const char *js_dump(struct arena *a, const json_t *value, size_t flags)
{
	char *text = json_dumps(value, JSON_COMPACT | flags);

	arena_defer(a, free_text, text);
	return text;
}

const char *js_hash(struct arena *a, const json_t *mutation)
{
	const char *text = js_dump(a, mutation, JSON_SORT_KEYS);
	char *hash = arena_alloc(a, SHA256_TEXT);

	sha256_of(text, strlen(text), hash);
	return hash;
}
