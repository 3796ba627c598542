/* What the office is shown of a file and of the profiles, as JSON. */
#pragma once

#include "base/buf.h"
#include "importers/match.h"

/* A file that was sent. */
struct api_file {
	int fd;
	uint64_t size;
};

/* The headers of the file as a JSON array. */
const char *api_headers(struct arena *a, const struct look *l);

/* The look and how it fits the profile: an object that is left open. */
void api_look_json(struct arena *a, const struct profile *p, const struct look *l,
		   const struct match *m, struct buf *to);

/* The member «suggestions», after a comma. */
void api_suggestions_json(struct arena *a, const struct config *config, int fd, struct buf *to);

/* All profiles that can be imported with. */
void api_profiles_json(struct arena *a, const struct config *config, struct buf *to);
