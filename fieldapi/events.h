/* Hints for tablets that wait (docs/sync-protocol.md, «Hints»): which of their buckets have
 * changed, never what is in them. One thread and one poll of the feed for all of a process's
 * tablets, which hold neither thread nor database connection. */
#pragma once

#include "auth/app.h"

extern const struct route event_routes[];

/* Starts the thread. Never NULL. */
struct events *events_start(struct pools *pools);

/* Lets all tablets go: they ask another server. Call before http_stop(); whoever comes later is
 * refused. */
void events_close(struct events *events);

/* Ends the thread and frees. Call after http_stop(). NULL does nothing. */
void events_stop(struct events *events);

/* Adds how many wait to the metrics. */
void events_measure(struct events *events, struct buf *to);
