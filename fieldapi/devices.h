/* Tablets: how one is enrolled, goes on with its own key, is taken out of use, and says what it has
 * left. docs/sync-protocol.md, «Devices». */
#pragma once

#include "http/http.h"

extern const struct route device_routes[];
