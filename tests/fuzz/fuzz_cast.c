/* Any bytes as what the reader child may write, through the casts on the way to COPY, whole and in
 * two pieces: it must give the same both ways, and as many fields in each row as COPY awaits; and
 * once more as fingerprints, one for each of these rows. The first byte decides where the cut is.
 */
#include "importers/cast.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const names[] = { "a", "b", "c", "d" };
static const struct print_state state = { "", "", { 0, 0, 2, 500, "1001" } };

static void set_up(struct import *im)
{
	static const enum cell_type types[] = { CELL_TEXT, CELL_WHOLE, CELL_NUMBER,
						CELL_COORDINATE };

	memset(im, 0, sizeof(*im));
	im->width = sizeof(names) / sizeof(names[0]);
	im->profile.is_typed = true;
	im->profile.column_count = 4;
	im->profile.position[0] = "b";
	im->profile.position[1] = im->profile.position[2] = "d";
	for (size_t i = 0; i < im->width; i++)
		im->columns[i] = names[i];
	for (size_t i = 0; i < im->profile.column_count; i++)
		im->profile.columns[i] = (struct profile_column){
			.name = names[i], .type = types[i], .from = 1, .to = 99, .is_filled = i == 1
		};
}

/* The whole of what COPY would get; false when the rows were refused. */
static bool run(const struct import *im, enum cast_way way, const char *bytes, size_t cut,
		size_t length, struct buf *all)
{
	static struct print print;
	static struct cast c;
	bool is_good;

	print_init(&print, im, &state);
	cast_init(&c, im, &print);
	cast_again(&c, way, NULL);
	is_good = !cast_take(&c, bytes, cut);
	buf_add(all, c.out.at ? c.out.at : "", c.out.length);
	is_good = is_good && !cast_take(&c, bytes + cut, length - cut);
	if (is_good)
		buf_add(all, c.out.at ? c.out.at : "", c.out.length);
	cast_release(&c);
	print_release(&print);
	return is_good;
}

/* How many rows there are; each must have `fields` fields. */
static size_t check_fields(const struct buf *all, size_t fields)
{
	size_t tabs = 0, rows = 0;

	for (size_t i = 0; i < all->length; i++) {
		tabs += all->at[i] == '\t';
		if (all->at[i] != '\n')
			continue;
		if (tabs + 1 != fields)
			abort();
		tabs = 0;
		rows++;
	}
	if (tabs)
		abort();
	return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct import im;
	const char *text = (const char *)bytes + 1;
	struct buf whole, parts, prints;

	if (length < 1)
		return 0;
	set_up(&im);
	buf_init(&whole, SIZE_MAX);
	buf_init(&parts, SIZE_MAX);
	buf_init(&prints, SIZE_MAX);
	if (run(&im, CAST_ALL, text, length - 1, length - 1, &whole)) {
		if (!run(&im, CAST_ALL, text, (size_t)bytes[0] * (length - 1) / 256, length - 1,
			 &parts) ||
		    whole.length != parts.length ||
		    (whole.length && memcmp(whole.at, parts.at, whole.length) != 0))
			abort();
		if (!run(&im, CAST_PRINTS, text, length - 1, length - 1, &prints) ||
		    check_fields(&prints, 2) != check_fields(&whole, 5 + im.width + 3))
			abort();
	}
	buf_release(&whole);
	buf_release(&parts);
	buf_release(&prints);
	return 0;
}
