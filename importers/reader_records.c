#include "importers/reader_records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct str frame_name(const struct frame *f)
{
	return (struct str){ f->name, f->name_length };
}

/* -- what is found ----------------------------------------------------------------------------- */

static bool stop(struct records *p, const char *fault)
{
	if (!p->fault)
		p->fault = fault;
	return false;
}

static struct found *keep(struct found *next, size_t selector, struct str text)
{
	struct found *f = malloc(sizeof(*f) + text.length);

	if (!f)
		abort();
	f->next = next;
	f->selector = selector;
	f->length = text.length;
	memcpy(f->text, text.at, text.length);
	return f;
}

static void drop(struct found **list)
{
	while (*list) {
		struct found *next = (*list)->next;

		free(*list);
		*list = next;
	}
}

/* Whether the names of `s` before its last `tail` ones are those of the innermost nodes, as seen
 * from the node at `depth - 1`. Sets *from to the node of the first name. */
static bool is_path(const struct records *p, const struct selector *s, size_t tail, size_t *from)
{
	size_t names = s->count - tail;

	if (names > p->depth)
		return false;
	for (size_t i = 0; i < names; i++) {
		const struct frame *f = &p->frames[p->depth - 1 - i];

		if (!records_is_name(s->parts[names - 1 - i], frame_name(f)))
			return false;
	}
	*from = p->depth - names;
	return true;
}

/* Whether the selector means the node that is open, or its attribute. Sets *from as is_path(). */
static bool is_match(const struct records *p, const struct selector *s, bool is_attribute,
		     size_t *from)
{
	const struct frame *f = &p->frames[p->depth - 1];

	if (s->is_attribute != is_attribute || !is_path(p, s, is_attribute, from))
		return false;
	if (s->kind == SELECT_ABOVE)
		return true;
	return f->record >= 0 && *from == p->open[f->record].depth + 1;
}

static void put_own(struct records *p, size_t selector, struct str text)
{
	struct record *r = &p->open[p->frames[p->depth - 1].record];

	if (r->bytes + text.length > CSV_RECORD_MAX) {
		r->fault = "too_long";
		return;
	}
	r->bytes += text.length;
	r->found = keep(r->found, selector, text);
}

/* An ancestor's value: the last one read holds. */
static void put_inherited(struct frame *f, size_t selector, struct str text)
{
	for (struct found **at = &f->inherited; *at; at = &(*at)->next) {
		if ((*at)->selector == selector) {
			struct found *old = *at;

			*at = old->next;
			free(old);
			break;
		}
	}
	f->inherited = keep(f->inherited, selector, text);
}

/* Gives the text to each column that asks for it; whether there was one. */
static bool deliver(struct records *p, struct str name, bool is_attribute, struct str text,
		    bool is_trial)
{
	const struct frame *f = &p->frames[p->depth - 1];
	bool is_wanted = false;
	size_t from = 0;

	for (size_t i = p->buckets[records_bucket(name)]; i; i = p->selectors[i - 1].next) {
		const struct selector *s = &p->selectors[i - 1];

		if (!records_is_name(s->parts[s->count - 1], name) ||
		    !is_match(p, s, is_attribute, &from))
			continue;
		is_wanted = true;
		if (is_trial)
			return true;
		if (s->kind == SELECT_ABOVE)
			put_inherited(&p->frames[from], i - 1, text);
		else
			put_own(p, i - 1, text);
	}
	if (is_attribute || !f->is_record)
		return is_wanted;
	for (size_t i = 0; i < p->selector_count; i++) { /* «.» */
		if (p->selectors[i].kind == SELECT_CHILD && p->selectors[i].count == 0) {
			is_wanted = true;
			if (!is_trial)
				put_own(p, i, text);
		}
	}
	return is_wanted;
}

/* Tells once of each path that no column reads: within records by its name, outside by its value
 * too. */
static void tell_unused(struct records *p, struct str attribute, struct str text)
{
	const struct frame *f = &p->frames[p->depth - 1];
	uint64_t hash = records_hash(f->hash, attribute) | 1;
	size_t first = f->record >= 0 ? p->open[f->record].depth + 1 : 0;
	size_t *count = f->record >= 0 ? &p->unused_count : &p->outside_count, slot = hash >> 20;
	char path[READER_TEXT_MAX] = "";
	size_t used = 0;

	for (size_t i = 0; i < RECORDS_SEEN; i++, slot++) {
		if (p->seen[slot % RECORDS_SEEN] == hash)
			return;
		if (!p->seen[slot % RECORDS_SEEN])
			break;
	}
	if (*count >= RECORDS_TOLD_MAX)
		return;
	p->seen[slot % RECORDS_SEEN] = hash;
	++*count;
	for (size_t i = first; i < p->depth && used < sizeof(path) - TREE_NAME_MAX - 2; i++)
		used += (size_t)snprintf(path + used, sizeof(path) - used, "%s%.*s",
					 i > first ? "/" : "", STR_ARG(frame_name(&p->frames[i])));
	if (attribute.length && used < sizeof(path) - TREE_NAME_MAX - 2)
		snprintf(path + used, sizeof(path) - used, "%s@%.*s", used ? "/" : "",
			 STR_ARG(attribute));
	if (f->record >= 0)
		reader_note("unused", "%s", path);
	else
		reader_note("outside", "%s = %.*s", path, text.length > 60 ? 60 : (int)text.length,
			    text.at);
}

