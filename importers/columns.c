#include "importers/columns.h"

static const struct profile_column *find_column(const struct import *im, struct str header)
{
	for (size_t i = 0; i < im->profile.column_count; i++) {
		if (profile_is_header(&im->profile.columns[i], header.at, header.length))
			return &im->profile.columns[i];
	}
	return NULL;
}

enum err columns_by_header(struct import *im, const struct str *cells, size_t count)
{
	const char *missing = "";
	size_t known = 0;

	for (size_t i = 0; i < count; i++) {
		const struct profile_column *c = find_column(im, cells[i]);

		im->headers[i] = arena_copy(im->arena, cells[i].at, cells[i].length);
		if (c && import_place(im, c->name) < im->width)
			return import_refuse(im, "kolonnen «%s» finnes to ganger", im->headers[i]);
		im->columns[i] = c ? c->name : arena_printf(im->arena, "x_%zu", i + 1);
		im->width = i + 1;
		known += c != NULL;
	}
	if (known == 0)
		return import_refuse(im, "første rad har ingen av kolonnene til profilen «%s»",
				     im->profile.name);
	for (size_t i = 0; i < im->profile.column_count; i++) {
		const struct profile_column *c = &im->profile.columns[i];

		if (c->is_required && import_place(im, c->name) == im->width)
			missing = arena_printf(
				im->arena, "%s%s%s%s%s%s", missing, *missing ? ", " : "", c->name,
				c->alias_count ? " (" : "", c->alias_count ? c->aliases[0] : "",
				c->alias_count ? ")" : "");
	}
	return *missing ? import_refuse(im, "kolonner mangler: %s", missing) : OK;
}

enum err columns_by_place(struct import *im, const struct str *cells, size_t count, bool *is_header)
{
	size_t named = 0, filled = 0;

	im->width = count;
	for (size_t i = 0; i < count; i++) {
		const struct profile_column *c =
			i < im->profile.column_count ? &im->profile.columns[i] : NULL;

		im->columns[i] = c ? c->name : arena_printf(im->arena, "x_%zu", i + 1);
		im->headers[i] = im->columns[i];
		filled += cells[i].length > 0;
		named += c && profile_is_header(c, cells[i].at, cells[i].length);
	}
	*is_header = named > 0 && named * 2 >= filled;
	for (size_t i = 0; *is_header && i < count; i++)
		im->headers[i] = arena_copy(im->arena, cells[i].at, cells[i].length);
	return OK;
}
