/* What concerns a place or a component: its cases, tasks, documents, parts and conditions. */
#pragma once

#include "auth/app.h"

extern const struct route related_routes[];
