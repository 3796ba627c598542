#include "fieldapi/seal.h"

#include <stdio.h>
#include <string.h>

#include "auth/ask.h"
#include "auth/hpke.h"
#include "auth/token.h"
#include "base/base64.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "fieldapi/device_proof.h"

enum {
	SALVAGE_MAX = 4 * 1024 * 1024,
	WRAPPED = HPKE_KEY + HPKE_TAG,
	WRAPPED_TEXT = WRAPPED / 3 * 4, /* as base64url, which has nothing to pad */
	KEY_TEXT = 44,                  /* of HPKE_KEY bytes, and the NUL */
	SECRET_TEXT = 2 + 2 * HPKE_SECRET + 1,
};

/* What is sealed, as tablets and servers say it to each other (`info` in RFC 9180); the tablet's
 * own key follows, so that what one tablet sealed is opened for no other. */
static const char purpose[] = "fdvu sealed queue 1 ";

/* -- the server's key ---------------------------------------------------------------------- */

/* A new pair as the database takes it. */
static bool make_pair(char point[PROOF_KEY_TEXT + 1], char secret[SECRET_TEXT])
{
	struct hpke_pair pair;

	if (!hpke_make(&pair))
		return false;
	base64url_encode(pair.point, HPKE_POINT, point);
	snprintf(secret, SECRET_TEXT, "\\x");
	for (int i = 0; i < HPKE_SECRET; i++)
		snprintf(secret + 2 + 2 * i, 3, "%02x", pair.secret[i]);
	explicit_bzero(&pair, sizeof(pair));
	return true;
}

enum err seal_key_begin(struct req *rq)
{
	char point[PROOF_KEY_TEXT + 1], secret[SECRET_TEXT];
	const char *params[] = { point, secret, "false" };
	struct rows *rows;
	enum err e;

	if (!make_pair(point, secret))
		return req_fail(rq, ERR_INTERNAL, "no key could be made");
	e = device_ask(rq, Q_SEAL_KEY_ADD, params, &rows);
	explicit_bzero(secret, sizeof(secret));
	return e;
}

int seal_key_command(struct pools *pools)
{
	char point[PROOF_KEY_TEXT + 1], secret[SECRET_TEXT];
	const char *params[] = { point, secret, "true" };
	enum err e = ERR_INTERNAL;
	struct arena a = { 0 };
	struct rows *rows;
	struct db *db;

	if (make_pair(point, secret) && !(e = db_take(pools, DB_JOB, &db))) {
		e = db_run(db, &a, Q_SEAL_KEY_ADD, params, &rows);
		db_give(db);
	}
	explicit_bzero(secret, sizeof(secret));
	puts(e ? err_title(e, "en") : "made; tablets hear of it when they next go on");
	arena_release(&a);
	return e ? 1 : 0;
}

/* -- opening --------------------------------------------------------------------------------- */

/* The key that the tablet sealed with, from how the request wraps it. */
static bool unwrap(struct req *rq, const char *tablet, const char *secret_text,
		   unsigned char key[HPKE_KEY])
{
	unsigned char secret[HPKE_SECRET], point[HPKE_POINT], wrapped[WRAPPED];
	const char *info = arena_printf(&rq->arena, "%s%s", purpose, tablet);
	bool is_open =
		base64_decode(secret_text, secret, sizeof(secret)) == HPKE_SECRET &&
		base64url_decode(req_value(rq, "enc"), point, sizeof(point)) == HPKE_POINT &&
		base64url_decode(req_value(rq, "wrapped"), wrapped, sizeof(wrapped)) == WRAPPED &&
		hpke_open(secret, point, str_of(info), str_of(req_value(rq, "seal_key")),
			  (struct str){ (char *)wrapped, WRAPPED }, key);

	explicit_bzero(secret, sizeof(secret));
	return is_open;
}

static const struct input unseal_inputs[] = {
	{ "device", IN_UUID, REQUIRED },
	{ "seal_key", IN_UUID, REQUIRED },
	{ "enc", IN_CODE, REQUIRED, .max = PROOF_KEY_TEXT },
	{ "wrapped", IN_CODE, REQUIRED, .max = WRAPPED_TEXT },
	{ "proof", IN_TEXT, REQUIRED, .max = PROOF_MAX },
	{ 0 },
};

/* Gives a tablet in good standing the key that it sealed its queue with. */
static enum err unseal(struct req *rq)
{
	const char *params[] = { req_value(rq, "device"), req_value(rq, "seal_key"), NULL };
	unsigned char key[HPKE_KEY];
	char text[KEY_TEXT];
	struct rows *rows;
	enum err e;

	if ((e = device_proof(rq, "unseal", &params[2])) ||
	    (e = device_ask(rq, Q_SEAL_UNSEAL, params, &rows)) ||
	    (e = device_refuse(rq, rows_at(rows, 0, 0))))
		return e;
	if (!unwrap(rq, rows_at(rows, 0, 1), rows_at(rows, 0, 2), key))
		return req_problem(rq, ERR_UNPROCESSABLE, "seal_torn");
	base64url_encode(key, sizeof(key), text);
	explicit_bzero(key, sizeof(key));
	req_header(rq, "Cache-Control", "no-store");
	buf_printf(&rq->out, "{\"device\":\"%s\",\"key\":\"%s\"}", params[0], text);
	rq->out_type = "application/json";
	return OK;
}

