/* Vector tiles that were made, kept in the memory of the process: bounded, in shards with a lock of
 * their own, the longest unused first to go. No I/O: geo/tile_feed.c tells it what changed.
 *
 * What changed is a log of boxes, numbered by look. A tile was made after a certain look, so what
 * earlier looks saw is in it; it is good as long as no later box that it depends on meets it. A
 * tile that has been compared remembers up to which look, so a hit costs nothing while nothing
 * happens. When the log has gone round, or when the last look is older than TILE_STALE_US, nothing
 * in the cache is good: it is never served on faith. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TILE_STALE_US = 1000000, /* a tile is at most this much behind the database */
	TILE_RIGHTS = 33,        /* 32 hex digits */
	TILE_ETAG = 35,          /* the same in quotation marks */
};

/* What layers depend on: the numbers of migration 0032. */
enum tile_depends {
	TILE_MUNICIPALITY = 1,
	TILE_PROPERTY = 2,
	TILE_OUTDOOR_AREA = 4,
	TILE_BUILDING = 8,
	TILE_COMPONENT = 16,
	TILE_TASK = 32,
	TILE_CASE = 64,
	TILE_POSITION = 128,
};

/* A tile's bytes, shared by the cache and the replies that are being sent. */
struct tile_bytes {
	atomic_int holders;
	char etag[TILE_ETAG];
	size_t size;
	unsigned char at[];
};

/* Which tile, for whom. Zeroed before it is filled: it is compared as bytes. */
struct tile_key {
	int grid, z;
	long x, y;
	unsigned layers;          /* bits of tile_layers[] */
	char rights[TILE_RIGHTS]; /* a digest of what the asker may see */
};

/* What was true when the making of a tile began. */
struct tile_made {
	uint64_t look;    /* tile_cache_look() before the database was asked */
	double box[4];    /* in EPSG:25832, with the rim */
	unsigned depends; /* enum tile_depends */
	int64_t until;    /* seconds since 1970 when it changes by itself; 0: never */
};

struct tile_counts {
	uint64_t hits, misses, outdated, evicted;
	size_t tiles, bytes;
};

struct tile_cache;

/* Room for `bytes_max` in all. */
struct tile_cache *tile_cache_new(size_t bytes_max);
void tile_cache_free(struct tile_cache *cache);

/* Bytes with one holder, the caller; `size` of them to be filled in. */
struct tile_bytes *tile_bytes_new(size_t size);

/* One holder less; the last frees. Takes void * so that a reply can call it. */
void tile_bytes_release(void *bytes);

/* The number of the last look that found a change. */
uint64_t tile_cache_look(struct tile_cache *cache);

/* The tile, held for the caller, if it is there and good; else NULL. */
struct tile_bytes *tile_cache_find(struct tile_cache *cache, const struct tile_key *key,
				   uint64_t now_us, int64_t now_s);

/* Keeps a tile: the cache becomes a holder. */
void tile_cache_put(struct tile_cache *cache, const struct tile_key *key, struct tile_bytes *bytes,
		    const struct tile_made *made);

/* One look at the database, which began at `began_us`: what it found, then that it is done. All of
 * a look becomes known at once. Called by one thread. */
void tile_cache_change(struct tile_cache *cache, unsigned layers, const double box[4]);
void tile_cache_looked(struct tile_cache *cache, uint64_t began_us);

/* What happened is not known: nothing that is there is good any more. */
void tile_cache_lost(struct tile_cache *cache);

struct tile_counts tile_cache_counts(struct tile_cache *cache);

/* Who holds a token, remembered for at most TILE_RIGHTS_US after it was asked for at `asked_us`:
 * so long can a right that was taken away still open a tile. Fills `rights`; false when it is not
 * remembered. */
enum { TILE_RIGHTS_US = 500000, TILE_TOKEN = 68 };
bool tile_rights_find(struct tile_cache *cache, const char *token_hash, uint64_t now_us,
		      char rights[TILE_RIGHTS]);
void tile_rights_put(struct tile_cache *cache, const char *token_hash, uint64_t asked_us,
		     const char rights[TILE_RIGHTS]);
