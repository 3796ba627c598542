/* Files and the documents that point at them (DOC-1 … DOC-3). */
#pragma once

#include "auth/app.h"

extern const struct route document_routes[];
