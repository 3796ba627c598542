/* Any text as the query string of /ogc/…/items: pairs with & between, names and values with =
 * between, for each layer. What is taken makes parameters that PostgreSQL will read: numbers that
 * are numbers, a system that we have, a limit within its bounds. */
#include "geo/ogc_ask.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_box(const struct ogc_ask *ask)
{
	for (int i = P_X1; i <= P_Y2; i++) {
		char *end;
		double n;

		if (!ask->params[i]) {
			if (ask->params[P_X1])
				abort();
			continue;
		}
		n = strtod(ask->params[i], &end);
		if (*end || !isfinite(n))
			abort();
	}
}

static void check(const struct ogc_ask *ask)
{
	check_box(ask);
	if (!ask->crs || !ask->params[P_SRID] || ask->limit < 0 || ask->limit > OGC_LIMIT_MAX)
		abort();
	if (ask->params[P_AFTER] && strlen(ask->params[P_AFTER]) != OGC_CURSOR)
		abort();
	if (ask->layer->kind && strcmp(ask->params[P_FILTERS], ask->layer->kind) != 0)
		abort();
	if (ogc_ask_query(ask) == Q_NONE)
		abort();
}

static void ask_layer(struct arena *a, const struct ogc_layer *layer, const char *text)
{
	struct ogc_ask ask;
	bool is_good = true;
	struct str rest = str_of(text);

	ogc_ask_init(&ask, layer);
	ask.sees_history = true;
	while (rest.at) {
		struct str value = str_cut(&rest, '&'), name = str_cut(&value, '=');
		const char *n = arena_copy(a, name.at ? name.at : "", name.length);
		const char *v = arena_copy(a, value.at ? value.at : "", value.length);

		is_good &= !ogc_ask_take(&ask, a, n, v, "nn");
	}
	if (!ogc_ask_end(&ask, a, "en") && is_good)
		check(&ask);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	unsigned char out[64];
	struct arena a;
	char *text;

	arena_init(&a);
	text = arena_copy(&a, (const char *)bytes, length);
	for (const struct ogc_layer *l = ogc_layers; l->name; l++)
		ask_layer(&a, l, text);
	ogc_format_accepted(text);
	if (base64_decode(text, out, sizeof(out)) > sizeof(out))
		abort();
	arena_release(&a);
	return 0;
}
