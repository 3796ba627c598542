// Workbooks: what a spreadsheet program hides must be read, and told of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { book, cellsOf, readBytes, spreadsheet, workbook, zip, type Cell } from './import_files.ts';

const sheets = 'xlsx ods';

test('formulas give their stored value, and say that they are formulas', () => {
  const r = readBytes(book([{ name: 'a', rows: [['a', 'b'], [1, { f: 'A2+1', v: 2 }], [{ f: 'A2&"x"', v: '1x' }, { f: 'B2' }]] }]), sheets);
  assert.deepEqual(cellsOf(r), [['a', 'b'], ['1', '2'], ['1x', '']]);
  assert.deepEqual(r.rows.map((row) => row.marks), ['', 'formula:2', 'formula:1 no_value:2']);
});

test('merged cells are marked on every row that they cover', () => {
  const r = readBytes(book([{ name: 'a', merges: ['B2:C3', 'A5:A5'], rows: [['a', 'b', 'c'], [1, 'felles'], [2], [3, 4, 5], [6, 7, 8]] }]), sheets);
  assert.deepEqual(r.rows.map((row) => row.marks), ['', 'merged:2', 'merged:2', '', 'merged:1']);
});

test('hidden rows are read and marked, hidden columns are told of, hidden sheets are not taken for the first', () => {
  const r = readBytes(book([
    { name: 'Skjult', state: 'hidden', rows: [['x'], [1]] },
    { name: 'Tom', rows: [[]] },
    { name: 'Data', hiddenColumns: 2, rows: [['a', 'b'], { cells: [1, 2], hidden: true }] },
    { name: 'Mer', rows: [['y'], [2]] },
  ]), sheets);
  assert.deepEqual(cellsOf(r), [['a', 'b'], ['1', '2']]);
  assert.equal(r.rows[1].marks, 'hidden');
  assert.deepEqual(r.notes.layer?.sort(), ['Mer', 'Skjult']);
  assert.deepEqual(r.notes.hidden_columns, ['Data']);
});

test('dates come as dates, serials as numbers, errors as what Excel shows', () => {
  const row: Cell[] = [{ date: 43922 }, { date: 44632.586805555555 }, 43922, { error: '#REF!' }, true, { date: 0.5 }, { date: 60.5 }, { date: 1 }];
  const r = readBytes(book([{ name: 'a', rows: [row] }]), sheets);
  assert.deepEqual(cellsOf(r), [['2020-04-01', '2022-03-12T14:05:00', '43922', '#REF!', 'true', '12:00:00', '1900-02-28T12:00:00', '1900-01-01']]);
  assert.equal(r.rows[0].marks, 'error:4');
});

test('numbers are what people see, not what binary fractions leave', () => {
  const values = ['0.30000000000000004', '1.5E+3', '81764387', '301', '-12.5', '1E+21', '1.0000000000000001E-5', '12345678901234567'];
  const r = readBytes(workbook(`<row r="1">${values.map((v) => `<c><v>${v}</v></c>`).join('')}</row>`), sheets);
  assert.deepEqual(cellsOf(r), [['0.3', '1500', '81764387', '301', '-12.5', '1e+21', '1e-05', '12345678901234568']]);
});

test('rich and inline text is whole, how it sounds is left out, and blanks are kept', () => {
  const r = readBytes(book([{ name: 'a', rows: [[{ inline: 'Ærlig & <b>' }, '  to ', 'a\nb']] }]), sheets);
  assert.deepEqual(cellsOf(r), [['Ærlig & <b>', '  to ', 'a\nb']]);
});

test('rows and cells without numbers follow the one before', () => {
  const r = readBytes(workbook('<row><c><v>1</v></c><c r="C1"><v>3</v></c><c><v>4</v></c></row><row r="7"><c r="B7"><v>5</v></c></row><row><c r="A8"><v>6</v></c></row>'), sheets);
  assert.deepEqual(r.rows.map((row) => [row.line, ...row.cells]), [[1, '1', '', '3', '4'], [7, '', '5', '', ''], [8, '6', '', '', '']]);
});

test('a named sheet is read, one that is not there is said', () => {
  const two = book([{ name: 'Ark1', rows: [['a'], [1]] }, { name: 'Bygg', rows: [['b'], [2]] }]);
  assert.deepEqual(cellsOf(readBytes(two, sheets, ['--layer', 'bygg'])), [['b'], ['2']]);
  assert.equal(readBytes(two, sheets, ['--layer', 'Finnes ikke']).fault, 'no_layer');
});

test('several sheets become rows of one table, each with its sheet and its own header', () => {
  const r = readBytes(book([
    { name: 'Floor', rows: [['Name', 'Height'], ['1', 3]] },
    { name: 'Notes', rows: [['Free text']] },
    { name: 'Space', rows: [['FloorName', 'Name'], ['1', '101'], ['1', '102']] },
  ]), sheets, ['--layer', 'Floor | Space']);
  assert.deepEqual(cellsOf(r), [['layer', 'Name', 'Height', 'FloorName'], ['Floor', '1', '3', ''], ['Space', '101', '', '1'], ['Space', '102', '', '1']]);
  assert.deepEqual(r.rows.map((row) => row.line), [0, 10_000_002, 30_000_002, 30_000_003]);
});

