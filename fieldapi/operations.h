/* The table of what a tablet may do, as JSON: for programs that make tablets, their documentation
 * and tests. */
#pragma once

#include "http/http.h"

extern const struct route operation_routes[];
