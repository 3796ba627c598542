#include "geo/tile_cache.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SHARDS = 16,
	BUCKETS = 1024, /* of a shard */
	CHANGES = 4096, /* boxes remembered */
	RIGHTS = 1024,  /* tokens remembered */
	RIGHTS_LOCKS = 16,
	ENTRY_BYTES = 256, /* what an entry costs beside its tile */
};

struct entry {
	struct entry *next;          /* in the bucket */
	struct entry *newer, *older; /* in the order of use */
	struct tile_key key;
	struct tile_made made; /* `look` moves on as the tile is compared */
	struct tile_bytes *bytes;
};

struct shard {
	pthread_mutex_t mutex;
	struct entry *buckets[BUCKETS];
	struct entry *newest, *oldest;
	struct tile_counts counts;
};

struct change {
	uint64_t look;
	unsigned layers;
	double box[4];
};

struct token {
	char hash[TILE_TOKEN];
	char rights[TILE_RIGHTS];
	uint64_t asked_us;
};

struct tile_cache {
	size_t shard_bytes;
	struct shard shards[SHARDS];
	pthread_mutex_t log_mutex;
	struct change log[CHANGES];
	uint64_t count;     /* changes ever; the last is log[(count - 1) % CHANGES] */
	uint64_t forgotten; /* looks up to this one cannot be compared with any more */
	_Atomic uint64_t look, looked_us;
	pthread_mutex_t token_mutexes[RIGHTS_LOCKS];
	struct token tokens[RIGHTS];
};

/* A key's bytes without the padding that ends it; there is none within. */
enum { KEY_BYTES = offsetof(struct tile_key, rights) + TILE_RIGHTS };

/* FNV-1a, 64 bits. */
static uint64_t hash_of(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	uint64_t h = 14695981039346656037ULL;

	for (size_t i = 0; i < length; i++)
		h = (h ^ at[i]) * 1099511628211ULL;
	return h ^ h >> 32;
}

struct tile_cache *tile_cache_new(size_t bytes_max)
{
	struct tile_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		abort();
	cache->shard_bytes = bytes_max / SHARDS;
	pthread_mutex_init(&cache->log_mutex, NULL);
	for (int i = 0; i < SHARDS; i++)
		pthread_mutex_init(&cache->shards[i].mutex, NULL);
	for (int i = 0; i < RIGHTS_LOCKS; i++)
		pthread_mutex_init(&cache->token_mutexes[i], NULL);
	return cache;
}

struct tile_bytes *tile_bytes_new(size_t size)
{
	struct tile_bytes *bytes = malloc(sizeof(*bytes) + size);

	if (!bytes)
		abort();
	atomic_init(&bytes->holders, 1);
	bytes->etag[0] = '\0';
	bytes->size = size;
	return bytes;
}

void tile_bytes_release(void *held)
{
	struct tile_bytes *bytes = held;

	if (bytes && atomic_fetch_sub(&bytes->holders, 1) == 1)
		free(bytes);
}

static size_t cost_of(const struct entry *e)
{
	return e->bytes->size + ENTRY_BYTES;
}

static void unlink_use(struct shard *s, struct entry *e)
{
	*(e->newer ? &e->newer->older : &s->newest) = e->older;
	*(e->older ? &e->older->newer : &s->oldest) = e->newer;
}

static void link_newest(struct shard *s, struct entry *e)
{
	e->newer = NULL;
	e->older = s->newest;
	*(s->newest ? &s->newest->newer : &s->oldest) = e;
	s->newest = e;
}

static void remove_entry(struct shard *s, struct entry *e, uint64_t hash)
{
	struct entry **at = &s->buckets[hash / SHARDS % BUCKETS];

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	unlink_use(s, e);
	s->counts.tiles--;
	s->counts.bytes -= cost_of(e);
	tile_bytes_release(e->bytes);
	free(e);
}

