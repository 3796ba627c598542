/* What XML and JSON have in common for us: named nodes in nodes, with text. A parser calls these as
 * it goes; nobody keeps the tree. */
#pragma once

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	TREE_DEPTH_MAX = 100, /* nodes within nodes */
	TREE_NAME_MAX = 100,  /* bytes of a node's name */
	TREE_ATTRIBUTES_MAX = 64,
};

struct tree_attribute {
	struct str name, value;
};

/* Each returns false to stop the parser, which then answers NULL: the sink knows why. */
struct tree_sink {
	/* A node starts. Names are without prefix; an item of a JSON array bears the array's. */
	bool (*open)(void *context, struct str name, const struct tree_attribute *attributes,
		     size_t count);
	/* A piece of text of the node that is open. */
	bool (*text)(void *context, struct str piece);
	bool (*close)(void *context);
	/* A JSON array called `name` starts: it may be empty. Or null stands there instead, which
	 * is no node. NULL when of no interest. */
	bool (*array)(void *context, struct str name);
	void *context;
};
