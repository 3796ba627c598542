/* Rooms of a storey out of a DXF drawing: shown first, then made. */
#pragma once

#include "http/http.h"

/* POST /storeys/{id}/rooms-from-dxf with the drawing as its body. */
enum err dxf_rooms(struct req *rq);

extern const struct input dxf_rooms_inputs[];
