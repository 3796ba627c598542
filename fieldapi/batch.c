#include "fieldapi/batch.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/uuid.h"
#include "fieldapi/js.h"
#include "fieldapi/slices.h"
#include "http/input.h"

enum { MUTATION_BYTES = 256 * 1024, DEPTH_MAX = 32 };

static const json_t *mutations_of(const struct batch *b)
{
	return (const json_t *)b->mutations;
}

/* U+0000 has no place in PostgreSQL's texts (QFieldCloud lost a project to one). */
static bool has_nul(const json_t *value)
{
	const char *name;
	json_t *member;
	size_t i;

	if (json_is_string(value))
		return json_string_length(value) != strlen(json_string_value(value));
	json_object_foreach((json_t *)(uintptr_t)value, name, member)
	{
		if (has_nul(member))
			return true;
	}
	json_array_foreach(value, i, member)
	{
		if (has_nul(member))
			return true;
	}
	return false;
}

static bool is_moment(const char *text)
{
	static const struct input in = { "time", IN_TIME };

	return text && !input_fault(&in, text, "en");
}

static bool is_list_of_mids(const json_t *needs)
{
	json_t *mid;
	size_t i;

	if (needs && !json_is_null(needs) && !json_is_array(needs))
		return false;
	json_array_foreach(needs, i, mid)
	{
		if (i == BATCH_MUTATIONS_MAX || !json_is_string(mid) ||
		    !uuid_is_valid(json_string_value(mid)))
			return false;
	}
	return true;
}

/* Why a mutation cannot be taken, as a word for programs. */
static const char *fault_of(const json_t *m, const struct slice *text)
{
	const char *mid = js_text(m, "mid"), *grp = js_text(m, "grp");

	if (text->text.length > MUTATION_BYTES)
		return "too_large";
	if (text->depth > DEPTH_MAX)
		return "too_deep";
	if (!json_is_object(m) || json_integer_value(json_object_get(m, "seq")) <= 0 || !mid ||
	    !uuid_is_valid(mid) || (grp && !uuid_is_valid(grp)) || !js_text(m, "op") ||
	    !is_moment(js_text(m, "captured_at")) || !is_list_of_mids(json_object_get(m, "needs")))
		return "malformed";
	return has_nul(m) ? "nul" : NULL;
}

/* What is not within the limits is still parsed, so that the answer can name it; what nobody can
 * parse is null. */
static void read_mutation(struct batch *b, size_t number, const struct slice *text)
{
	json_t *m = json_loadb(text->text.at, text->text.length,
			       JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	if (!m)
		m = json_null();
	b->raw[number] = text->text;
	b->faults[number] = fault_of(m, text);
	json_array_append_new((json_t *)b->mutations, m);
}

static enum err read_mutations(struct batch *b, const struct slice *all)
{
	struct slice each[BATCH_MUTATIONS_MAX];
	long count = slices_elements(all->text, each, BATCH_MUTATIONS_MAX);

	if (count < 0) {
		b->wrong[b->wrong_count++] = "/mutations";
		return ERR_INVALID;
	}
	if (count > BATCH_MUTATIONS_MAX) {
		snprintf(b->said, sizeof(b->said), "at most %d mutations", BATCH_MUTATIONS_MAX);
		return ERR_TOO_LARGE;
	}
	for (long i = 0; i < count; i++)
		read_mutation(b, (size_t)i, &each[i]);
	return OK;
}

/* The body without its mutations, which are read one by one. */
static json_t *read_rest(struct str all, const struct str *mutations, json_error_t *error)
{
	size_t before = mutations->at ? (size_t)(mutations->at - all.at) : all.length;
	struct str after = { all.at + before + mutations->length,
			     all.length - before - mutations->length };
	struct buf text;
	json_t *rest;

	buf_init(&text, all.length + 3);
	buf_add(&text, all.at, before);
	if (mutations->at)
		buf_text(&text, "[]");
	buf_add(&text, after.at, after.length);
	rest = json_loadb(text.at ? text.at : "", text.length, JSON_REJECT_DUPLICATES, error);
	buf_release(&text);
	return rest;
}

enum err batch_read(struct batch *b, const char *bytes, size_t length)
{
	struct str all = { bytes ? bytes : "", length };
	struct slice mutations;
	json_error_t error;
	const json_t *body;
	long long oldest;

	memset(b, 0, sizeof(*b));
	b->mutations = (struct json_t *)json_array();
	if (!slices_member(all, "mutations", &mutations))
		mutations = (struct slice){ 0 };
	b->body = (struct json_t *)read_rest(all, &mutations.text, &error);
	if (!b->body) {
		snprintf(b->said, sizeof(b->said), "JSON, line %d, column %d: %.140s", error.line,
			 error.column, error.text);
		return ERR_INVALID;
	}
	body = (const json_t *)b->body;
	b->device = js_text(body, "device");
	b->epoch = js_text(body, "epoch");
	b->sent_at = js_text(body, "sent_at");
	if (!is_moment(b->sent_at))
		b->sent_at = NULL;
	oldest = json_integer_value(json_object_get(body, "oldest"));
	b->oldest = oldest > 0 ? oldest : 0;
	if (!b->device || !uuid_is_valid(b->device))
		b->wrong[b->wrong_count++] = "/device";
	if (!mutations.text.at)
		b->wrong[b->wrong_count++] = "/mutations";
	return b->wrong_count ? ERR_INVALID : read_mutations(b, &mutations);
}

void batch_release(void *batch)
{
	struct batch *b = batch;

	json_decref((json_t *)b->body);
	json_decref((json_t *)b->mutations);
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
	const char *grp = js_text(m, "grp");

	return grp ? grp : js_text(m, "mid");
}

struct json_t *batch_group(struct batch *b, size_t from)
{
	const char *name = group_of(json_array_get(mutations_of(b), from));
	json_t *group = json_array();

	for (size_t i = from; i < batch_size(b); i++) {
		json_t *m = json_array_get(mutations_of(b), i);

		if (b->is_taken[i] || b->faults[i] || strcmp(group_of(m), name))
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
			return strcmp(js_text(result, "state"), "retry") != 0;
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

		if (!b->faults[i] && seq < open &&
		    !is_final((const json_t *)results, json_object_get(m, "mid")))
			open = seq;
	}
	json_array_foreach(mutations_of(b), i, m)
	{
		long long seq = json_integer_value(json_object_get(m, "seq"));

		if (!b->faults[i] && seq < open && seq > acked)
			acked = seq;
	}
	return acked;
}
