#include "http/static.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sha256.h"

enum { FILES_MAX = 2000, PATH_BYTES = 1024, DEPTH_MAX = 6, HASH_BLOCK = 16384 };

struct page_file {
	char *url, *path;
	const char *type;
	char etag[20];
	off_t size[3]; /* plain, brotli, gzip; -1: not made */
};

struct pages {
	struct page_file files[FILES_MAX];
	int count;
};

static const char *const endings[3] = { "", ".br", ".gz" };
static const char *const codings[3] = { NULL, "br", "gzip" };

static const char *type_of(const char *path)
{
	static const struct {
		const char *ending, *type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".mjs", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".webmanifest", "application/manifest+json" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".jpg", "image/jpeg" },
		{ ".webp", "image/webp" },
		{ ".ico", "image/x-icon" },
		{ ".woff2", "font/woff2" },
		{ ".txt", "text/plain; charset=utf-8" },
	};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(dot, types[i].ending))
			return types[i].type;
	return NULL;
}

/* The first 16 hex digits of the contents' SHA-256, in quotes. */
static bool make_etag(const char *path, char etag[20])
{
	struct sha256 *sha = sha256_start();
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char bytes[HASH_BLOCK], digits[SHA256_TEXT];
	ssize_t got = -1;

	while (fd >= 0 && (got = read(fd, bytes, sizeof(bytes))) > 0)
		sha256_add(sha, bytes, (size_t)got);
	if (fd >= 0)
		close(fd);
	sha256_end(sha, digits);
	snprintf(etag, 20, "\"%.16s\"", digits);
	return got == 0;
}

static void add_file(struct pages *pages, const char *root, const char *path)
{
	struct page_file *file = &pages->files[pages->count];
	const char *type = type_of(path);
	char name[PATH_BYTES + 8];
	struct stat st;

	if (!type || pages->count == FILES_MAX || !make_etag(path, file->etag))
		return;
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		file->size[i] = stat(name, &st) == 0 ? st.st_size : -1;
	}
	file->type = type;
	file->path = strdup(path);
	file->url = strdup(path + strlen(root));
	pages->count++;
}

static void read_tree(struct pages *pages, const char *root, const char *directory, int depth)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		char path[PATH_BYTES];
		struct stat st;
		int length;

		if (entry->d_name[0] == '.')
			continue;
		length = snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (length < 0 || (size_t)length >= sizeof(path) || stat(path, &st))
			continue;
		if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
			read_tree(pages, root, path, depth + 1);
		else if (S_ISREG(st.st_mode))
			add_file(pages, root, path);
	}
	closedir(dir);
}

struct pages *pages_open(const char *directory)
{
	struct pages *pages = calloc(1, sizeof(*pages));

	if (!pages)
		abort();
	read_tree(pages, directory, directory, 0);
	if (!pages->count)
		log_warn("pages", "no pages in %s: only the API is served", directory);
	return pages;
}

void pages_close(struct pages *pages)
{
	if (!pages)
		return;
	for (int i = 0; i < pages->count; i++) {
		free(pages->files[i].path);
		free(pages->files[i].url);
	}
	free(pages);
}

static const struct page_file *find_file(const struct pages *pages, const char *url)
{
	for (int i = 0; i < pages->count; i++)
		if (!strcmp(pages->files[i].url, url))
			return &pages->files[i];
	return NULL;
}

/* A page has one document; what follows its first segment is the page's own affair. */
static const struct page_file *find_page(const struct pages *pages, const char *path)
{
	static const char *const names[] = { "minside", "field", "office", "supplier", "q" };

	if (path[0] != '/')
		return NULL;
	if (!strcmp(path, "/"))
		return find_file(pages, "/index.html");
	if (!strcmp(path, "/api/docs"))
		return find_file(pages, "/docs.html");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length = strlen(names[i]);
		char url[32];

		if (strncmp(path + 1, names[i], length) ||
		    (path[length + 1] && path[length + 1] != '/'))
			continue;
		snprintf(url, sizeof(url), "/%s.html", names[i]);
		return find_file(pages, url);
	}
	return NULL;
}

static int pick_coding(struct req *rq, const struct page_file *file)
{
	const char *accepts = req_incoming(rq, "Accept-Encoding");

	for (int i = 1; i < 3; i++)
		if (accepts && file->size[i] >= 0 && strstr(accepts, codings[i]))
			return i;
	return 0;
}

static void add_headers(struct req *rq, const struct page_file *file, int coding)
{
	bool is_named_by_hash = !strncmp(file->url, "/assets/", 8);

	req_header(rq, "ETag", file->etag);
	req_header(rq, "Cache-Control",
		   is_named_by_hash ? "public, max-age=31536000, immutable" : "no-cache");
	req_header(rq, "Vary", "Accept-Encoding");
	if (coding)
		req_header(rq, "Content-Encoding", codings[coding]);
}

enum err pages_answer(const struct pages *pages, struct req *rq)
{
	const struct page_file *file = find_file(pages, rq->path);
	const char *known = req_incoming(rq, "If-None-Match");
	char name[PATH_BYTES + 8];
	int coding, fd;

	if (!file)
		file = find_page(pages, rq->path);
	if (!file)
		return ERR_NOT_FOUND;
	coding = pick_coding(rq, file);
	add_headers(rq, file, coding);
	if (known && strstr(known, file->etag)) {
		rq->status = 304;
		return OK;
	}
	snprintf(name, sizeof(name), "%s%s", file->path, endings[coding]);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return req_fail(rq, ERR_BUSY, "the page is being replaced: %s", strerror(errno));
	return req_send_file(rq, fd, (uint64_t)file->size[coding], file->type);
}
