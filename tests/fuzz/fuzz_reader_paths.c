/* Any text as the paths of a manifest (a line each: the first is the record, the others columns, up
 * to an empty line), and the rest as nodes that open, say something and close. */
#include "importers/reader_records.h"
#include "reader_quiet.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void drive(const struct tree_sink *sink, struct str events)
{
	static const char *const names[] = { "a", "B", "mappe", "dok", "klasse", "id", "t", "" };
	size_t depth = 0;
	bool is_going_on = true;

	for (size_t i = 0; i < events.length && is_going_on; i++) {
		unsigned char event = (unsigned char)events.at[i];
		struct str name = str_of(names[event >> 2 & 7]);
		struct tree_attribute attribute = { name, { events.at, i } };

		if (event % 4 == 0) {
			is_going_on = sink->open(sink->context, name, &attribute, event >> 5 & 1);
			depth++;
		} else if (event % 4 == 1) {
			is_going_on = sink->text(sink->context, (struct str){ events.at, i });
		} else if (event % 4 == 2 && depth) {
			depth--;
			is_going_on = sink->close(sink->context);
		} else if (event % 4 == 3) {
			is_going_on = sink->array(sink->context, name);
		}
	}
	while (is_going_on && depth--)
		is_going_on = sink->close(sink->context);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct reader_options options;
	static struct reader reader;
	static struct records records;
	struct str rest = { (const char *)bytes, length }, line;
	char record[256] = "";
	struct tree_sink sink;

	memset(&options, 0, sizeof(options));
	line = str_cut(&rest, '\n');
	if (line.length >= sizeof(record))
		return 0;
	if (line.length)
		memcpy(record, line.at, line.length);
	options.records[options.record_count++] = record;
	while (rest.length && options.column_count < READER_COLUMNS_MAX) {
		line = str_cut(&rest, '\n');
		if (line.length == 0)
			break;
		options.columns[options.column_count++] = (struct reader_column){ line, false };
	}
	quiet_reader(&reader, &options);
	if (!records_init(&records, &reader)) {
		sink = records_sink(&records);
		drive(&sink, rest);
		records_finish(&records);
	}
	records_release(&records);
	return 0;
}
