#include "documents/documents.h"

#include <string.h>
#include <unistd.h>

#include "auth/ask.h"
#include "documents/store.h"

/* The name says what the bytes must be, so sending them again is harmless. */
static enum err put(struct req *rq)
{
	const struct config *config = app_of(rq)->config;
	char size[24];
	const char *type;
	const char *params[] = { rq->ids[0], size, NULL };
	enum err e;

	if (strcmp(rq->spool.sha256, rq->ids[0]))
		return req_fail(rq, ERR_UNPROCESSABLE, "the bytes have SHA-256 %s",
				rq->spool.sha256);
	if (!(type = store_accepted(rq->spool.fd)))
		return req_fail(rq, ERR_MEDIA_TYPE, "%s", store_takes);
	if ((e = store_keep(config, rq->spool.fd, rq->ids[0])))
		return req_fail(rq, e, "no room for the file");
	snprintf(size, sizeof(size), "%lu", (unsigned long)rq->spool.size);
	params[2] = type;
	if ((e = ask_reply(rq, Q_FILE_ADD, params)))
		return e;
	buf_printf(&rq->out, "{\"sha256\":\"%s\",\"size\":%s,\"mime\":\"%s\"}", rq->ids[0], size,
		   type);
	rq->out_type = "application/json";
	rq->status = 201;
	return OK;
}

static enum err get(struct req *rq)
{
	const char *params[] = { rq->ids[0] };
	struct rows *rows;
	uint64_t size;
	enum err e;
	int fd;

	if ((e = ask_rows(rq, Q_FILE_GET, params, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	fd = store_open(app_of(rq)->config, rq->ids[0], &size);
	if (fd < 0)
		return req_fail(rq, ERR_NOT_FOUND, "the bytes have not arrived");
	req_header(rq, "Cache-Control", "private, max-age=31536000, immutable");
	/* Shown as what they were found to be, and never run. */
	req_header(rq, "Content-Security-Policy", "default-src 'none'; sandbox");
	return req_send_file(rq, fd, size, rows_at(rows, 0, 0));
}

static const struct input add_inputs[] = {
	{ "sha256", IN_SHA256, REQUIRED },
	{ "title", IN_TEXT, REQUIRED, .max = 500 },
	{ "file_name", IN_TEXT, 0, .max = 255 },
	{ "kind", IN_CODE, 0, .max = 20 },
	{ "task", IN_UUID, 0 },
	{ "case", IN_UUID, 0 },
	{ 0 },
};

static const struct input page_inputs[] = {
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

const struct route document_routes[] = {
	{ "PUT", "/api/v1/files/{sha256}", ROLE_ALL, put, .takes_file = true,
	  .summary = "Send a file; its name is its SHA-256" },
	{ "GET", "/api/v1/files/{sha256}", ROLE_ALL, get, .summary = "A file" },
	{ "POST", "/api/v1/documents", ROLE_OFFICE | ROLE_TENANT | ROLE_SUPPLIER,
	  .inputs = add_inputs, .query = Q_DOCUMENT_ADD,
	  .summary = "Tie a file that was sent to a task or a case" },
	{ "GET", "/api/v1/places/{id}/archive-cases", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_ARCHIVE_CASES,
	  .summary = "Cases of archives about a place and what lies in it" },
	{ "GET", "/api/v1/archive-cases/{id}/documents", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_ARCHIVE_DOCUMENTS, .summary = "Documents of a case of an archive" },
	{ "GET", "/api/v1/supplier/job", ROLE_SUPPLIER, .query = Q_SUPPLIER_JOB,
	  .summary = "What a supplier's link leads to" },
	{ 0 },
};
