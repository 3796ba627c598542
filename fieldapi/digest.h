/* The hash of a row as it is told over the wire, and the sum of such hashes: how a tablet and the
 * server find out whether they hold the same, whatever their histories (docs/sync-protocol.md,
 * «Digests»). Against loss, not against forgers. web/field/sync/digest.ts is its twin; both have
 * the test vectors of tests/data/digests.json. Pure: no I/O. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { DIGEST_TEXT = 17, DIGEST_SLOTS = 256 };

/* How many rows, and the sum of their hashes: two lanes modulo 2^32. */
struct digest {
	uint32_t count, a, b;
};

/* Hashes one row: its table's name, its id, its fields as JSON text. False when `fields` is no JSON
 * object; then the hash is that of a row without fields. `scratch` gets what parsing needs. */
bool digest_row(struct arena *scratch, const char *t, const char *id, const char *fields,
		struct digest *out);

/* Adds what `row` counts to `sum`. */
void digest_add(struct digest *sum, const struct digest *row);

bool digest_equals(const struct digest *x, const struct digest *y);

/* The lanes as 16 hex digits. */
void digest_format(const struct digest *d, char out[DIGEST_TEXT]);

/* Reads 16 hex digits into the lanes; the count stays. False when it is something else. */
bool digest_parse(const char *text, struct digest *d);

/* Which of the 256 parts of a bucket a row belongs to: the last byte of its id, -1 when it is no
 * UUID. (The first bytes of a UUIDv7 are the time: all rows of a year share them.) */
int digest_slot(const char *id);
