/* What became of the register, by whom, and taking it back. */
#pragma once

#include "http/http.h"

extern const struct route change_routes[];