/* -- rows -------------------------------------------------------------------------------------- */

/* The values of one selector, oldest first, joined into `to`. */
static struct str join(const struct found *list, size_t selector, char **to)
{
	struct str whole = { NULL, 0 };
	size_t length = 0, count = 0;
	char *end;

	for (const struct found *f = list; f; f = f->next) {
		if (f->selector == selector) {
			length += f->length;
			count++;
			whole = (struct str){ f->text, f->length };
		}
	}
	if (count < 2)
		return whole;
	length += 3 * (count - 1);
	end = *to + length;
	whole = (struct str){ *to, length };
	for (const struct found *f = list; f; f = f->next) {
		if (f->selector != selector)
			continue;
		end -= f->length;
		memcpy(end, f->text, f->length);
		if (end > whole.at) {
			end -= 3;
			end[0] = end[2] = ' ';
			end[1] = '|';
		}
	}
	*to += length;
	return whole;
}

static struct str inherited(const struct records *p, const struct record *r, size_t selector)
{
	const struct selector *s = &p->selectors[selector];

	for (size_t depth = r->depth; depth > 0; depth--) {
		const struct frame *f = &p->frames[depth - 1];

		if (!records_is_name(s->parts[0], frame_name(f)))
			continue;
		for (const struct found *v = f->inherited; v; v = v->next) {
			if (v->selector == selector)
				return (struct str){ v->text, v->length };
		}
		break;
	}
	return (struct str){ NULL, 0 };
}

static struct str value_of(struct records *p, const struct record *r, size_t selector, char **to)
{
	uint64_t number = p->selectors[selector].kind == SELECT_NUMBER ? r->number : r->parent;
	char *digits = p->numbers[p->selectors[selector].kind == SELECT_NUMBER];

	switch (p->selectors[selector].kind) {
	case SELECT_CHILD:
		return join(r->found, selector, to);
	case SELECT_ABOVE:
		return inherited(p, r, selector);
	case SELECT_RECORD:
		return str_of(p->reader->options.records[r->name]);
	case SELECT_NUMBER:
	case SELECT_PARENT:
		if (number == 0)
			break;
		snprintf(digits, sizeof(p->numbers[0]), "%llu", (unsigned long long)number);
		return str_of(digits);
	}
	return (struct str){ NULL, 0 };
}

static bool write_record(struct records *p, struct record *r)
{
	size_t columns = p->reader->options.column_count, values = 0;
	char *joined, *to;

	for (const struct found *f = r->found; f; f = f->next)
		values++;
	joined = to = malloc(r->bytes + 3 * values + 1);
	if (!joined)
		abort();
	memset(p->cells, 0, sizeof(p->cells));
	for (size_t i = 0; i < p->selector_count; i++) {
		struct str *cell = &p->cells[p->selectors[i].column];

		if (cell->length == 0)
			*cell = value_of(p, r, i, &to);
		p->has_value[p->selectors[i].column] |= cell->length > 0;
	}
	rowpipe_row(&p->reader->out, r->number, r->fault, p->cells, columns);
	free(joined);
	drop(&r->found);
	return !p->reader->out.is_broken || stop(p, "pipe");
}

/* -- the parser's calls ------------------------------------------------------------------------ */

/* Text that has come since the last node began or ended. */
static void flush_text(struct records *p)
{
	struct str text = records_trimmed((struct str){ p->text, p->text_length });
	struct frame *f = p->depth ? &p->frames[p->depth - 1] : NULL;

	if (f && f->is_wanted && text.length)
		deliver(p, frame_name(f), false, text, false);
	else if (f && f->has_text && !f->is_wanted)
		tell_unused(p, (struct str){ "", 0 }, text);
	if (f && f->is_wanted && p->is_text_cut && f->record >= 0)
		p->open[f->record].fault = "too_long";
	p->text_length = 0;
	p->is_text_cut = false;
	if (f)
		f->has_text = false;
}

static bool is_record_here(const struct records *p, const struct record_name *n)
{
	if (n->count > p->depth)
		return false;
	for (size_t i = 0; i < n->count; i++) {
		if (!records_is_name(n->parts[n->count - 1 - i],
				     frame_name(&p->frames[p->depth - 1 - i])))
			return false;
	}
	return true;
}