test('a text that the workbook does not hold fails the file', () => {
  const r = readBytes(workbook('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), sheets);
  assert.equal(r.fault, 'library');
});

test('more cells than the header has are one reject, and nothing of them is lost', () => {
  const r = readBytes(book([{ name: 'a', rows: [['a'], [1, 2, 3]] }]), sheets);
  assert.equal(r.rows[1].fault, 'beyond');
  assert.equal(r.rows[1].beyond, '2 | 3');
});

test('ODS: dates, repeated rows and columns, formulas, merged cells and hidden rows', () => {
  const cell = (attributes: string, text = ''): string => `<table:table-cell ${attributes}>${text ? `<text:p>${text}</text:p>` : ''}</table:table-cell>`;
  const r = readBytes(spreadsheet(`<table:table table:name="Ark1">
    <table:table-row>${['a', 'b', 'c'].map((t) => cell('office:value-type="string"', t)).join('\n')}</table:table-row>
    <table:table-row table:number-rows-repeated="2">${cell('office:value-type="float" office:value="1250.5"', '1 250,50')}
      ${cell('office:value-type="date" office:date-value="2020-04-01"', '1. april')}${cell('office:value-type="string"', 'to<text:s text:c="2"/>ord<office:annotation><text:p>en merknad</text:p></office:annotation>')}</table:table-row>
    <table:table-row table:visibility="filter">${cell('table:formula="of:=1" office:value-type="float" office:value="1" table:number-columns-repeated="2"', '1')}
      ${cell('table:formula="of:=A" office:value-type="string" calcext:value-type="error"', '#REF!')}</table:table-row>
    <table:table-row>${cell('table:number-columns-spanned="2" office:value-type="string"', 'felles')}<table:covered-table-cell/>
      <table:table-cell office:value-type="string"><text:p>en</text:p><text:p>to</text:p></table:table-cell></table:table-row>
    <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
    <table:table-row>${cell('office:value-type="boolean" office:boolean-value="true"')}</table:table-row></table:table>
    <table:table table:name="Tom"><table:table-row><table:table-cell/></table:table-row></table:table>`), sheets);
  assert.deepEqual(r.rows.map((row) => [row.line, row.marks, ...row.cells]), [
    [1, '', 'a', 'b', 'c'],
    [2, '', '1250.5', '2020-04-01', 'to  ord'],
    [3, '', '1250.5', '2020-04-01', 'to  ord'],
    [4, 'hidden formula:1 formula:2 error:3 formula:3', '1', '1', '#REF!'],
    [5, 'merged:1', 'felles', '', 'en\nto'],
    [1048006, '', 'true', '', ''],
  ]);
});

test('a workbook that is truncated or damaged anywhere fails, with the words of who saw it', () => {
  const whole = book([{ name: 'a', rows: Array.from({ length: 500 }, (_, i) => [`rad ${i}`, i, Math.sin(i)]) }]);
  for (const part of [0.1, 0.4, 0.6, 0.9, 0.99]) assert.equal(readBytes(whole.subarray(0, Math.floor(whole.length * part)), sheets).fault, 'library');
  const bad = Buffer.from(whole);
  for (let i = 0; i < 40; i++) bad[Math.floor(whole.length * 0.5) + i] ^= 0x5a;
  const r = readBytes(bad, sheets);
  assert.equal(r.status, 1);
  assert.ok(r.text, r.fault);
});

test('a document type in a sheet, and one that would open another file, are refused', () => {
  const dtd = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>';
  const parts = (sheet: string): Buffer => zip({
    '[Content_Types].xml': Buffer.from('<Types/>'),
    'xl/workbook.xml': Buffer.from('<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'),
    'xl/_rels/workbook.xml.rels': Buffer.from('<R><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></R>'),
    'xl/worksheets/sheet1.xml': Buffer.from(sheet),
  });
  assert.equal(readBytes(parts(`${dtd}<worksheet><sheetData><row><c t="str"><v>&a;</v></c></row></sheetData></worksheet>`), sheets).fault, 'doctype');
  assert.deepEqual(cellsOf(readBytes(parts('<worksheet><sheetData><row><c t="str"><v>ok</v></c></row></sheetData></worksheet>'), sheets)), [['ok']]);
  assert.equal(readBytes(parts('<worksheet><sheetData><row><c t="str"><v>&a;</v></c></row></sheetData></worksheet>'), sheets).status, 1);
});

test('a few kilobytes that unpack to gigabytes are stopped', () => {
  const rows = `<row><c t="inlineStr"><is><t>${'x'.repeat(30_000)}</t></is></c></row>`;
  const r = readBytes(workbook(rows.repeat(10_000)), sheets);
  assert.equal(r.fault, 'bomb');
});
