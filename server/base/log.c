#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

enum { TEXT_MAX = 4000, REQUEST_MAX = 36 };

static const char *const names[LOG__MAX] = { "debug", "info", "warn", "error" };
static enum log_level lowest = LOG_INFO;
static _Thread_local char request_id[REQUEST_MAX + 1];

void log_set_level(enum log_level level)
{
	lowest = level;
}

bool log_level_parse(const char *text, enum log_level *level)
{
	for (int i = 0; i < LOG__MAX; i++) {
		if (!strcmp(text, names[i])) {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

void log_request(const char *id)
{
	snprintf(request_id, sizeof(request_id), "%s", id ? id : "");
}

void log_write(enum log_level level, const char *event, const char *format, ...)
{
	char text[TEXT_MAX];
	struct timespec now;
	struct tm utc;
	struct buf line;
	va_list args;
	ssize_t written;

	if (level < lowest)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	buf_init(&line, (size_t)TEXT_MAX * 8);
	buf_printf(&line, "{\"at\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ\",\"level\":\"%s\"",
		   utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
		   utc.tm_sec, now.tv_nsec / 1000000, names[level]);
	buf_printf(&line, ",\"event\":\"%s\"", event);
	if (request_id[0])
		buf_printf(&line, ",\"request\":\"%s\"", request_id);
	buf_text(&line, ",\"text\":");
	buf_json(&line, text, strlen(text));
	buf_text(&line, "}\n");
	/* One write a line, so that lines of several threads never mix. */
	written = write(STDERR_FILENO, line.at, line.length);
	(void)written;
	buf_release(&line);
}
