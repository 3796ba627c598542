/* Rules over HTTP: what there is, and a run on demand. */
#pragma once

#include "auth/app.h"

extern const struct route plan_routes[];
