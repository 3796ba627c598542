/* Structured log: one JSON object a line, on standard error. Never personal data,
 * tokens or bodies: ids only. */
#pragma once

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG__MAX };

/* Lines below `level` are not written. Set once, before threads start. */
void log_set_level(enum log_level level);

/* "debug", "info", "warn", "error" to a level; false if it is none of them. */
bool log_level_parse(const char *text, enum log_level *level);

/* Names the request that this thread works for (32 bytes are kept); NULL when it is done. */
void log_request(const char *id);

/* Writes {"at":…,"level":…,"event":event,"request":…,"text":…}. `event` is a constant word to
 * search for; the formatted text is for people. Cuts at 4 000 bytes. */
__attribute__((format(printf, 3, 4))) void log_write(enum log_level level, const char *event,
						     const char *format, ...);

#define log_debug(event, ...) log_write(LOG_DEBUG, event, __VA_ARGS__)
#define log_info(event, ...)  log_write(LOG_INFO, event, __VA_ARGS__)
#define log_warn(event, ...)  log_write(LOG_WARN, event, __VA_ARGS__)
#define log_error(event, ...) log_write(LOG_ERROR, event, __VA_ARGS__)
