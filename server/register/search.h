/* One box that finds anything, answering as people type (REG-7). */
#pragma once

#include "auth/app.h"

extern const struct route search_routes[];
