import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dexie } from 'dexie';
import { DexieStore } from './dexie.ts';
import { MemoryStore } from './memory.ts';
import { keepParts } from './parts.ts';
import { packed, union } from './rows.ts';
import { contentsOf } from './snapshot.ts';
import type { Store, Tx } from './store.ts';
import { fileOf } from './testing/file.ts';
import type { Fields, PulledRow, StagedFile, StoredRow } from './types.ts';

const TABLES = ['component', 'place', 'task'];

async function stagedOf(rows: PulledRow[], size: number): Promise<StagedFile> {
  const { bytes, etag } = fileOf(rows, { size });
  const { head, foot } = await contentsOf(bytes);
  return {
    etag,
    buckets: head.buckets,
    froms: foot.parts.map(([, , from]) => from),
    rows: foot.parts.map(([, count]) => count),
    ats: [...foot.parts.map(([at]) => at), foot.end],
    bytes,
  };
}

function told(t: string, id: number, v: number, b: string): PulledRow {
  const fields: Fields = t === 'task' ? { place_id: String(v % 40) } : { parent_id: String(id % 40), code: id % 4 ? null : `K${v % 30}` };
  return { b, t, id: String(id), v, d: { id: String(id), ...fields, name: `Ø ${id} ${v}` } };
}

function rowOf({ b, t, id, v, d }: PulledRow): StoredRow {
  const up = t === 'component' ? 'component:' : `${t}:${String(d!.place_id ?? d!.parent_id)}`;
  const row: StoredRow = { key: `${t}:${id}`, t, id, v: v!, d: d!, buckets: [b], up };
  return d!.code ? { ...row, code: String(d!.code) } : row;
}

/** What a file means, row by row. */
async function addOneByOne(tx: Tx, rows: PulledRow[]): Promise<void> {
  for (const row of rows.map(rowOf)) {
    const before = await tx.get('rows', row.key);
    if (before) await tx.put('rows', { ...(before.v > row.v ? before : row), buckets: union(before.buckets, row.buckets) });
    else await tx.put('rows', row);
  }
}

async function seen(tx: Tx): Promise<unknown> {
  const ordered = (rows: (StoredRow | undefined)[]): unknown[] => rows.map((row) => row && { ...row, buckets: [...row.buckets].sort() });
  return [
    await tx.isEmpty('rows'),
    ordered(await tx.all('rows')),
    await Promise.all(TABLES.map(async (t) => ordered(await tx.by('rows', 't', t)))),
    ordered(await tx.by('rows', 'up', 'task:7')),
    ordered(await tx.by('rows', 'up', 'place:7')),
    ordered(await tx.by('rows', 'code', 'K7')),
    ordered(await tx.by('rows', 'buckets', 'b1')),
    ordered(await tx.many('rows', ['task:5', 'task:x', 'place:0', 'a', 'task:5'])),
    ordered([await tx.get('rows', 'component:17')]),
  ];
}

test('rows of files are found, changed and taken away as rows one by one are, whatever lies over what', async () => {
  const model = new MemoryStore();
  const stores: Store[] = [new MemoryStore(), new DexieStore('parts')];
  let a = 1;
  const pick = (n: number): number => Math.floor(((a = (Math.imul(a, 1664525) + 1013904223) >>> 0) / 2 ** 32) * n);

  for (let round = 1; round <= 24; round++) {
    const file = round % 3 === 1 ? [...new Map(Array.from({ length: 400 }, () => told(TABLES[pick(3)]!, pick(900), 1 + pick(9), `b${pick(2)}`)).map((row) => [`${row.b} ${row.t} ${row.id}`, row])).values()] : [];
    const single = Array.from({ length: 20 }, () => rowOf(told(TABLES[pick(3)]!, pick(900), 1 + pick(12), `b${pick(3)}`)));
    const gone = Array.from({ length: 20 }, () => `${TABLES[pick(3)]}:${pick(900)}`);
    const staged = file.length ? await stagedOf(file, 7 + pick(30)) : null;
    const work = (keep: (tx: Tx) => Promise<void>) => async (tx: Tx): Promise<unknown> => {
      if (round === 16) await tx.clear('rows');
      if (round % 2) await tx.load(single.map(packed));
      await keep(tx);
      if (round % 2 === 0) await tx.putAll('rows', single);
      for (const key of gone) await tx.remove('rows', key);
      return seen(tx); // also before it is written
    };
    // A row that a file tells of two buckets is one row, the newer.
    const want = await model.write(['rows'], work((tx) => addOneByOne(tx, file)));
    for (const store of stores) {
      assert.deepEqual(await store.write(['rows'], work(async (tx) => void (staged && (await keepParts(tx, staged))))), want, `round ${round}`);
      assert.deepEqual(await store.read(['rows'], seen), want, `round ${round}, written`);
    }
    const torn = stores.map((store) => store.write(['rows'], async (tx) => {
      await tx.remove('rows', 'task:5');
      for (const row of single) await tx.put('rows', { ...row, v: 99 });
      throw new Error('power');
    }));
    for (const tear of torn) await assert.rejects(tear, /power/);
  }
  for (const store of stores) {
    assert.ok((await store.read(['rows'], (tx) => tx.all('parts'))).length > 0, 'some are still packed');
    await store.write(['rows'], (tx) => tx.clear('rows'));
    assert.deepEqual(await store.read(['rows'], async (tx) => [await tx.all('files'), await tx.all('parts')]), [[], []]);
    await store.destroy();
  }
});

test('who listens for rows hears of a file', async () => {
  const staged = await stagedOf([told('task', 1, 1, 'b')], 5);
  for (const store of [new MemoryStore(), new DexieStore('heard')]) {
    const heard: string[][] = [];
    store.onChange((tables) => heard.push(tables));
    await store.write(['rows'], (tx) => keepParts(tx, staged));
    assert.ok(heard[0]!.includes('rows'));
    await store.destroy();
  }
});

test('rows that an earlier version of the app kept are there, with files beside them, after it is renewed', async () => {
  const old = new Dexie('before-files');
  old.version(2).stores({ packs: 'from,*ups,*codes', outbox: 'n,mid,row_key,state,overlay', photos: 'sha256,state', staged: 'n', drafts: 'task', meta: 'key' });
  const row = rowOf(told('place', 4, 3, 'b'));
  await old.table('packs').put({ from: '', rows: [packed(row)], ups: [row.up], codes: [row.code] });
  await old.table('outbox').put({ n: 1, mid: 'm', row_key: row.key, state: 'waiting', overlay: 1 });
  old.close();

  const store = new DexieStore('before-files');
  const staged = await stagedOf([told('place', 4, 2, 'c'), told('place', 5, 1, 'c')], 5);
  await store.write(['rows'], (tx) => keepParts(tx, staged));
  const rows = await store.read(['rows'], (tx) => tx.all('rows'));
  assert.deepEqual(rows.map(({ id, v, buckets }) => [id, v, buckets]), [['4', 3, ['b', 'c']], ['5', 1, ['c']]]);
  assert.equal((await store.read(['outbox'], (tx) => tx.all('outbox'))).length, 1);
  await store.destroy();
});