/* -- handing over ------------------------------------------------------------------------------ */

static const struct input salvage_inputs[] = {
	{ "device", IN_UUID, REQUIRED },
	{ "reason", IN_CODE, REQUIRED, .max = 60 },
	{ "raw", IN_TEXT, 0, .max = SALVAGE_MAX },
	{ "sealed", IN_CODE, 0, .max = SALVAGE_MAX },
	{ "seal_key", IN_UUID, 0 },
	{ "enc", IN_CODE, 0, .max = PROOF_KEY_TEXT },
	{ "wrapped", IN_CODE, 0, .max = WRAPPED_TEXT },
	{ "proof", IN_TEXT, 0, .max = PROOF_MAX },
	{ 0 },
};

/* Whether it is text that the database can keep. */
static bool is_text(const char *bytes, size_t length)
{
	for (size_t at = 0, count; at < length; at += count)
		if (!bytes[at] || !(count = utf8_length(bytes + at, length - at)))
			return false;
	return true;
}

/* A piece of a sealed queue as the tablet would have handed it over open; NULL when it cannot be
 * opened. The piece is its IV, what was sealed for its owner, and the tag. */
static const char *open_piece(struct req *rq, const char *tablet, const char *secret)
{
	const char *sealed = req_value(rq, "sealed");
	size_t room = strlen(sealed) / 4 * 3 + 3, length;
	unsigned char *bytes = arena_alloc(&rq->arena, room), key[HPKE_KEY];
	char *text = arena_alloc(&rq->arena, room);

	length = base64url_decode(sealed, bytes, room);
	if (length <= HPKE_IV + HPKE_TAG || !unwrap(rq, tablet, secret, key) ||
	    !hpke_open_gcm(key, bytes, str_of(req_value(rq, "device")),
			   (struct str){ (char *)bytes + HPKE_IV, length - HPKE_IV },
			   (unsigned char *)text))
		return NULL;
	length -= HPKE_IV + HPKE_TAG;
	text[length] = '\0';
	return is_text(text, length) ? text : NULL;
}

/* What cannot be opened is kept as it came: a lost key may be found again. */
static const char *as_it_came(struct req *rq)
{
	return arena_printf(
		&rq->arena,
		"{\"seal_key\":\"%s\",\"enc\":\"%s\",\"wrapped\":\"%s\",\"sealed\":\"%s\"}",
		req_value(rq, "seal_key"), req_value(rq, "enc"), req_value(rq, "wrapped"),
		req_value(rq, "sealed"));
}

static enum err salvage_sealed(struct req *rq, const char **params, struct rows **out)
{
	const char *sealed = req_value(rq, "sealed"), *text = NULL;
	const char *which[] = { params[0], req_value(rq, "seal_key") };
	char *digest = arena_alloc(&rq->arena, SHA256_TEXT);
	struct rows *rows;
	enum err e;

	if (!which[1] || !req_value(rq, "enc") || !req_value(rq, "wrapped")) {
		req_fault(rq, "/sealed", "with seal_key, enc and wrapped");
		return ERR_INVALID;
	}
	if ((e = device_ask(rq, Q_SEAL_SECRET, which, &rows)))
		return e;
	if (rows_count(rows))
		text = open_piece(rq, rows_at(rows, 0, 0), rows_at(rows, 0, 1));
	params[2] = text ? text : as_it_came(rq);
	sha256_of(sealed, strlen(sealed), digest);
	params[4] = digest;
	return device_ask(rq, Q_DEVICE_SALVAGE, params, out);
}

/* By session, or by a proof when there is none any more: it is taken in any case. What is sealed
 * only by a proof. */
static enum err salvage(struct req *rq)
{
	const char *params[] = { req_value(rq, "device"), req_value(rq, "reason"),
				 req_value(rq, "raw"), NULL, NULL };
	bool is_sealed = req_value(rq, "sealed") != NULL;
	struct rows *rows;
	enum err e;

	if (is_sealed == (params[2] != NULL)) {
		req_fault(rq, "/raw", "either this or «sealed»");
		return ERR_INVALID;
	}
	if (!req_value(rq, "proof") && (is_sealed || rq->audience != 'f'))
		return req_problem(rq, ERR_UNAUTHORIZED, "proof_bad");
	if (!req_value(rq, "proof"))
		e = ask_rows(rq, Q_SYNC_QUARANTINE_ADD, params, &rows);
	else if (!(e = device_proof(rq, "salvage", &params[3])))
		e = is_sealed ? salvage_sealed(rq, params, &rows)
			      : device_ask(rq, Q_DEVICE_SALVAGE, params, &rows);
	return e ? e : device_receipt(rq, rows);
}

const struct route seal_routes[] = {
	{ "POST", "/api/v1/devices/self/unseal", ROLE_ALL | ROLE_PUBLIC, unseal, unseal_inputs,
	  .summary = "What opens the queue that a locked tablet has sealed" },
	{ "POST", "/api/v1/sync/quarantine", ROLE_FIELD | ROLE_PUBLIC, salvage, salvage_inputs,
	  .body_max = SALVAGE_MAX + 4096,
	  .summary = "Hand over what the server could not read, or a revoked tablet's queue" },
	{ 0 },
};
