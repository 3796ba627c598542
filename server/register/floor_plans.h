/* Floor plans (plantegning): where a storey's drawings lie on the map, and the rooms in them. */
#pragma once

#include "auth/app.h"

extern const struct route floor_plan_routes[];
