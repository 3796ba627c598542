#include "fieldapi/batch.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/uuid.h"
#include "http/input.h"

enum { MUTATION_BYTES = 256 * 1024, DEPTH_MAX = 32 };

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static const json_t *mutations_of(const struct batch *b)
{
	return (const json_t *)b->mutations;
}

static int depth_of(const json_t *value, int depth)
{
	int most = depth;
	const char *name;
	json_t *member;
	size_t i;

	if (depth > DEPTH_MAX)
		return depth;
	json_object_foreach((json_t *)(uintptr_t)value, name, member)
	{
		int below = depth_of(member, depth + 1);

		most = below > most ? below : most;
	}
	json_array_foreach(value, i, member)
	{
		int below = depth_of(member, depth + 1);

		most = below > most ? below : most;
	}
	return most;
}

static bool is_well_formed(const json_t *m)
{
	static const struct input captured = { "captured_at", IN_TIME };
	const char *mid = text_of(m, "mid"), *grp = text_of(m, "grp"),
		   *at = text_of(m, "captured_at");

	return json_is_object(m) && json_integer_value(json_object_get(m, "seq")) > 0 && mid &&
	       uuid_is_valid(mid) && (!grp || uuid_is_valid(grp)) && text_of(m, "op") && at &&
	       !input_fault(&captured, at, "en") && depth_of(m, 0) <= DEPTH_MAX &&
	       json_dumpb(m, NULL, 0, JSON_COMPACT) <= MUTATION_BYTES;
}

enum err batch_read(struct batch *b, const char *bytes, size_t length)
{
	const json_t *body, *mutations;
	json_error_t error;

	memset(b, 0, sizeof(*b));
	b->body = (struct json_t *)json_loadb(bytes ? bytes : "", length, JSON_REJECT_DUPLICATES,
					      &error);
	if (!b->body) {
		snprintf(b->said, sizeof(b->said), "JSON, line %d, column %d: %.140s", error.line,
			 error.column, error.text);
		return ERR_INVALID;
	}
	body = (const json_t *)b->body;
	b->device = text_of(body, "device");
	b->epoch = text_of(body, "epoch");
	if (!b->device || !uuid_is_valid(b->device))
		b->wrong[b->wrong_count++] = "/device";
	mutations = json_object_get(body, "mutations");
	if (!json_is_array(mutations))
		b->wrong[b->wrong_count++] = "/mutations";
	if (b->wrong_count)
		return ERR_INVALID;
	if (json_array_size(mutations) > BATCH_MUTATIONS_MAX) {
		snprintf(b->said, sizeof(b->said), "at most %d mutations", BATCH_MUTATIONS_MAX);
		return ERR_TOO_LARGE;
	}
	b->mutations = (const struct json_t *)mutations;
	for (size_t i = 0; i < json_array_size(mutations); i++)
		b->is_good[i] = is_well_formed(json_array_get(mutations, i));
	return OK;
}

void batch_release(void *batch)
{
	struct batch *b = batch;

	json_decref((json_t *)b->body);
	b->body = NULL;
	b->mutations = NULL;
}

size_t batch_size(const struct batch *b)
{
	return json_array_size(mutations_of(b));
}

const struct json_t *batch_at(const struct batch *b, size_t number)
{
	return (const struct json_t *)json_array_get(mutations_of(b), number);
}

static const char *group_of(const json_t *m)
{
	const char *grp = text_of(m, "grp");

	return grp ? grp : text_of(m, "mid");
}

struct json_t *batch_group(struct batch *b, size_t from)
{
	const char *name = group_of(json_array_get(mutations_of(b), from));
	json_t *group = json_array();

	for (size_t i = from; i < batch_size(b); i++) {
		json_t *m = json_array_get(mutations_of(b), i);

		if (b->is_taken[i] || !b->is_good[i] || strcmp(group_of(m), name))
			continue;
		b->is_taken[i] = true;
		json_array_append(group, m);
	}
	return (struct json_t *)group;
}

static bool is_final(const json_t *results, const json_t *mid)
{
	json_t *result;
	size_t i;

	json_array_foreach(results, i, result)
	{
		if (json_equal(mid, json_object_get(result, "mid")))
			return strcmp(text_of(result, "state"), "retry") != 0;
	}
	return false;
}

long long batch_acked(const struct batch *b, const struct json_t *results)
{
	long long open = LLONG_MAX, acked = 0;
	json_t *m;
	size_t i;

	json_array_foreach(mutations_of(b), i, m)
	{
		long long seq = json_integer_value(json_object_get(m, "seq"));

		if (b->is_good[i] && seq < open &&
		    !is_final((const json_t *)results, json_object_get(m, "mid")))
			open = seq;
	}
	json_array_foreach(mutations_of(b), i, m)
	{
		long long seq = json_integer_value(json_object_get(m, "seq"));

		if (b->is_good[i] && seq < open && seq > acked)
			acked = seq;
	}
	return acked;
}
