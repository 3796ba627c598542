#include "importers/reader_file.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFERED = 64 * 1024, CACHED = 4 * 1024 * 1024 };

static const char zip_root[] = "/vsizip/{/vsiinput/input}";

struct file_failures file_failures;

static struct zip_entry *entries;
static size_t entry_count;

static void CPL_STDCALL on_error(CPLErr level, CPLErrorNum number, const char *text)
{
	struct file_failures *f = CPLGetErrorHandlerUserData();

	if (level >= CE_Failure && number == CPLE_OutOfMemory)
		f->is_memory = true;
	if (level >= CE_Failure && f->count++ == 0)
		snprintf(f->first, sizeof(f->first), "%s", text);
}

/* -- the file as GDAL's ------------------------------------------------------------------------ */

struct handle {
	off_t at;
	bool is_at_end;
};

uint64_t file_size(void)
{
	struct stat st;

	return fstat(STDIN_FILENO, &st) || st.st_size < 0 ? 0 : (uint64_t)st.st_size;
}

/* One file is there, under the first name that is asked for: drivers want its ending, and would
 * take others beside it (input.gfs, input.xsd) for more of it. */
static bool is_input(const char *name)
{
	static char known[64];

	if (!known[0])
		snprintf(known, sizeof(known), "%s", name);
	return !strcmp(known, name);
}

static int vsi_stat(void *context, const char *name, VSIStatBufL *to, int flags)
{
	(void)context;
	(void)flags;
	memset(to, 0, sizeof(*to));
	if (!is_input(name))
		return -1;
	to->st_mode = S_IFREG | 0400;
	to->st_size = (off_t)file_size();
	return 0;
}

static void *vsi_open(void *context, const char *name, const char *access)
{
	(void)context;
	if (!is_input(name) || strpbrk(access, "wa+"))
		return NULL;
	return calloc(1, sizeof(struct handle));
}

static vsi_l_offset vsi_tell(void *file)
{
	const struct handle *h = file;

	return (vsi_l_offset)h->at;
}

static int vsi_seek(void *file, vsi_l_offset offset, int whence)
{
	struct handle *h = file;

	h->is_at_end = false;
	h->at = (off_t)offset + (whence == SEEK_CUR   ? h->at
				 : whence == SEEK_END ? (off_t)file_size()
						      : 0);
	return 0;
}

static size_t vsi_read(void *file, void *to, size_t size, size_t count)
{
	struct handle *h = file;
	size_t want = size * count, got = 0;

	while (got < want) {
		ssize_t n = pread(STDIN_FILENO, (char *)to + got, want - got, h->at);

		if (n <= 0) {
			h->is_at_end = true;
			break;
		}
		got += (size_t)n;
		h->at += n;
	}
	return size ? got / size : 0;
}

static int vsi_eof(void *file)
{
	const struct handle *h = file;

	return h->is_at_end;
}

static int vsi_close(void *file)
{
	free(file);
	return 0;
}

void file_prepare(void)
{
	VSIFilesystemPluginCallbacksStruct *calls = VSIAllocFilesystemPluginCallbacksStruct();

	CPLSetConfigOption("GDAL_DRIVER_PATH", "disable");
	CPLSetConfigOption("GDAL_NUM_THREADS", "1");
	CPLSetConfigOption("CPL_VSIL_ZIP_ALLOWED_EXTENSIONS", "");
	CPLSetConfigOption("GDAL_PAM_ENABLED", "NO");
	CPLSetConfigOption("GML_PARSER", "EXPAT");
	CPLPushErrorHandlerEx(on_error, &file_failures);
	calls->stat = vsi_stat;
	calls->open = vsi_open;
	calls->tell = vsi_tell;
	calls->seek = vsi_seek;
	calls->read = vsi_read;
	calls->eof = vsi_eof;
	calls->close = vsi_close;
	calls->nBufferSize = BUFFERED;
	calls->nCacheSize = CACHED;
	VSIInstallPluginHandler("/vsiinput/", calls);
	VSIFreeFilesystemPluginCallbacksStruct(calls);
}

/* -- its bytes --------------------------------------------------------------------------------- */

static size_t plain_read(struct source *s, char *to, size_t room)
{
	ssize_t n = read(STDIN_FILENO, to, room);

	if (n < 0)
		s->fault = "read";
	s->seen += n > 0 ? (size_t)n : 0;
	return n > 0 ? (size_t)n : 0;
}

static bool plain_rewind(struct source *s)
{
	s->seen = 0;
	if (lseek(STDIN_FILENO, 0, SEEK_SET) == 0)
		return true;
	s->fault = "read";
	return false;
}

