#include "fieldapi/upload_writer.h"

#include <string.h>
#include <unistd.h>

#include "auth/ask.h"
#include "base/clock.h"
#include "documents/store.h"
#include "fieldapi/upload_parts.h"

enum {
	STEP_BYTES = 256 * 1024, /* at least are committed at a time */
	STEP_US = 250 * 1000,    /* and no oftener: each waits for the disk */
	OPEN_MAX = 100,          /* uploads of one person under way at once */
};

#define OPEN_MAX_TEXT "100"

_Static_assert(OPEN_MAX == 100, "OPEN_MAX_TEXT says the same");

static void end_writer(void *writer)
{
	struct upload_writer *w = writer;

	if (w->fd >= 0)
		close(w->fd);
	sha256_end(w->digest, NULL);
	tus_checksum_end(&w->checksum);
}

struct upload_writer *upload_writer_new(struct req *rq)
{
	struct upload_writer *w = arena_alloc(&rq->arena, sizeof(*w));

	w->fd = -1;
	w->length = UPLOAD_UNTOLD;
	w->stepped_us = rq->started_us;
	arena_defer(&rq->arena, end_writer, w);
	rq->intake = w;
	return w;
}

static const char *number(struct req *rq, uint64_t n)
{
	return arena_printf(&rq->arena, "%lu", (unsigned long)n);
}

static const char *length_text(struct req *rq, const struct upload_writer *w)
{
	return w->length == UPLOAD_UNTOLD ? NULL : number(rq, w->length);
}

/* From now on this writer writes no more; what is noted on the request is why. */
static enum err give_up(struct upload_writer *w, enum err e)
{
	w->is_over = true;
	return e;
}

static enum err lost_turn(struct req *rq, struct upload_writer *w)
{
	rq->detail = "the upload is gone on with elsewhere: ask where it stands";
	return give_up(w, ERR_CONFLICT);
}

static enum err no_room(struct req *rq, struct upload_writer *w)
{
	rq->detail = "no room for the file";
	return give_up(w, ERR_BUSY);
}

/* The part to write: the one that the writer before left in order, else a new one. */
static enum err open_part(struct req *rq, struct upload_writer *w)
{
	const struct config *config = app_of(rq)->config;

	if (w->part) {
		w->is_named = true;
		w->fd = parts_open(config, w->id, w->part);
	} else {
		w->part = w->gen;
		w->start = w->off;
		w->fd = parts_new(config);
		if (!w->start)
			w->digest = sha256_start();
	}
	return w->fd < 0 ? no_room(rq, w) : OK;
}

static enum err add_row(struct req *rq, struct upload_writer *w)
{
	const char *params[] = { w->id, length_text(rq, w), w->metadata, w->want, OPEN_MAX_TEXT };
	struct rows *rows;
	enum err e;

	if ((e = ask_rows(rq, Q_UPLOAD_ADD, params, &rows)))
		return give_up(w, e);
	if (!rows_count(rows)) {
		rq->detail = "too many uploads are under way: end some first";
		return give_up(w, ERR_TOO_MANY);
	}
	w->is_new = false;
	w->expires = rows_at(rows, 0, 0);
	return OK;
}

/* Bytes first, then the row: a server that dies between has promised nothing. */
static enum err commit_step(struct req *rq, struct upload_writer *w, bool is_last)
{
	const char *params[] = { w->id,
				 w->gen,
				 number(rq, w->off),
				 number(rq, w->waiting),
				 w->part,
				 length_text(rq, w),
				 is_last ? "true" : "false" };
	struct rows *rows;
	enum err e;

	if (w->is_new && ((e = add_row(rq, w)) || !w->waiting))
		return e;
	if (w->waiting && fdatasync(w->fd))
		return no_room(rq, w);
	if (w->waiting && !w->is_named) {
		if (parts_name(app_of(rq)->config, w->fd, w->id, w->part))
			return no_room(rq, w);
		w->is_named = true;
	}
	if ((e = ask_rows(rq, Q_UPLOAD_STEP, params, &rows)))
		return give_up(w, e);
	if (!rows_count(rows))
		return lost_turn(rq, w);
	w->off += w->waiting;
	w->waiting = 0;
	w->stepped_us = clock_us();
	w->expires = rows_at(rows, 0, 0);
	return OK;
}

static bool is_whole(const struct upload_writer *w)
{
	return w->off + w->waiting == w->length;
}

enum err upload_take(struct req *rq, const char *bytes, size_t length)
{
	struct upload_writer *w = rq->intake;
	uint64_t most = (uint64_t)app_of(rq)->config->file_mib << 20, at;
	enum err e;

