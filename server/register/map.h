/* The map: what lies where, and what others' map it all lies on. */
#pragma once

#include "auth/app.h"

extern const struct route map_routes[];
