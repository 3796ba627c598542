/* The tree is rebuilt: moved, copied, split, merged, renumbered; templates lay out components. */
#pragma once

#include "http/http.h"

extern const struct route structure_routes[];
