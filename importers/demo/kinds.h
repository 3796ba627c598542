/*
 * The kinds of building that a municipality owns: how many, how large, and which rooms they have.
 * Codes are the cadastre's building types (bygningstype, domain facts Appendix C).
 */
#pragma once

#include <stdbool.h>

enum scale { SCALE_SMALL, SCALE_TOWN, SCALE_CITY, SCALE__MAX };

/* What a scale holds; each count is met exactly. */
struct scale_figures {
	const char *name;
	int buildings, dwellings, components, tasks, cases;
	int lots_per_street; /* 0: streets are built full */
};

extern const struct scale_figures scale_figures[SCALE__MAX];

/* Groups of kinds that share components and rounds; bits, so that one component can be in several.
 */
enum kind_group {
	KIND_HOUSE = 1,  /* small houses: one to five dwellings */
	KIND_BLOCK = 2,  /* blocks of flats and care dwellings */
	KIND_PUBLIC = 4, /* where people work, learn or are cared for */
	KIND_HALL = 8,   /* sports halls, pools, theatres: large rooms */
	KIND_PLANT = 16, /* pumping stations, stores, garages: little but technique */
	KIND_ANY = 31
};

struct room_kind {
	const char *name;
	int low, high; /* how many a storey of this building has */
};

struct building_kind {
	int code; /* building type */
	const char
		*word; /* what follows the neighbourhood in its name; NULL: named by its address */
	const char *use;
	enum kind_group group;
	int counts[SCALE__MAX]; /* public kinds: exact number; housing kinds: 0, see weight */
	int weight;             /* housing kinds: share of what the public kinds leave */
	int width[2], depth[2]; /* metres */
	int storeys[2];
	int dwellings[2]; /* in the whole building */
	int built[2];     /* years */
	struct room_kind rooms[6];
};

/* How many kinds there are, and kind `i`. Public kinds come first. */
int kind_count(void);
const struct building_kind *kind_at(int i);
