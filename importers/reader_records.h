/* Rows out of a tree that is streamed by. The profile names the nodes that are records, and for
 * each column the paths where its value may stand:
 *
 *   tittel               the child `tittel` of the record
 *   part/partNavn        deeper down
 *   @type, punkt/@srs    an attribute
 *   .                    the record's own text
 *   ^klasse/klasseID     of the nearest `klasse` around the record, so far as it has been read
 *   %record              which of the record names it is; %number its number, %parent the number
 *                        of the record around it
 *
 * Names are compared without case and without namespace. Values that repeat are joined by " | ".
 * A record inside a record is a row of its own and no part of the outer one. Memory is that of the
 * records that are open, never of the file. */
#pragma once

#include "importers/reader.h"
#include "importers/reader_tree.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	RECORDS_SELECTORS_MAX = 400,
	RECORDS_PARTS_MAX = 8, /* names in a path */
	RECORDS_NEST_MAX = 24, /* records within records */
	RECORDS_BUCKETS = 128,
	RECORDS_TOLD_MAX = 40, /* paths told of as unused, and as standing outside */
	RECORDS_SEEN = 1024,   /* slots for the paths that are told already */
};

enum selector_kind { SELECT_CHILD, SELECT_ABOVE, SELECT_RECORD, SELECT_NUMBER, SELECT_PARENT };

struct selector {
	enum selector_kind kind;
	bool is_attribute;                   /* of the last name */
	unsigned short column, next;         /* the next one of the same bucket, from 1 */
	struct str parts[RECORDS_PARTS_MAX]; /* an attribute's name is the last */
	size_t count;
};

struct record_name {
	struct str parts[RECORDS_PARTS_MAX];
	size_t count;
	bool is_seen;
};

/* A value that was found: a list from the newest to the oldest. */
struct found {
	struct found *next;
	size_t selector, length;
	char text[];
};

struct frame {
	char name[TREE_NAME_MAX];
	size_t name_length;
	uint64_t hash;  /* of the names from the record (or the root) to here */
	int record;     /* index of the innermost open record here, -1 outside */
	bool is_record; /* and it starts here */
	bool is_wanted; /* its text is some column's */
	bool has_text;
	struct found *inherited; /* what ^NAME/… finds, NAME being this node */
};

struct record {
	size_t depth; /* of its node, from 0 */
	uint64_t number, parent;
	size_t name; /* index in the profile's list */
	struct found *found;
	size_t bytes;
	const char *fault;
};

struct records {
	struct reader *reader;
	struct record_name names[READER_RECORDS_MAX];
	size_t name_count;
	struct selector selectors[RECORDS_SELECTORS_MAX];
	size_t selector_count;
	unsigned short buckets[RECORDS_BUCKETS];
	bool has_value[READER_COLUMNS_MAX];
	struct frame frames[TREE_DEPTH_MAX];
	size_t depth;
	struct record open[RECORDS_NEST_MAX];
	size_t open_count;
	uint64_t number;
	char *text; /* of the node that is open, CSV_RECORD_MAX bytes */
	size_t text_length;
	bool is_text_cut;
	uint64_t seen[RECORDS_SEEN];
	size_t unused_count, outside_count;
	const char *fault; /* why a call answered false */
	struct str cells[READER_COLUMNS_MAX];
	char numbers[2][24];
};

/* Understands the profile's paths and writes the header row. NULL, or what is wrong with them. */
const char *records_init(struct records *p, struct reader *r);

/* For the parser; `context` is the struct records. */
struct tree_sink records_sink(struct records *p);

/* When the document has ended well: fails when no record, or no value of a required column, was
 * there. The exit status. */
int records_finish(struct records *p);

/* Gives all memory back; for tests, as the reader just ends. */
void records_release(struct records *p);

/* -- between reader_paths.c and reader_records.c ----------------------------------------------- */

/* Whether two names are the same but for the case of a–z. */
bool records_is_name(struct str a, struct str b);
/* `hash` with one more name. */
uint64_t records_hash(uint64_t hash, struct str name);
/* Which bucket the selectors that end with this name are in. */
size_t records_bucket(struct str name);
struct str records_trimmed(struct str s);
