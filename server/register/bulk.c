#include "register/bulk.h"

#include "auth/ask.h"

enum { ROWS_MAX = 10000, BULK_BODY_MAX = 1024 * 1024 }; /* a UUID with its quotes is 39 bytes */

static const struct input inputs[] = {
	{ "tbl", IN_CODE, REQUIRED, .max = 20 },
	{ "ids", IN_UUID, LIST, .max = ROWS_MAX },
	{ "filter", IN_JSON, 0 },
	{ "set", IN_JSON, REQUIRED },
	{ "dry_run", IN_BOOL, 0 },
	{ "count", IN_INT, 0 },
	{ "valid_from", IN_MOMENT, 0 },
	{ "note", IN_TEXT, 0, .max = 1000 },
	{ 0 },
};

/* Nothing is made that has an address of its own: 200. */
static enum err change(struct req *rq)
{
	const char *params[] = { rq->body.at };

	rq->status = 200;
	return ask_reply(rq, Q_REGISTER_BULK_CHANGE, params);
}

const struct route bulk_routes[] = {
	{ "POST", "/api/v1/bulk", ROLE_OFFICE, change, inputs, .body_max = BULK_BODY_MAX,
	  .summary = "Change up to 10 000 rows at once; dry_run tells what would change" },
	{ 0 },
};
