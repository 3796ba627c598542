/* Uploads that go on after a break, by tus 1.0.0 (tus.io): docs/sync-protocol.md, «Uploads». What
 * is whole becomes a file of the content store, as if it had been put there in one piece. */
#pragma once

#include "auth/app.h"

extern const struct route upload_routes[];

/* Makes the folder that uploads lie in until they are whole. False when it cannot, with errno set.
 */
bool uploads_prepare(const struct config *config);

/* A night's work: uploads that nobody went on with are forgotten, and their files removed. */
enum err uploads_job(struct pools *pools, struct arena *a, const char *payload, struct buf *said);
