#include "fieldapi/uploads.h"

#include <string.h>

#include "auth/ask.h"
#include "fieldapi/upload_parts.h"
#include "fieldapi/upload_writer.h"

bool uploads_prepare(const struct config *config)
{
	return parts_prepare(config);
}

/* Which file takes part in what follows: none before its version is known. */
static enum err check_version(struct req *rq)
{
	const char *version = req_incoming(rq, "Tus-Resumable");

	if (version && !strcmp(version, TUS_VERSION))
		return OK;
	req_header(rq, "Tus-Version", TUS_VERSION);
	return req_fail(rq, ERR_PRECONDITION, "Tus-Resumable must be " TUS_VERSION);
}

static enum err check_type(struct req *rq)
{
	const char *type = req_incoming(rq, "Content-Type");

	if (type && !strcmp(type, "application/offset+octet-stream"))
		return OK;
	return req_fail(rq, ERR_MEDIA_TYPE, "Content-Type must be application/offset+octet-stream");
}

static enum err read_checksum(struct req *rq, struct upload_writer *w)
{
	const char *given = req_incoming(rq, "Upload-Checksum");

	if (!given || !tus_checksum_read(given, &w->checksum))
		return OK;
	return req_fail(rq, ERR_INVALID, "Upload-Checksum: one of " TUS_CHECKSUM " and base64");
}

/* Upload-Length; absent leaves `length` as it is. */
static enum err read_length(struct req *rq, uint64_t *length)
{
	const char *given = req_incoming(rq, "Upload-Length");
	long mib = app_of(rq)->config->file_mib;

	if (!given)
		return OK;
	if (!tus_number(given, length))
		return req_fail(rq, ERR_INVALID, "Upload-Length is a number of bytes");
	if (*length > (uint64_t)mib << 20)
		return req_fail(rq, ERR_TOO_LARGE, "at most %ld MiB", mib);
	return OK;
}

static enum err check_room(struct req *rq, const struct upload_writer *w)
{
	if (w->length == UPLOAD_UNTOLD || req_body_length(rq) <= w->length - w->off)
		return OK;
	return req_fail(rq, ERR_TOO_LARGE, "more bytes than the upload has");
}

/* One of Upload-Length and «Upload-Defer-Length: 1». */
static enum err read_new_length(struct req *rq, uint64_t *length)
{
	const char *defer = req_incoming(rq, "Upload-Defer-Length");
	enum err e = read_length(rq, length);

	if (e)
		return e;
	if ((defer && strcmp(defer, "1")) || !defer == (*length == UPLOAD_UNTOLD))
		return req_fail(rq, ERR_INVALID, "either Upload-Length, or Upload-Defer-Length: 1");
	return OK;
}

static enum err read_metadata(struct req *rq, struct upload_writer *w)
{
	struct tus_metadata *metadata = arena_alloc(&rq->arena, sizeof(*metadata));
	const char *said;
	enum err e = tus_metadata_read(req_incoming(rq, "Upload-Metadata"), metadata, &said);

	if (e)
		return req_fail(rq, e, "%s", said);
	w->metadata = metadata->text;
	w->want = metadata->sha256[0] ? metadata->sha256 : NULL;
	return OK;
}

static enum err begin_new(struct req *rq)
{
	struct upload_writer *w;
	enum err e;

	if ((e = check_version(rq)))
		return e;
	if (req_incoming(rq, "Upload-Concat"))
		return req_fail(rq, ERR_INVALID, "uploads are not put together here");
	if (rq->has_body && (e = check_type(rq)))
		return e;
	w = upload_writer_new(rq);
	w->is_new = true;
	w->gen = "1";
	uuid7(w->id);
	if ((e = read_new_length(rq, &w->length)) || (e = read_metadata(rq, w)) ||
	    (e = read_checksum(rq, w)))
		return e;
	return check_room(rq, w);
}

static void tell(struct req *rq, const struct upload_writer *w, const char *sha256)
{
	req_header(rq, "Upload-Offset", arena_printf(&rq->arena, "%lu", (unsigned long)w->off));
	if (w->expires)
		req_header(rq, "Upload-Expires", w->expires);
	if (sha256)
		req_header(rq, "Content-Location",
			   arena_printf(&rq->arena, "/api/v1/files/%s", sha256));
}

