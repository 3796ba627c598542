/* How a file that was looked at fits a profile: which of its columns is which, what is missing, and
 * which profiles it may be meant for. */
#pragma once

#include "base/arena.h"
#include "base/config.h"
#include "importers/import.h"
#include "importers/look.h"
#include "importers/profile.h"

enum { MATCH_PROFILES_MAX = 100 };

struct match {
	const char
		*names[IMPORT_HEADERS_MAX]; /* of the file's columns in its order; NULL: not read */
	const char *told[IMPORT_HEADERS_MAX]; /* what a header calls it, whatever its place is */
	size_t width;
	bool has_header; /* false: columns by place, and the first row is a row */
	size_t found;    /* columns of the profile that the file has */
	const char *missing[PROFILE_COLUMNS_MAX]; /* that must be there */
	size_t missing_count;
	const char *doubled[IMPORT_HEADERS_MAX]; /* headers of a column that another has taken */
	size_t doubled_count;
};

/* The columns of a look that was made with this profile. */
void match_columns(const struct profile *p, const struct look *l, struct match *m);

struct suggestion {
	const struct profile *profile;
	double score; /* above 0, to 1 */
	size_t found, missing;
};

/* The profiles that the open file `fd` may be meant for, best first; how many. The file is glanced
 * at as each of them would read it. */
size_t match_profiles(struct arena *a, const struct config *config, int fd,
		      struct suggestion list[MATCH_PROFILES_MAX]);
