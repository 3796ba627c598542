/* Content-Security-Policy: what the pages may fetch, and from where. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/* Writes the policy. `origins` are those that the map may ask besides us, separated by spaces:
 * https://HOST[:PORT], or http:// for a host of one's own. False, with nothing said of them, when
 * one of them is anything else: a policy must not be widened by a slip. */
bool csp_write(const char *origins, struct buf *to);

/* Is `url` on one of `origins`? */
bool csp_allows(const char *origins, const char *url);