static enum err add(struct req *rq)
{
	struct upload_writer *w = rq->intake;
	const char *sha256;
	enum err e = upload_end(rq, &sha256);

	if (e)
		return e;
	req_header(rq, "Location", arena_printf(&rq->arena, "/api/v1/uploads/%s", w->id));
	tell(rq, w, sha256);
	rq->status = 201;
	return OK;
}

/* As upload_take() numbers its columns. */
enum { VERDICT, OFF, LENGTH, GEN, PART, START, IS_FREE, SHA256, EXPIRES };

static enum err judge(struct req *rq, const char *verdict)
{
	if (!strcmp(verdict, "gone"))
		return ERR_GONE;
	if (!strcmp(verdict, "moved"))
		return req_fail(rq, ERR_CONFLICT, "the upload stands at another offset");
	if (!strcmp(verdict, "length"))
		return req_fail(rq, ERR_CONFLICT, "its length was told before, and is another");
	return OK;
}

/* Takes the turn at the upload that the path names. */
static enum err take_turn(struct req *rq, struct upload_writer *w)
{
	const char *told = w->length == UPLOAD_UNTOLD ? NULL : req_incoming(rq, "Upload-Length");
	const char *params[] = { rq->ids[0], req_incoming(rq, "Upload-Offset"), told };
	struct rows *rows;
	enum err e;

