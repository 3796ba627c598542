/* The one encoder: rows of a result as JSON, by column name and type. Columns of type json pass
 * through untouched; a column named `_key` is not written but becomes the page's `next`. */
#pragma once

#include "base/buf.h"
#include "db/db.h"

/* One row as an object. */
void rows_object(const struct rows *rows, int row, struct buf *to);

/* One row as an object, without its first column and those whose name begins with an underscore:
 * the properties of a feature, whose id comes first. */
void rows_properties(const struct rows *rows, int row, struct buf *to);

/* One cell as JSON. */
void rows_value(const struct rows *rows, int row, int column, struct buf *to);

/* All rows as {"items":[…],"next":…}: `next` is the last row's `_key` when the page is full
 * (`limit` rows; 0 = never), else null. */
void rows_list(const struct rows *rows, int limit, struct buf *to);
