// A first load into a real IndexedDB: the tablet's core in Chromium, by files from the real server. What the browser has done when the last answer
// has come, and what is left then, is printed; so is what a search waits for when it reads all places and components.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { browser } from '../browser/browser.ts';
import { root, world } from '../integration/harness.ts';
import { fillTasks } from './sync_tools.ts';
import { median, roundsOf } from './tools.ts';

const tasks = process.env.FDVU_BENCH === 'city' ? 50_000 : 2_000;
const core = process.env.FDVU_SYNC_CORE ?? join(root, 'web/field/sync');
const html = '<!doctype html><script type="importmap">{"imports":{"dexie":"/dexie.mjs"}}</script>';

const w = await world({ demo: true });
const owner = await w.connect('owner');
const s = await w.server();
const caretaker = await s.login('caretaker');
const me = (await caretaker.get('/api/v1/session')).body;
const person: string = me.person_id ?? me.id;
const b = await browser();

/** A page with the core's modules, and the way to the server with the caretaker's session. */
async function answer(rq: http.IncomingMessage, reply: http.ServerResponse): Promise<void> {
  const path = rq.url!.split('?')[0]!;
  if (path.startsWith('/api/')) return passOn(rq, reply);
  const [type, text] = path.endsWith('.ts') ? ['text/javascript', stripTypeScriptTypes(readFileSync(join(core, basename(path)), 'utf8'))]
    : path === '/dexie.mjs' ? ['text/javascript', readFileSync(join(root, 'web/node_modules/dexie/dist/dexie.mjs'), 'utf8')]
    : ['text/html', html];
  reply.setHeader('content-type', type).end(text);
}

async function passOn(rq: http.IncomingMessage, reply: http.ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of rq) pieces.push(piece);
  const headers: Record<string, string> = { authorization: `Bearer ${caretaker.token}` };
  for (const name of ['content-type', 'range', 'if-range']) if (rq.headers[name]) headers[name] = String(rq.headers[name]);
  const told = await fetch(s.url + rq.url, { method: rq.method!, headers, body: pieces.length ? Buffer.concat(pieces) : null });
  for (const name of ['content-type', 'etag', 'content-range']) if (told.headers.has(name)) reply.setHeader(name, told.headers.get(name)!);
  reply.writeHead(told.status).end(Buffer.from(await told.arrayBuffer()));
}

type Loaded = { why: string; rows: number; took: number; left: number; search: number };

/** In the page: a tablet that holds nothing yet loads all, and says how long it took. */
async function load({ person_id, device }: { person_id: string; device: string }): Promise<Loaded> {
  type Core = typeof import('../../web/field/sync/dexie.ts') & typeof import('../../web/field/sync/syncer.ts') & typeof import('../../web/field/sync/state.ts');
  const modules = await Promise.all(['dexie', 'syncer', 'state'].map((name) => import(`/${name}.ts`)));
  const { DexieStore, Syncer, setWho } = Object.assign({}, ...modules) as Core;
  const store = new DexieStore(device);
  let answeredAt = 0;
  const refused = (): Promise<never> => Promise.reject(new Error('nothing is sent here'));
  const api = {
    push: refused, upload: refused, quarantine: refused,
    pull: async (body: unknown) => {
      const reply = await fetch('/api/v1/sync/pull', { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
      const told = await reply.json();
      answeredAt = performance.now();
      return { status: reply.status, body: told, retry_after_s: null };
    },
    file: async (url: string, from: number, etag: string | null) => {
      const headers = { range: `bytes=${from}-${from + (1 << 20) - 1}`, ...(etag ? { 'if-range': etag } : {}) };
      const reply = await fetch(url, { headers });
      const total = Number(reply.headers.get('content-range')?.split('/')[1]);
      return { status: reply.status, etag: reply.headers.get('etag'), total, bytes: new Uint8Array(await reply.arrayBuffer()) };
    },
  };
  await store.write(['rows', 'staged', 'meta'], (tx) => setWho(tx, { person_id, name: 'Bench', language: 'nb', device, device_name: 'bench' }));
  const began = performance.now();
  const { why } = await new Syncer({ store, api, lock: { alone: async (work) => (await work(), true) } }).sync();
  const done = performance.now();
  await store.read(['rows'], async (tx) => [await tx.by('rows', 't', 'place'), await tx.by('rows', 't', 'component')]);
  const search = performance.now() - done;
  const rows = (await store.read(['rows'], (tx) => tx.all('rows'))).length;
  await store.destroy();
  return { why, rows, took: done - began, left: done - answeredAt, search };
}

test('a first load in a browser', async () => {
  const area = (await owner.query(`select areas[1] as no from session where person_id = $1 and audience = 'field' limit 1`, [person])).rows[0].no;
  await fillTasks(owner, area, tasks);
  await w.fdvu(['snapshots']);
  const site = http.createServer((rq, reply) => void answer(rq, reply).catch((error) => reply.writeHead(500).end(String(error)))).listen(0, '127.0.0.1');
  await once(site, 'listening');
  after(() => site.close());
  const at = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const loads: Loaded[] = [];
  await b.with({ name: 'bench_load', at }, async (page) => {
    await page.goto('/');
    for (let i = 0; i < roundsOf(5); i++) {
      const device = (await caretaker.post('/api/v1/devices', { name: 'bench' })).body.id;
      loads.push(await page.evaluate(load, { person_id: person, device }));
    }
  });
  for (const { why, rows } of loads) assert.deepEqual([why, rows > tasks], ['done', true]);
  const of = (what: 'took' | 'left' | 'search'): string => `${median(loads.map((load) => load[what])).toFixed(0)} ms`;
  console.log(`${loads[0]!.rows} rows into Chromium's IndexedDB\n  first load ${of('took')}, of which after the last answer ${of('left')}; places and components read for a search ${of('search')}`);
});

after(() => owner.end().catch(() => undefined));
