#include "importers/reader_unpack.h"

#include "base/fd.h"
#include "importers/reader.h"
#include "importers/reader_file.h"
#include "importers/reader_sniff.h"
#include "importers/unpack_pipe.h"

#include <string.h>
#include <unistd.h>

enum { PIECE = 256 * 1024 };

static bool write_piece(char what, const char *bytes, size_t length)
{
	const unsigned char head[UNPACK_PIPE_HEAD] = { (unsigned char)what, (unsigned char)length,
						       (unsigned char)(length >> 8),
						       (unsigned char)(length >> 16),
						       (unsigned char)(length >> 24) };

	return fd_write(STDOUT_FILENO, head, sizeof(head)) &&
	       fd_write(STDOUT_FILENO, bytes, length);
}

/* Resource forks that macOS lays beside the files are no files of the export. */
static bool is_file(const char *name)
{
	const char *slash = strrchr(name, '/');

	return strncmp(name, "__MACOSX/", 9) != 0 &&
	       strcmp(slash ? slash + 1 : name, ".DS_Store") != 0;
}

static const char *give(const char *name)
{
	static char piece[PIECE];
	const char *fault = NULL;
	struct source s;
	size_t n;

	if (!zip_source(name, &s))
		return "library";
	if (!write_piece(UNPACK_PIPE_NAME, name, strlen(name)))
		fault = "read";
	while (!fault && (n = s.read(&s, piece, sizeof(piece))) > 0) {
		if (!write_piece(UNPACK_PIPE_DATA, piece, n))
			fault = "read";
	}
	fault = s.fault ? s.fault : fault;
	s.close(&s);
	return fault;
}

int reader_unpack(void)
{
	struct zip_entry *entries;
	char head[SNIFF_HEAD];
	const char *fault, *format = sniff(head, file_head(head, sizeof(head)), &fault);
	size_t count;

	if (!fault && strcmp(format, "zip") != 0)
		fault = "no_zip";
	if (!fault)
		fault = zip_list(&entries, &count, FILE_UNPACK_ENTRIES_MAX);
	for (size_t i = 0; !fault && i < count; i++) {
		if (is_file(entries[i].name))
			fault = give(entries[i].name);
	}
	if (!fault && !write_piece(UNPACK_PIPE_END, "", 0))
		fault = "read";
	return fault ? reader_fail(fault, file_failures.first) : 0;
}
