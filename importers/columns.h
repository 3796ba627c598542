/* Which column of the profile each column of the file is, by its first record. Fills im->columns,
 * headers and width. */
#pragma once

#include "base/str.h"
#include "importers/import.h"

#include <stdbool.h>
#include <stddef.h>

/* By name or alias, or as a person has chosen: each required one must be there, none twice. Refuses
 * the import when not. */
enum err columns_by_header(struct import *im, const struct str *cells, size_t count);

/* By their place. Sets *is_header when the first record holds their names. */
enum err columns_by_place(struct import *im, const struct str *cells, size_t count,
			  bool *is_header);
