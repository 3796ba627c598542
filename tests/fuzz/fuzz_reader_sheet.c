/* Any bytes as a part of a workbook: the first one decides which (sheet, shared texts, styles,
 * workbook, relations, ODS content) and whether one sheet or several are read. */
#include "importers/reader_ods.h"
#include "importers/reader_sheet.h"
#include "importers/reader_xlsx.h"
#include "reader_quiet.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static struct {
	const char *name, *text;
	size_t length;
} members[] = {
	{ "xl/worksheets/sheet1.xml",
	  "<w><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c s='1'><v>43922</v></c></row></sheetData></w>",
	  0 },
	{ "xl/sharedStrings.xml", "<sst><si><t>a</t></si><si><r><t>b</t></r></si></sst>", 0 },
	{ "xl/styles.xml", "<s><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></s>", 0 },
	{ "xl/workbook.xml",
	  "<w xmlns:r='r'><sheets><sheet name='A' r:id='s'/><sheet name='B' r:id='s'/></sheets></w>",
	  0 },
	{ "xl/_rels/workbook.xml.rels",
	  "<r><Relationship Id='s' Type='/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='t' Type='/sharedStrings' Target='sharedStrings.xml'/><Relationship Id='y' Type='/styles' Target='styles.xml'/></r>",
	  0 },
	{ "content.xml", "<d><table name='A'><table-row/></table></d>", 0 },
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static size_t chosen;
static struct str input;

static bool open_member(struct archive *a, const char *name, struct source *s)
{
	static struct quiet_file files[MEMBERS];

	(void)a;
	for (size_t i = 0; i < MEMBERS; i++) {
		if (strcmp(members[i].name, name) != 0)
			continue;
		files[i] = (struct quiet_file){ members[i].text, strlen(members[i].text), 0, 4096 };
		if (i == chosen)
			files[i] = (struct quiet_file){ input.at, input.length, 0, 4096 };
		quiet_source(s, &files[i]);
		return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct reader reader;
	struct reader_options options = { .formats = "xlsx", .layer = "first" };
	struct archive archive = { open_member, NULL };
	char to[SHEET_NUMBER_MAX];
	uint32_t column, row;

	if (length < 1)
		return 0;
	chosen = bytes[0] % MEMBERS;
	options.layer = bytes[0] & 0x40 ? "A|B" : "first";
	input = (struct str){ (const char *)bytes + 1, length - 1 };
	quiet_reader(&reader, &options);
	if (chosen == MEMBERS - 1)
		reader_ods(&reader, &archive);
	else
		reader_xlsx(&reader, &archive);
	if (sheet_number(input, to) > sizeof(to) ||
	    sheet_date(input, bytes[0] & 0x80, to) >= sizeof(to))
		abort();
	sheet_is_date_format(input);
	sheet_reference(input, &column, &row);
	return 0;
}
