/* ODS (OpenDocument 1.2 spreadsheets) as it streams by: its one content.xml is read twice, first
 * for which sheets have rows. */
#pragma once

#include "importers/reader.h"
#include "importers/reader_source.h"

/* Writes the rows of the sheets that the options' layer names; the exit status. */
int reader_ods(struct reader *r, struct archive *a);
