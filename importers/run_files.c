#include "importers/run_files.h"

#include "base/sha256.h"
#include "importers/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SENT_MAX = 2000 /* files sent one by one */ };

static const char *text_of(const json_t *each, const char *name)
{
	return json_string_value(json_object_get(each, name));
}

static const char *check_one(struct arena *a, const struct config *config, const json_t *each)
{
	const char *sha256 = text_of(each, "sha256"), *path = text_of(each, "path");
	int fd;

	if (!sha256 || strlen(sha256) != SHA256_TEXT - 1 ||
	    strspn(sha256, "0123456789abcdef") != SHA256_TEXT - 1)
		return "hver fil må ha sin SHA-256";
	if (json_object_get(each, "path") && !path)
		return "stien må være tekst";
	if (path && !unpack_is_path(path))
		return arena_printf(a, "«%s» er ingen sti under mappen", path);
	fd = spool_open(config, sha256, NULL);
	if (fd < 0)
		return arena_printf(a, "filen «%s» er ikke her: send den først",
				    path ? path : sha256);
	close(fd);
	return NULL;
}

const char *run_files_check(struct arena *a, const struct config *config, const char *json)
{
	json_t *list = json_loads(json, 0, NULL);
	const char *why = NULL;
	const json_t *each;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > SENT_MAX)
		why = arena_printf(a, "filene må være en liste med 1 til %d: pakk dem i en zip",
				   SENT_MAX);
	else
		json_array_foreach(list, i, each)
		{
			if ((why = check_one(a, config, each)))
				break;
		}
	json_decref(list);
	return why;
}

static enum err lay_all(struct unpack *u, const json_t *list)
{
	const json_t *each;
	enum err e;
	size_t i;

	json_array_foreach(list, i, each)
	{
		const char *sha256 = text_of(each, "sha256"), *path = text_of(each, "path");

		e = path ? unpack_file(u, sha256, path) : unpack_archive(u, sha256);
		if (e)
			return e;
	}
	return OK;
}

enum err run_files_lay(struct unpack *u, const char *run, const char *json, const char **folder)
{
	json_t *list = json_loads(json, 0, NULL);
	char path[SPOOL_PATH];
	enum err e = ERR_UNPROCESSABLE;

	spool_folder(u->config, run, path);
	*folder = arena_text(u->arena, path);
	u->folder = mkdir(path, 0700) ? -1 : open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (u->folder < 0)
		u->why =
			arena_printf(u->arena, "det er ikke plass til filene: %s", strerror(errno));
	else
		e = lay_all(u, list);
	if (u->folder >= 0)
		close(u->folder);
	json_decref(list);
	return e;
}

void run_files_remove(const struct config *config, const char *run)
{
	char path[SPOOL_PATH];

	spool_folder(config, run, path);
	spool_remove(path);
}
