#include "auth/session.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "auth/ask.h"
#include "auth/secret.h"
#include "base/base64.h"
#include "db/rows.h"

enum { BASIC_MAX = 256 }; /* bytes of «user:password»; a token takes 46 */

#define GIS_DAYS "365"

static const char cookie_name[] = "fdvu_session";

static const struct {
	const char *person, *audience, *letter;
} demo_people[] = {
	{ "caretaker", "field", "f" }, { "tenant", "tenant", "t" },
	{ "manager", "office", "o" },  { "frontdesk", "office", "o" },
	{ "admin", "office", "o" },    { "supplier", "supplier", "s" },
};

/* A GIS program's token has an r after the letter: that it only reads is part of what is hashed. */
static bool is_gis_token(const char *text)
{
	return text[0] == 'o' && text[1] == 'r';
}

/* As above: that it sends a queue and reads nothing is part of what is hashed. */
static bool is_queue_token(const char *text)
{
	return text[0] == 'f' && text[1] == 'q';
}

static bool is_token(const char *text)
{
	const char *secret;

	if (!text || !text[0] || !strchr("ofts", text[0]))
		return false;
	secret = text + 1 + (is_gis_token(text) || is_queue_token(text));
	return secret_is_one(secret);
}

static unsigned role_of(char audience)
{
	switch (audience) {
	case 'o':
		return ROLE_OFFICE;
	case 'f':
		return ROLE_FIELD;
	case 't':
		return ROLE_TENANT;
	case 's':
		return ROLE_SUPPLIER;
	default:
		return 0;
	}
}

const char *session_origin(struct req *rq)
{
	const char *configured = app_of(rq)->config->origin;
	const char *host = req_incoming(rq, "Host");

	if (configured[0])
		return configured;
	return arena_printf(&rq->arena, "http://%s", host ? host : "");
}

/* SameSite=Lax keeps the cookie out of other sites' posts in today's browsers; this keeps them out
 * in all (OWASP, «Verifying origin with standard headers»). */
static bool is_from_us(struct req *rq)
{
	const char *origin = req_incoming(rq, "Origin");
	const char *site = req_incoming(rq, "Sec-Fetch-Site");

	if (origin)
		return !strcmp(origin, session_origin(rq));
	return site && !strcmp(site, "same-origin");
}

static bool is_write(const struct req *rq)
{
	return strcmp(rq->method, "GET") && strcmp(rq->method, "HEAD");
}

/* The password of «Basic» (RFC 7617): QGIS and GDAL can send a token as nothing else. The user's
 * name says nothing. */
static const char *basic_password(struct req *rq, const char *encoded)
{
	unsigned char text[BASIC_MAX];
	size_t length = base64_decode(encoded, text, sizeof(text));
	const unsigned char *colon = length ? memchr(text, ':', length) : NULL;

	if (!colon || memchr(text, '\0', length))
		return "";
	return arena_copy(&rq->arena, (const char *)colon + 1, length - (size_t)(colon + 1 - text));
}

/* The token of the header; NULL when there is none of a scheme that we know. */
static const char *header_token(struct req *rq)
{
	const char *given = req_incoming(rq, "Authorization");

	if (given && !strncasecmp(given, "Bearer ", 7))
		return given + 7;
	if (given && rq->route->for_gis && !strncasecmp(given, "Basic ", 6))
		return basic_password(rq, given + 6);
	return NULL;
}

enum err session_unauthorized(struct req *rq)
{
	if (rq->route->for_gis)
		req_header(rq, "WWW-Authenticate", "Basic realm=\"FDVU\", charset=\"UTF-8\"");
	return ERR_UNAUTHORIZED;
}

/* What a GIS program holds lies open in its project files: it opens what is for such programs, and
 * only to read. The database makes its transactions read-only as well (0031). */
