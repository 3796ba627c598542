/* Push: a tablet's mutations, each group in one transaction, each applied exactly once
 * (docs/sync-protocol.md, section 3.4). */
#pragma once

#include "auth/app.h"

extern const struct route push_routes[];
