#include "importers/profile.h"

#include "base/str.h"

#include <jansson.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEADER_MAX = 200 }; /* bytes of a header that are compared */

/* Reads a whole text file into the arena; NULL with errno set. */
static char *read_text(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "re");
	char *text;
	size_t n;

	if (!f)
		return NULL;
	text = arena_alloc(a, PROFILE_FILE_MAX + 1);
	n = fread(text, 1, PROFILE_FILE_MAX + 1, f);
	fclose(f);
	if (n > PROFILE_FILE_MAX) {
		errno = EFBIG;
		return NULL;
	}
	text[n] = '\0';
	return text;
}

static struct str trimmed(struct str s)
{
	while (s.length && is_space(s.at[0])) {
		s.at++;
		s.length--;
	}
	while (s.length && is_space(s.at[s.length - 1]))
		s.length--;
	return s;
}

/* «1..99999» */
static bool read_range(struct arena *a, struct str word, struct profile_column *c)
{
	const char *text = arena_copy(a, word.at, word.length);
	char *end;

	c->from = strtol(text, &end, 10);
	if (end == text || strncmp(end, "..", 2) != 0)
		return false;
	text = end + 2;
	c->to = strtol(text, &end, 10);
	return end != text && *end == '\0' && c->to > c->from;
}

/* A word after a column's name. */
static bool read_word(struct arena *a, struct str word, struct profile_column *c)
{
	static const struct {
		struct str word;
		enum cell_type type;
	} types[] = { { { "text", 4 }, CELL_TEXT },
		      { { "whole", 5 }, CELL_WHOLE },
		      { { "number", 6 }, CELL_NUMBER },
		      { { "coordinate", 10 }, CELL_COORDINATE } };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!str_equals(word, types[i].word))
			continue;
		c->type = types[i].type;
		return true;
	}
	if (str_equals(word, STR("required")))
		return c->is_required = true;
	if (str_equals(word, STR("filled")))
		return c->is_filled = true;
	if (str_equals(word, STR("aside")))
		return c->is_aside = true;
	return c->type == CELL_WHOLE && read_range(a, word, c);
}

/* column = NAME [required] [filled] [aside] [TYPE [FROM..TO]] | ALIAS | ALIAS … */
static bool add_column(struct arena *a, struct profile *p, struct str value)
{
	struct str head = trimmed(str_cut(&value, '|'));
	struct str name = str_cut(&head, ' ');
	struct profile_column *c;

	if (p->column_count == PROFILE_COLUMNS_MAX || name.length == 0)
		return false;
	for (size_t i = 0; i < name.length; i++) {
		char b = name.at[i];

		if ((b < 'a' || b > 'z') && !is_digit(b) && b != '_')
			return false;
	}
	c = &p->columns[p->column_count++];
	c->name = arena_copy(a, name.at, name.length);
	while ((head = trimmed(head)).length) {
		if (!read_word(a, str_cut(&head, ' '), c))
			return false;
	}
	p->is_typed |= c->type != CELL_AS_IT_IS;
	if (c->is_filled && c->type == CELL_AS_IT_IS)
		return false;
	while (value.length) {
		struct str alias = trimmed(str_cut(&value, '|'));

		if (c->alias_count == PROFILE_ALIASES_MAX || alias.length == 0)
			return false;
		c->aliases[c->alias_count++] = arena_copy(a, alias.at, alias.length);
	}
	return true;
}

/* position = EPSG NORTH EAST, columns that stand above it */
static bool set_position(struct profile *p, struct str value)
{
	static const enum cell_type types[] = { CELL_WHOLE, CELL_COORDINATE, CELL_COORDINATE };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct str name = str_cut(&value, ' ');

		p->position[i] = NULL;
		for (size_t j = 0; j < p->column_count; j++) {
			const struct profile_column *c = &p->columns[j];

			if (c->type == types[i] && str_equals(str_of(c->name), name))
				p->position[i] = c->name;
		}
		if (!p->position[i])
			return false;
	}
	return value.length == 0;
}

