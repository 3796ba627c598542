#include "importers/reader_sniff.h"

#include "base/str.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Files that are read by nobody here, and the word that says what they are. */
static const struct {
	const char *magic;
	size_t length;
	const char *fault;
} others[] = {
	{ "\xd0\xcf\x11\xe0", 4, "xls" },
	{ "%PDF", 4, "pdf" },
	{ "PK\5\6", 4, "empty_zip" },
	{ "\xff\xd8\xff", 3, "picture" },
	{ "\x89PNG", 4, "picture" },
	{ "GIF8", 4, "picture" },
	{ "II*\0", 4, "picture" },
	{ "MM\0*", 4, "picture" },
	{ "\x1f\x8b", 2, "packed" },
	{ "7z\xbc\xaf\x27\x1c", 6, "packed" },
	{ "Rar!", 4, "packed" },
	{ "\x7f"
	  "ELF",
	  4, "program" },
	{ "MZ\x90\0", 4, "program" },
	{ "AC10", 4, "dwg" },
	{ "\0\0\x27\x0a", 4, "lone_shp" },
	{ "!table", 6, "lone_tab" },
};

static struct str skipped(struct str s)
{
	while (s.length && is_space(s.at[0])) {
		s.at++;
		s.length--;
	}
	return s;
}

static bool starts(struct str s, const char *with)
{
	size_t n = strlen(with);

	return s.length >= n && !strncasecmp(s.at, with, n);
}

/* What follows the first `end` in `s`; empty when it is not there. */
static struct str after(struct str s, const char *end)
{
	const char *found = memmem(s.at, s.length, end, strlen(end));
	size_t n = found ? (size_t)(found - s.at) + strlen(end) : s.length;

	return (struct str){ s.at + n, s.length - n };
}

static bool holds(struct str s, const char *word)
{
	return memmem(s.at, s.length, word, strlen(word)) != NULL;
}

/* By its first element, what is before it passed over. */
static const char *sniff_xml(struct str s, const char **fault)
{
	struct str root;

	for (;;) {
		s = skipped(s);
		if (starts(s, "<?"))
			s = after(s, "?>");
		else if (starts(s, "<!--"))
			s = after(s, "-->");
		else
			break;
	}
	root = (struct str){ s.at, s.length - after(s, ">").length };
	if (starts(s, "<!DOCTYPE html") || starts(s, "<html"))
		*fault = "html";
	else if (starts(s, "<!"))
		*fault = "doctype";
	else if (holds(root, "OGRVRT") || holds(root, "VRTDataset"))
		*fault = "vrt";
	else if (s.length == 0)
		*fault = "library";
	if (*fault)
		return NULL;
	return holds(root, "opengis.net/gml") ? "gml" : "xml";
}

static const char *sniff_json(struct str s)
{
	struct str head = { s.at, s.length < 4096 ? s.length : 4096 };
	struct str next = skipped((struct str){ s.at + 1, s.length - 1 });
	bool is_object = s.at[0] == '{';

	if (next.length && !strchr(is_object ? "\"}" : "{[]\"-0123456789tfn", next.at[0]))
		return NULL;
	if (is_object && (holds(head, "\"FeatureCollection\"") || holds(head, "\"Feature\"")))
		return "geojson";
	return "json";
}

static bool is_dxf(struct str s)
{
	struct str rest = s, line = str_cut(&rest, '\n'), next = str_cut(&rest, '\n');

	if (starts(s, "AutoCAD Binary DXF"))
		return true;
	line = skipped(line);
	next = skipped(next);
	return line.length > 0 && line.length <= 2 && line.at[0] == '0' && starts(next, "SECTION");
}

const char *sniff(const char *head, size_t length, const char **fault)
{
	struct str s = { head, length };
	const char *format = NULL;

	*fault = NULL;
	if (length == 0)
		*fault = "empty";
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]) && !*fault; i++) {
		if (length >= others[i].length && !memcmp(head, others[i].magic, others[i].length))
			*fault = others[i].fault;
	}
	if (*fault)
		return NULL;
	if (length >= 4 && !memcmp(head, "PK\3\4", 4))
		return "zip";
	if (length >= 16 && !memcmp(head, "SQLite format 3", 16)) {
		if (length >= 72 && (!memcmp(head + 68, "GPKG", 4) || !memcmp(head + 68, "GP1", 3)))
			return "gpkg";
		*fault = "sqlite";
		return NULL;
	}
	/* XML in UTF-16, with or without its mark. */
	if (length >= 4 && (!memcmp(head, "\xff\xfe<\0", 4) || !memcmp(head, "\xfe\xff\0<", 4) ||
			    !memcmp(head, "<\0?\0", 4) || !memcmp(head, "\0<\0?", 4)))
		return "xml";
	if (length >= 3 && !memcmp(head, "\xef\xbb\xbf", 3))
		s = (struct str){ head + 3, length - 3 };
	if (is_dxf(s))
		return "dxf";
	s = skipped(s);
	if (starts(s, "<"))
		return sniff_xml(s, fault);
	if (starts(s, ".HODE"))
		return "sosi";
	if (starts(s, "Version ") &&
	    holds((struct str){ s.at, s.length < 4096 ? s.length : 4096 }, "\nColumns"))
		return "mapinfo";
	if (s.length && (s.at[0] == '{' || s.at[0] == '['))
		format = sniff_json(s);
	return format ? format : "csv";
}
