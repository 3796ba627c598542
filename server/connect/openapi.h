/* The API's own description (OpenAPI 3.1), made of the route and input tables that also do the
 * routing and the checking, so that it cannot be wrong about them. */
#pragma once

#include "auth/app.h"

extern const struct route openapi_routes[];
