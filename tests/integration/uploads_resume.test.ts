// A tablet's photos on a bad day: connections break anywhere, the server is killed in the midst of
// it, and yet each photo arrives whole, once, and nothing that was safe is sent again.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Upload } from 'tus-js-client';
import { MemoryStore } from '../../web/field/sync/memory.ts';
import { uploadPhotos } from '../../web/field/sync/photos.ts';
import { uploader } from '../../web/field/sync/uploads.ts';
import { Offline, type SyncApi } from '../../web/field/sync/api.ts';
import type { StoredPhoto } from '../../web/field/sync/types.ts';
import { freePort, world, type Server } from './harness.ts';
import { picture, prng, sha256 } from './helpers.ts';

const w = await world({ demo: true });
const port = await freePort();
const start = (): Promise<Server> => w.server({ env: { FDVU_PORT: String(port) } });
let s = await start();
const owner = await w.connect('owner');
const random = prng(20261127);
let headers: Record<string, string>;

before(async () => {
  headers = { Authorization: `Bearer ${(await s.login('caretaker')).token}` };
  await owner.query(`
    create table step (n serial, id uuid, before bigint, after bigint, gen int);
    create function note_step() returns trigger language plpgsql security definer set search_path = fdvu, public as $$
    begin insert into step (id, before, after, gen) values (new.id, old.off, new.off, new.gen); return null; end $$;
    create trigger note_step after update of off on upload for each row when (new.off <> old.off) execute function note_step()`);
});

/** A way to the server that breaks after so many bytes towards it; undefined: it does not. */
let left: number | undefined;
let onBreak: () => void = () => undefined;
const proxy = net.createServer((client) => {
  const server = net.connect(port, '127.0.0.1');
  const end = (): void => void (client.destroy(), server.destroy());
  for (const socket of [client, server]) socket.on('error', end).on('close', end);
  let isCut = false;
  server.pipe(client);
  client.on('data', (piece) => {
    if (isCut) return;
    client.pause(); // a slow way, so that there is something to go on from
    setTimeout(() => client.resume(), 40);
    if (left === undefined) return void server.write(piece);
    server.write(piece.subarray(0, left));
    left -= piece.length;
    if (left > 0) return;
    left = undefined;
    isCut = true;
    onBreak();
    setTimeout(end, 5);
  });
});
await new Promise<void>((done) => void proxy.listen(0, '127.0.0.1', done));
after(() => void proxy.close());
const endpoint = `http://127.0.0.1:${(proxy.address() as net.AddressInfo).port}/api/v1/uploads`;

/** What every upload must have kept to: each byte committed once, in order. */
async function wasSentOnce(bytes: Buffer): Promise<void> {
  const hash = sha256(bytes);
  const { rows } = await owner.query(
    `select u.id, u.state, u.off::int, (select json_agg(json_build_array(s.before, s.after) order by s.n) from step s where s.id = u.id) as steps
       from upload u where u.sha256 = decode($1, 'hex')`,
    [hash],
  );
  assert.equal(rows.length, 1, 'one upload, gone on with');
  assert.equal(rows[0].state, 'done');
  let at = 0;
  for (const [from, to] of rows[0].steps as [number, number][]) {
    assert.equal(from, at, 'the offset goes on from where it was');
    assert.ok(to > from, 'and never back');
    at = to;
  }
  assert.equal(at, bytes.length);
  const file = await fetch(`http://127.0.0.1:${port}/api/v1/files/${hash}`, { headers });
  assert.equal(sha256(new Uint8Array(await file.arrayBuffer())), hash);
}

const tries = 3;

test('a photo arrives whole, once, though the server is killed again and again on the way', async () => {
  for (let run = 0; run < tries; run++) {
    const bytes = picture(1_500_000 + random.below(1_500_000));
    const store = new MemoryStore();
    const photo: StoredPhoto = {
      sha256: sha256(bytes),
      blob: new Blob([new Uint8Array(bytes)]),
      ...{ mime: 'image/png', captured_at: new Date().toISOString(), state: 'waiting', uploaded_at: null },
    };
    await store.write(['photos'], (tx) => tx.put('photos', photo));
    const round = (): Promise<string> =>
      uploadPhotos(store, { upload: uploader(endpoint, headers) } as SyncApi, () => new Date()).then((stop) => stop.why, (e: Error) => e.constructor.name);
    for (let breaks = 0; breaks < 3; breaks++) {
      left = 2_000 + random.below(700_000);
      const killed = new Promise<void>((done, fail) => (onBreak = () => void s.kill().then(done, fail)));
      assert.equal(await round(), 'Offline');
      await killed;
      s = await start();
    }
    assert.equal(await round(), 'done');
    const [kept] = await store.read(['photos'], (tx) => tx.all('photos'));
    assert.deepEqual([kept?.state, kept?.upload_url], ['uploaded', null]);
    await wasSentOnce(bytes);
  }
});

test('tus-js-client as it is goes on by itself after a break', async () => {
  onBreak = () => undefined;
  for (let run = 0; run < tries; run++) {
    const bytes = picture(1_000_000 + random.below(2_000_000));
    left = random.below(bytes.length);
    await new Promise<void>((done, fail) =>
      new Upload(bytes, {
        endpoint,
        headers,
        metadata: { sha256: sha256(bytes), filename: 'bilde.png' },
        retryDelays: [0, 20, 100, 500],
        onSuccess: () => done(),
        onError: fail,
      }).start(),
    );
    await wasSentOnce(bytes);
  }
});

test('a photo that the server does not have any more is sent anew', async () => {
  const bytes = picture(600_000);
  const send = uploader(endpoint, headers);
  let url = '';
  left = 400_000;
  await assert.rejects(send({ sha256: sha256(bytes), blob: new Blob([new Uint8Array(bytes)]) }, (given) => (url = given)));
  assert.ok(url);
  await owner.query('delete from upload where id = $1', [url.slice(-36)]);
  let next = '';
  const reply = await send({ sha256: sha256(bytes), blob: new Blob([new Uint8Array(bytes)]), upload_url: url }, (given) => (next = given));
  assert.equal(reply.status, 201);
  assert.notEqual(next, url);
  await wasSentOnce(bytes);
});

test('what the server refuses is told as it says, and a server that says nothing is none', async () => {
  const send = uploader(endpoint, headers);
  const text = Buffer.from('no picture at all');
  const reply = await send({ sha256: sha256(text), blob: new Blob([text]) }, () => undefined);
  assert.equal(reply.status, 415);
  assert.equal((reply.body as { status: number }).status, 415);
  assert.equal((await uploader(endpoint)({ sha256: sha256(text), blob: new Blob([text]) }, () => undefined)).status, 401);
  const sockets: net.Socket[] = [];
  const silent = net.createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((done) => void silent.listen(0, '127.0.0.1', done));
  const nowhere = `http://127.0.0.1:${(silent.address() as net.AddressInfo).port}/`;
  await assert.rejects(uploader(nowhere, {}, 200)({ sha256: 'ab', blob: new Blob(['x']) }, () => undefined), Offline);
  for (const socket of sockets) socket.destroy();
  silent.close();
});
