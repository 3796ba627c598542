/* Times of two kinds: how long something took, and what the calendar says. */
#pragma once

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* Microseconds on a clock that never goes backwards; only differences mean anything. */
uint64_t clock_us(void);

/* Makes a condition whose waits are measured by that clock, so that none ends early or late when
 * somebody sets the machine's time. */
void clock_cond_init(pthread_cond_t *cond);

/* The moment in `ms` milliseconds by that clock, for pthread_cond_timedwait(). */
struct timespec clock_ahead(long ms);
