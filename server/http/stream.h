/* Event streams (server-sent events, WHATWG HTML section 9.2): a reply that stays open. */
#pragma once

#include "http/http.h"

/* Fills `to` with the next events (text of the form "event: …\ndata: …\n\n"), waiting as long as it
 * likes but no longer than about 20 s. False ends the stream. */
typedef bool stream_next(void *source, struct buf *to);

/* Answers with a stream. `done(source)` is called when it has ended, also when this fails. ERR_BUSY
 * when there are config.event_streams already: each holds a thread. */
enum err req_stream(struct req *rq, stream_next *next, void (*done)(void *source), void *source);
