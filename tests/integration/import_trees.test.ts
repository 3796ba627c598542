// XML and JSON as rows: what the profile's paths choose, what they leave, and files out to break something.
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cellsOf, readBytes, readPath, zip } from './import_files.ts';

const columns = (...paths: string[]): string[] => paths.flatMap((p) => ['--column', p]);
const xml = (body: string, paths: string[], record = 'mappe'): ReturnType<typeof readBytes> => readBytes(body, 'xml', ['--record', record, ...columns(...paths)]);
const json = (body: string | Buffer, paths: string[], record = 'item'): ReturnType<typeof readBytes> => readBytes(body, 'json', ['--record', record, ...columns(...paths)]);

test('a record’s values, repeats joined, attributes, and what its ancestors say', () => {
  const r = xml(
    `<arkiv xmlns="urn:a" xmlns:x="urn:x"><del><tittel>D</tittel><klasse><id>4/112</id>
      <x:mappe type="sak"><Tittel> En </Tittel><part><navn>A</navn></part><part><navn>B</navn></part></x:mappe>
      <mappe><tittel>To</tittel></mappe></klasse><klasse><id>4/113</id><mappe><tittel/></mappe></klasse></del></arkiv>`,
    ['tittel', 'part|part/navn', 'slag|@type', 'klasse|^klasse/id', 'del|^del/tittel', 'nr|%number']);
  assert.deepEqual(cellsOf(r), [
    ['tittel', 'part', 'slag', 'klasse', 'del', 'nr'],
    ['En', 'A | B', 'sak', '4/112', 'D', '1'],
    ['To', '', '', '4/112', 'D', '2'],
    ['', '', '', '4/113', 'D', '3'],
  ]);
});

test('a record inside a record is a row of its own and no part of the outer one', () => {
  const r = readBytes('<a><mappe><t>ytre</t><mappe><t>indre</t><dok><t>d</t></dok></mappe></mappe></a>', 'xml', ['--record', 'mappe', '--record', 'mappe/dok', ...columns('t', 'rundt|^mappe/t', 'slag|%record', 'i|%parent')]);
  assert.deepEqual(r.rows.slice(1).map((row) => [row.line, ...row.cells]), [
    [3, 'd', 'indre', 'mappe/dok', '2'],
    [2, 'indre', 'ytre', 'mappe', '1'],
    [1, 'ytre', '', 'mappe', ''],
  ]);
});

test('what no column reads is told of, inside the records and outside them', () => {
  const r = xml('<a v="1"><eier>Kommunen</eier><mappe x="2"><t>1</t><lang><dyp>y</dyp></lang></mappe><mappe><t>2</t><lang><dyp>z</dyp></lang></mappe></a>', ['t']);
  assert.deepEqual(r.notes.unused, ['@x', 'lang/dyp']);
  assert.deepEqual(r.notes.outside, ['a/@v = 1', 'a/eier = Kommunen']);
});

test('a file of something else, and one without what must be there, are refused by name', () => {
  assert.deepEqual([xml('<a><b/></a>', ['t']).fault, xml('<a><b/></a>', ['t']).text], ['no_record', 'mappe']);
  const r = readBytes('<a><mappe><u>1</u></mappe></a>', 'xml', ['--record', 'mappe', '--required', 'tittel|t']);
  assert.deepEqual([r.fault, r.text], ['no_column', 'tittel']);
  assert.equal(readBytes('a;b\n1;2\n', 'xml json', ['--record', 'mappe', '--column', 't']).fault, 'format');
  assert.equal(readBytes('{"a": 1}', 'csv').fault, 'format');
  assert.equal(readBytes('<!DOCTYPE html><html></html>', 'xml').fault, 'html');
});

test('every encoding that XML comes in is read right', () => {
  const body = (name: string): string => `<?xml version="1.0" encoding="${name}"?><a><mappe><t>Øst æ å</t></mappe></a>`;
  const rows = [['t'], ['Øst æ å']];
  assert.deepEqual(cellsOf(xml(body('UTF-8'), ['t'])), rows);
  assert.deepEqual(cellsOf(xml(`\ufeff${body('UTF-8')}`, ['t'])), rows);
  for (const name of ['ISO-8859-1', 'windows-1252']) assert.deepEqual(cellsOf(readBytes(Buffer.from(body(name), 'latin1'), 'xml', ['--record', 'mappe', ...columns('t')])), rows, name);
  assert.deepEqual(cellsOf(readBytes(Buffer.from(`\ufeff${body('UTF-16')}`, 'utf16le'), 'xml', ['--record', 'mappe', ...columns('t')])), rows);
  assert.equal(readBytes(Buffer.from(body('UTF-8'), 'latin1'), 'xml', ['--record', 'mappe', ...columns('t')]).fault, 'library');
});

