/* Leases (leieforhold) as their tenants see them (RENT-4). */
#pragma once

#include "auth/app.h"

extern const struct route lease_routes[];
