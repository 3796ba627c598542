#include "importers/api.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "auth/ask.h"
#include "db/rows.h"
#include "importers/api_look.h"
#include "importers/match.h"
#include "importers/run_files.h"
#include "importers/spool.h"
#include "importers/worker.h"

enum {
	LOOKS_MAX = 3, /* files looked at together: each is a child process of its own */
	NAME_MAX_LENGTH = 255,
	MAPPING_MAX = 64 * 1024,
	START_MAX = 1024 * 1024, /* with the names of files beside the export */
};

static atomic_int looking;

/* -- files and profiles ------------------------------------------------------------------------ */

static enum err send_file(struct req *rq)
{
	const struct config *config = app_of(rq)->config;
	enum err e;

	if ((e = api_may(rq, NULL)))
		return e;
	if (strcmp(rq->spool.sha256, rq->ids[0]))
		return req_fail(rq, ERR_UNPROCESSABLE, "the bytes have SHA-256 %s",
				rq->spool.sha256);
	if (!spool_prepare(config) || spool_keep(config, rq->spool.fd, rq->ids[0]))
		return req_fail(rq, ERR_BUSY, "no room for the file");
	buf_printf(&rq->out, "{\"sha256\":\"%s\",\"size\":%llu}", rq->ids[0],
		   (unsigned long long)rq->spool.size);
	rq->out_type = "application/json";
	rq->status = 201;
	return OK;
}

static enum err list_profiles(struct req *rq)
{
	enum err e;

	if ((e = api_may(rq, NULL)))
		return e;
	api_profiles_json(&rq->arena, app_of(rq)->config, &rq->out);
	rq->out_type = "application/json";
	return OK;
}

/* A member of the body as JSON text, NULL when none is given. */
static const char *json_of(struct req *rq, const char *name)
{
	const json_t *member = json_object_get(rq->json, name);
	char *text = member && !json_is_null(member)
			     ? json_dumps(member, JSON_COMPACT | JSON_ENCODE_ANY)
			     : NULL;

	if (text)
		arena_defer(&rq->arena, free, text);
	return text;
}

/* A profile by its name, with the mapping. */
static enum err load_profile(struct req *rq, const char *mapping, struct profile **out)
{
	struct profile *p = arena_alloc(&rq->arena, sizeof(*p));
	FILE *nowhere = fopen("/dev/null", "we");
	const char *name = req_value(rq, "profile"), *why;
	enum err e = ERR_BUSY;

	*out = p;
	if (nowhere)
		e = profile_load(&rq->arena, app_of(rq)->config->profiles, name, p, nowhere);
	if (nowhere)
		fclose(nowhere);
	if (e || !p->map.count)
		return req_fail(rq, ERR_UNPROCESSABLE, "profilen «%s» finnes ikke", name);
	if (mapping && (why = profile_choose(&rq->arena, p, mapping)))
		return req_fail(rq, ERR_UNPROCESSABLE, "%s", why);
	return OK;
}

/* Opens the file that was sent. Closed with the request. */
static enum err open_file(struct req *rq, struct api_file *file)
{
	file->fd = spool_open(app_of(rq)->config, req_value(rq, "sha256"), &file->size);
	if (file->fd < 0)
		return req_fail(rq, ERR_NOT_FOUND,
				"filen er ikke her: send den først (den slettes etter noen dager)");
	return OK;
}

/* -- a look ------------------------------------------------------------------------------------ */

static enum err look_at(struct req *rq, struct api_file *file)
{
	const char *mapping = json_of(rq, "mapping");
	struct look *l = arena_alloc(&rq->arena, sizeof(*l));
	struct match *m = arena_alloc(&rq->arena, sizeof(*m));
	struct profile *p = arena_alloc(&rq->arena, sizeof(*p));
	const char *headers, *params[2];
	struct rows *earlier = NULL;
	enum err e;

	look_any(p);
	if (req_value(rq, "profile") && (e = load_profile(rq, mapping, &p)))
		return e;
	/* What cannot be read is told as what was seen of the file, not as an error of the request.
	 */
	look_file(&rq->arena, p, file->fd, l);
	match_columns(p, l, m);
	headers = api_headers(&rq->arena, l);
	params[0] = p->name;
	params[1] = headers;
	if (p->column_count && (e = ask_rows(rq, Q_IMPORT_RUN_EARLIER, params, &earlier)))
		return e;
	api_look_json(&rq->arena, p, l, m, &rq->out);
	buf_printf(&rq->out, ",\"earlier\":%s",
		   earlier && rows_count(earlier) ? rows_at(earlier, 0, 0) : "null");
	if (!p->column_count)
		api_suggestions_json(&rq->arena, app_of(rq)->config, file->fd, &rq->out);
	buf_char(&rq->out, '}');
	rq->out_type = "application/json";
	rq->status = 200;
	return OK;
}

static enum err look(struct req *rq)
{
	struct api_file file;
	enum err e;

	if ((e = api_may(rq, NULL)))
		return e;
	if (atomic_fetch_add(&looking, 1) >= LOOKS_MAX)
		e = req_fail(rq, ERR_BUSY, "too many files are looked at");
	else if (!(e = open_file(rq, &file))) {
		e = look_at(rq, &file);
		close(file.fd);
	}
	atomic_fetch_sub(&looking, 1);
	return e;
}

/* -- runs -------------------------------------------------------------------------------------- */

static bool is_municipality(const char *text)
{
	return strspn(text, "0123456789") == 4 && !text[4];
}

