#include "importers/reader.h"

void reader_set_width(struct reader *r, size_t count)
{
	r->out.width = count > r->options.width ? count : r->options.width;
	r->out.least = r->options.least ? r->options.least : r->out.width;
}

void reader_row(struct reader *r, uint64_t line, const char *fault, const struct str *cells,
		size_t count)
{
	bool is_blank = fault == NULL;

	for (size_t i = 0; i < count && is_blank; i++)
		is_blank = cells[i].length == 0;
	if (is_blank) {
		r->blank++;
		r->out.marked = 0;
		return;
	}
	if (r->out.width == 0)
		reader_set_width(r, count);
	rowpipe_row(&r->out, line, fault, cells, count);
}

int reader_finish(struct reader *r)
{
	if (reader_has_failed())
		return 1;
	if (!rowpipe_flush(&r->out))
		return reader_fail(rowpipe_is_over(&r->out) ? "bomb" : "pipe", "");
	reader_note("rows", "%llu", (unsigned long long)r->out.rows);
	reader_note("blank", "%llu", (unsigned long long)r->blank);
	return 0;
}
