/* Meters (målere) and their readings (REG-5): electricity, heat, water. Implausible readings are
 * flagged by the database and never dropped; what they mean is in schema/migrations/0029. */
#pragma once

#include "auth/app.h"

extern const struct route meter_routes[];
