/* Replies that wait long and hold no thread: their sockets are taken from the threads that read the
 * requests, and one thread of the taker's writes to all of them. */
#pragma once

#include "http/http.h"

/* Sends the head of a reply whose end is the connection's, and takes the connection over. `*fd` is
 * the caller's: it never blocks, and close() ends the reply. A request is parked as the last thing
 * that its handler does. */
enum err req_park(struct req *rq, const char *type, int *fd);

/* Whether all bytes went out. When not, the connection is of no more use: whoever reads so slowly
 * that the socket's buffer is full comes back. */
bool park_send(int fd, const char *bytes, size_t length);

/* Whether the other end has gone, or said something more, which ends the reply likewise. */
bool park_is_over(int fd);

/* As many open files as this process may have, since each parked reply is one. */
void park_prepare(void);
