/* Groups of mutations in one transaction: each answered as before when it was here before, held
 * when something before it is missing, else applied; and written down with its answer
 * (docs/sync-protocol.md, «Push»). */
#pragma once

#include "fieldapi/apply.h"

/* Why a group is refused for good: the mutation at fault (its mid; NULL: each of them) and the
 * reason. */
struct refusal {
	const char *mid;
	struct op_fault fault;
};

struct taking {
	struct pusher who;
	const char *epoch; /* that the tablet believes in; NULL: it does not say */
	long long oldest;  /* the lowest seq that it may still send; 0: it does not say */
};

/* Takes `groups`, an array of arrays of well-formed mutations, and adds their answers to `results`.
 * A failure leaves nothing done; `refusal` then says whose fault it was, if a mutation's. Given a
 * refusal, takes the one group there is as refused. */
enum err take_groups(struct taking *t, const struct json_t *groups, struct refusal *refusal,
		     struct json_t *results);

/* Applies one group of those that were held and need wait no longer; `is_done` when there is none.
 * Failures as of take_groups(). */
enum err take_held(struct taking *t, struct refusal *refusal, bool *is_done);
