#include "register/search.h"

#include <stdlib.h>
#include <string.h>

#include "auth/ask.h"
#include "db/rows.h"

enum {
	WORDS_MAX = 100,  /* characters in the box */
	EACH_DEFAULT = 5, /* of a kind */
	EACH_MAX = 20,    /* of a kind */
	HITS_MAX = 400,   /* of all kinds, before the best are chosen */
	GUESSES_MAX = 3,  /* ways to mend what is misspelt */
	FEW = 3,          /* with fewer hits than these, dearer questions are asked */
	GUESS_SCORE = 25, /* what a hit of mended words is worth at most */
	ID_SIZE = 37,
	FOUND_SIZE = 720, /* of a hit as JSON: the former name's 80 characters at six bytes each */
	CODE_LENGTH = 8,  /* of a QR label, see new_code() in 0003_places.sql */
};

#define CODE_LETTERS "0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz"

/* What can be found, in the order in which it is shown when all else is equal; who may find it at
 * all (the policies decide which of them); and how it is shown. */
static const struct kind {
	const char *name;
	unsigned roles;
	enum query show;
	bool is_aside; /* does not count among places, components and people found */
} kinds[] = {
	{ "building", ROLE_ANY_PERSON | ROLE_PUBLIC, Q_SEARCH_SHOW_PLACE },
	{ "property", ROLE_ANY_PERSON | ROLE_PUBLIC, Q_SEARCH_SHOW_PLACE },
	{ "outdoor_area", ROLE_ANY_PERSON | ROLE_PUBLIC, Q_SEARCH_SHOW_PLACE },
	{ "municipality", ROLE_ANY_PERSON | ROLE_PUBLIC, Q_SEARCH_SHOW_PLACE },
	{ "dwelling", ROLE_ANY_PERSON, Q_SEARCH_SHOW_PLACE },
	{ "room", ROLE_ANY_PERSON, Q_SEARCH_SHOW_PLACE },
	{ "component", ROLE_OFFICE | ROLE_FIELD, Q_SEARCH_SHOW_COMPONENT },
	{ "person", ROLE_OFFICE, Q_SEARCH_SHOW_PERSON },
	{ "case", ROLE_OFFICE, Q_SEARCH_SHOW_CASE, true },
	{ "task", ROLE_OFFICE | ROLE_FIELD, Q_SEARCH_SHOW_TASK, true },
	{ "document", ROLE_OFFICE, Q_SEARCH_SHOW_DOCUMENT, true },
	{ "archive_case", ROLE_OFFICE, Q_SEARCH_SHOW_ARCHIVE, true },
	{ "key", ROLE_OFFICE | ROLE_FIELD, Q_SEARCH_SHOW_KEY, true },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

enum when {
	ALWAYS,
	CODE,       /* when it may be the code of a QR label */
	NUMBER,     /* when it ends with a digit */
	FEW_THINGS, /* when few places, components and people are found so far, and none of them is
		       certain */
	NOTHING,    /* when nothing is */
};

/* The questions that are asked one after the other, the cheap and certain ones first. `letters`:
 * with fewer in the box it would answer half the municipality. */
static const struct step {
	enum query query;
	unsigned roles;
	size_t letters;
	enum when when;
} steps[] = {
	{ Q_SEARCH_LINES, ROLE_ANY_PERSON | ROLE_PUBLIC, 1, ALWAYS },
	{ Q_SEARCH_CODE, ROLE_ANY_PERSON | ROLE_PUBLIC, 8, CODE },
	{ Q_SEARCH_MINE, ROLE_TENANT, 2, ALWAYS },
	{ Q_SEARCH_CASE_NUMBER, ROLE_OFFICE, 1, NUMBER },
	{ Q_SEARCH_TASK_NUMBER, ROLE_OFFICE | ROLE_FIELD, 1, NUMBER },
	{ Q_SEARCH_CASE_WORDS, ROLE_OFFICE, 3, ALWAYS },
	{ Q_SEARCH_TASK_WORDS, ROLE_OFFICE | ROLE_FIELD, 3, ALWAYS },
	{ Q_SEARCH_DOCUMENT_WORDS, ROLE_OFFICE, 3, ALWAYS },
	{ Q_SEARCH_ARCHIVE_WORDS, ROLE_OFFICE, 3, ALWAYS },
	{ Q_SEARCH_INSIDE, ROLE_OFFICE | ROLE_FIELD, 6, NOTHING },
	{ Q_SEARCH_COMPONENTS_INSIDE, ROLE_OFFICE | ROLE_FIELD, 6, NOTHING },
	{ Q_SEARCH_PLACE_WORDS, ROLE_ANY_PERSON | ROLE_PUBLIC, 3, FEW_THINGS },
	{ Q_SEARCH_COMPONENT_WORDS, ROLE_OFFICE | ROLE_FIELD, 4, FEW_THINGS },
	{ Q_SEARCH_PEOPLE_LIKE, ROLE_OFFICE, 4, FEW_THINGS },
};

/* The same for words that were mended. */
static const struct step mended_steps[] = {
	{ Q_SEARCH_LINES, ROLE_ANY_PERSON | ROLE_PUBLIC, 1, ALWAYS },
	{ Q_SEARCH_PLACE_WORDS, ROLE_ANY_PERSON | ROLE_PUBLIC, 3, FEW_THINGS },
	{ Q_SEARCH_COMPONENT_WORDS, ROLE_OFFICE | ROLE_FIELD, 4, FEW_THINGS },
};

struct hit {
	int kind; /* number in `kinds` */
	int score;
	int seen; /* how many there were before it: keeps the order of equals */
	char id[ID_SIZE];
	const char *match;
	const char *former; /* the number or address that it had; NULL: found by what it has */
};

struct finder {
	struct req *rq;
	struct db *db;
	unsigned role;
	int each; /* most of a kind */
	char each_text[12];
	const char *kinds; /* names parted by commas */
	struct hit hits[HITS_MAX];
	int count;
};

static unsigned role_of(const struct req *rq)
{
	switch (rq->audience) {
	case 'o':
		return ROLE_OFFICE;
	case 'f':
		return ROLE_FIELD;
	case 't':
		return ROLE_TENANT;
	default:
		return ROLE_PUBLIC;
	}
}

static int kind_of(struct str name)
{
	for (int i = 0; i < KINDS; i++)
		if (str_equals(name, str_of(kinds[i].name)))
			return i;
	return -1;
}

/* The kinds asked for (NULL: all) that are for this role. */
static enum err choose_kinds(struct finder *f, const char *asked)
{
	bool is_asked[KINDS] = { false };
	struct str rest = str_of(asked);
	struct buf *names;

	while (rest.length) {
		int kind = kind_of(str_cut(&rest, ','));

		if (kind < 0) {
			req_fault(
				f->rq, "?kinds",
				"building, property, outdoor_area, municipality, dwelling, "
				"room, component, person, case, task, document, archive_case, key");
			return ERR_INVALID;
		}
		is_asked[kind] = true;
	}
	names = arena_alloc(&f->rq->arena, sizeof(*names));
	buf_init(names, KINDS * 16);
	arena_defer(&f->rq->arena, buf_release, names);
	for (int i = 0; i < KINDS; i++)
		if ((kinds[i].roles & f->role) && (!asked || is_asked[i]))
			buf_printf(names, "%s%s", names->length ? "," : "", kinds[i].name);
	f->kinds = names->length ? names->at : "";
	return OK;
}

static struct hit *hit_of(struct finder *f, const char *id)
{
	for (int i = 0; i < f->count; i++)
		if (!strcmp(f->hits[i].id, id))
			return &f->hits[i];
	return NULL;
}

/* Notes rows of (kind, id, match, score), those of lines with what was; what is found twice keeps
 * what it was found by best. */
static void note(struct finder *f, const struct rows *rows, int score_max)
{
	bool has_former = rows_columns(rows) > 4;

	for (int i = 0; i < rows_count(rows); i++) {
		const char *id = rows_at(rows, i, 1);
		int kind = kind_of(str_of(rows_at(rows, i, 0)));
		int score = (int)strtol(rows_at(rows, i, 3), NULL, 10);
		struct hit *h = hit_of(f, id);

		if (score > score_max)
			score = score_max;
		if (!h) {
			if (f->count == HITS_MAX || kind < 0 || strlen(id) >= ID_SIZE)
				continue;
			h = &f->hits[f->count];
			*h = (struct hit){ .kind = kind, .seen = f->count++ };
			memcpy(h->id, id, strlen(id) + 1);
		} else if (h->score >= score) {
			continue;
		}
		h->score = score;
		h->match = rows_at(rows, i, 2);
		h->former = has_former ? rows_at(rows, i, 4) : NULL;
	}
}

static int things(const struct finder *f)
{
	int n = 0;

	for (int i = 0; i < f->count; i++)
		n += !kinds[f->hits[i].kind].is_aside;
	return n;
}

/* A number, a tag or an address that is written as it begins (of a case or a key: as it is):
 * nothing in the midst of other words is meant. */
static bool is_certain(const struct finder *f)
{
	for (int i = 0; i < f->count; i++)
		if (f->hits[i].score >= (kinds[f->hits[i].kind].is_aside ? 100 : 70) &&
		    strcmp(f->hits[i].match, "text") != 0)
			return true;
	return false;
}

static bool is_due(const struct finder *f, const struct step *step, const char *words,
		   size_t letters)
{
	size_t length = strlen(words);

	if (!(step->roles & f->role) || letters < step->letters)
		return false;
	switch (step->when) {
	case CODE:
		return length == CODE_LENGTH && strspn(words, CODE_LETTERS) == length;
	case NUMBER:
		return is_digit(words[length - 1]);
	case FEW_THINGS:
		return things(f) < FEW && !is_certain(f);
	case NOTHING:
		return !f->count;
	case ALWAYS:
		break;
	}
	return true;
}

static size_t letters_in(const char *words)
{
	size_t n = 0;

	for (; *words; words++)
		n += !is_space(*words) && (*words & 0xc0) != 0x80;
	return n;
}

static enum err take_steps(struct finder *f, const struct step *first, size_t count,
			   const char *words, int score_max)
{
	const char *params[] = { words, f->kinds, f->each_text };
	size_t letters = letters_in(words);
	struct rows *rows;
	enum err e;

	for (const struct step *step = first; step < first + count; step++) {
		if (!is_due(f, step, words, letters))
			continue;
		if ((e = db_run(f->db, &f->rq->arena, step->query, params, &rows)))
			return e;
		note(f, rows, score_max);
	}
	return OK;
}

/* Nothing is written so: what is like it? */
static enum err guess(struct finder *f, const char *words)
{
	struct rows *guesses;
	enum err e;

	if ((e = db_run(f->db, &f->rq->arena, Q_SEARCH_GUESS, &words, &guesses)))
		return e;
	for (int i = 0; i < rows_count(guesses) && i < GUESSES_MAX; i++)
		if ((e = take_steps(f, mended_steps, sizeof(mended_steps) / sizeof(*mended_steps),
				    rows_at(guesses, i, 0), GUESS_SCORE - i)))
			return e;
	return OK;
}

/* Best first; equals by kind, then as they were found. */
static int by_worth(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;

	if (a->score != b->score)
		return b->score - a->score;
	return a->kind != b->kind ? a->kind - b->kind : a->seen - b->seen;
}

/* Writes the group of `kind`: the best of its hits, with what is shown of them. One that the
 * asker's policies hide is not shown. */
static enum err add_group(struct finder *f, int kind, bool *is_first)
{
	struct buf *out = &f->rq->out, *ids;
	int total = 0;
	struct rows *rows;
	const char *params[1];
	enum err e;

	ids = arena_alloc(&f->rq->arena, sizeof(*ids));
	buf_init(ids, EACH_MAX * FOUND_SIZE);
	arena_defer(&f->rq->arena, buf_release, ids);
	for (int i = 0; i < f->count; i++) {
		const struct hit *h = &f->hits[i];

		if (h->kind != kind || total++ >= f->each)
			continue;
		buf_printf(ids, "%c{\"id\":\"%s\",\"match\":\"%s\",\"score\":%d",
			   ids->length ? ',' : '[', h->id, h->match, h->score);
		if (h->former) {
			buf_text(ids, ",\"former\":");
			buf_json(ids, h->former, strlen(h->former));
		}
		buf_char(ids, '}');
	}
	buf_char(ids, ']');
	params[0] = ids->at;
	if ((e = db_run(f->db, &f->rq->arena, kinds[kind].show, params, &rows)))
		return e;
	if (!rows_count(rows))
		return OK;
	buf_printf(out, "%s{\"kind\":\"%s\",\"total_at_least\":%d,\"items\":[",
		   *is_first ? "" : ",", kinds[kind].name, total);
	for (int i = 0; i < rows_count(rows); i++) {
		if (i)
			buf_char(out, ',');
		rows_object(rows, i, out);
	}
	buf_text(out, "]}");
	*is_first = false;
	return OK;
}

/* {"groups":[…],"best":"id"}: groups in the order of their best hits. */
static enum err answer(struct finder *f)
{
	bool is_done[KINDS] = { false }, is_first = true;
	enum err e;

	qsort(f->hits, (size_t)f->count, sizeof(f->hits[0]), by_worth);
	buf_text(&f->rq->out, "{\"groups\":[");
	for (int i = 0; i < f->count; i++) {
		int kind = f->hits[i].kind;

		if (is_done[kind])
			continue;
		is_done[kind] = true;
		if ((e = add_group(f, kind, &is_first)))
			return e;
	}
	buf_text(&f->rq->out, "],\"best\":");
	if (f->count)
		buf_printf(&f->rq->out, "\"%s\"}", f->hits[0].id);
	else
		buf_text(&f->rq->out, "null}");
	f->rq->out_type = "application/json";
	return OK;
}

/* What the box finds. Few round trips when it finds much, a dozen when it must guess. */
static enum err search(struct req *rq)
{
	const char *words = req_value(rq, "q"), *limit = req_value(rq, "limit");
	struct finder *f = arena_alloc(&rq->arena, sizeof(*f));
	enum err e;

	if ((e = ask_begin(rq, &f->db)))
		return e;
	f->rq = rq;
	f->role = role_of(rq);
	f->count = 0;
	f->each = limit ? (int)strtol(limit, NULL, 10) : EACH_DEFAULT;
	snprintf(f->each_text, sizeof(f->each_text), "%d", f->each);
	e = choose_kinds(f, req_value(rq, "kinds"));
	if (!e)
		e = take_steps(f, steps, sizeof(steps) / sizeof(*steps), words, 100);
	if (!e && !f->count)
		e = guess(f, words);
	if (!e)
		e = answer(f);
	if (!e)
		e = db_commit(f->db);
	if (e)
		ask_failed(rq, f->db, e);
	db_give(f->db);
	return e;
}

static const struct input search_inputs[] = {
	{ "q", IN_TEXT, QUERY | REQUIRED, .max = WORDS_MAX },
	{ "kinds", IN_TEXT, QUERY, .max = 140 },
	{ "limit", IN_INT, QUERY, .max = EACH_MAX, .min = 1 },
	{ 0 },
};

const struct route search_routes[] = {
	{ "GET", "/api/v1/search", ROLE_ANY_PERSON | ROLE_PUBLIC, search, search_inputs,
	  .summary = "Anything, by the words, address, number or tag that people write" },
	{ 0 },
};