static bool is_limit(const char *text)
{
	char *end;
	double n = strtod(text, &end);

	return is_digit(text[0]) && n >= 0 && (!*end || (!strcmp(end, "%") && n <= 100));
}

/* Columns that are missing or there twice are told before anything is run. */
static enum err check_columns(struct req *rq, const struct profile *p, int fd, const char **headers)
{
	struct look *l = arena_alloc(&rq->arena, sizeof(*l));
	struct match *m = arena_alloc(&rq->arena, sizeof(*m));

	l->is_glance = true;
	if (look_file(&rq->arena, p, fd, l))
		return req_fail(rq, ERR_UNPROCESSABLE, "%s",
				report_fault(&rq->arena, p, &l->child));
	match_columns(p, l, m);
	*headers = api_headers(&rq->arena, l);
	for (size_t i = 0; i < m->missing_count; i++)
		req_fault(rq, arena_printf(&rq->arena, "/mapping/%s", m->missing[i]),
			  "kolonnen må være med");
	for (size_t i = 0; i < m->doubled_count; i++)
		req_fault(
			rq, "/mapping",
			arena_printf(&rq->arena, "kolonnen «%s» finnes to ganger", m->doubled[i]));
	if (m->missing_count + m->doubled_count)
		return req_fail(rq, ERR_UNPROCESSABLE,
				"filen har ikke kolonnene som profilen trenger");
	return OK;
}

static enum err check_start(struct req *rq)
{
	const char *municipality = req_value(rq, "municipality");
	const char *most = req_value(rq, "max_rejects");

	if (municipality && !is_municipality(municipality))
		req_fault(rq, "/municipality", "fire sifre");
	if (most && !is_limit(most))
		req_fault(rq, "/max_rejects", "et antall, eller en prosent som «5%»");
	if (req_value(rq, "sha256") && !req_value(rq, "file_name"))
		req_fault(rq, "/file_name", "må være med");
	return rq->fault_count ? ERR_INVALID : OK;
}

/* The files beside the export, if any. */
static enum err check_files(struct req *rq, const struct profile *p, const char *files)
{
	const char *why = NULL;

	if (!files)
		return OK;
	if (!p->takes_files || !req_value(rq, "sha256"))
		why = "profilen tar ikke filer ved siden av uttrekket";
	else
		why = run_files_check(&rq->arena, app_of(rq)->config, files);
	if (!why)
		return OK;
	req_fault(rq, "/files", why);
	return req_fail(rq, ERR_UNPROCESSABLE, "%s", why);
}

/* Starts a run; without a file the answered rows of the queue are read in. */
static enum err start(struct req *rq)
{
	const char *mapping = json_of(rq, "mapping"), *files = json_of(rq, "files");
	const char *sha256 = req_value(rq, "sha256");
	const char *params[10] = { req_value(rq, "profile"),
				   sha256 ? req_value(rq, "file_name") : "(fra køen)",
				   sha256,
				   "0",
				   "[]",
				   sha256 ? mapping : NULL,
				   req_value(rq, "municipality"),
				   req_value(rq, "max_rejects"),
				   req_value(rq, "is_dry_run"),
				   files };
	struct profile *p;
	struct api_file file;
	enum err e;

	if ((e = api_may(rq, NULL)) || (e = check_start(rq)) ||
	    (e = load_profile(rq, mapping, &p)) || (e = check_files(rq, p, files)))
		return e;
	if (sha256) {
		if ((e = open_file(rq, &file)))
			return e;
		params[3] = arena_printf(&rq->arena, "%llu", (unsigned long long)file.size);
		e = check_columns(rq, p, file.fd, &params[4]);
		close(file.fd);
		if (e)
			return e;
	}
	if (!(e = ask_reply(rq, Q_IMPORT_RUN_ADD, params)))
		import_worker_wake(app_of(rq)->imports);
	return e;
}

/* -- the table --------------------------------------------------------------------------------- */

static const struct input look_inputs[] = {
	{ "sha256", IN_SHA256, REQUIRED },
	{ "profile", IN_CODE, 0, .max = 60 },
	{ "mapping", IN_JSON, 0 },
	{ 0 },
};

static const struct input start_inputs[] = {
	{ "profile", IN_CODE, REQUIRED, .max = 60 },
	{ "is_dry_run", IN_BOOL, REQUIRED },
	{ "sha256", IN_SHA256, 0 },
	{ "file_name", IN_TEXT, 0, .max = NAME_MAX_LENGTH, .min = 1 },
	{ "mapping", IN_JSON, 0 },
	{ "municipality", IN_TEXT, 0, .max = 4 },
	{ "max_rejects", IN_TEXT, 0, .max = 12 },
	{ "files", IN_JSON, 0 },
	{ 0 },
};

const struct route import_routes[] = {
	{ "PUT", "/api/v1/import-files/{sha256}", ROLE_OFFICE, send_file, .takes_file = true,
	  .takes_import = true, .summary = "Send a file to be imported; its name is its SHA-256" },
	{ "GET", "/api/v1/import-profiles", ROLE_OFFICE, list_profiles,
	  .summary = "What can be imported, and the columns it has" },
	{ "POST", "/api/v1/import-looks", ROLE_OFFICE, look, look_inputs, .body_max = MAPPING_MAX,
	  .summary =
		  "What a file that was sent is: columns, first rows, faults, fitting profiles" },
	{ "POST", "/api/v1/imports", ROLE_OFFICE, start, start_inputs, .body_max = START_MAX,
	  .summary = "Import a file that was sent, or try it; without a file the settled rows" },
	{ 0 },
};
