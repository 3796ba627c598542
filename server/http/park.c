#include "http/park.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/internal.h"

enum { HEAD_MAX = 1024 };

/* libmicrohttpd gives no socket back: it closes and shuts down whatever has the number that it
 * accepted. So the number gets another socket, without an other end, and the one that leads to the
 * client goes on under a number of ours. No one but this thread touches either meanwhile. */
static int take_socket(struct req *rq)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(rq->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	int fd, empty = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (empty < 0)
		return -1;
	fd = fcntl(info->connect_fd, F_DUPFD_CLOEXEC, 0);
	if (fd >= 0 && (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) ||
			dup3(empty, info->connect_fd, O_CLOEXEC) < 0)) {
		close(fd);
		fd = -1;
	}
	close(empty);
	return fd;
}

bool park_send(int fd, const char *bytes, size_t length)
{
	ssize_t sent;

	do
		sent = send(fd, bytes, length, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)length;
}

bool park_is_over(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLRDHUP };

	return poll(&p, 1, 0) != 0;
}

enum err req_park(struct req *rq, const char *type, int *fd)
{
	struct buf head;
	bool is_sent;

	*fd = take_socket(rq);
	if (*fd < 0)
		return req_fail(rq, ERR_BUSY, "no more open files");
	buf_init(&head, HEAD_MAX);
	buf_printf(&head,
		   "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nCache-Control: no-store\r\n"
		   "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n"
		   "X-Accel-Buffering: no\r\nX-Request-Id: %s\r\nConnection: close\r\n\r\n",
		   type, rq->id);
	is_sent = park_send(*fd, head.at, head.length);
	buf_release(&head);
	rq->is_parked = true;
	rq->status = 200;
	if (is_sent)
		return OK;
	close(*fd);
	*fd = -1;
	return OK;
}

void park_prepare(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur == files.rlim_max)
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}
