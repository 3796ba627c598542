/* Tasks and work orders (oppgaver, arbeidsordrer) as the office sees them (CASE-2, PLAN-5). The
 * tablets have their own protocol in fieldapi. */
#pragma once

#include "auth/app.h"

extern const struct route task_routes[];