/* The longest of the record names that fits the node that is open. */
static bool start_record(struct records *p)
{
	struct frame *f = &p->frames[p->depth - 1];
	size_t best = p->name_count;

	for (size_t i = 0; i < p->name_count; i++) {
		if (is_record_here(p, &p->names[i]) &&
		    (best == p->name_count || p->names[i].count > p->names[best].count))
			best = i;
	}
	if (best == p->name_count)
		return true;
	if (p->open_count == RECORDS_NEST_MAX)
		return stop(p, "depth");
	p->names[best].is_seen = true;
	p->open[p->open_count] = (struct record){
		.depth = p->depth - 1,
		.number = ++p->number,
		.parent = p->open_count ? p->open[p->open_count - 1].number : 0,
		.name = best,
	};
	f->record = (int)p->open_count++;
	f->is_record = true;
	f->hash = best + 1;
	return true;
}

static bool open_node(void *context, struct str name, const struct tree_attribute *attributes,
		      size_t count)
{
	struct records *p = context;
	const struct frame *above = p->depth ? &p->frames[p->depth - 1] : NULL;
	struct frame *f = &p->frames[p->depth];

	if (p->depth == TREE_DEPTH_MAX)
		return stop(p, "depth");
	if (name.length > TREE_NAME_MAX)
		return stop(p, "name");
	flush_text(p);
	p->depth++;
	*f = (struct frame){ .name_length = name.length, .record = above ? above->record : -1 };
	memcpy(f->name, name.at, name.length);
	f->hash = records_hash(above ? above->hash : 0, name);
	if (!start_record(p))
		return false;
	f->is_wanted = deliver(p, name, false, (struct str){ NULL, 0 }, true);
	for (size_t i = 0; i < count; i++) {
		struct str value = records_trimmed(attributes[i].value);

		if (value.length && !deliver(p, attributes[i].name, true, value, false) &&
		    !str_equals(attributes[i].name, STR("schemaLocation")))
			tell_unused(p, attributes[i].name, value);
	}
	return true;
}

static bool is_blank(struct str s)
{
	return records_trimmed(s).length == 0;
}

static bool add_text(void *context, struct str piece)
{
	struct records *p = context;
	struct frame *f = p->depth ? &p->frames[p->depth - 1] : NULL;
	size_t most = CSV_RECORD_MAX, room, n;

	if (!f)
		return true;
	f->has_text = f->has_text || !is_blank(piece);
	if (!f->is_wanted)
		most = 64; /* enough to tell of it */
	room = most > p->text_length ? most - p->text_length : 0;
	n = piece.length < room ? piece.length : room;
	memcpy(p->text + p->text_length, piece.at, n);
	p->text_length += n;
	p->is_text_cut = p->is_text_cut || n < piece.length;
	return true;
}

static bool close_node(void *context)
{
	struct records *p = context;
	struct frame *f;
	bool is_well = true;

	if (p->depth == 0)
		return stop(p, "library");
	flush_text(p);
	f = &p->frames[p->depth - 1];
	if (f->is_record)
		is_well = write_record(p, &p->open[--p->open_count]);
	drop(&f->inherited);
	p->depth--;
	return is_well;
}

/* An empty array of records is none, and no reason to doubt the file. */
static bool open_array(void *context, struct str name)
{
	struct records *p = context;

	for (size_t i = 0; i < p->name_count; i++) {
		if (records_is_name(p->names[i].parts[p->names[i].count - 1], name))
			p->names[i].is_seen = true;
	}
	return true;
}

struct tree_sink records_sink(struct records *p)
{
	return (struct tree_sink){ open_node, add_text, close_node, open_array, p };
}

int records_finish(struct records *p)
{
	const struct reader_options *o = &p->reader->options;
	bool is_seen = false;

	if (p->fault)
		return reader_fail(p->fault, "");
	for (size_t i = 0; i < p->name_count; i++)
		is_seen = is_seen || p->names[i].is_seen;
	if (!is_seen)
		return reader_fail("no_record", o->records[0]);
	for (size_t i = 0; i < o->column_count && p->number; i++) {
		struct str rest = o->columns[i].paths;
		struct str first = records_trimmed(str_cut(&rest, '|'));
		char name[TREE_NAME_MAX + 1];

		if (!o->columns[i].is_required || p->has_value[i])
			continue;
		snprintf(name, sizeof(name), "%.*s", STR_ARG(first));
		return reader_fail("no_column", name);
	}
	return reader_finish(p->reader);
}

void records_release(struct records *p)
{
	while (p->open_count)
		drop(&p->open[--p->open_count].found);
	while (p->depth)
		drop(&p->frames[--p->depth].inherited);
	free(p->text);
}