static bool set_key(struct arena *a, struct profile *p, struct str key, struct str value)
{
	const struct {
		const char *key;
		const char **to;
	} texts[] = {
		{ "title", &p->title },       { "source", &p->source },
		{ "formats", &p->formats },   { "delimiter", &p->delimiter },
		{ "encoding", &p->encoding }, { "layer", &p->layer },
		{ "then", &p->then },
	};

	if (str_equals(key, STR("column")))
		return add_column(a, p, value);
	if (str_equals(key, STR("record"))) {
		if (p->record_count == PROFILE_RECORDS_MAX || value.length == 0)
			return false;
		p->records[p->record_count++] = arena_copy(a, value.at, value.length);
		return true;
	}
	if (str_equals(key, STR("position")))
		return set_position(p, value);
	if (str_equals(key, STR("about"))) {
		p->about = arena_printf(a, "%s%.*s\n", p->about, STR_ARG(value));
		return true;
	}
	if (str_equals(key, STR("header"))) {
		p->is_positional = str_equals(value, STR("positional"));
		return p->is_positional || str_equals(value, STR("required"));
	}
	if (str_equals(key, STR("files"))) {
		p->takes_files = str_equals(value, STR("yes"));
		return p->takes_files || str_equals(value, STR("no"));
	}
	if (str_equals(key, STR("municipality"))) {
		p->needs_municipality = str_equals(value, STR("asked"));
		return p->needs_municipality || str_equals(value, STR("in rows"));
	}
	if (str_equals(key, STR("least"))) {
		p->least = strtoul(arena_copy(a, value.at, value.length), NULL, 10);
		return p->least > 0 && p->least <= PROFILE_COLUMNS_MAX;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!str_equals(key, str_of(texts[i].key)))
			continue;
		*texts[i].to = arena_copy(a, value.at, value.length);
		return value.length > 0;
	}
	return false;
}

static enum err load_manifest(struct arena *a, const char *path, struct profile *p, FILE *report)
{
	char *text = read_text(a, path);

	if (!text) {
		fprintf(report, "%s: %s\n", path, strerror(errno));
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_INVALID;
	}
	return profile_parse(a, text, path, p, report);
}

enum err profile_parse(struct arena *a, const char *text, const char *path, struct profile *p,
		       FILE *report)
{
	struct str rest = str_of(text);

	p->title = p->name;
	p->about = "";
	p->delimiter = "auto";
	p->encoding = "auto";
	p->layer = "first";
	p->then = "";
	for (unsigned line_no = 1; rest.length; line_no++) {
		struct str line = trimmed(str_cut(&rest, '\n')), key;

		if (line.length == 0 || line.at[0] == '#')
			continue;
		key = trimmed(str_cut(&line, '='));
		if (!set_key(a, p, key, trimmed(line))) {
			fprintf(report, "%s:%u: «%.*s» has no such value\n", path, line_no,
				STR_ARG(key));
			return ERR_INVALID;
		}
	}
	if (!p->source || !p->formats || p->column_count == 0) {
		fprintf(report, "%s: source, formats and columns must be said\n", path);
		return ERR_INVALID;
	}
	return OK;
}

/* Adds the sections of the SQL file `path`. */
static enum err script_add(struct arena *a, const char *path, struct script *s, FILE *report)
{
	const char *text = read_text(a, path);

	if (!text) {
		fprintf(report, "%s: %s\n", path, strerror(errno));
		return ERR_INVALID;
	}
	return script_parse(a, text, path, s, report);
}

enum err script_parse(struct arena *a, const char *text, const char *path, struct script *s,
		      FILE *report)
{
	static const char mark[] = "-- section: ";
	const char *at, *end;

	for (at = strstr(text, mark); at; at = end) {
		size_t name = strcspn(at + strlen(mark), " \r\n");
		const char *body = at + strcspn(at, "\n");
		struct section *section;

		if (s->count == PROFILE_SECTIONS_MAX) {
			fprintf(report, "%s: more than %d sections\n", path, PROFILE_SECTIONS_MAX);
			return ERR_INVALID;
		}
		section = &s->sections[s->count++];
		end = strstr(body, mark);
		section->name = arena_copy(a, at + strlen(mark), name);
		section->sql = end ? arena_copy(a, body, (size_t)(end - body)) : body;
	}
	return OK;
}

enum err script_load(struct arena *a, const char *path, struct script *s, FILE *report)
{
	s->count = 0;
	return script_add(a, path, s, report);
}

const char *script_find(const struct script *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++) {
		if (!strcmp(s->sections[i].name, name))
			return s->sections[i].sql;
	}
	return NULL;
}

/* A profile's name is a folder's, never a path. */
static bool is_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= 60 && name[n] == '\0';
}

/* The profile's own sections, if it has any, then those of the files that it shares. */
static enum err load_map(struct arena *a, const char *root, struct profile *p, FILE *report)
{
	const char *map = arena_printf(a, "%s/%s/map.sql", root, p->name);
	struct str rest = str_of(p->then);
	enum err e;

	if ((access(map, F_OK) == 0 || errno != ENOENT) &&
	    (e = script_load(a, map, &p->map, report)))
		return e;
	while (rest.length) {
		struct str word = str_cut(&rest, ' ');
		const char *name = arena_copy(a, word.at, word.length);

		if (!is_name(name)) {
			fprintf(report, "«%s» is not the name of a shared map\n", name);
			return ERR_INVALID;
		}
		if ((e = script_add(a, arena_printf(a, "%s/%s.sql", root, name), &p->map, report)))
			return e;
	}
	return OK;
}

