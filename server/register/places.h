/* The register is written: places, components, what became of them, and taking it back. */
#pragma once

#include "http/http.h"

extern const struct route place_routes[];
