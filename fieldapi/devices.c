#include "fieldapi/devices.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/ask.h"
#include "auth/secret.h"
#include "auth/session.h"
#include "auth/token.h"
#include "base/qr.h"
#include "base/uuid.h"
#include "db/rows.h"
#include "fieldapi/device_proof.h"
#include "fieldapi/seal.h"

enum {
	CODE_LETTERS = 12, /* of 32: 60 bits, for a code that lives a quarter of an hour */
	CODE_GROUP = 4,
	CODE_TEXT = CODE_LETTERS + CODE_LETTERS / CODE_GROUP,
	CODE_GIVEN_MAX = 40,
	QR_SIDE = 400,
	QR_BYTES = 64 * 1024,
};

/* None of them is taken for another when it is read aloud or typed. */
static const char code_letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/* What a proof of a tablet that has no device yet is about. */
static const char no_device[] = "new";

/* -- what a tablet gets ---------------------------------------------------------------- */

struct grant {
	char session[SECRET_MAX], refresh[SECRET_MAX];
	char session_hash[SECRET_HASH], refresh_hash[SECRET_HASH];
};

static void make_grant(struct grant *g)
{
	secret_make("f", g->session);
	secret_make("r", g->refresh);
	secret_hash(g->session, g->session_hash);
	secret_hash(g->refresh, g->refresh_hash);
}

/* Answers with the tokens, as told this once, and what the tablet is. The page's own requests (its
 * pictures) go by cookie, unless that is somebody else's. */
static enum err answer_grant(struct req *rq, const char *device, const char *session,
			     const char *refresh)
{
	const char *params[] = { device };
	const char *seconds;
	struct rows *rows;
	enum err e;

	if ((e = device_ask(rq, Q_DEVICE_TOLD, params, &rows)))
		return e;
	if (!rows_at(rows, 0, rows_column(rows, "seal")) &&
	    ((e = seal_key_begin(rq)) || (e = device_ask(rq, Q_DEVICE_TOLD, params, &rows))))
		return e;
	seconds = rows_at(rows, 0, rows_column(rows, "access_s"));
	if (!session_is_of_other(rq, 'f'))
		session_cookie(rq, session, strtol(seconds, NULL, 10));
	req_header(rq, "Cache-Control", "no-store");
	buf_printf(&rq->out,
		   "{\"id\":\"%s\",\"token\":\"%s\",\"refresh\":\"%s\",\"now_s\":%lld,\"device\":",
		   device, session, refresh, (long long)time(NULL));
	rows_object(rows, 0, &rq->out);
	buf_char(&rq->out, '}');
	rq->out_type = "application/json";
	return OK;
}

/* -- enrolment ------------------------------------------------------------------------- */

static const struct input enrol_inputs[] = {
	{ "code", IN_TEXT, 0, .max = CODE_GIVEN_MAX },
	{ "name", IN_TEXT, 0, .max = 100 },
	{ "key", IN_CODE, 0, .max = PROOF_KEY_TEXT },
	{ "proof", IN_TEXT, 0, .max = PROOF_MAX },
	{ 0 },
};

/* The code as it was made, from what somebody typed: small letters, spaces and hyphens anywhere. */
static bool read_code(const char *given, char code[CODE_LETTERS + 1])
{
	int count = 0;

	for (; *given; given++) {
		char c = (char)(*given >= 'a' && *given <= 'z' ? *given - 32 : *given);

		if (c == '-' || c == ' ')
			continue;
		if (count == CODE_LETTERS || !strchr(code_letters, c))
			return false;
		code[count++] = c;
	}
	code[count] = '\0';
	return count == CODE_LETTERS;
}

/* Whether the request has a key, and is signed with it. */
static enum err check_new_key(struct req *rq)
{
	const char *key = req_value(rq, "key"), *proof;

	if (!key || !proof_key_is_good(key))
		req_fault(rq, "/key", "a public key on P-256: 65 bytes as base64url");
	if (!req_value(rq, "proof"))
		req_fault(rq, "/proof", "a JSON Web Token signed with the key");
	if (rq->fault_count)
		return ERR_INVALID;
	return device_proof_by(rq, key, no_device, "enrol", (int64_t)time(NULL), &proof);
}

static enum err finish_enrolment(struct req *rq, enum query q, const char *const *params,
				 const struct grant *g)
{
	struct rows *rows;
	enum err e;

	if ((e = device_ask(rq, q, params, &rows)) || (e = device_refuse(rq, rows_at(rows, 0, 0))))
		return e;
	rq->status = 201;
	return answer_grant(rq, rows_at(rows, 0, 1), g->session, g->refresh);
}

static enum err enrol_by_code(struct req *rq)
{
	char code[CODE_LETTERS + 1], hash[SECRET_HASH];
	const char *params[] = { hash, req_value(rq, "key"), NULL, NULL };
	struct grant g;
	enum err e;

