/* Keys (nøkler, REG-4): key systems, the cylinders in the doors, keys, who has signed them out, and
 * what a lost one is charged with. */
#pragma once

#include "auth/app.h"

extern const struct route key_routes[];
