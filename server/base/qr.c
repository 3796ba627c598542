#include "base/qr.h"

#include <qrencode.h>

enum { QUIET = 4 };

/* A run of dark modules at a time. */
static void add_runs(const QRcode *code, struct buf *to)
{
	int end;

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
}

enum err qr_path(const char *text, int side, struct buf *to)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_Q);

	if (!code)
		return ERR_TOO_LARGE;
	buf_printf(to, "<path transform=\"scale(%.5f)\" d=\"",
		   (double)side / (code->width + 2 * QUIET));
	add_runs(code, to);
	buf_text(to, "\" shape-rendering=\"crispEdges\"/>");
	QRcode_free(code);
	return OK;
}

enum err qr_svg(const char *text, int side, struct buf *to)
{
	enum err e;

	buf_printf(to,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">"
		   "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>",
		   side, side, side, side);
	if ((e = qr_path(text, side, to)))
		return e;
	buf_text(to, "</svg>");
	return OK;
}
