/* How the profile names what it wants of a tree (reader_records.h). */
#include "importers/reader_records.h"

#include <stdlib.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 0x20) : c;
}

bool records_is_name(struct str a, struct str b)
{
	if (a.length != b.length)
		return false;
	for (size_t i = 0; i < a.length; i++) {
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	}
	return true;
}

uint64_t records_hash(uint64_t hash, struct str name)
{
	for (size_t i = 0; i < name.length; i++)
		hash = (hash ^ (unsigned char)lower(name.at[i])) * 0x100000001b3u; /* FNV-1a */
	return (hash ^ '/') * 0x100000001b3u;
}

size_t records_bucket(struct str name)
{
	uint64_t hash = records_hash(0, name);

	return (hash ^ hash >> 32) % RECORDS_BUCKETS;
}

struct str records_trimmed(struct str s)
{
	while (s.length && is_space(s.at[0])) {
		s.at++;
		s.length--;
	}
	while (s.length && is_space(s.at[s.length - 1]))
		s.length--;
	return s;
}

/* «a/b/c» into its names; how many, 0 when it is no path. */
static size_t split_path(struct str path, struct str parts[RECORDS_PARTS_MAX])
{
	size_t count = 0;

	while (path.length) {
		struct str part = str_cut(&path, '/');

		if (part.length == 0 || part.length > TREE_NAME_MAX || count == RECORDS_PARTS_MAX)
			return 0;
		parts[count++] = part;
	}
	return count;
}

static bool parse_selector(struct str path, struct selector *s)
{
	if (str_equals(path, STR("%record")) || str_equals(path, STR("%number")) ||
	    str_equals(path, STR("%parent"))) {
		s->kind = path.at[1] == 'r'   ? SELECT_RECORD
			  : path.at[1] == 'n' ? SELECT_NUMBER
					      : SELECT_PARENT;
		return true;
	}
	if (path.length && path.at[0] == '^') {
		s->kind = SELECT_ABOVE;
		path.at++;
		path.length--;
	}
	s->count = str_equals(path, STR(".")) ? 0 : split_path(path, s->parts);
	if (s->count == 0)
		return s->kind == SELECT_CHILD && str_equals(path, STR("."));
	if (s->parts[s->count - 1].at[0] == '@') {
		s->is_attribute = true;
		s->parts[s->count - 1].at++;
		s->parts[s->count - 1].length--;
	}
	return s->parts[s->count - 1].length > 0 && (s->kind != SELECT_ABOVE || s->count > 1);
}

/* An alias that is no path is a header of a table, and nothing to us. */
static const char *plan_column(struct records *p, size_t column, struct str paths)
{
	while (paths.length) {
		struct selector s = { .column = (unsigned short)column };
		struct str path = records_trimmed(str_cut(&paths, '|'));
		unsigned short *bucket;

		if (p->selector_count == RECORDS_SELECTORS_MAX)
			return "the profile has too many paths";
		if (!parse_selector(path, &s))
			continue;
		if (s.kind <= SELECT_ABOVE && s.count) {
			bucket = &p->buckets[records_bucket(s.parts[s.count - 1])];
			s.next = *bucket;
			*bucket = (unsigned short)(p->selector_count + 1);
		}
		p->selectors[p->selector_count++] = s;
	}
	return NULL;
}

static void write_header(struct records *p)
{
	const struct reader_options *o = &p->reader->options;

	for (size_t i = 0; i < o->column_count; i++) {
		struct str rest = o->columns[i].paths;

		p->cells[i] = records_trimmed(str_cut(&rest, '|'));
	}
	reader_set_width(p->reader, o->column_count);
	rowpipe_row(&p->reader->out, 0, NULL, p->cells, o->column_count);
}

const char *records_init(struct records *p, struct reader *r)
{
	const struct reader_options *o = &r->options;
	const char *wrong = NULL;

	memset(p, 0, sizeof(*p));
	p->reader = r;
	for (size_t i = 0; i < o->record_count; i++) {
		struct record_name *name = &p->names[p->name_count++];

		name->count = split_path(str_of(o->records[i]), name->parts);
		if (name->count == 0)
			return "the profile's record is no path";
	}
	if (p->name_count == 0 || o->column_count == 0)
		return "the profile names no record";
	for (size_t i = 0; i < o->column_count && !wrong; i++)
		wrong = plan_column(p, i, o->columns[i].paths);
	if (wrong)
		return wrong;
	p->text = malloc(CSV_RECORD_MAX);
	if (!p->text)
		abort();
	write_header(p);
	return NULL;
}
