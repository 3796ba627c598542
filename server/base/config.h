/* Settings: a default, then the configuration file, then the environment (FDVU_<KEY>). */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct config {
	const char *address; /* where to listen */
	long port;
	const char *var;      /* directory of the private database, the files, the sockets */
	const char *database; /* libpq connection string; "" = run a private PostgreSQL under var */
	const char *web;      /* directory of the built pages */
	const char *profiles; /* directory of the import profiles */
	const char *schema;   /* directory of the migrations */
	const char *map_hosts; /* origins that the pages may fetch a background map from */
	const char *origin;    /* scheme and host people use, e.g. https://fdvu.example.no */
	const char *owner;     /* who migrates a configured database */
	bool demo;             /* demo log-in; never in production */
	long connections;      /* most HTTP connections at once */
	long event_streams;    /* most event streams (SSE) at once */
	long waiting_tablets;  /* most tablets that wait for a hint at once */
	long pool_size;        /* database connections per role */
	long pool_wait_ms;
	long statement_timeout_ms;
	long session_hours;
	long file_mib;       /* largest file taken */
	long import_mib;     /* largest file taken to be imported */
	long import_days;    /* how long such a file and its rejected rows are kept */
	long tile_cache_mib; /* memory for vector tiles; 0: none is kept */
	bool jobs;           /* run the scheduler in this process */
	const char *log;     /* debug, info, warn, error */
};

/* Reads `file` (NULL: only defaults and environment). On a fault writes a sentence with file and
 * line to `err` and returns false. What was read lives until config_release(), also after a fault.
 */
bool config_load(struct config *c, const char *file, FILE *err);

/* Frees the texts. */
void config_release(struct config *c);

/* Prints every key with its environment name, default and meaning. */
void config_help(FILE *to);