static enum err check_gis_token(struct req *rq)
{
	rq->is_read_only = true;
	if (!rq->route->for_gis)
		return req_fail(rq, ERR_FORBIDDEN, "the token is for geodata only");
	if (is_write(rq))
		return req_fail(rq, ERR_FORBIDDEN, "the token may only read");
	return OK;
}

enum err session_check(struct req *rq)
{
	const char *token = header_token(rq);
	enum err e;

	rq->by_cookie = !token;
	if (!token)
		token = req_cookie(rq, cookie_name);
	if (is_token(token)) {
		rq->audience = token[0];
		secret_hash(token, rq->token_hash);
		if (is_gis_token(token) && (e = check_gis_token(rq)))
			return e;
		if (is_queue_token(token) && !rq->route->for_queue)
			return req_fail(rq, ERR_FORBIDDEN, "the token is for a tablet's queue");
	} else if (rq->route->for_gis && !rq->by_cookie) {
		return session_unauthorized(rq);
	}
	if (is_write(rq) && rq->by_cookie && token && !is_from_us(rq))
		return req_fail(rq, ERR_FORBIDDEN, "the request comes from another site");
	if (rq->route->roles & (ROLE_PUBLIC | role_of(rq->audience)))
		return OK;
	return rq->audience ? ERR_FORBIDDEN : session_unauthorized(rq);
}

void session_cookie(struct req *rq, const char *token, long seconds)
{
	bool is_https = !strncmp(app_of(rq)->config->origin, "https:", 6);

	req_header(rq, "Set-Cookie",
		   arena_printf(&rq->arena, "%s=%s; Path=/; Max-Age=%ld; HttpOnly; SameSite=Lax%s",
				cookie_name, token, seconds, is_https ? "; Secure" : ""));
}

bool session_is_of_other(struct req *rq, char audience)
{
	const char *shown = req_cookie(rq, cookie_name);

	return shown && shown[0] != audience && is_token(shown);
}

/* Runs what opens a session, as the one role that may, and answers with the token. */
static enum err open_session(struct req *rq, enum query q, const char *const *params,
			     const char *token)
{
	struct rows *rows;
	struct db *db;
	enum err e;

	if ((e = db_take(app_of(rq)->pools, DB_JOB, &db)))
		return e;
	e = db_run(db, &rq->arena, q, params, &rows);
	if (e)
		ask_failed(rq, db, e);
	db_give(db);
	if (e)
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	session_cookie(rq, token, app_of(rq)->config->session_hours * 3600);
	buf_printf(&rq->out, "{\"token\":\"%s\",\"person\":", token);
	rows_object(rows, 0, &rq->out);
	buf_char(&rq->out, '}');
	rq->out_type = "application/json";
	rq->status = 201;
	return OK;
}

static const struct input demo_inputs[] = {
	{ "person", IN_CODE, REQUIRED, .max = 20 },
	{ 0 },
};

static enum err open_demo(struct req *rq)
{
	const char *person = req_value(rq, "person");
	char token[TOKEN_MAX], hash[SECRET_HASH];

	for (size_t i = 0; i < sizeof(demo_people) / sizeof(demo_people[0]); i++) {
		const char *params[] = { person, demo_people[i].audience, hash,
					 arena_printf(&rq->arena, "%ld",
						      app_of(rq)->config->session_hours) };

		if (strcmp(person, demo_people[i].person))
			continue;
		secret_make(demo_people[i].letter, token);
		secret_hash(token, hash);
		return open_session(rq, Q_SESSION_DEMO, params, token);
	}
	req_fault(rq, "/person", "caretaker, tenant, manager, frontdesk, supplier, admin");
	return ERR_INVALID;
}

static const struct input supplier_inputs[] = {
	{ "token", IN_TEXT, REQUIRED, .max = 100 },
	{ 0 },
};

static enum err open_supplier(struct req *rq)
{
	char token[TOKEN_MAX], hash[SECRET_HASH], link[SECRET_HASH];
	const char *params[] = { link, hash };