void tile_cache_free(struct tile_cache *cache)
{
	if (!cache)
		return;
	for (int i = 0; i < SHARDS; i++) {
		struct shard *s = &cache->shards[i];

		while (s->oldest)
			remove_entry(s, s->oldest, hash_of(&s->oldest->key, KEY_BYTES));
		pthread_mutex_destroy(&s->mutex);
	}
	for (int i = 0; i < RIGHTS_LOCKS; i++)
		pthread_mutex_destroy(&cache->token_mutexes[i]);
	pthread_mutex_destroy(&cache->log_mutex);
	free(cache);
}

uint64_t tile_cache_look(struct tile_cache *cache)
{
	return atomic_load(&cache->look);
}

static bool meets(const struct tile_made *made, const struct change *c)
{
	return (made->depends & c->layers) && made->box[0] <= c->box[2] &&
	       made->box[2] >= c->box[0] && made->box[1] <= c->box[3] && made->box[3] >= c->box[1];
}

/* Has anything happened to the tile since it was last compared? */
static bool is_untouched(struct tile_cache *cache, struct tile_made *made)
{
	uint64_t look = atomic_load(&cache->look);
	bool is_good = true;

	if (made->look == look)
		return true;
	pthread_mutex_lock(&cache->log_mutex);
	look = atomic_load(&cache->look);
	is_good = made->look >= cache->forgotten;
	for (uint64_t i = cache->count; is_good && i > 0 && cache->count - i < CHANGES; i--) {
		const struct change *c = &cache->log[(i - 1) % CHANGES];

		if (c->look <= made->look)
			break;
		/* What a look under way has found is not told before it is done. */
		is_good = c->look > look || !meets(made, c);
	}
	pthread_mutex_unlock(&cache->log_mutex);
	made->look = look;
	return is_good;
}

static bool same_key(const struct tile_key *a, const struct tile_key *b)
{
	return a->grid == b->grid && a->z == b->z && a->x == b->x && a->y == b->y &&
	       a->layers == b->layers && !memcmp(a->rights, b->rights, TILE_RIGHTS);
}

static struct entry *find_entry(struct shard *s, const struct tile_key *key, uint64_t hash)
{
	for (struct entry *e = s->buckets[hash / SHARDS % BUCKETS]; e; e = e->next)
		if (same_key(&e->key, key))
			return e;
	return NULL;
}

struct tile_bytes *tile_cache_find(struct tile_cache *cache, const struct tile_key *key,
				   uint64_t now_us, int64_t now_s)
{
	uint64_t hash = hash_of(key, KEY_BYTES);
	struct shard *s = &cache->shards[hash % SHARDS];
	struct tile_bytes *bytes = NULL;
	struct entry *e;

	pthread_mutex_lock(&s->mutex);
	e = find_entry(s, key, hash);
	if (e && (!is_untouched(cache, &e->made) || (e->made.until && e->made.until <= now_s))) {
		remove_entry(s, e, hash);
		s->counts.outdated++;
		e = NULL;
	}
	/* A look that is late says nothing of the last second. */
	if (e && now_us < atomic_load(&cache->looked_us) + TILE_STALE_US) {
		bytes = e->bytes;
		atomic_fetch_add(&bytes->holders, 1);
		unlink_use(s, e);
		link_newest(s, e);
	}
	*(bytes ? &s->counts.hits : &s->counts.misses) += 1;
	pthread_mutex_unlock(&s->mutex);
	return bytes;
}

void tile_cache_put(struct tile_cache *cache, const struct tile_key *key, struct tile_bytes *bytes,
		    const struct tile_made *made)
{
	uint64_t hash = hash_of(key, KEY_BYTES);
	struct shard *s = &cache->shards[hash % SHARDS];
	struct entry *e;

	if (bytes->size + ENTRY_BYTES > cache->shard_bytes)
		return;
	e = malloc(sizeof(*e));
	if (!e)
		abort();
	*e = (struct entry){ .key = *key, .made = *made, .bytes = bytes };
	atomic_fetch_add(&bytes->holders, 1);
	pthread_mutex_lock(&s->mutex);
	if (find_entry(s, key, hash))
		remove_entry(s, find_entry(s, key, hash), hash);
	while (s->counts.bytes + cost_of(e) > cache->shard_bytes) {
		s->counts.evicted++;
		remove_entry(s, s->oldest, hash_of(&s->oldest->key, KEY_BYTES));
	}
	e->next = s->buckets[hash / SHARDS % BUCKETS];
	s->buckets[hash / SHARDS % BUCKETS] = e;
	link_newest(s, e);
	s->counts.tiles++;
	s->counts.bytes += cost_of(e);
	pthread_mutex_unlock(&s->mutex);
}

