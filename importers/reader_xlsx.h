/* XLSX (ECMA-376) as it streams by, one sheet after another. OGR's driver keeps the whole sheet in
 * memory and hides what reader_sheet.h marks: see docs/decisions/0022. */
#pragma once

#include "importers/reader.h"
#include "importers/reader_source.h"

/* Writes the rows of the sheets that the options' layer names; the exit status. */
int reader_xlsx(struct reader *r, struct archive *a);
