/* What the routes of tablets share that go by the tablet's own key and not by a session: checking
 * the request's proof, asking the database as a job, and saying what it answered. */
#pragma once

#include "auth/app.h"
#include "db/rows.h"

/* Runs a statement for somebody who has no session: the credential was looked at here. */
enum err device_ask(struct req *rq, enum query q, const char *const *params, struct rows **out);

/* OK when the database's outcome is `ok`, else how that outcome is said to a tablet. */
enum err device_refuse(struct req *rq, const char *outcome);

/* Whether the request's proof is by the owner of `key`, about `subject`. `id` becomes the proof's
 * own, which the database sees to that it comes once. */
enum err device_proof_by(struct req *rq, const char *key, const char *subject, const char *audience,
			 int64_t now_s, const char **id);

/* The request's proof by the request's device, whatever the device's state. */
enum err device_proof(struct req *rq, const char *audience, const char **id);

/* Says by name what has been done, from a row whose first column is the outcome: any network can
 * answer with a status. */
enum err device_receipt(struct req *rq, const struct rows *rows);
