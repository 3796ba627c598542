/* What concerns a place or a component: its cases, tasks and documents. */
#pragma once

#include "auth/app.h"

extern const struct route related_routes[];
