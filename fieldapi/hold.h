/* What waits for what: a mutation whose predecessor has not come is held, and nothing else is
 * (docs/sync-protocol.md, «Push»). */
#pragma once

#include "fieldapi/apply.h"

/* What a transaction knows of the tablet's other mutations. */
struct hold {
	struct json_t *waiting; /* an array of {mid, seq, grp, row}: those that are held */
	struct json_t *known;   /* mid: true, of those that are needed and have come */
};

/* Reads what `mutations` may have to wait for. */
enum err hold_learn(struct hold *h, struct pusher *p, const struct json_t *mutations);

/* The mid that the group `given` waits for; NULL when it need not wait. `oldest` is the lowest seq
 * that the tablet may still send; what is missing below it never comes, and nobody waits for it. */
const char *hold_blocker(const struct hold *h, const struct json_t *given, long long oldest);

/* Notes that a group has an answer, so that what comes after it in the transaction is judged by
 * it. */
void hold_note(struct hold *h, const struct json_t *group, bool is_held);

/* Keeps bytes that cannot be written down as a mutation, for a person to look at. */
enum err hold_aside(struct pusher *p, const char *reason, struct str bytes);