void tile_cache_change(struct tile_cache *cache, unsigned layers, const double box[4])
{
	struct change *c;

	pthread_mutex_lock(&cache->log_mutex);
	c = &cache->log[cache->count++ % CHANGES];
	if (cache->count > CHANGES)
		cache->forgotten = c->look; /* the one that is written over */
	c->look = atomic_load(&cache->look) + 1;
	c->layers = layers;
	memcpy(c->box, box, sizeof(c->box));
	pthread_mutex_unlock(&cache->log_mutex);
}

void tile_cache_looked(struct tile_cache *cache, uint64_t began_us)
{
	uint64_t look = atomic_load(&cache->look);

	pthread_mutex_lock(&cache->log_mutex);
	if (cache->count && cache->log[(cache->count - 1) % CHANGES].look > look)
		atomic_store(&cache->look, look + 1);
	pthread_mutex_unlock(&cache->log_mutex);
	atomic_store(&cache->looked_us, began_us);
}

void tile_cache_lost(struct tile_cache *cache)
{
	pthread_mutex_lock(&cache->log_mutex);
	atomic_fetch_add(&cache->look, 1);
	cache->forgotten = atomic_load(&cache->look);
	atomic_store(&cache->looked_us, 0);
	pthread_mutex_unlock(&cache->log_mutex);
}

struct tile_counts tile_cache_counts(struct tile_cache *cache)
{
	struct tile_counts sum = { 0 };

	for (int i = 0; i < SHARDS; i++) {
		struct shard *s = &cache->shards[i];

		pthread_mutex_lock(&s->mutex);
		sum.hits += s->counts.hits;
		sum.misses += s->counts.misses;
		sum.outdated += s->counts.outdated;
		sum.evicted += s->counts.evicted;
		sum.tiles += s->counts.tiles;
		sum.bytes += s->counts.bytes;
		pthread_mutex_unlock(&s->mutex);
	}
	return sum;
}

bool tile_rights_find(struct tile_cache *cache, const char *token_hash, uint64_t now_us,
		      char rights[TILE_RIGHTS])
{
	size_t slot = hash_of(token_hash, strlen(token_hash)) % RIGHTS;
	pthread_mutex_t *mutex = &cache->token_mutexes[slot % RIGHTS_LOCKS];
	const struct token *t = &cache->tokens[slot];
	bool is_there;

	pthread_mutex_lock(mutex);
	is_there = t->asked_us && now_us < t->asked_us + TILE_RIGHTS_US &&
		   !strcmp(t->hash, token_hash);
	if (is_there)
		memcpy(rights, t->rights, TILE_RIGHTS);
	pthread_mutex_unlock(mutex);
	return is_there;
}

void tile_rights_put(struct tile_cache *cache, const char *token_hash, uint64_t asked_us,
		     const char rights[TILE_RIGHTS])
{
	size_t slot = hash_of(token_hash, strlen(token_hash)) % RIGHTS;
	pthread_mutex_t *mutex = &cache->token_mutexes[slot % RIGHTS_LOCKS];
	struct token *t = &cache->tokens[slot];

	pthread_mutex_lock(mutex);
	snprintf(t->hash, sizeof(t->hash), "%s", token_hash);
	memcpy(t->rights, rights, TILE_RIGHTS);
	t->asked_us = asked_us;
	pthread_mutex_unlock(mutex);
}