	if (!read_code(req_value(rq, "code"), code))
		req_fault(rq, "/code", "twelve letters and digits");
	if ((e = check_new_key(rq)))
		return e;
	secret_hash(code, hash);
	make_grant(&g);
	params[2] = g.refresh_hash;
	params[3] = g.session_hash;
	return finish_enrolment(rq, Q_DEVICE_ENROL, params, &g);
}

/* The demo has a log-in without password, so it has tablets without a code. */
static enum err enrol_by_session(struct req *rq)
{
	struct grant g;
	const char *params[] = { NULL, req_value(rq, "key"), req_value(rq, "name"), g.refresh_hash,
				 g.session_hash };
	struct rows *rows;
	enum err e;

	if (!req_value(rq, "name")) {
		req_fault(rq, "/name", "up to 100 characters");
		return ERR_INVALID;
	}
	if (!params[1]) {
		const char *body[] = { rq->body.at };

		return ask_reply(rq, Q_DEVICE_ADD, body);
	}
	if ((e = check_new_key(rq)) || (e = ask_rows(rq, Q_DEVICE_MINE, NULL, &rows)))
		return e;
	params[0] = rows_at(rows, 0, 0);
	if (!params[0])
		return session_unauthorized(rq);
	make_grant(&g);
	return finish_enrolment(rq, Q_DEVICE_ADOPT, params, &g);
}

static enum err enrol(struct req *rq)
{
	if (req_value(rq, "code"))
		return enrol_by_code(rq);
	if (rq->audience == 'f' && app_of(rq)->config->demo)
		return enrol_by_session(rq);
	req_fault(rq, "/code", "the code that the office has made");
	return ERR_INVALID;
}

/* -- going on ------------------------------------------------------------------------------ */

static const struct input next_inputs[] = {
	{ "device", IN_UUID, REQUIRED },
	{ "refresh", IN_TEXT, REQUIRED, .max = SECRET_MAX },
	{ "proof", IN_TEXT, REQUIRED, .max = PROOF_MAX },
	{ 0 },
};

/* A session and the next refresh token for the one given. The same answer again while nobody has
 * used that next one: see sync_token_next(). */
static enum err next_tokens(struct req *rq)
{
	char given[SECRET_HASH], sealed[SECRET_CHARACTERS + 1], next[SECRET_MAX] = "r_";
	const char *refresh = req_value(rq, "refresh"), *proof;
	struct rows *rows;
	struct grant g;
	enum err e;

	if ((e = device_proof(rq, "token", &proof)))
		return e;
	make_grant(&g);
	secret_hash(refresh, given);
	secret_seal(refresh, g.refresh + 2, sealed);
	{
		const char *params[] = { req_value(rq, "device"), given, g.refresh_hash, sealed,
					 g.session_hash,          proof };

		if ((e = device_ask(rq, Q_DEVICE_NEXT, params, &rows)) ||
		    (e = device_refuse(rq, rows_at(rows, 0, 0))))
			return e;
	}
	if (!secret_seal(refresh, rows_at(rows, 0, 1), next + 2))
		return req_fail(rq, ERR_INTERNAL, "a sealed token is torn");
	return answer_grant(rq, req_value(rq, "device"), g.session, next);
}

static const struct input proof_inputs[] = {
	{ "device", IN_UUID, REQUIRED },
	{ "proof", IN_TEXT, REQUIRED, .max = PROOF_MAX },
	{ 0 },
};

static enum err prove(struct req *rq, const char *audience, enum query q, struct rows **out)
{
	const char *params[] = { req_value(rq, "device"), NULL };
	enum err e;

	if ((e = device_proof(rq, audience, &params[1])) || (e = device_ask(rq, q, params, out)))
		return e;
	return device_refuse(rq, rows_at(*out, 0, 0));
}

static enum err wiped(struct req *rq)
{
	struct rows *rows;
	enum err e = prove(rq, "wiped", Q_DEVICE_WIPED, &rows);

	return e ? e : device_receipt(rq, rows);
}

/* What somebody wrote who is away is sent in their name, by the key of the tablet. */
static enum err queue_access(struct req *rq)
{
	char token[SECRET_MAX], hash[SECRET_HASH];
	const char *params[] = { req_value(rq, "device"), hash, NULL };
	struct rows *rows;
	enum err e;

	secret_make("fq", token);
	secret_hash(token, hash);
	if ((e = device_proof(rq, "queue", &params[2])) ||
	    (e = device_ask(rq, Q_DEVICE_QUEUE_ACCESS, params, &rows)) ||
	    (e = device_refuse(rq, rows_at(rows, 0, 0))))
		return e;
	req_header(rq, "Cache-Control", "no-store");
	buf_printf(&rq->out, "{\"id\":\"%s\",\"token\":\"%s\"}", params[0], token);
	rq->out_type = "application/json";
	return OK;
}