void file_source(struct source *s)
{
	*s = (struct source){ .read = plain_read, .rewind = plain_rewind, .size = file_size() };
	s->rewind(s);
}

size_t file_head(char *to, size_t room)
{
	ssize_t n = pread(STDIN_FILENO, to, room, 0);

	return n > 0 ? (size_t)n : 0;
}

/* -- zip --------------------------------------------------------------------------------------- */

const char *zip_list(struct zip_entry **to, size_t *count, size_t most)
{
	VSIDIR *dir = VSIOpenDir(zip_root, -1, NULL);
	const VSIDIREntry *found;

	*count = 0;
	if (!dir)
		return "library";
	entries = calloc(most, sizeof(*entries));
	if (!entries)
		abort();
	while ((found = VSIGetNextDirEntry(dir))) {
		struct zip_entry *e = &entries[entry_count];

		if (VSI_ISDIR(found->nMode))
			continue;
		if (entry_count == most || strlen(found->pszName) >= FILE_NAME_MAX)
			break;
		snprintf(e->name, sizeof(e->name), "%s", found->pszName);
		e->size = found->nSize;
		entry_count++;
	}
	VSICloseDir(dir);
	*to = entries;
	*count = entry_count;
	if (found)
		return "zip_entries";
	return file_failures.count ? "library" : NULL;
}

static size_t member_read(struct source *s, char *to, size_t room)
{
	size_t n = VSIFReadL(to, 1, room, s->of);

	s->seen += n;
	if (file_failures.count)
		s->fault = "library";
	else if (s->seen > (uint64_t)FILE_PLAIN_MIB << 20 && s->seen / FILE_RATIO_MAX > s->size)
		s->fault = "bomb";
	return s->fault ? 0 : n;
}

static bool member_rewind(struct source *s)
{
	s->seen = 0;
	return VSIFSeekL(s->of, 0, SEEK_SET) == 0;
}

static void member_close(struct source *s)
{
	VSIFCloseL(s->of);
}

bool zip_source(const char *member, struct source *s)
{
	char path[FILE_NAME_MAX + sizeof(zip_root) + 1];

	snprintf(path, sizeof(path), "%s/%s", zip_root, member);
	*s = (struct source){ .read = member_read,
			      .rewind = member_rewind,
			      .close = member_close,
			      .size = file_size() };
	for (size_t i = 0; i < entry_count; i++) {
		if (!strcmp(entries[i].name, member))
			s->of = VSIFOpenL(path, "rb");
	}
	return s->of != NULL;
}

static bool archive_open(struct archive *a, const char *member, struct source *s)
{
	(void)a;
	return zip_source(member, s);
}

struct archive zip_archive(void)
{
	return (struct archive){ archive_open, NULL };
}

static size_t stem_length(const char *name, bool is_folder)
{
	const char *slash = strrchr(name, '/');
	const char *dot = strrchr(name, '.');

	if (is_folder)
		return slash ? (size_t)(slash + 1 - name) : 0;
	return dot && (!slash || dot > slash) ? (size_t)(dot + 1 - name) : strlen(name);
}

static const char *unpack_one(const struct zip_entry *e, const char *folder, uint64_t *total)
{
	const char *slash = strrchr(e->name, '/');
	char path[FILE_NAME_MAX + 20];
	struct source s;
	const char *fault = NULL;
	VSILFILE *to;
	char *piece;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", folder, slash ? slash + 1 : e->name);
	if (!zip_source(e->name, &s))
		return "library";
	to = VSIFOpenL(path, "wb");
	piece = malloc(BUFFERED);
	if (!to || !piece)
		abort();
	while (!fault && (n = s.read(&s, piece, BUFFERED)) > 0) {
		*total += n;
		if (*total > (uint64_t)FILE_UNPACKED_MIB << 20)
			fault = "too_large";
		else if (VSIFWriteL(piece, 1, n, to) != n)
			fault = "memory";
	}
	free(piece);
	VSIFCloseL(to);
	s.close(&s);
	return fault ? fault : s.fault;
}

const char *zip_unpack(const char *like, bool is_folder, const char *folder)
{
	size_t stem = stem_length(like, is_folder);
	const char *fault = NULL;
	uint64_t total = 0;

	VSIMkdir(folder, 0700);
	for (size_t i = 0; i < entry_count && !fault; i++) {
		if (stem_length(entries[i].name, is_folder) == stem &&
		    !strncasecmp(entries[i].name, like, stem))
			fault = unpack_one(&entries[i], folder, &total);
	}
	return fault;
}
