/* The door to geo/proj.h: coordinates from one system to another, in each authority's axis order.
 */
#pragma once

#include "auth/app.h"

extern const struct route coordinate_routes[];
