/* Times of two kinds: how long something took, and what the calendar says. */
#pragma once

#include <stdint.h>

/* Microseconds on a clock that never goes backwards; only differences mean anything. */
uint64_t clock_us(void);
