/* Warnings (advarsler, REG-6) that are shown before anybody enters: asbestos, dogs, alarms. */
#pragma once

#include "auth/app.h"

extern const struct route warning_routes[];
