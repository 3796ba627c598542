#include <string.h>

#include "auth/ask.h"
#include "documents/store.h"
#include "fieldapi/snapshot.h"
#include "http/range.h"

static const struct input list_inputs[] = {
	{ "for", IN_CODE, QUERY | REQUIRED, .max = 10 },
	{ 0 },
};

static const struct input get_inputs[] = {
	{ "as", IN_CODE, QUERY, .max = 10 },
	{ 0 },
};

/* Packed as a whole, and not by a Content-Encoding: parts of it are asked for. */
static enum err get(struct req *rq)
{
	const char *as = req_value(rq, "as"), *params[] = { rq->ids[0] };
	bool is_zstd = as && !strcmp(as, "zst");
	const char *sha256;
	struct rows *rows;
	uint64_t size;
	enum err e;
	int fd;

	if (as && !is_zstd && strcmp(as, "gz") != 0) {
		req_fault(rq, "?as", "gz or zst");
		return ERR_INVALID;
	}
	if ((e = ask_rows(rq, Q_SNAPSHOT_GET, params, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	sha256 = rows_at(rows, 0, is_zstd ? 0 : 1);
	fd = store_open(app_of(rq)->config, sha256, &size);
	if (fd < 0)
		return ERR_GONE;
	return req_send_part(rq, fd, size, is_zstd ? "application/zstd" : "application/gzip",
			     arena_printf(&rq->arena, "\"%s\"", sha256));
}

const struct route snapshot_routes[] = {
	{ "GET", "/api/v1/sync/snapshots", ROLE_FIELD, .inputs = list_inputs,
	  .query = Q_SNAPSHOT_LIST, .summary = "Files that a tablet may begin with" },
	{ "GET", "/api/v1/sync/snapshots/{id}", ROLE_FIELD, get, get_inputs,
	  .summary = "Such a file, as a whole or from where it broke off" },
	{ 0 },
};
