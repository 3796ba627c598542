/* QR codes (ISO/IEC 18004) as SVG, with their quiet zone of four modules. A quarter of one may be
 * scratched away and it is still read. The only file that knows libqrencode. */
#pragma once

#include "base/buf.h"
#include "base/err.h"

/* Appends the dark modules of `text` as one <path> in a square of `side` units at 0 0.
 * ERR_TOO_LARGE when no code holds so much. */
enum err qr_path(const char *text, int side, struct buf *to);

/* Appends a whole <svg> with `text`, dark on white, `side` units wide. */
enum err qr_svg(const char *text, int side, struct buf *to);