	if ((e = ask_rows(rq, Q_UPLOAD_TAKE, params, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	if ((e = judge(rq, rows_at(rows, 0, VERDICT))))
		return e;
	memcpy(w->id, rq->ids[0], UUID_TEXT);
	tus_number(rows_at(rows, 0, OFF), &w->off);
	if (rows_at(rows, 0, LENGTH))
		tus_number(rows_at(rows, 0, LENGTH), &w->length);
	w->gen = rows_at(rows, 0, GEN);
	w->want = rows_at(rows, 0, SHA256);
	w->expires = rows_at(rows, 0, EXPIRES);
	w->is_over = !strcmp(rows_at(rows, 0, VERDICT), "done");
	if (rows_at(rows, 0, IS_FREE)[0] == 't' && rows_at(rows, 0, PART)) {
		w->part = rows_at(rows, 0, PART);
		tus_number(rows_at(rows, 0, START), &w->start);
	}
	return check_room(rq, w);
}

static enum err begin_more(struct req *rq)
{
	struct upload_writer *w;
	uint64_t offset;
	enum err e;

	if ((e = check_version(rq)) || (e = check_type(rq)))
		return e;
	if (!tus_number(req_incoming(rq, "Upload-Offset"), &offset))
		return req_fail(rq, ERR_INVALID, "Upload-Offset is a number of bytes");
	w = upload_writer_new(rq);
	if ((e = read_checksum(rq, w)) || (e = read_length(rq, &w->length)))
		return e;
	return take_turn(rq, w);
}

static enum err more(struct req *rq)
{
	struct upload_writer *w = rq->intake;
	const char *sha256 = NULL;
	enum err e;

	/* Of one that is done there is nothing left to bring. */
	if (!w->is_over && (e = upload_end(rq, &sha256)))
		return e;
	tell(rq, w, w->is_over ? w->want : sha256);
	rq->status = 204;
	return OK;
}

static enum err head(struct req *rq)
{
	struct rows *rows;
	enum err e;

	if ((e = check_version(rq)) || (e = ask_rows(rq, Q_UPLOAD_HEAD, rq->ids, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	if (!strcmp(rows_at(rows, 0, 0), "gone"))
		return ERR_GONE;
	req_header(rq, "Upload-Offset", rows_at(rows, 0, 1));
	if (rows_at(rows, 0, 2))
		req_header(rq, "Upload-Length", rows_at(rows, 0, 2));
	else
		req_header(rq, "Upload-Defer-Length", "1");
	if (rows_at(rows, 0, 3)[0])
		req_header(rq, "Upload-Metadata", rows_at(rows, 0, 3));
	req_header(rq, "Upload-Expires", rows_at(rows, 0, 4));
	if (rows_at(rows, 0, 5))
		req_header(rq, "Content-Location",
			   arena_printf(&rq->arena, "/api/v1/files/%s", rows_at(rows, 0, 5)));
	rq->status = 200;
	return OK;
}

static enum err end(struct req *rq)
{
	struct rows *parts, *ended;
	enum err e;

	if ((e = check_version(rq)) || (e = ask_rows(rq, Q_UPLOAD_PARTS, rq->ids, &parts)) ||
	    (e = ask_rows(rq, Q_UPLOAD_END, rq->ids, &ended)))
		return e;
	if (!rows_count(ended))
		return ERR_NOT_FOUND;
	parts_remove(app_of(rq)->config, rq->ids[0], parts);
	return OK;
}

static enum err options(struct req *rq)
{
	req_header(rq, "Tus-Version", TUS_VERSION);
	req_header(rq, "Tus-Extension", TUS_EXTENSION);
	req_header(rq, "Tus-Checksum-Algorithm", TUS_CHECKSUM);
	req_header(rq, "Tus-Max-Size",
		   arena_printf(&rq->arena, "%ld", app_of(rq)->config->file_mib << 20));
	rq->status = 204;
	return OK;
}

enum err uploads_job(struct pools *pools, struct arena *a, const char *payload, struct buf *said)
{
	struct rows *open_ids, *gone;
	struct db *db;
	enum err e;

	(void)payload;
	if ((e = db_take(pools, DB_JOB, &db))) {
		buf_text(said, "the database was away");
		return e;
	}
	if ((e = db_run(db, a, Q_JOB_UPLOAD_SWEEP, NULL, &gone)) ||
	    (e = db_run(db, a, Q_JOB_UPLOAD_OPEN, NULL, &open_ids)))
		buf_text(said, db_message(db));
	else
		buf_printf(said, "uploads gone: %s, files: %d", rows_at(gone, 0, 0),
			   parts_sweep(pools_config(pools), open_ids));
	db_give(db);
	return e;
}

static const struct input page_inputs[] = {
	{ "limit", IN_INT, QUERY, .max = 500, .min = 1 },
	{ "after", IN_UUID, QUERY },
	{ 0 },
};

static const struct header always[] = { { "Tus-Resumable", TUS_VERSION }, { 0 } };
static const struct intake new_intake = { begin_new, upload_take, upload_lost };
static const struct intake more_intake = { begin_more, upload_take, upload_lost };

const struct route upload_routes[] = {
	{ "OPTIONS", "/api/v1/uploads", ROLE_ALL | ROLE_PUBLIC, options,
	  .summary = "What of tus 1.0.0 is spoken here" },
	{ "POST", "/api/v1/uploads", ROLE_ALL, add, .intake = &new_intake, .always = always,
	  .for_queue = true, .by_override = true, .summary = "Begin an upload (tus 1.0.0)" },
	{ "OPTIONS", "/api/v1/uploads/{id}", ROLE_ALL | ROLE_PUBLIC, options,
	  .summary = "What of tus 1.0.0 is spoken here" },
	{ "HEAD", "/api/v1/uploads/{id}", ROLE_ALL, head, .always = always, .by_override = true,
	  .for_queue = true,
	  .summary = "Where an upload stands; whoever was writing writes no more" },
	{ "PATCH", "/api/v1/uploads/{id}", ROLE_ALL, more, .intake = &more_intake, .always = always,
	  .for_queue = true, .by_override = true, .summary = "The next bytes of an upload" },
	{ "DELETE", "/api/v1/uploads/{id}", ROLE_ALL, end, .always = always, .by_override = true,
	  .summary = "End an upload and forget its bytes" },
	{ "GET", "/api/v1/documents/outstanding", ROLE_OFFICE, .inputs = page_inputs,
	  .query = Q_DOCUMENT_ALERTS,
	  .summary = "Documents whose bytes have not arrived in three days" },
	{ 0 },
};
