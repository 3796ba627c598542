/* Any bytes as XML and as JSON, through the paths of a profile: it must end, free all it took, and
 * make the same rows of JSON whether it comes whole or in small pieces. The first byte decides the
 * size of the pieces. */
#include "importers/reader_json.h"
#include "importers/reader_records.h"
#include "importers/reader_sniff.h"
#include "importers/reader_xml.h"
#include "reader_quiet.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct outcome {
	uint64_t rows, bytes;
	bool is_fault;
};

static struct outcome run(const char *bytes, size_t length, size_t piece, bool is_xml)
{
	static const struct reader_options options = {
		.formats = "xml json",
		.records = { "mappe", "mappe/dok", "item", "item/dok" },
		.record_count = 4,
		.columns = { { STR("t|tittel|."), false },
			     { STR("k|^klasse/id|^item/k/id"), false },
			     { STR("a|@a|b/@a"), false },
			     { STR("n|%number"), false },
			     { STR("p|%parent|%record"), true } },
		.column_count = 5,
	};
	static struct reader reader;
	static struct records records;
	struct quiet_file file = { bytes, length, 0, piece };
	struct tree_sink sink;
	struct source source;
	char said[100];
	const char *fault;

	quiet_reader(&reader, &options);
	quiet_source(&source, &file);
	if (records_init(&records, &reader))
		abort();
	sink = records_sink(&records);
	fault = is_xml ? xml_read(&source, &sink, said, sizeof(said))
		       : json_read(&source, &sink, said, sizeof(said));
	if (!fault)
		records_finish(&records);
	records_release(&records);
	rowpipe_flush(&reader.out);
	return (struct outcome){ reader.out.rows, reader.out.sent,
				 fault || records.fault || quiet_failures() };
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes + 1, *fault;
	struct outcome whole, parts;

	if (length < 2)
		return 0;
	length--;
	if (!sniff(text, length, &fault) == !fault)
		abort();
	run(text, length, length, true);
	whole = run(text, length, length, false);
	parts = run(text, length, bytes[0] % 16 + 1, false);
	if (whole.rows != parts.rows || whole.bytes != parts.bytes ||
	    whole.is_fault != parts.is_fault)
		abort();
	return 0;
}
