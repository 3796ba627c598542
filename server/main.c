/* fdvu: one program, a subcommand for each job. The only file that knows all features. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "auth/ask.h"
#include "auth/session.h"
#include "base/clock.h"
#include "base/log.h"
#include "cases/cases.h"
#include "cases/tasks.h"
#include "connect/openapi.h"
#include "db/migrate.h"
#include "db/private.h"
#include "documents/documents.h"
#include "fieldapi/devices.h"
#include "fieldapi/events.h"
#include "fieldapi/feed.h"
#include "fieldapi/matters.h"
#include "fieldapi/operations.h"
#include "fieldapi/pull.h"
#include "fieldapi/push.h"
#include "fieldapi/reconcile_routes.h"
#include "fieldapi/seal.h"
#include "fieldapi/snapshot.h"
#include "fieldapi/uploads.h"
#include "geo/coordinates.h"
#include "geo/export.h"
#include "geo/ogc.h"
#include "geo/tiles.h"
#include "importers/api.h"
#include "importers/command.h"
#include "importers/demo/demo_data.h"
#include "importers/worker.h"
#include "jobs/doctor.h"
#include "jobs/health.h"
#include "jobs/scheduler.h"
#include "leases/leases.h"
#include "notify/live.h"
#include "plans/generate.h"
#include "plans/plans.h"
#include "register/bulk.h"
#include "register/changes.h"
#include "register/components.h"
#include "register/floor_plans.h"
#include "register/keys.h"
#include "register/label.h"
#include "register/map.h"
#include "register/meters.h"
#include "register/places.h"
#include "register/register.h"
#include "register/related.h"
#include "register/search.h"
#include "register/structure.h"
#include "register/warnings.h"

enum { STOP_WAIT_MS = 10000 };

/* What a subcommand gets: settings, and a database that runs. */
struct program {
	struct config config;
	struct private_db *private;
	struct pools *pools;
	uint64_t started_us;
};

struct command {
	const char *name, *arguments, *meaning;
	int (*run)(struct program *p, int argc, char **argv);
	bool needs_database;
};

static const struct route *const tables[] = {
	bulk_routes,   case_routes,     change_routes,     component_routes,  coordinate_routes,
	device_routes, document_routes, export_routes,     floor_plan_routes, health_routes,
	event_routes,  import_routes,   import_run_routes, key_routes,        label_routes,
	lease_routes,  live_routes,     map_routes,        matter_routes,     meter_routes,
	ogc_routes,    openapi_routes,  operation_routes,  place_routes,      plan_routes,
	pull_routes,   push_routes,     reconcile_routes,  register_routes,   related_routes,
	seal_routes,   search_routes,   session_routes,    structure_routes,  task_routes,
	tile_routes,   upload_routes,   snapshot_routes,   warning_routes,
};

enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

static const struct route *route_tables[TABLES + 2]; /* the demo's own, and the end */

/* What is done in the background, and when in the night. */
static const struct job_kind job_kinds[] = {
	{ "plan", "02:00", .run = plan_job },
	{ "session_sweep", "02:20", .query = Q_JOB_SESSION_SWEEP },
	{ "sync_retire", "02:30", .query = Q_JOB_SYNC_RETIRE },
	{ "sync_held", "02:35", .query = Q_JOB_SYNC_HELD },
	{ "audit_partitions", "02:40", .query = Q_JOB_AUDIT_PARTITIONS },
	{ "snapshots", "03:10", .run = snapshot_job },
	{ "sync_purge", "02:45", .query = Q_JOB_SYNC_PURGE },
	{ "job_sweep", "02:50", .query = Q_JOB_SWEEP },
	{ "uploads", "03:00", .run = uploads_job },
	{ "documents_outstanding", "03:05", .query = Q_JOB_DOCUMENTS_OUTSTANDING },
	{ "warnings", "00:05", .query = Q_JOB_WARNINGS },
	{ 0 },
};

static void list_tables(const struct config *config)
{
	memcpy(route_tables, tables, sizeof(tables));
	if (config->demo)
		route_tables[TABLES] = session_demo_routes;
}

static void measure(void *closure, struct buf *to)
{
	const struct app *app = closure;

	health_measure(closure, to);
	events_measure(app->events, to);
	tiles_measure(app->tiles, to);
}

