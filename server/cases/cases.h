/* Cases (saker): what a reporter wants settled; with their conversation and followers (CASE-2,
 * CASE-4, CASE-6). */
#pragma once

#include "auth/app.h"

extern const struct route case_routes[];
