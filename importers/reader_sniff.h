/* What a file is, by its bytes; its name is never asked. */
#pragma once

#include <stddef.h>

enum { SNIFF_HEAD = 64 * 1024 };

/* The format of a file that starts with these bytes: csv, xml, gml, json, geojson, zip, gpkg, dxf,
 * mapinfo, sosi. NULL with `fault` set to a word for reader_fail() when it is nothing that is read;
 * is_whole says that there is no more than these bytes. */
const char *sniff(const char *head, size_t length, const char **fault);
