// What the import tests share: a small register, sample files, and how to read what an import tells.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { root, type Finished, type World } from './harness.ts';

export type Counts = { read: number; landed: number; updated: number; unchanged: number; rejected: number; queued: number };
export type Sums = Finished & { sums: Counts };

export const sample = (name: string): string => join(root, 'tests/data/import', name);

/** One municipality, a property with one building that has an address, and one with two buildings. */
export async function register(db: pg.Client): Promise<void> {
  await db.query(`
    insert into area values (1, 'Kristiansund', '1505');
    insert into place (kind, name, area_no, geom)
    values ('municipality', 'Kristiansund', 1, st_makeenvelope(425000, 6985000, 450000, 7015000, 25832));
    insert into place (parent_id, kind, name)
    select id, 'property', n from place, unnest(array['4/112', '4/207']) n where kind = 'municipality';
    insert into property (place_id, municipality_no, gnr, bnr)
    select id, '1505', 4, split_part(name, '/', 2)::int from place where kind = 'property';
    insert into place (parent_id, kind, name)
    select p.id, 'building', b.name
      from (values ('4/112', 'Rådhuset'), ('4/207', 'Skolen'), ('4/207', 'Gymsalen')) b (property, name)
      join place p on p.kind = 'property' and p.name = b.property;
    insert into building (place_id, bygningsnummer, type_code)
    select p.id, b.no, b.type
      from (values ('Rådhuset', 300171619, 311), ('Skolen', 81764387, 613), ('Gymsalen', 81764388, 651)) b (name, no, type)
      join place p on p.kind = 'building' and p.name = b.name;
    insert into address (municipality_no, street_code, street_name, number, postcode, post_town, property_id, building_id, key)
    select '1505', 10400, 'Langveien', 4, '6511', 'KRISTIANSUND N', parent_id, id, '1505-10400-4-' from place where name = 'Rådhuset';
    insert into place (parent_id, kind, name) select id, 'dwelling', 'H0101' from place where name = 'Rådhuset';
    insert into dwelling (place_id, h_number, address_id)
    select p.id, 'H0101', a.id from place p, address a where p.kind = 'dwelling'`);
}

/** The summary's numbers; undefined when there is none. They must add up. */
export function sums(stdout: string): Counts | undefined {
  const found = /lest (\d+) = landet (\d+) \+ endret (\d+) \+ uendret (\d+) \+ avvist (\d+) \+ i kø (\d+)/.exec(stdout);
  if (!found) return undefined;
  const [read, landed, updated, unchanged, rejected, queued] = found.slice(1).map(Number);
  assert.equal(read, landed + updated + unchanged + rejected + queued, 'the summary adds up');
  return { read, landed, updated, unchanged, rejected, queued };
}

/** Runs an import that is expected to end well. */
export async function importFile(w: World, profile: string, file: string, args: string[] = []): Promise<Sums> {
  const done = await w.fdvu(['import', profile, file, ...args]);
  const told = sums(done.stdout);
  assert.ok(told, `no summary (${done.code}):\n${done.stdout}\n${done.stderr}`);
  return { ...done, sums: told };
}

/** All that an import may change, as one checksum a table: rows and their versions. */
export async function state(db: pg.Client): Promise<Record<string, string>> {
  const tables = ['place', 'property', 'building', 'address', 'dwelling', 'component', 'document', 'file', 'import_origin', 'import_queue'];
  const found: Record<string, string> = {};
  for (const t of tables) {
    const r = await db.query(`select count(*) || ' ' || md5(coalesce(string_agg(r::text, '' order by r::text), '')) as sum from ${t} r`);
    found[t] = r.rows[0].sum;
  }
  return found;
}

/** A rejects file: UTF-8 with a byte order mark, «;», quotes doubled. */
export function rejectsOf(path: string): { header: string[]; rows: string[][] } {
  const text = readFileSync(path, 'utf8');
  assert.equal(text[0], '\ufeff', 'Excel needs the byte order mark');
  const rows: string[][] = [[]];
  for (const cell of text.slice(1).matchAll(/(?:"((?:[^"]|"")*)"|([^;"\r\n]*))(;|\r\n|$)/gs)) {
    if (cell.index === text.length - 1) break;
    rows[rows.length - 1].push(cell[1] === undefined ? cell[2] : cell[1].replaceAll('""', '"'));
    if (cell[3] === '\r\n') rows.push([]);
  }
  rows.pop();
  return { header: rows[0], rows: rows.slice(1) };
}