static int serve(struct program *p, int argc, char **argv)
{
	struct app app = { .config = &p->config, .pools = p->pools };
	struct http_hooks hooks = { session_check, ask_route, measure, &app };
	char files[1024];
	struct scheduler *scheduler;
	struct http *http;
	sigset_t stop;
	int signal;

	(void)argc;
	(void)argv;
	snprintf(files, sizeof(files), "%s/files", p->config.var);
	if ((mkdir(files, 0750) && errno != EEXIST) || !uploads_prepare(&p->config)) {
		fprintf(stderr, "fdvu: %s: %s\n", files, strerror(errno));
		return 1;
	}
	if (!feed_may_start(p->pools))
		return 1;
	list_tables(&p->config);
	snapshot_open(&p->config);
	app.live = live_start(p->pools);
	app.events = events_start(p->pools);
	app.tiles = tiles_start(&p->config, p->pools);
	app.imports = p->config.jobs ? import_worker_start(&p->config, p->pools) : NULL;
	scheduler = p->config.jobs ? scheduler_start(p->pools, job_kinds) : NULL;
	http = http_start(&p->config, route_tables, hooks);
	if (http)
		log_info("ready", "listening on %s:%ld after %lu ms", p->config.address,
			 p->config.port, (unsigned long)((clock_us() - p->started_us) / 1000));
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	if (http && !sigwait(&stop, &signal))
		log_info("stop", "%s", strsignal(signal));
	live_wake(app.live);
	events_close(app.events);
	http_stop(http, STOP_WAIT_MS);
	live_stop(app.live);
	events_stop(app.events);
	tiles_stop(app.tiles);
	import_worker_stop(app.imports);
	scheduler_stop(scheduler);
	return http ? 0 : 1;
}

static int run_migrate(struct program *p, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return migrate(p->pools, p->config.schema, stdout) ? 1 : 0;
}

static int run_demo_data(struct program *p, int argc, char **argv)
{
	return demo_data_run(p->pools, argc, argv);
}

static int run_plan(struct program *p, int argc, char **argv)
{
	return plan_command(p->pools, argc, argv);
}

static int run_import(struct program *p, int argc, char **argv)
{
	return import_command(&p->config, p->pools, argc, argv);
}

static int run_snapshots(struct program *p, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return snapshot_command(&p->config, p->pools);
}

static int run_seal_key(struct program *p, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return seal_key_command(p->pools);
}

static int run_doctor(struct program *p, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return doctor_command(&p->config, p->pools);
}

static int run_after_restore(struct program *p, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return after_restore_command(p->pools);
}

static int help(struct program *p, int argc, char **argv);

static const struct command commands[] = {
	{ "serve", "", "answer HTTP until stopped", serve, true },
	{ "migrate", "", "bring the database's schema up to date", run_migrate, true },
	{ "demo-data", "[--scale small|town|city] [--seed N]",
	  "fill an empty database with a municipality", run_demo_data, true },
	{ "plan", "[--today D] [--days N] [--dry-run]", "make the tasks that the rules call for",
	  run_plan, true },
	{ "import", "PROFILE FILE | profiles | profile NAME", "read a legacy export in", run_import,
	  true },
	{ "snapshots", "", "make the files that tablets begin with", run_snapshots, true },
	{ "seal-key", "", "make a new key that locked tablets seal their queues for", run_seal_key,
	  true },
	{ "doctor", "", "whether this database can serve, and what to do if not", run_doctor,
	  true },
	{ "after-restore", "", "make a database ready that was restored from a dump",
	  run_after_restore, true },
	{ "help", "[config]", "this text, or every setting", help, false },
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int help(struct program *p, int argc, char **argv)
{
	(void)p;
	if (argc > 1 && !strcmp(argv[1], "config")) {
		config_help(stdout);
		return 0;
	}
	puts("fdvu " FDVU_VERSION " – buildings, and every task in them\n\n"
	     "usage: fdvu [--config FILE] COMMAND …\n");
	for (int i = 0; i < COMMANDS; i++)
		printf("  %-13s %-42s %s\n", commands[i].name, commands[i].arguments,
		       commands[i].meaning);
	return 0;
}

static int run_command(struct program *p, const struct command *command, int argc, char **argv)
{
	const char *conninfo = p->config.database, *owner = p->config.owner;
	int status;

	if (!command->needs_database ||
	    (command->run == run_import && !import_needs_database(argc, argv)))
		return command->run(p, argc, argv);
	if (!conninfo[0]) {
		if (private_start(&p->config, &p->private, &conninfo, stderr))
			return 1;
		owner = private_owner;
	}
	p->pools = pools_open(&p->config, conninfo, owner);
	status = command->run(p, argc, argv);
	pools_close(p->pools);
	private_stop(p->private);
	return status;
}

int main(int argc, char **argv)
{
	static struct program p; /* its settings live as long as the program */
	const char *file = NULL;
	enum log_level level;
	sigset_t block;
	int at = 1;

	p.started_us = clock_us();
	/* The C library reads the time zone once, at the first look: before threads look too. */
	tzset();
	/* Blocked before any thread starts, so that sigwait() alone hears them. */
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &block, NULL);
	if (argc > 2 && !strcmp(argv[1], "--config")) {
		file = argv[2];
		at = 3;
	}
	if (!config_load(&p.config, file, stderr))
		return 2;
	if (!log_level_parse(p.config.log, &level)) {
		fprintf(stderr, "log: debug, info, warn or error, not «%s»\n", p.config.log);
		return 2;
	}
	log_set_level(level);
	for (int i = 0; at < argc && i < COMMANDS; i++)
		if (!strcmp(argv[at], commands[i].name))
			return run_command(&p, &commands[i], argc - at, argv + at);
	help(&p, 0, argv);
	return argc > at ? 2 : 0;
}
