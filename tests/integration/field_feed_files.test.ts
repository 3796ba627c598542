// Snapshot files: a tablet that begins with one misses nothing that happened since it was made, and
// sees nothing that is not its person's, whatever has moved meanwhile.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { before, test } from 'node:test';
import { gunzipSync, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { addTo, emptySum, hexOf, rowDigest } from '../../web/field/sync/digest.ts';
import { packedLine, packedOf } from '../../web/field/sync/rows.ts';
import { contentsOf } from '../../web/field/sync/snapshot.ts';
import { isWhole, Tablet, type Row } from './field_world.ts';
import { eventually, world, type Api } from './harness.ts';
import { sessionOf } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
let caretaker: Api;
let site: string; // a building of area 1

before(async () => {
  caretaker = await s.login('caretaker');
  const { rows } = await owner.query(
    `select id from place where kind = 'building' and removed_at is null and area_no = 1 order by id limit 1`,
  );
  site = rows[0].id;
  // More than the least that is worth a file, in two areas of the caretaker and in another's.
  await owner.query(
    `insert into task (place_id, title)
     select p.id, 'Fyll ' || n from (select distinct on (area_no) id from place
       where kind = 'building' and removed_at is null and area_no in (1, 2, 3) order by area_no, id) p, generate_series(1, 900) n`,
  );
});

type File = { id: string; kind: string; area_no: number | null; rows: number; url: string; gz_bytes: number; zst_bytes: number; bytes: number };
type Head = { epoch: string; cursor: string; schema: number; buckets: string[] };

const make = async (): Promise<string> => {
  const { code, stdout, stderr } = await w.fdvu(['snapshots']);
  assert.equal(code, 0, stdout + stderr);
  return stdout;
};

const files = async (api = caretaker): Promise<File[]> => {
  const { status, body } = await api.get('/api/v1/sync/snapshots?for=me');
  assert.equal(status, 200, JSON.stringify(body));
  return body.items;
};

async function bytes(path: string, headers: Record<string, string> = {}, api = caretaker): Promise<{ reply: Response; got: Buffer }> {
  const reply = await fetch(s.url + path, { headers: { authorization: `Bearer ${api.token}`, ...headers } });
  return { reply, got: Buffer.from(await reply.arrayBuffer()) };
}

/** Loads a file into a tablet; returns its first line. */
async function load(held: Tablet, url: string, api = caretaker): Promise<Head> {
  const lines = gunzipSync((await bytes(url, {}, api)).got).toString().trimEnd().split('\n');
  const foot = JSON.parse(lines.pop() ?? '') as { count: number; digest: string };
  const head = JSON.parse(lines.shift() ?? '') as Head;
  const sum = emptySum();
  for (const line of lines) {
    const row = JSON.parse(line) as Row;
    held.put(row);
    addTo(sum, rowDigest(row.t, row.id, row.d ?? {}));
  }
  assert.deepEqual([sum.count, hexOf(sum)], [foot.count, foot.digest], 'the last line sums up the others');
  return head;
}

test('makes a file of each class that is large enough, and none anew when nothing has changed', async () => {
  assert.match(await make(), /made: 5\n$/);
  assert.match(await make(), /made: 0\n$/);
  const mine = await files();
  assert.deepEqual(mine.map((f) => [f.kind, f.area_no]), [['ops', 1], ['ops', 2], ['ops', 4]]);
  for (const f of mine) {
    assert.ok(f.rows > 500);
    const gz = await bytes(`${f.url}?as=gz`);
    const zst = await bytes(`${f.url}?as=zst`);
    assert.deepEqual([gz.got.length, zst.got.length], [Number(f.gz_bytes), Number(f.zst_bytes)]);
    assert.deepEqual(gunzipSync(gz.got), zstdDecompressSync(zst.got));
    assert.ok(f.gz_bytes < f.bytes / 4);
    assert.equal(gz.reply.headers.get('content-type'), 'application/gzip');
    assert.match(gz.reply.headers.get('cache-control') ?? '', /immutable/);
    for (const { reply, got } of [gz, zst]) assert.equal(reply.headers.get('etag'), `"${createHash('sha256').update(got).digest('hex')}"`, 'what a tablet knows the whole by');
  }
});

test('writes lines of which the tablet need not read the fields to find rows by', async () => {
  for (const f of await files()) {
    const lines = gunzipSync((await bytes(f.url)).got).toString().trimEnd().split('\n').slice(1, -1);
    for (const line of lines) {
      const told = JSON.parse(line) as Row;
      const { text, ...row } = packedLine(line, []);
      const { text: _, ...want } = packedOf(told as Parameters<typeof packedOf>[0]);
      assert.deepEqual(row, want);
      assert.deepEqual(JSON.parse(text), told.d);
      assert.ok(line.endsWith(`${text}}`), 'kept as it came');
    }
  }
});

test('says truly where the parts of a file begin, and each can be unpacked by itself', async () => {
  const end = Buffer.from([3, 0]);
  for (const f of await files()) {
    const { got } = await bytes(f.url);
    const { head, foot } = await contentsOf(new Uint8Array(got));
    assert.equal(foot.count, f.rows);
    assert.ok(foot.parts.length > 1);
    const texts = foot.parts.map(([at], i) => inflateRawSync(Buffer.concat([got.subarray(at, foot.parts[i + 1]?.[0] ?? foot.end), end])).toString());
    const lines = gunzipSync(got).toString().split('\n').slice(1, -2);
    assert.equal(texts.join(''), lines.map((line) => `${line}\n`).join(''));
    const keys = lines.map((line) => JSON.parse(line) as Row).map(({ t, id }) => `${t}:${id}`);
    assert.deepEqual(keys, [...keys].sort(), 'in the order of the keys');
    let row = 0;
    for (const [i, [, rows, from]] of foot.parts.entries()) {
      assert.equal(from, keys[row]);
      assert.equal(texts[i]!.split('\n').length - 1, rows);
      assert.notEqual(from, keys[row - 1], 'no row is in two parts');
      row += rows;
    }
    assert.ok(lines.every((line) => head.buckets.includes((JSON.parse(line) as Row).b)));
  }
});

test('begins with files, pulls on from where they were, and has everything', async () => {
  const held = await Tablet.enrolled(caretaker);
  const first = held.take(await held.ask({ files: true, limit: 20000 }));
  const links = new Set(first.scope.add.map((a: { snapshot?: string }) => a.snapshot).filter(Boolean)) as Set<string>;
  assert.equal(links.size, 3);
  assert.ok(first.rows.length > 0 && !first.rows.some((r: Row) => r.d?.title === 'Fyll 1'), 'the rest comes inline');

  // Between the file and the tablet's cursor: the hole that the file's own cursor closes.
  await owner.query(`update task set title = 'Endret' where title = 'Fyll 2'`);
  await owner.query(`delete from task where title = 'Fyll 3'`);
  held.take(await held.ask({ files: true }));
  const heads = [];
  for (const url of links) heads.push(await load(held, url));
  const { add } = held.take(await held.ask({ files: true, late: heads.map((h) => h.cursor) })).scope;
  assert.deepEqual(add.map((a: { bucket: string }) => a.bucket).sort(), heads.flatMap((h) => h.buckets).sort());
  await isWhole(owner, held);
  assert.deepEqual(held.take(await held.ask()).rows, []);
});

test('is late only until one window has caught up, over as many pages as it takes', async () => {
  const held = await Tablet.enrolled(caretaker);
  const heads = [];
  for (const f of await files()) heads.push(await load(held, f.url));
  await owner.query(`update task set title = title || '!' where title like 'Fyll %' and area_no = 1`);
  let more = { late: heads.map((h) => h.cursor) } as Record<string, unknown>;
  let pages = 0;
  for (let body = { more: true }; body.more; more = {}, pages++) body = held.take(await held.ask({ limit: 300, ...more }));
  assert.ok(pages > 3, `${pages} pages`);
  await isWhole(owner, held);
  assert.deepEqual(held.take(await held.ask()).rows, []);
});

test('goes on with a download from where it broke off, if the file is the same', async () => {
  const [file] = await files();
  assert.ok(file);
  const { got: whole, reply } = await bytes(file.url);
  const etag = reply.headers.get('etag') ?? '';
  const half = Math.floor(whole.length / 2);
  const part = await bytes(file.url, { range: `bytes=${half}-`, 'if-range': etag });
  assert.equal(part.reply.status, 206);
  assert.equal(part.reply.headers.get('content-range'), `bytes ${half}-${whole.length - 1}/${whole.length}`);
  assert.deepEqual(Buffer.concat([whole.subarray(0, half), part.got]), whole);
  const other = await bytes(file.url, { range: `bytes=${half}-`, 'if-range': '"other"' });
  assert.deepEqual([other.reply.status, other.got.length], [200, whole.length]);
  assert.equal((await bytes(file.url, { range: `bytes=${whole.length}-` })).reply.status, 416);
  assert.equal((await bytes(file.url, { 'if-none-match': etag })).reply.status, 304);
});

test('gives a newly granted area as a file, and what has changed in it since', async () => {
  const { rows } = await owner.query(`insert into person (name) values ('Vikar') returning id`);
  const give = (area: number): Promise<unknown> =>
    owner.query(`insert into person_role (person_id, role, area_no) values ($1, 'caretaker', $2)`, [rows[0].id, area]);
  await give(4);
  const api = await sessionOf(s, owner, rows[0].id, 'field');
  const held = await Tablet.enrolled(api);
  await held.pull(20000);
  await isWhole(owner, held, [4]);
  await owner.query(`update task set title = 'Etter filen' where title like 'Fyll 7%' and area_no = 2`);
  await give(2);
  held.api = await sessionOf(s, owner, rows[0].id, 'field');
  const told = held.take(await held.ask({ files: true }));
  const url = told.scope.add.find(({ snapshot }: { snapshot?: string }) => snapshot)?.snapshot as string;
  assert.ok(url);
  const { cursor } = await load(held, url, held.api);
  held.take(await held.ask({ files: true, late: [cursor], limit: 20000 }));
  await isWhole(owner, held, [2, 4]);
});

test('shows a file to nobody who may not see all of it', async () => {
  const [one] = await files();
  assert.ok(one);
  const { rows } = await owner.query(
    `select p.id from person p join person_role r on r.person_id = p.id where r.role = 'caretaker' and r.area_no = 3 limit 1`,
  );
  const other = await sessionOf(s, owner, rows[0].id, 'field');
  assert.ok((await files(other)).every((f) => f.area_no !== 1));
  assert.equal((await bytes(one.url, {}, other)).reply.status, 404);
  assert.equal((await bytes(one.url, {}, s.api())).reply.status, 401);

  // A building leaves the area: the file has rows that are no longer the caretaker's.
  const held = await Tablet.enrolled(caretaker);
  const { cursor } = await load(held, one.url);
  await owner.query('update place set area_no = 3 where id = $1', [site]);
  assert.deepEqual((await files()).map((f) => f.area_no), [2, 4]);
  assert.equal((await bytes(one.url)).reply.status, 404);
  assert.equal((await held.ask({ late: [cursor] })).body.type, '/problems/cursor_expired');
  await make();
  assert.deepEqual((await files()).map((f) => f.area_no), [1, 2, 4], 'made anew without it');
  await owner.query('update place set area_no = 1 where id = $1', [site]);
});

test('sweeps the files that newer ones have followed, after a day', async () => {
  await owner.query(`update task set title = title || '.' where title like 'Fyll 8%'`);
  await owner.query(`update sync_snapshot set built_at = built_at - interval '2 days'`);
  const before = (await files()).filter((f) => f.area_no !== 4).map((f) => f.url);
  await make();
  const now = (await files()).map((f) => f.url);
  assert.ok(before.length && before.every((url) => !now.includes(url)));
  await owner.query(`update task set title = title || '.' where title like 'Fyll 8%'`);
  await make();
  for (const url of before) assert.equal((await bytes(url)).reply.status, 404);
});

test('offers no file that is older than what one of its buckets has forgotten', async () => {
  const old = (await files()).find((f) => f.area_no === 1)!;
  await owner.query(`delete from task where title like 'Fyll 4%'`);
  await owner.query('select sync_purge(pg_snapshot_xmax(pg_current_snapshot()))');
  const held = await Tablet.enrolled(caretaker);
  const first = held.take(await held.ask({ files: true, limit: 20000 }));
  const links = first.scope.add.map((a: { snapshot?: string }) => a.snapshot);
  assert.ok(!links.includes(old.url), 'it could never be caught up with');
  assert.ok(first.rows.some((r: Row) => r.d?.title === 'Fyll 5'), 'the rows come inline instead');
  await make();
  assert.ok((await files()).find((f) => f.area_no === 1)!.url !== old.url);
});

test('has files made when somebody begins with a large scope and there are none', async () => {
  await owner.query('delete from sync_snapshot');
  const held = await Tablet.enrolled(caretaker);
  const first = await held.ask({ files: true });
  assert.equal(first.body.more, true);
  assert.equal(first.body.scope.add.some((a: { snapshot?: string }) => a.snapshot), false);
  const { rows } = await owner.query(`select count(*)::int as n from job where kind = 'snapshots' and state = 'waiting'`);
  assert.equal(rows[0].n, 1);
  const working = await w.server({ env: { FDVU_JOBS: 'true' } });
  await eventually('files', async () => (await files()).length > 0, 20_000);
  await working.stop();
});

test('tells rows again when their fields have become more, and refuses an app that is too old', async () => {
  const held = await Tablet.enrolled(caretaker);
  await held.pull(20000);
  const { rows } = await owner.query(`select value #>> '{}' as key from setting where key = 'cursor_key'`);
  const [, body = ''] = (held.cursor ?? '').split('.');
  const content = JSON.parse(Buffer.from(body, 'base64').toString());
  const { body: info } = await caretaker.get('/api/v1/sync/info');
  assert.equal(content.sv, info.schema);
  assert.deepEqual([info.encodings, info.page_rows_max], [['zstd', 'gzip'], 20000]);
  const signed = `v1.${Buffer.from(JSON.stringify({ ...content, sv: 0 })).toString('base64')}`;
  held.cursor = `${signed}.${createHmac('sha256', rows[0].key).update(signed).digest('hex').slice(0, 32)}`;
  held.rows.clear();
  assert.ok((await held.pull(1000)) > 1);
  await isWhole(owner, held);
  assert.deepEqual(held.take(await held.ask()).rows, []);

  const old = await fetch(`${s.url}/api/v1/sync/pull`, {
    method: 'POST',
    headers: { authorization: `Bearer ${caretaker.token}`, 'content-type': 'application/json', 'sync-schema': '-2' },
    body: JSON.stringify({ device: held.device }),
  });
  assert.equal(old.status, 426);
  assert.equal(((await old.json()) as { type: string }).type, '/problems/app_too_old');
});

test('tells digests of the same moment as the rows, when it is asked', async () => {
  const held = await Tablet.enrolled(caretaker);
  assert.equal((await held.ask({ digests: true, limit: 10 })).body.digests, undefined, 'not before there is all');
  const { digests } = held.take(await held.ask({ digests: true, limit: 20000 }));
  assert.deepEqual(digests, held.digests());
  assert.deepEqual(held.take(await held.ask({ digests: true })).digests, held.digests(), 'also when nothing is new');
});

test('ends a page at its bytes, and goes on', async () => {
  await owner.query(`update task set description = repeat('Lang tekst ', 300) where title like 'Fyll %' and area_no = 1`);
  const held = await Tablet.enrolled(caretaker);
  let short = 0;
  for (let isMore = true; isMore; ) {
    const body = held.take(await held.ask({ limit: 2000 }));
    isMore = body.more;
    if (isMore && body.rows.length < 2000) short++;
    assert.ok(JSON.stringify(body.rows).length < 1.2 * 1024 * 1024);
  }
  assert.ok(short > 1, `${short} pages that were full of bytes`);
  await held.pull();
  await isWhole(owner, held);
});
