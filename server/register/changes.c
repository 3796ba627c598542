#include "register/changes.h"

#include <string.h>

#include "auth/ask.h"

enum { XID_DIGITS = 19 };

static const struct input list_inputs[] = {
	{ "row", IN_UUID, QUERY | REQUIRED },
	{ "limit", IN_INT, QUERY, .max = 200, .min = 1 },
	{ "after", IN_CODE, QUERY, .max = XID_DIGITS },
	{ 0 },
};

static bool is_number(const char *text)
{
	size_t length = strspn(text, "0123456789");

	return length && length <= XID_DIGITS && !text[length];
}

static enum err list(struct req *rq)
{
	const char *limit = req_value(rq, "limit"), *after = req_value(rq, "after");
	const char *params[] = { req_value(rq, "row"), limit ? limit : "50", after };

	if (after && !is_number(after)) {
		req_fault(rq, "?after", "must be a change's number");
		return ERR_INVALID;
	}
	return ask_reply(rq, Q_REGISTER_CHANGE_LIST, params);
}

static enum err undo(struct req *rq)
{
	const char *params[] = { rq->ids[0] };

	if (!is_number(rq->ids[0]))
		return ERR_NOT_FOUND;
	rq->status = 200;
	return ask_reply(rq, Q_REGISTER_CHANGE_UNDO, params);
}

const struct route change_routes[] = {
	{ "GET", "/api/v1/changes", ROLE_OFFICE, list, list_inputs,
	  .summary = "What became of a place or a component, newest first" },
	{ "POST", "/api/v1/changes/{xid}/undo", ROLE_OFFICE, undo,
	  .summary = "Take a change back; 409 with conflicts when it was changed again" },
	{ 0 },
};
