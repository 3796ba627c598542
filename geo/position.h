/* Coordinates as text: pure, no I/O. */
#pragma once

#include <stdbool.h>

enum { POSITION_MAX = 3 };

/* Reads «x,y» or «x,y,h»: finite decimal numbers, a point for the decimals whatever the locale, no
 * spaces. Returns how many there are (2 or 3), 0 when the text is something else. */
int position_parse(const char *text, double out[POSITION_MAX]);
