/* The register: the place tree with its buildings, dwellings and components (REG-1 … REG-3, REG-6).
 */
#pragma once

#include "auth/app.h"

extern const struct route register_routes[];