static enum err sign_out(struct req *rq)
{
	struct rows *rows;
	enum err e = prove(rq, "sign_out", Q_DEVICE_SIGN_OUT, &rows);

	if (!e && !session_is_of_other(rq, 'f'))
		session_cookie(rq, "", 0);
	return e;
}

/* -- the office ------------------------------------------------------------------------------ */

static const struct input code_inputs[] = {
	{ "person", IN_UUID, REQUIRED },
	{ "name", IN_TEXT, REQUIRED, .max = 100 },
	{ 0 },
};

/* As it is shown, in groups; hashed, it is without the hyphens. */
static void make_code(char code[CODE_LETTERS + 1], char shown[CODE_TEXT])
{
	unsigned char dice[CODE_LETTERS];
	int at = 0;

	random_bytes(dice, sizeof(dice));
	for (int i = 0; i < CODE_LETTERS; i++) {
		if (i && i % CODE_GROUP == 0)
			shown[at++] = '-';
		code[i] = shown[at++] = code_letters[dice[i] & 31];
	}
	code[CODE_LETTERS] = shown[at] = '\0';
}

/* Makes a code; told this once. Behind #, which no browser sends and no log keeps. */
static enum err add_code(struct req *rq)
{
	char code[CODE_LETTERS + 1], shown[CODE_TEXT], hash[SECRET_HASH];
	const char *params[] = { hash, req_value(rq, "person"), req_value(rq, "name") };
	struct buf *svg = arena_alloc(&rq->arena, sizeof(*svg));
	struct rows *rows;
	const char *link;
	enum err e;

	make_code(code, shown);
	buf_init(svg, QR_BYTES);
	arena_defer(&rq->arena, buf_release, svg);
	secret_hash(code, hash);
	if ((e = ask_rows(rq, Q_DEVICE_CODE_ADD, params, &rows)))
		return e;
	link = arena_printf(&rq->arena, "%s/field#/enrol/%s", session_origin(rq), shown);
	if ((e = qr_svg(link, QR_SIDE, svg)))
		return req_fail(rq, e, "the address is too long for a QR code");
	buf_printf(&rq->out, "{\"code\":\"%s\",\"link\":", shown);
	buf_json(&rq->out, link, strlen(link));
	buf_text(&rq->out, ",\"qr\":");
	buf_json(&rq->out, svg->at, svg->length);
	buf_text(&rq->out, ",\"made\":");
	rows_object(rows, 0, &rq->out);
	buf_char(&rq->out, '}');
	req_header(rq, "Cache-Control", "no-store");
	rq->out_type = "application/json";
	rq->status = 201;
	return OK;
}

static const struct input revoke_inputs[] = {
	{ "is_lost", IN_BOOL, 0 },
	{ 0 },
};

static enum err revoke(struct req *rq)
{
	const char *params[] = { rq->ids[0], rq->body.length ? rq->body.at : "{}" };
	struct rows *rows;
	enum err e;

	if ((e = ask_rows(rq, Q_DEVICE_REVOKE, params, &rows)))
		return e;
	return rows_count(rows) ? OK : ERR_NOT_FOUND;
}

const struct route device_routes[] = {
	{ "GET", "/api/v1/devices", ROLE_OFFICE, .query = Q_DEVICE_LIST, .summary = "All tablets" },
	{ "POST", "/api/v1/devices", ROLE_ALL | ROLE_PUBLIC, enrol, enrol_inputs,
	  .summary = "Enrol a tablet by a code from the office" },
	{ "POST", "/api/v1/devices/codes", ROLE_OFFICE, add_code, code_inputs,
	  .summary = "Make a code that enrols a tablet" },
	{ "GET", "/api/v1/devices/codes/{id}", ROLE_OFFICE, .query = Q_DEVICE_CODE_GET,
	  .summary = "Whether a code of mine has been used" },
	{ "POST", "/api/v1/devices/self/token", ROLE_ALL | ROLE_PUBLIC, next_tokens, next_inputs,
	  .summary = "The next session of a tablet, for its refresh token and a proof" },
	{ "POST", "/api/v1/devices/self/wiped", ROLE_ALL | ROLE_PUBLIC, wiped, proof_inputs,
	  .summary = "A revoked tablet has wiped itself" },
	{ "POST", "/api/v1/devices/self/queue", ROLE_ALL | ROLE_PUBLIC, queue_access, proof_inputs,
	  .summary = "A session that only sends what a tablet's person wrote, for its key" },
	{ "POST", "/api/v1/devices/self/sign-out", ROLE_ALL | ROLE_PUBLIC, sign_out, proof_inputs,
	  .summary = "A person leaves the tablet to somebody else" },
	{ "POST", "/api/v1/devices/{id}/revoke", ROLE_OFFICE, revoke, revoke_inputs,
	  .summary = "Take a tablet out of use" },
	{ 0 },
};