enum err profile_load(struct arena *a, const char *root, const char *name, struct profile *p,
		      FILE *report)
{
	enum err e;

	memset(p, 0, sizeof(*p));
	if (!is_name(name)) {
		fprintf(report, "«%s» is not a profile's name\n", name);
		return ERR_NOT_FOUND;
	}
	p->name = arena_text(a, name);
	if ((e = load_manifest(a, arena_printf(a, "%s/%s/manifest", root, name), p, report)))
		return e;
	return load_map(a, root, p, report);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t profile_list(struct arena *a, const char *root, const char **names, size_t most)
{
	DIR *dir = opendir(root);
	struct dirent *entry;
	size_t n = 0;

	while (dir && n < most && (entry = readdir(dir))) {
		FILE *f = is_name(entry->d_name)
				  ? fopen(arena_printf(a, "%s/%s/manifest", root, entry->d_name),
					  "re")
				  : NULL;

		if (!f)
			continue;
		fclose(f);
		names[n++] = arena_text(a, entry->d_name);
	}
	if (dir)
		closedir(dir);
	qsort(names, n, sizeof(*names), by_text);
	return n;
}

/* Letters and digits of a header in lower case: «EPSG-kode» and «epsg kode» are the same. */
static size_t fold(const char *text, size_t length, char out[HEADER_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < length && n < HEADER_MAX; i++) {
		unsigned char b = (unsigned char)text[i];
		bool is_after_c3 = i > 0 && (unsigned char)text[i - 1] == 0xc3;
		bool is_letter = (b >= 'a' && b <= 'z') || b >= 0x80;

		/* À–Þ are 0xc3 and 0x80–0x9e in UTF-8, à–þ 0x20 further on, as in ASCII. */
		if ((b >= 'A' && b <= 'Z') || (is_after_c3 && b >= 0x80 && b <= 0x9e))
			out[n++] = (char)(b + 0x20);
		else if (is_letter || is_digit((char)b))
			out[n++] = (char)b;
	}
	return n;
}

static bool is_same_header(const char *a, const char *b, size_t b_length)
{
	char left[HEADER_MAX], right[HEADER_MAX];
	size_t n = fold(a, strlen(a), left);

	return n > 0 && n == fold(b, b_length, right) && !memcmp(left, right, n);
}

bool profile_is_header(const struct profile_column *column, const char *header, size_t length)
{
	if (column->chosen)
		return length > 0 &&
		       str_equals(str_of(column->chosen), (struct str){ header, length });
	if (is_same_header(column->name, header, length))
		return true;
	for (size_t i = 0; i < column->alias_count; i++) {
		if (is_same_header(column->aliases[i], header, length))
			return true;
	}
	return false;
}

static struct profile_column *column_called(struct profile *p, const char *name)
{
	for (size_t i = 0; i < p->column_count; i++) {
		if (!strcmp(p->columns[i].name, name))
			return &p->columns[i];
	}
	return NULL;
}

static const char *choose_one(struct arena *a, struct profile *p, const char *name,
			      const json_t *value)
{
	struct profile_column *c = column_called(p, name);
	const char *header = json_string_value(value);

	if (!c)
		return arena_printf(a, "profilen har ingen kolonne «%s»", name);
	if (!header || !*header)
		return arena_printf(a, "kolonnen «%s» må ha en overskrift", name);
	if (p->record_count && strchr(header, '|'))
		return arena_printf(a, "«%s» er ikke én sti", header);
	for (size_t i = 0; i < p->column_count; i++) {
		if (!strcmp(p->columns[i].chosen, header))
			return arena_printf(a, "overskriften «%s» er valgt for to kolonner",
					    header);
	}
	c->chosen = arena_text(a, header);
	return NULL;
}

const char *profile_choose(struct arena *a, struct profile *p, const char *json)
{
	json_t *chosen = json_loads(json, JSON_REJECT_DUPLICATES, NULL), *value;
	const char *name, *why = NULL;

	if (!json_is_object(chosen) || json_object_size(chosen) == 0)
		why = "kolonnevalget må være et objekt med minst én kolonne";
	for (size_t i = 0; !why && i < p->column_count; i++)
		p->columns[i].chosen = "";
	if (!why) {
		json_object_foreach(chosen, name, value) if (!why) why =
			choose_one(a, p, name, value);
	}
	/* As many empty cells as may be left out at the end of a row by place may be here too. */
	if (!why && p->least > json_object_size(chosen))
		p->least = json_object_size(chosen);
	p->is_positional = false;
	json_decref(chosen);
	return why;
}