test('entities, document types, other files and inclusions get nowhere', () => {
  const laughs = `<!DOCTYPE a [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, i) => `<!ENTITY ${String.fromCharCode(98 + i)} "${`&${String.fromCharCode(97 + i)};`.repeat(10)}">`).join('')}]>`;
  assert.equal(xml(`${laughs}<a><mappe><t>&u;</t></mappe></a>`, ['t']).fault, 'doctype');
  assert.equal(xml(`<?xml version="1.0"?><!-- ${'x'.repeat(100_000)} --><!DOCTYPE a SYSTEM "http://example.no/a.dtd"><a><mappe/></a>`, ['t']).status, 1);
  assert.equal(xml('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><mappe><t>&x;</t></mappe></a>', ['t']).fault, 'doctype');
  assert.equal(xml('<a><mappe><t>&ukjent;</t></mappe></a>', ['t']).status, 1);
  const included = xml('<a xmlns:xi="http://www.w3.org/2001/XInclude"><mappe><t><xi:include href="file:///etc/passwd" parse="text"/></t></mappe></a>', ['t']);
  assert.deepEqual(cellsOf(included), [['t'], ['']]);
  assert.deepEqual(cellsOf(xml('<a><mappe><t>&lt;&#229;&amp;</t></mappe></a>', ['t'])), [['t'], ['<å&']]);
});

test('XML that ends early, nests too deep or holds a NUL fails', () => {
  assert.equal(xml('<a><mappe><t>1</t></mappe><mappe><t>2', ['t']).fault, 'library');
  assert.equal(xml('<a>'.repeat(200), ['t']).fault, 'depth');
  assert.equal(xml('<a><mappe><t>1\0</t></mappe></a>', ['t']).fault, 'library');
  assert.equal(xml('<a><mappe></a></mappe>', ['t']).fault, 'library');
});

test('a value longer than a row may be is one reject, the others are whole', () => {
  const r = xml(`<a><mappe><t>${'x'.repeat(2_000_000)}</t></mappe><mappe><t>kort</t></mappe></a>`, ['t']);
  assert.deepEqual(r.rows.map((row) => row.fault), ['', 'too_long', '']);
  assert.equal(r.rows[2].cells[0], 'kort');
});

test('JSON: items, objects in objects, numbers as written, escapes and pairs', () => {
  const r = json('[{"a":"\\u00e5\\ud83d\\ude00\\n","b":{"c":[1,2.50,-3e2]},"d":true,"e":null},{"a":"","b":{"c":"x"}}]', ['a', 'c|b/c', 'd', 'e']);
  assert.deepEqual(cellsOf(r), [['a', 'c', 'd', 'e'], ['å😀', '1 | 2.50 | -3e2', 'true', ''], ['', 'x', '', '']]);
});

test('an empty list and null are no records, and no fault', () => {
  for (const none of ['[]', 'null']) {
    const r = json(`{"Cases": ${none}, "TotalCount": 0}`, ['Recno'], 'Cases');
    assert.equal(r.status, 0, r.fault);
    assert.equal(r.rows.length, 1);
    assert.deepEqual(r.notes.outside, ['item/TotalCount = 0']);
  }
});

test('half a letter is a reject of its row', () => {
  const r = json('[{"a":"\\ud800"},{"a":"\\ud800\\n"},{"a":"ok"}]', ['a']);
  assert.deepEqual(r.rows.map((row) => row.fault), ['', 'encoding', 'encoding', '']);
  assert.equal(json(Buffer.from('[{"a":"\xe5"}]', 'latin1'), ['a']).rows[1].fault, 'encoding');
});

test('JSON with any fault in it fails, with the place', () => {
  const faults = ['[{"a":1}', '[{"a":1},]', '{"a":1}{', '[{"a":01}]', '[{"a":1.}]', '[{"a":"\n"}]', '[{"a":"\\x"}]', '[{a:1}]', '[{"a" 1}]', '[1 2]', '["\\ud8"]', '[nul]', '[{}}', '[1,+1]', '["', '[1e]'];
  for (const text of faults) {
    const r = json(text, ['a']);
    assert.equal(r.fault, 'library', text);
    assert.match(r.text!, /^byte \d+: /, text);
  }
  assert.equal(json('['.repeat(100_000), ['a']).fault, 'depth');
  assert.equal(json('{"a":'.repeat(100_000), ['a']).fault, 'depth');
  assert.equal(json(`[{"${'k'.repeat(5000)}":1}]`, ['a']).fault, 'name');
});

