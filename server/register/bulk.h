/* Many rows of the register are changed at once. */
#pragma once

#include "http/http.h"

extern const struct route bulk_routes[];
