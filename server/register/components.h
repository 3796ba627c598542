/* Components, with what their mark says. */
#pragma once

#include "http/http.h"

extern const struct route component_routes[];