	if (w->length < most)
		most = w->length;
	if (w->off + w->waiting + length > most) {
		rq->detail = "more bytes than the upload has";
		return give_up(w, ERR_TOO_LARGE);
	}
	if (w->fd < 0 && (e = open_part(rq, w)))
		return e;
	at = w->off + w->waiting - w->start;
	if (!parts_write(w->fd, bytes, length, at))
		return no_room(rq, w);
	if (w->digest)
		sha256_add(w->digest, bytes, length);
	tus_checksum_add(&w->checksum, bytes, length);
	w->waiting += length;
	w->unsent += length;
	if (w->unsent >= STEP_BYTES && !is_whole(w)) {
		parts_send(w->fd);
		w->unsent = 0;
	}
	/* A chunk that has a checksum counts when all of it is here. */
	if (w->waiting < STEP_BYTES || w->checksum.algorithm || is_whole(w) ||
	    clock_us() - w->stepped_us < STEP_US)
		return OK;
	return commit_step(rq, w, false);
}

/* A file with all the bytes, and what they have: the writer's own part when it holds them all. -1
 * when it cannot be made. */
static int gather(struct req *rq, struct upload_writer *w, const struct rows *parts,
		  char sha256[SHA256_TEXT])
{
	const struct last_part last = { w->fd, w->start, w->length };

	if (w->start)
		return parts_join(app_of(rq)->config, w->id, parts, &last, sha256);
	if (w->digest) {
		sha256_end(w->digest, sha256);
		w->digest = NULL;
		return w->fd;
	}
	/* Of a chunk that was refused more may lie behind the end. */
	if (ftruncate(w->fd, (off_t)w->length) || !parts_hash(w->fd, w->length, sha256))
		return -1;
	return w->fd;
}

/* The bytes are not what they should be: they, and the upload, are of no more use. */
static enum err refuse(struct req *rq, struct upload_writer *w, const struct rows *parts,
		       enum err e)
{
	const char *id = w->id;

	if (!w->is_new && !ask_rows(rq, Q_UPLOAD_END, &id, NULL) && parts)
		parts_remove(app_of(rq)->config, w->id, parts);
	return give_up(w, e);
}

static enum err note_whole(struct req *rq, struct upload_writer *w, const char *sha256,
			   const char *type)
{
	const char *made[] = { w->id, number(rq, w->length), w->metadata, sha256, type };
	const char *done[] = { w->id,  w->gen, number(rq, w->off), number(rq, w->length),
			       sha256, type };
	struct rows *rows;
	enum err e = w->is_new ? ask_rows(rq, Q_UPLOAD_WHOLE, made, &rows)
			       : ask_rows(rq, Q_UPLOAD_FINISH, done, &rows);

	if (e)
		return give_up(w, e);
	if (!rows_count(rows))
		return lost_turn(rq, w);
	w->off = w->length;
	w->waiting = 0;
	w->expires = rows_at(rows, 0, 0);
	return OK;
}

/* Checked, stored and noted before the row says that the last byte is here: an upload that stands
 * at its end is a file. */
static enum err finish(struct req *rq, struct upload_writer *w, const char **sha256)
{
	char *found = arena_alloc(&rq->arena, SHA256_TEXT);
	const char *id = w->id, *type;
	struct rows *parts = NULL;
	enum err e;
	int fd;

	if ((w->is_named || w->start) && (e = ask_rows(rq, Q_UPLOAD_PARTS, &id, &parts)))
		return give_up(w, e);
	if (w->fd < 0 && (e = open_part(rq, w)))
		return e;
	if ((fd = gather(rq, w, parts, found)) < 0)
		return no_room(rq, w);
	if (fd != w->fd) {
		close(w->fd);
		w->fd = fd;
	}
	if (w->want && strcmp(w->want, found)) {
		req_fail(rq, OK, "the bytes have SHA-256 %s", found);
		return refuse(rq, w, parts, ERR_UNPROCESSABLE);
	}
	/* Nothing at all is of no type. */
	if (!(type = w->length ? store_accepted(fd) : "application/x-empty")) {
		req_fail(rq, OK, "%s", store_takes);
		return refuse(rq, w, parts, ERR_MEDIA_TYPE);
	}
	if (store_keep(app_of(rq)->config, fd, found))
		return no_room(rq, w);
	if ((e = note_whole(rq, w, found, type)))
		return e;
	if (parts)
		parts_remove(app_of(rq)->config, w->id, parts);
	*sha256 = found;
	return OK;
}

enum err upload_end(struct req *rq, const char **sha256)
{
	struct upload_writer *w = rq->intake;

	*sha256 = NULL;
	if (!tus_checksum_is_right(&w->checksum))
		return give_up(w, ERR_CHECKSUM);
	return is_whole(w) ? finish(rq, w, sha256) : commit_step(rq, w, true);
}

void upload_lost(struct req *rq)
{
	struct upload_writer *w = rq->intake;
	const char *id = w->id, *sha256;
	struct rows *parts;

	if (rq->refused || w->is_over || w->is_new)
		return;
	/* Where it is was never told, so nobody comes back to it. */
	if (w->metadata && !ask_rows(rq, Q_UPLOAD_PARTS, &id, &parts))
		refuse(rq, w, parts, OK);
	else if (!w->checksum.algorithm)
		upload_end(rq, &sha256);
}
