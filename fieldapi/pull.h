/* Pull: what has changed on the server since a tablet last asked (docs/sync-protocol.md,
 * section 3.3). */
#pragma once

#include "auth/app.h"

extern const struct route pull_routes[];