	secret_make("s", token);
	secret_hash(token, hash);
	secret_hash(req_value(rq, "token"), link);
	return open_session(rq, Q_SESSION_SUPPLIER, params, token);
}

static enum err get(struct req *rq)
{
	const char *demo = app_of(rq)->config->demo ? "true" : "false";
	const char *params[] = { demo };
	enum err e = rq->audience ? ask_reply(rq, Q_SESSION_GET, params) : ERR_NOT_FOUND;

	/* A session that has ended leaves no audience: then nobody is logged in, which is no fault.
	 */
	if (e == ERR_BUSY || (rq->audience && e != ERR_NOT_FOUND))
		return e;
	buf_printf(&rq->out, "{\"person_id\":null,\"demo\":%s}", demo);
	rq->out_type = "application/json";
	return OK;
}

static enum err close_session(struct req *rq)
{
	const char *params[] = { rq->token_hash };
	struct db *db;
	enum err e;

	if ((e = db_take(app_of(rq)->pools, DB_JOB, &db)))
		return e;
	e = db_run(db, &rq->arena, Q_SESSION_CLOSE, params, NULL);
	db_give(db);
	if (!e)
		session_cookie(rq, "", 0);
	return e;
}

static const struct input gis_token_inputs[] = {
	{ "name", IN_TEXT, REQUIRED, .max = 100 },
	{ "days", IN_INT, .max = 365, .min = 1 },
	{ 0 },
};

/* Makes a token for a GIS program: told this once. */
static enum err add_gis_token(struct req *rq)
{
	char token[TOKEN_MAX], hash[SECRET_HASH];
	const char *days = req_value(rq, "days");
	const char *params[] = { hash, req_value(rq, "name"), days ? days : GIS_DAYS };
	struct rows *rows;
	enum err e;

	secret_make("or", token);
	secret_hash(token, hash);
	if ((e = ask_rows(rq, Q_GIS_TOKEN_ADD, params, &rows)))
		return e;
	buf_printf(&rq->out, "{\"token\":\"%s\",\"made\":", token);
	rows_object(rows, 0, &rq->out);
	buf_char(&rq->out, '}');
	rq->out_type = "application/json";
	rq->status = 201;
	return OK;
}

static enum err end_gis_token(struct req *rq)
{
	struct rows *rows;
	enum err e;

	if ((e = ask_rows(rq, Q_GIS_TOKEN_END, rq->ids, &rows)))
		return e;
	return rows_count(rows) && rows_at(rows, 0, 0) ? OK : ERR_NOT_FOUND;
}

const struct route session_routes[] = {
	{ "GET", "/api/v1/session", ROLE_ALL | ROLE_PUBLIC, get,
	  .summary = "Who is logged in, and whether this is a demo" },
	{ "DELETE", "/api/v1/session", ROLE_ALL, close_session, .summary = "Log out" },
	{ "GET", "/api/v1/session/tokens", ROLE_OFFICE, .query = Q_GIS_TOKEN_LIST,
	  .summary = "My tokens for GIS programs" },
	{ "POST", "/api/v1/session/tokens", ROLE_OFFICE, add_gis_token, gis_token_inputs,
	  .summary = "Make a token with which a GIS program reads what I may" },
	{ "DELETE", "/api/v1/session/tokens/{id}", ROLE_OFFICE, end_gis_token,
	  .summary = "End a token at once" },
	{ "POST", "/api/v1/session/supplier", ROLE_ALL | ROLE_PUBLIC, open_supplier,
	  supplier_inputs, .summary = "Open the session that a supplier's link gives" },
	{ 0 },
};

const struct route session_demo_routes[] = {
	{ "POST", "/api/v1/session/demo", ROLE_ALL | ROLE_PUBLIC, open_demo, demo_inputs,
	  .summary = "Demo only: log in as one of the demo's people" },
	{ 0 },
};
