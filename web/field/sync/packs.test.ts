import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dexie } from 'dexie';
import { DexieStore } from './dexie.ts';
import { MemoryStore } from './memory.ts';
import { packed, packedLine, packedOf } from './rows.ts';
import type { Store } from './store.ts';
import type { Fields, PulledRow, StoredRow } from './types.ts';

const TABLES = ['component', 'place', 'task'];

/** Numbers that are the same in each run. */
function dice(seed: number): (n: number) => number {
  let a = seed;
  return (n) => {
    a = (Math.imul(a, 1664525) + 1013904223) >>> 0;
    return Math.floor((a / 2 ** 32) * n);
  };
}

function rowOf(t: string, id: number, pick: (n: number) => number): StoredRow {
  const row: StoredRow = { key: `${t}:${id}`, t, id: String(id), v: pick(9), d: { id: String(id), name: `Ø ${pick(99)}` }, buckets: [`b${pick(3)}`], up: `${t}:${pick(40)}` };
  return pick(4) ? row : { ...row, code: `K${pick(30)}` };
}

async function seen(store: Store): Promise<unknown> {
  return store.read(['rows'], async (tx) => [
    await tx.isEmpty('rows'),
    await tx.all('rows'),
    await Promise.all(TABLES.map((t) => tx.by('rows', 't', t))),
    await tx.by('rows', 'up', 'place:7'),
    await tx.by('rows', 'code', 'K7'),
    await tx.by('rows', 'buckets', 'b1'),
    await tx.many('rows', ['task:5', 'task:x', 'place:0', 'a']),
    await tx.get('rows', 'component:17'),
  ]);
}

test('rows in packs are found, changed and taken away as rows one by one are', async () => {
  const stores = [new MemoryStore(), new DexieStore('packs')];
  for (let seed = 1; seed <= 12; seed++) {
    const told = await Promise.all(
      stores.map(async (store) => {
        const pick = dice(seed);
        await store.write(['rows'], async (tx) => {
          if (seed === 7) await tx.clear('rows');
          const rows = Array.from({ length: seed % 3 ? 30 : 900 }, () => rowOf(TABLES[pick(3)]!, pick(2000), pick));
          await tx.load(rows.map(packed));
          for (let i = 0; i < (seed === 6 ? 2000 : 60); i++) await tx.remove('rows', `${TABLES[seed === 6 ? 2 : pick(3)]}:${seed === 6 ? i : pick(2000)}`);
          await tx.put('rows', rowOf('place', pick(2000), pick));
          const inside = [await tx.by('rows', 'up', 'place:7'), await tx.by('rows', 't', 'task'), await tx.all('rows')];
          assert.ok(inside[2]!.length > 0);
          assert.deepEqual(inside[1], inside[2]!.filter(({ t }) => t === 'task'), 'also before it is written');
        });
        return seen(store);
      }),
    );
    assert.deepEqual(told[1], told[0], `seed ${seed}`);
  }
  await stores[1]!.destroy();
});

test('rows that an earlier version of the app kept one by one are there after it is renewed', async () => {
  const old = new Dexie('renewed');
  old.version(1).stores({ rows: 'key,t,up,code,*buckets', outbox: 'n,mid,row_key,state,overlay', photos: 'sha256,state', staged: 'n', drafts: 'task', meta: 'key' });
  const row = { key: 'place:1', t: 'place', id: '1', v: 3, d: { name: 'Skolen' }, buckets: ['b'], up: 'place:' };
  await old.table('rows').bulkPut([{ ...row, code: 'SKOLE' }, { ...row, key: 'place:2', id: '2', code: '2' }]);
  await old.table('meta').put({ key: 'kept', value: 1 });
  old.close();

  const store = new DexieStore('renewed');
  const rows = await store.read(['rows'], (tx) => tx.all('rows'));
  assert.deepEqual(rows, [{ ...row, code: 'SKOLE' }, { ...row, key: 'place:2', id: '2' }]);
  assert.equal((await store.read(['rows'], (tx) => tx.by('rows', 'code', 'SKOLE'))).length, 1);
  assert.deepEqual(await store.read(['meta'], (tx) => tx.get('meta', 'kept')), { key: 'kept', value: 1 });
  await store.destroy();
});

test('a line of a file says the same whether all of it is read or only what rows are found by', () => {
  const hard: Fields[] = [
    { id: '1', parent_id: null, name: 'a', code: 'K-1' },
    { id: '1', parent_id: '', code: null },
    { name: 'sier "code" : "X" og "parent_id":"9"', parent_id: 'p', code: 'æ"\\ü\n' },
    { name: 'code', label: '"code"', kind: 'x\\', code: 'K' },
    { name: 'med { klamme', parent_id: 'q', code: 'K2' },
    { x: 1.5, y: -2, code: 7, parent_id: 'r' },
    {},
  ];
  const spaced = (d: Fields): string => `{${Object.entries(d).map(([k, v]) => `${JSON.stringify(k)} : ${JSON.stringify(v)}`).join(', ')}}`;
  for (const t of ['place', 'component', 'task'])
    for (const d of hard) {
      const row: PulledRow = { b: 'site:1/ops', t, id: 'a-1', v: 4, d };
      const { text: whole, ...want } = packedOf(row);
      for (const fields of [JSON.stringify(d), spaced(d)]) {
        const { text, ...got } = packedLine(`{"b":"site:1/ops","t":"${t}","id":"a-1","v":4,"d":${fields}}`, []);
        assert.deepEqual(got, want, fields);
        assert.deepEqual(JSON.parse(text), JSON.parse(whole));
      }
    }
});
