/* Any bytes as what the reader child may write, through the casts on the way to COPY, whole and in
 * two pieces: it must give the same both ways, and as many fields in each row as COPY awaits. The
 * first byte decides where the cut is. */
#include "importers/cast.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const names[] = { "a", "b", "c", "d" };

static void set_up(struct import *im)
{
	static const enum cell_type types[] = { CELL_TEXT, CELL_WHOLE, CELL_NUMBER };

	memset(im, 0, sizeof(*im));
	im->width = sizeof(names) / sizeof(names[0]);
	im->profile.is_typed = true;
	im->profile.column_count = 3;
	for (size_t i = 0; i < im->width; i++)
		im->columns[i] = names[i];
	for (size_t i = 0; i < im->profile.column_count; i++)
		im->profile.columns[i] = (struct profile_column){
			.name = names[i], .type = types[i], .from = 1, .to = 99, .is_filled = i == 1
		};
}

/* The whole of what COPY would get; false when the rows were refused. */
static bool run(const struct import *im, const char *bytes, size_t cut, size_t length,
		struct buf *all)
{
	static struct cast c;
	bool is_good;

	cast_init(&c, im, NULL);
	is_good = !cast_take(&c, bytes, cut);
	buf_add(all, c.out.at ? c.out.at : "", c.out.length);
	is_good = is_good && !cast_take(&c, bytes + cut, length - cut);
	if (is_good)
		buf_add(all, c.out.at ? c.out.at : "", c.out.length);
	cast_release(&c);
	return is_good;
}

static void check_fields(const struct import *im, const struct buf *all)
{
	size_t tabs = 0;

	for (size_t i = 0; i < all->length; i++) {
		tabs += all->at[i] == '\t';
		if (all->at[i] != '\n')
			continue;
		if (tabs != 5 + im->width + 2)
			abort();
		tabs = 0;
	}
	if (tabs)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct import im;
	const char *text = (const char *)bytes + 1;
	struct buf whole, parts;

	if (length < 1)
		return 0;
	set_up(&im);
	buf_init(&whole, SIZE_MAX);
	buf_init(&parts, SIZE_MAX);
	if (run(&im, text, length - 1, length - 1, &whole)) {
		check_fields(&im, &whole);
		if (!run(&im, text, (size_t)bytes[0] * (length - 1) / 256, length - 1, &parts) ||
		    whole.length != parts.length ||
		    (whole.length && memcmp(whole.at, parts.at, whole.length) != 0))
			abort();
	}
	buf_release(&whole);
	buf_release(&parts);
	return 0;
}
