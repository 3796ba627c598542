/* Inputs checked against their table before a handler runs; every fault is named at once. */
#pragma once

#include "http/http.h"

/* Parses the body (when the table has members of it) and the query string into rq->values and
 * rq->json. ERR_INVALID with the faults noted. */
enum err input_check(struct req *rq);

/* One value against its kind: NULL when it fits, else what is wrong, in `language`. `text` is the
 * value as in a query string. */
const char *input_fault(const struct input *in, const char *text, const char *language);
