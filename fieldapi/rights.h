/* Whether an author had the right to what their mutations name when they wrote them, and has it now
 * (docs/sync-protocol.md, «Rights»). The time is the tablet's word: it can only narrow what the
 * policies allow. */
#pragma once

#include "fieldapi/apply.h"

/* Looks at `mutations`, an array. `times`: when each was written, as text; NULL: as it says itself,
 * by the tablet's clock. `reasons` gets {mid: why it is not allowed}, in the arena's care. */
enum err rights_learn(struct pusher *p, const struct json_t *mutations, const char *const *times,
		      struct json_t **reasons);
