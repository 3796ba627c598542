/* A tablet's batch of mutations as it comes in (docs/sync-protocol.md, section 3.4): read, counted
 * and grouped before the database hears of it. Pure: no I/O. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct json_t;

enum { BATCH_MUTATIONS_MAX = 200, BATCH_SAID_MAX = 200 };

struct batch {
	struct json_t *body;      /* without its mutations */
	struct json_t *mutations; /* at most BATCH_MUTATIONS_MAX; null where one cannot be read */
	const char *device, *epoch, *sent_at; /* UUID, text, RFC 3339; NULL when not given */
	long long oldest; /* the lowest seq that the tablet may still send; 0 when not given */
	struct str raw[BATCH_MUTATIONS_MAX];     /* the bytes of each, in the body */
	const char *faults[BATCH_MUTATIONS_MAX]; /* why one cannot be taken; NULL: it is good */
	bool is_taken[BATCH_MUTATIONS_MAX];      /* by batch_group() */
	const char *wrong[2];                    /* JSON pointers of what is at fault */
	int wrong_count;
	char said[BATCH_SAID_MAX]; /* why, when no member is */
};

/* Reads a batch. ERR_INVALID with the fault, ERR_TOO_LARGE; also then batch_release() frees it. A
 * mutation that cannot be read harms no other. `bytes` must live as long as the batch. */
enum err batch_read(struct batch *b, const char *bytes, size_t length);
void batch_release(void *batch);

size_t batch_size(const struct batch *b);
const struct json_t *batch_at(const struct batch *b, size_t number);

/* The well-formed mutations of the group that number `from` begins, in their order, marked as
 * taken. A new array that the caller gives back. */
struct json_t *batch_group(struct batch *b, size_t from);

/* The seq up to which the tablet need send nothing again: nothing well-formed before it is without
 * a final answer in `results`, an array of {mid, state}. */
long long batch_acked(const struct batch *b, const struct json_t *results);
