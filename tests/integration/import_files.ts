// Files as other programs write them, made for the import tests, and what the reader alone makes of a file.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { binary } from './harness.ts';

export { book, spreadsheet, workbook, zip, type Cell, type Sheet } from '../data/import/files.ts';

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
