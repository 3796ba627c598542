#include "db/internal.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

/* The free connections are a stack: the one used last is taken first, with its caches warm. */
struct pool {
	const char *role;
	char *conninfo;
	pthread_mutex_t mutex;
	pthread_cond_t is_free;
	struct db *connections;
	int *free;
	int size, free_count;
	long wait_ms;
	uint64_t waits, timeouts;
};

struct pools {
	const struct config *config;
	struct pool pool[DB__MAX];
};

static const char *const role_names[DB__MAX] = {
	[DB_PUBLIC] = "fdvu_public", [DB_OFFICE] = "fdvu_office",     [DB_FIELD] = "fdvu_field",
	[DB_TENANT] = "fdvu_tenant", [DB_SUPPLIER] = "fdvu_supplier", [DB_JOB] = "fdvu_job",
	[DB_OWNER] = "owner",
};

/* Jobs, imports and migrations may take their time; a request may not. */
static long timeout_of(const struct config *c, enum db_role role)
{
	return role == DB_JOB || role == DB_OWNER ? 0 : c->statement_timeout_ms;
}

static void pool_init(struct pool *p, const struct config *c, enum db_role role,
		      const char *conninfo, const char *user)
{
	p->role = role_names[role];
	p->size = (int)(role == DB_OWNER ? 2 : c->pool_size);
	p->free_count = p->size;
	p->wait_ms = c->pool_wait_ms;
	if (asprintf(&p->conninfo,
		     "%s user=%s application_name=fdvu connect_timeout=5 keepalives_idle=30 "
		     "tcp_user_timeout=10000 options='-c statement_timeout=%ld -c lock_timeout=%d "
		     "-c idle_in_transaction_session_timeout=%d -c search_path=fdvu,public "
		     "-c TimeZone=UTC -c DateStyle=ISO -c client_min_messages=warning'",
		     conninfo, user, timeout_of(c, role), role == DB_OWNER ? 0 : 4000,
		     role == DB_JOB || role == DB_OWNER ? 0 : 10000) < 0)
		abort();
	pthread_mutex_init(&p->mutex, NULL);
	clock_cond_init(&p->is_free);
	p->connections = calloc((size_t)p->size, sizeof(*p->connections));
	p->free = calloc((size_t)p->size, sizeof(*p->free));
	if (!p->connections || !p->free)
		abort();
	for (int i = 0; i < p->size; i++) {
		p->connections[i].pool = p;
		p->free[i] = p->size - 1 - i;
	}
}

struct pools *pools_open(const struct config *config, const char *conninfo, const char *owner)
{
	struct pools *pools = calloc(1, sizeof(*pools));

	if (!pools)
		abort();
	pools->config = config;
	for (int i = 0; i < DB__MAX; i++)
		pool_init(&pools->pool[i], config, (enum db_role)i, conninfo,
			  i == DB_OWNER ? owner : role_names[i]);
	return pools;
}

const struct config *pools_config(const struct pools *pools)
{
	return pools->config;
}

void pools_close(struct pools *pools)
{
	if (!pools)
		return;
	for (int i = 0; i < DB__MAX; i++) {
		struct pool *p = &pools->pool[i];

		for (int j = 0; j < p->size; j++) {
			PQfinish(p->connections[j].pg);
			free(p->connections[j].detail);
		}
		free(p->connections);
		free(p->conninfo);
		free(p->free);
		pthread_cond_destroy(&p->is_free);
		pthread_mutex_destroy(&p->mutex);
	}
	free(pools);
}

struct pool_use pools_use(struct pools *pools, enum db_role role)
{
	struct pool *p = &pools->pool[role];
	struct pool_use use = { .role = p->role, .size = p->size };

	pthread_mutex_lock(&p->mutex);
	use.taken = p->size - p->free_count;
	use.waits = p->waits;
	use.timeouts = p->timeouts;
	pthread_mutex_unlock(&p->mutex);
	return use;
}

const char *pool_conninfo(const struct pool *pool)
{
	return pool->conninfo;
}

/* A free connection's number, or -1 when none became free in time. */
static int take_free(struct pool *p)
{
	int number = -1;

	pthread_mutex_lock(&p->mutex);
	if (!p->free_count) {
		struct timespec until = clock_ahead(p->wait_ms);

		p->waits++;
		while (!p->free_count)
			if (pthread_cond_timedwait(&p->is_free, &p->mutex, &until))
				break;
	}
	if (p->free_count)
		number = p->free[--p->free_count];
	else
		p->timeouts++;
	pthread_mutex_unlock(&p->mutex);
	return number;
}

/* An idle connection has nothing to say: something to read means that PostgreSQL has closed it.
 * One poll() finds that, before a statement is lost in it. */
static bool is_alive(const struct db *db)
{
	struct pollfd fd = { .events = POLLIN };

	if (!db->pg || PQstatus(db->pg) != CONNECTION_OK)
		return false;
	fd.fd = PQsocket(db->pg);
	return poll(&fd, 1, 0) == 0;
}

enum err db_take(struct pools *pools, enum db_role role, struct db **out)
{
	struct pool *p = &pools->pool[role];
	int number = take_free(p);
	struct db *db;

	*out = NULL;
	if (number < 0)
		return ERR_BUSY;
	db = &p->connections[number];
	if (!is_alive(db) && db_connect(db)) {
		log_warn("database", "%s: %s", p->role, db->message);
		db_give(db);
		return ERR_BUSY;
	}
	*out = db;
	return OK;
}

void db_give(struct db *db)
{
	struct pool *p;

	if (!db)
		return;
	p = db->pool;
	if (db->pg && PQtransactionStatus(db->pg) != PQTRANS_IDLE)
		db_rollback(db);
	pthread_mutex_lock(&p->mutex);
	p->free[p->free_count++] = (int)(db - p->connections);
	pthread_cond_signal(&p->is_free);
	pthread_mutex_unlock(&p->mutex);
}
