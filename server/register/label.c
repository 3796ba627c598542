#include "register/label.h"

#include <qrencode.h>
#include <string.h>

#include "auth/ask.h"
#include "base/utf8.h"

/* In tenths of a millimetre. The code keeps its quiet zone of four modules (ISO/IEC 18004). */
enum { WIDTH = 900, HEIGHT = 380, CODE_SIDE = 360, QUIET = 4, TEXT_X = 375, TEXT_TOP = 62 };
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

/* Dark modules as one path, a run at a time. */
static void add_code(struct buf *to, const QRcode *code)
{
	int side = code->width + 2 * QUIET, end;

	buf_printf(to, "<path transform=\"translate(10 10) scale(%.5f)\" d=\"",
		   (double)CODE_SIDE / side);
	for (int y = 0; y < code->width; y++) {
		const unsigned char *row = code->data + y * code->width;

		for (int x = 0; x < code->width; x = end) {
			for (end = x; end < code->width && (row[end] & 1) == (row[x] & 1);)
				end++;
			if (row[x] & 1)
				buf_printf(to, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, end - x,
					   end - x);
		}
	}
	buf_text(to, "\" shape-rendering=\"crispEdges\"/>");
}

enum err label_svg(const struct label *l, struct buf *to)
{
	/* A quarter of the label may be scratched away and it is still read. */
	QRcode *code = QRcode_encodeString8bit(l->address, 0, QR_ECLEVEL_Q);
	int y = TEXT_TOP;

	if (!code)
		return ERR_TOO_LARGE;
	buf_printf(to,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%dmm\" height=\"%dmm\" "
		   "viewBox=\"0 0 %d %d\" font-family=\"Arial, Helvetica, sans-serif\">"
		   "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>",
		   WIDTH / 10, HEIGHT / 10, WIDTH, HEIGHT, WIDTH, HEIGHT);
	add_code(to, code);
	QRcode_free(code);
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

/* Where people find our pages: as configured, or as this request found them. */
static const char *address_of(struct req *rq, const char *code)
{
	const char *origin = app_of(rq)->config->origin, *host = req_incoming(rq, "Host");

	if (origin[0])
		return arena_printf(&rq->arena, "%s/q/%s", origin, code);
	return arena_printf(&rq->arena, "http://%s/q/%s", host ? host : "", code);
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
	l.address = address_of(rq, l.code);
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
