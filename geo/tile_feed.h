/* Tells the cache of tiles what changed in the database, whichever process changed it: a thread
 * that reads what committed since its last look. */
#pragma once

#include "db/db.h"
#include "geo/tile_cache.h"

struct tile_feed;

struct tile_feed *tile_feed_start(struct pools *pools, struct tile_cache *cache);
void tile_feed_stop(struct tile_feed *feed); /* NULL does nothing */