test('files in Base64 inside a record cost no memory, and are told of', () => {
  const r = json(`[{"a":"1","Base64Data":"${'QUJD'.repeat(2_000_000)}"},{"a":"2"}]`, ['a']);
  assert.deepEqual(cellsOf(r), [['a'], ['1'], ['2']]);
  assert.deepEqual(r.notes.unused, ['Base64Data']);
});

test('two gigabytes without a line’s end are refused or rejected, never held in memory', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fdvu-huge-'));
  try {
    for (const [name, head, formats, args] of [
      ['a.csv', 'a;b\n1;', 'csv', []],
      ['a.json', '[{"a":"', 'json', ['--record', 'item', '--column', 'a']],
      ['a.xml', '<a><mappe><t>', 'xml', ['--record', 'mappe', '--column', 't']],
    ] as const) {
      const path = join(folder, name);
      const file = openSync(path, 'w');
      writeSync(file, head);
      closeSync(file);
      truncateSync(path, 2 * 1024 ** 3);
      const r = readPath(path, formats, [...args]);
      assert.equal(r.signal, null, name);
      if (name === 'a.csv') assert.deepEqual(r.rows.map((row) => row.fault), ['', 'too_long']);
      else assert.equal(r.fault, 'library', name);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a zip with one file is that file; with several, bombs or zips in it, it is refused', () => {
  const one = '<a><mappe><t>1</t></mappe></a>';
  const args = ['--record', 'mappe', '--column', 't'];
  assert.deepEqual(cellsOf(readBytes(zip({ 'x.dat': Buffer.from(one), 'lesmeg.txt': Buffer.from('hei') }), 'xml', args)), [['t'], ['1']]);
  assert.deepEqual(cellsOf(readBytes(zip({ 'data.txt': Buffer.from('a;b\n1;2\n') }), 'csv')), [['a', 'b'], ['1', '2']]);
  assert.equal(readBytes(zip({ 'x.xml': Buffer.from(one), 'y.xml': Buffer.from(one) }), 'xml', args).fault, 'many_files');
  assert.equal(readBytes(zip({ 'x.zip': zip({ 'x.xml': Buffer.from(one) }) }), 'xml', args).fault, 'nested_zip');
  assert.equal(readBytes(zip({}), 'xml', args).fault, 'empty_zip');
  assert.equal(readBytes(zip({ 'x.xml': Buffer.from(`<a>${' '.repeat(200_000_000)}</a>`) }), 'xml', args).fault, 'bomb');
  assert.equal(readBytes(zip(Object.fromEntries(Array.from({ length: 5001 }, (_, i) => [`${i}.xml`, Buffer.from(one)]))), 'xml', args).fault, 'zip_entries');
});

test('UTF-16 tables with a mark are read; a damaged letter costs its row', () => {
  const text = '\ufeffa;b\r\nØst;1\r\n\ud800;2\r\n';
  const little = Buffer.from(text, 'utf16le');
  for (const bytes of [little, Buffer.from(little).swap16()]) {
    const r = readBytes(bytes, 'csv');
    assert.deepEqual(r.notes.encoding, ['utf-16']);
    assert.deepEqual(r.rows.map((row) => [row.fault, row.cells[1]]), [['', 'b'], ['', '1'], ['encoding', '2']]);
    assert.equal(r.rows[1].cells[0], 'Øst');
  }
});

test('the file’s bytes say what it is, whatever its name', () => {
  const faults: [string | Buffer, string][] = [
    ['', 'empty'], [Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'xls'], ['%PDF-1.7', 'pdf'], [Buffer.from('ffd8ffe0', 'hex'), 'picture'], [Buffer.from('1f8b0800', 'hex'), 'packed'],
    [Buffer.from('7f454c46', 'hex'), 'program'], [Buffer.from('0000270a', 'hex'), 'lone_shp'], ['!table\n!version 300', 'lone_tab'], ['SQLite format 3\0', 'sqlite'],
    ['<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>', 'vrt'], ['.HODE\n..TEGNSETT UTF-8\n.SLUTT\n', 'sosi'],
  ];
  for (const [bytes, fault] of faults) assert.equal(readBytes(bytes, 'csv xlsx ods xml json gml gpkg shapefile geojson filegdb mapinfo dxf').fault, fault);
});
