#include "register/label.h"

#include <string.h>

#include "auth/ask.h"
#include "auth/session.h"
#include "base/qr.h"
#include "base/utf8.h"

/* In tenths of a millimetre. */
enum { WIDTH = 900, HEIGHT = 380, CODE_SIDE = 360, TEXT_X = 375, TEXT_TOP = 62 };
enum { TEXT_MAX = 300 };

/* Bytes of the line that `text` begins with: as many whole words as `room` characters hold, or, of
 * a word that is longer, as much as they do. */
static size_t line_length(const char *text, int room)
{
	size_t at = 0, word = 0, step;
	int count = 0;

	while (text[at] && count < room) {
		if (text[at] == ' ')
			word = at;
		step = utf8_length(text + at, strlen(text + at));
		if (!step)
			return at;
		at += step;
		count++;
	}
	return !text[at] || text[at] == ' ' || !word ? at : word;
}

/* Writes `text` in lines of at most `room` characters and moves `y` below them. What does not fit
 * in `most` lines is cut with an ellipsis. */
static void add_lines(struct buf *to, const char *text, int size, int room, int most, int *y)
{
	size_t length;

	for (int i = 0; i < most && *text; i++) {
		length = line_length(text, room);
		if (!length)
			return;
		buf_printf(to, "<text x=\"%d\" y=\"%d\" font-size=\"%d\">", TEXT_X, *y, size);
		buf_xml(to, text, length);
		text += length;
		while (*text == ' ')
			text++;
		buf_text(to, *text && i == most - 1 ? "…</text>" : "</text>");
		*y += size + size / 5;
	}
}

enum err label_svg(const struct label *l, struct buf *to)
{
	int y = TEXT_TOP;
	enum err e;

	buf_printf(to,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%dmm\" height=\"%dmm\" "
		   "viewBox=\"0 0 %d %d\" font-family=\"Arial, Helvetica, sans-serif\">"
		   "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>",
		   WIDTH / 10, HEIGHT / 10, WIDTH, HEIGHT, WIDTH, HEIGHT);
	buf_text(to, "<g transform=\"translate(10 10)\">");
	if ((e = qr_path(l->address, CODE_SIDE, to)))
		return e;
	buf_text(to, "</g>");
	buf_text(to, "<g font-weight=\"bold\">");
	add_lines(to, l->name, 44, 22, 2, &y);
	if (l->mark)
		add_lines(to, l->mark, 34, 27, 1, &y);
	buf_text(to, "</g>");
	if (l->where)
		add_lines(to, l->where, 30, 33, 3, &y);
	y = HEIGHT - 28;
	buf_text(to, "<g font-family=\"monospace\" letter-spacing=\"4\">");
	add_lines(to, l->code, 36, TEXT_MAX, 1, &y);
	buf_text(to, "</g></svg>\n");
	return OK;
}

static enum err get(struct req *rq)
{
	const char *params[] = { rq->ids[0] };
	struct label l;
	struct rows *rows;
	enum err e;

	if ((e = ask_rows(rq, Q_LABEL_GET, params, &rows)))
		return e;
	if (!rows_count(rows))
		return ERR_NOT_FOUND;
	l.name = rows_at(rows, 0, rows_column(rows, "name"));
	l.mark = rows_at(rows, 0, rows_column(rows, "mark"));
	l.where = rows_at(rows, 0, rows_column(rows, "place_label"));
	l.code = rows_at(rows, 0, rows_column(rows, "code"));
	l.address = arena_printf(&rq->arena, "%s/q/%s", session_origin(rq), l.code);
	if ((e = label_svg(&l, &rq->out)))
		return req_fail(rq, e, "the address is too long for a QR code");
	req_header(rq, "Content-Security-Policy", "default-src 'none'; sandbox");
	rq->out_type = "image/svg+xml";
	return OK;
}

const struct route label_routes[] = {
	{ "GET", "/api/v1/codes/{code}/label.svg", ROLE_OFFICE, get,
	  .summary = "A label to print: a QR code with words" },
	{ 0 },
};
