// Archives and workbooks of the shapes that other programs write, for the samples and the import tests.
import { crc32, deflateRawSync } from 'node:zlib';

/** A zip archive of these files (APPNOTE.TXT 4.3: local headers, central directory, end record). */
export function zip(files: Record<string, Buffer>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [text, bytes] of Object.entries(files)) {
    const name = Buffer.from(text);
    const packed = deflateRawSync(bytes, { level: 9 });
    const head = Buffer.alloc(26);
    const isUtf8 = name.length === text.length ? 0 : 0x800;
    [20, isUtf8, 8, 0, 0].forEach((n, i) => head.writeUInt16LE(n, i * 2));
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(name.length, 22);
    locals.push(Buffer.from('PK\x03\x04'), head, name, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, rest, name);
    at += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

export type Cell = string | number | boolean | null | { f: string; v?: string | number } | { error: string } | { date: number } | { inline: string };
export type Sheet = { name: string; rows: (Cell[] | { cells: Cell[]; hidden: true })[]; merges?: string[]; state?: string; hiddenColumns?: number };

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';

const columnName = (n: number): string => (n > 26 ? columnName(Math.floor((n - 1) / 26)) : '') + String.fromCharCode(65 + ((n - 1) % 26));

function cellXml(at: string, cell: Cell, share: (text: string) => number): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${at}" t="b"><v>${Number(cell)}</v></c>`;
  if (typeof cell === 'string') return `<c r="${at}" t="s"><v>${share(cell)}</v></c>`;
  if ('error' in cell) return `<c r="${at}" t="e"><v>${cell.error}</v></c>`;
  if ('date' in cell) return `<c r="${at}" s="1"><v>${cell.date}</v></c>`;
  if ('inline' in cell) return `<c r="${at}" t="inlineStr"><is><r><t>${escape(cell.inline)}</t></r><rPh><t>NEI</t></rPh></is></c>`;
  if (cell.v === undefined) return `<c r="${at}"><f>${escape(cell.f)}</f></c>`;
  const text = typeof cell.v === 'string' ? ' t="str"' : '';
  return `<c r="${at}"${text}><f>${escape(cell.f)}</f><v>${escape(String(cell.v))}</v></c>`;
}

/** The parts of a workbook; style 1 shows dates. */
export function parts(sheets: { name: string; state?: string; xml: string }[], strings: string[]): Record<string, Buffer> {
  const type = (part: string, kind: string): string =>
    `<Override PartName="/xl/${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  const relation = (id: string, kind: string, target: string): string => `<Relationship Id="${id}" Type="${office}/${kind}" Target="${target}"/>`;
  const files: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>
      ${type('workbook.xml', 'sheet.main')}${sheets.map((_, i) => type(`worksheets/sheet${i + 1}.xml`, 'worksheet')).join('')}${type('sharedStrings.xml', 'sharedStrings')}${type('styles.xml', 'styles')}</Types>`,
    '_rels/.rels': `<Relationships xmlns="${packages}/relationships">${relation('r1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets.map((s, i) => `<sheet name="${escape(s.name)}" sheetId="${i + 1}"${s.state ? ` state="${s.state}"` : ''} r:id="s${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}/relationships">${sheets.map((_, i) => relation(`s${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`)).join('')}
      ${relation('t1', 'sharedStrings', 'sharedStrings.xml')}${relation('y1', 'styles', 'styles.xml')}</Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy;@"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>
      <cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}" count="${strings.length}" uniqueCount="${strings.length}">${strings.map((s) => `<si><t xml:space="preserve">${escape(s)}</t></si>`).join('')}</sst>`,
  };
  sheets.forEach((s, i) => (files[`xl/worksheets/sheet${i + 1}.xml`] = s.xml));
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`)]));
}

/** A workbook of these sheets, as Excel writes one: texts shared, empty cells left out. */
export function book(sheets: Sheet[]): Buffer {
  const strings = new Map<string, number>();
  const share = (text: string): number => {
    if (!strings.has(text)) strings.set(text, strings.size);
    return strings.get(text)!;
  };
  const made = sheets.map((sheet) => {
    const rows = sheet.rows.map((row, i) => {
      const cells = Array.isArray(row) ? row : row.cells;
      return `<row r="${i + 1}"${Array.isArray(row) ? '' : ' hidden="1"'}>${cells.map((cell, k) => cellXml(`${columnName(k + 1)}${i + 1}`, cell, share)).join('')}</row>`;
    });
    const columns = sheet.hiddenColumns ? `<cols><col min="1" max="${sheet.hiddenColumns}" width="9" hidden="1"/></cols>` : '';
    const merges = sheet.merges ? `<mergeCells count="${sheet.merges.length}">${sheet.merges.map((m) => `<mergeCell ref="${m}"/>`).join('')}</mergeCells>` : '';
    return { name: sheet.name, state: sheet.state, xml: `<worksheet xmlns="${main}">${columns}<sheetData>${rows.join('')}</sheetData>${merges}</worksheet>` };
  });
  return zip(parts(made, [...strings.keys()]));
}

/** A workbook with one sheet of this XML, and one shared string. */
export function workbook(sheet: string, shared = 'x'): Buffer {
  return zip(parts([{ name: 'a', xml: `<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>` }], [shared]));
}

const ods = {
  office: 'urn:oasis:names:tc:opendocument:xmlns:office:1.0',
  table: 'urn:oasis:names:tc:opendocument:xmlns:table:1.0',
  text: 'urn:oasis:names:tc:opendocument:xmlns:text:1.0',
  style: 'urn:oasis:names:tc:opendocument:xmlns:style:1.0',
  calcext: 'urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0',
};

/** An OpenDocument spreadsheet with these tables' XML. */
export function spreadsheet(tables: string): Buffer {
  const names = Object.entries(ods).map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`);
  return zip({
    mimetype: Buffer.from('application/vnd.oasis.opendocument.spreadsheet'),
    'content.xml': Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content ${names.join(' ')} office:version="1.2"><office:body><office:spreadsheet>${tables}</office:spreadsheet></office:body></office:document-content>`),
  });
}
