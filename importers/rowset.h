/* A set of rows by their number in the file, a bit for each. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rowset {
	unsigned char *bits;
	size_t bytes;
	uint64_t count; /* of rows in it */
};

/* Empty. */
void rowset_init(struct rowset *s);
void rowset_release(void *rowset);

/* Memory is taken for all rows up to `n`, 125 kB for a million. */
void rowset_add(struct rowset *s, uint64_t n);
bool rowset_has(const struct rowset *s, uint64_t n);
