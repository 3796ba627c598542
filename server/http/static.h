/* The built pages: a table of the files made at start, so that no path from outside ever becomes a
 * file name. */
#pragma once

#include "http/http.h"

struct pages;

/* Reads the directory (web/dist). A missing one gives an empty table. */
struct pages *pages_open(const char *directory);
void pages_close(struct pages *pages);

/* Answers with the page or file of rq->path: brotli or gzip when the browser takes it and it was
 * made at build. ERR_NOT_FOUND when there is none. */
enum err pages_answer(const struct pages *pages, struct req *rq);
