// Files as other programs write them, made for the import tests, and what the reader alone makes of a file.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { binary } from './harness.ts';

/** A zip archive of these files (APPNOTE.TXT 4.3: local headers, central directory, end record). */
export function zip(files: Record<string, Buffer>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const head = Buffer.alloc(26);
    [20, 0, 8, 0, 0].forEach((n, i) => head.writeUInt16LE(n, i * 2));
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(name.length, 22);
    locals.push(Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, rest, Buffer.from(name));
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

/** A workbook with one sheet of this XML, and one shared string. */
export function workbook(sheet: string, shared = 'x'): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packages = 'http://schemas.openxmlformats.org/package/2006';
  const type = (part: string, kind: string): string =>
    `<Override PartName="/xl/${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  return zip({
    '[Content_Types].xml': Buffer.from(`<?xml version="1.0"?><Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
      ${type('workbook.xml', 'sheet.main')}${type('worksheets/sheet1.xml', 'worksheet')}${type('sharedStrings.xml', 'sharedStrings')}</Types>`),
    '_rels/.rels': Buffer.from(`<?xml version="1.0"?><Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
    'xl/workbook.xml': Buffer.from(`<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`),
    'xl/_rels/workbook.xml.rels': Buffer.from(`<?xml version="1.0"?><Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/>
      <Relationship Id="r2" Type="${office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`),
    'xl/sharedStrings.xml': Buffer.from(`<?xml version="1.0"?><sst xmlns="${main}" count="1" uniqueCount="1"><si><t>${shared}</t></si></sst>`),
    'xl/worksheets/sheet1.xml': Buffer.from(`<?xml version="1.0"?><worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`),
  });
}

export const reader = join(dirname(binary), 'fdvu-reader');

/** A row of the reader's: where it stands, its fault and marks, and its cells. */
export type Row = { line: number; fault: string; column: string; marks: string; beyond: string; cells: string[] };
export type Reading = { rows: Row[]; notes: Record<string, string[]>; fault?: string; text?: string; status: number | null; signal: string | null };

function splitRows(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const cell of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\n]*))(,|\n|$)/g)) {
    if (cell.index === text.length) break;
    rows[rows.length - 1].push(cell[1] === undefined ? cell[2] : cell[1].replaceAll('""', '"'));
    if (cell[3] === '\n') rows.push([]);
  }
  rows.pop();
  return rows;
}

/** Lets fdvu-reader alone read the file, as the import starts it: no environment, pipes only. */
export function readPath(path: string, formats: string, args: string[] = []): Reading {
  const file = openSync(path, 'r');
  const done = spawnSync(reader, [formats, ...args], { env: {}, stdio: [file, 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 1 << 30 });
  closeSync(file);
  const reading: Reading = { rows: [], notes: {}, status: done.status, signal: done.signal };
  for (const line of done.stderr.split('\n')) {
    const [kind, word, ...rest] = line.split(' ');
    if (kind === 'note') (reading.notes[word] ??= []).push(rest.join(' '));
    if (kind === 'fault') Object.assign(reading, { fault: word, text: rest.join(' ') });
  }
  reading.rows = splitRows(done.stdout).map(([line, fault, column, marks, beyond, ...cells]) => ({ line: Number(line), fault, column, marks, beyond, cells }));
  return reading;
}

export function readBytes(bytes: Buffer | string, formats: string, args: string[] = []): Reading {
  const folder = mkdtempSync(join(tmpdir(), 'fdvu-reader-'));
  try {
    writeFileSync(join(folder, 'fil'), bytes);
    return readPath(join(folder, 'fil'), formats, args);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The cells of all rows, the header first. */
export const cellsOf = (r: Reading): string[][] => r.rows.map((row) => row.cells);
