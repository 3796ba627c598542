/* Tablets' matters that a person in the office settles: conflicts, what waits, what was refused
 * (docs/sync-protocol.md, «Office»). */
#pragma once

#include "http/http.h"

extern const struct route matter_routes[];
