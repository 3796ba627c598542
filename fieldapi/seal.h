/* Queues that a locked tablet has sealed (docs/sync-protocol.md, «Lease»): the key that they are
 * sealed for, giving a tablet back what opens its own, and taking what a revoked tablet, sealed or
 * not, hands over. */
#pragma once

#include "auth/app.h"

extern const struct route seal_routes[];

/* Makes the first key, which tablets are told from then on. */
enum err seal_key_begin(struct req *rq);

/* `fdvu seal-key`: makes a new key in place of the one there is. Returns the exit status. */
int seal_key_command(struct pools *pools);
