/* The live feed: one reader of the change feed per process, and the browsers that listen. A hint
 * says which row changed, never what is in it: the browser asks again under its own rights. */
#pragma once

#include "auth/app.h"

extern const struct route live_routes[];

/* Starts the reader. Never NULL. */
struct live *live_start(struct pools *pools);

/* Wakes all listeners so that they end. Call before http_stop(). */
void live_wake(struct live *live);

/* Ends the reader and frees. Call after http_stop(). NULL does nothing. */
void live_stop(struct live *live);
