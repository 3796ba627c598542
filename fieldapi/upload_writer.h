/* A request that brings bytes of an upload. It has a turn (`gen`); what came is on disk before
 * the row says so (each 256 KiB, at most four times a second), and the row takes them only while it
 * is still this writer's turn. So a request that a proxy holds half open cannot disturb the one
 * that came after it, and nothing is locked. */
#pragma once

#include "base/sha256.h"
#include "base/uuid.h"
#include "fieldapi/tus.h"
#include "http/http.h"

struct upload_writer {
	char id[UUID_TEXT];
	const char *gen, *part; /* its turn; the part that it writes, NULL before there is one */
	int fd;                 /* of the part, -1 before there is one */
	uint64_t off;           /* bytes of the upload that the row knows of */
	uint64_t waiting;       /* bytes on top of those, in the part */
	uint64_t unsent;        /* bytes that the disk has not been asked to write yet */
	uint64_t start;         /* where in the upload the part begins */
	uint64_t length;        /* of the upload, UPLOAD_UNTOLD when that is not known yet */
	uint64_t stepped_us;    /* when the row heard last */
	bool is_new;            /* there is no row yet */
	bool is_named;          /* the part has a name */
	bool is_over;           /* lost its turn, or failed: writes no more */
	struct sha256 *digest;  /* of all bytes, NULL unless this writer has seen them all */
	struct tus_checksum checksum;
	const char *want;     /* the SHA-256 that the bytes are said to have, NULL when not said */
	const char *metadata; /* of one that this request makes, else NULL */
	const char *expires;  /* as the row said last */
};

#define UPLOAD_UNTOLD UINT64_MAX

/* A writer of the request's, with nothing written. Lives and ends with the request. */
struct upload_writer *upload_writer_new(struct req *rq);

/* Takes the next bytes; the intake of the routes. */
enum err upload_take(struct req *rq, const char *bytes, size_t length);

/* The connection is lost: what came is kept, unless it was to be held against a checksum. */
void upload_lost(struct req *rq);

/* All that the request brings is here: commits it and, when the upload is whole, moves it into the
 * content store. `sha256` gets the name it has there, NULL when it is not whole. */
enum err upload_end(struct req *rq, const char **sha256);
