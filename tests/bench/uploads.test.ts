// Photos by tus, beside @tus/server with its file store: the same files by the same client, in one
// run and by turns. Ours checks and hashes each file, asks for rights and has it on disk before it
// says so; theirs does none of that.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Upload } from 'tus-js-client';
import { world } from '../integration/harness.ts';
import { photo, sha256 } from '../integration/helpers.ts';
import { startPeer } from './peers.ts';
import { bound, median, rssMb, roundsOf } from './tools.ts';

const together = 4;
const rounds = roundsOf(3);

const w = await world({ demo: true });
const s = await w.server();
const { token } = await s.login('caretaker');
const store = join(w.var, '../tus');
mkdirSync(store);
const peer = await startPeer('tus', [store]);
after(() => peer.stop());

type Where = { name: string; endpoint: string; headers: Record<string, string> };
const ours: Where = { name: 'fdvu', endpoint: `${s.url}/api/v1/uploads`, headers: { Authorization: `Bearer ${token}` } };
const theirs: Where = { name: '@tus/server', endpoint: `${peer.url}/files`, headers: {} };

function send(to: Where, bytes: Buffer): Promise<void> {
  return new Promise((done, fail) =>
    new Upload(bytes, {
      endpoint: to.endpoint,
      headers: to.headers,
      metadata: { sha256: sha256(bytes) },
      uploadDataDuringCreation: bytes.length <= 256 << 10, // as the tablet does
      retryDelays: null,
      onSuccess: () => done(),
      onError: fail,
    }).start(),
  );
}

/** Files a second. No two files are the same. */
async function rate(to: Where, count: number, size: number): Promise<number> {
  const head = photo('bench');
  const bytes = randomBytes(size);
  let next = 0;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: together }, async () => {
      while (next++ < count) await send(to, Buffer.concat([head, randomBytes(16), bytes.subarray(head.length + 16)]));
    }),
  );
  return (count / (performance.now() - from)) * 1000;
}

async function compare(count: number, size: number, what: string): Promise<void> {
  const found = new Map<string, number[]>([[ours.name, []], [theirs.name, []]]);
  for (let round = 0; round <= rounds; round++)
    for (const to of round % 2 ? [ours, theirs] : [theirs, ours]) {
      const files = round ? Math.ceil(count / rounds) : together; // the first warms both
      const rps = await rate(to, files, size);
      if (round) found.get(to.name)?.push(rps);
    }
  const [mine, other] = [median(found.get(ours.name) ?? []), median(found.get(theirs.name) ?? [])];
  console.log(
    `${what}: fdvu ${mine.toFixed(1)} /s (${((mine * size) / 1e6).toFixed(1)} MB/s), @tus/server ${other.toFixed(1)} /s ` +
      `(${((other * size) / 1e6).toFixed(1)} MB/s): ${(mine / other).toFixed(2)} times; memory ${rssMb(s.pid).toFixed(0)} · ${rssMb(peer.pid).toFixed(0)} MB`,
  );
  bound(mine >= other, `${what}: ${(mine / other).toFixed(2)} of @tus/server's rate, at least 1 is wanted`);
}

test('100 files of 2 MB, four at a time', () => compare(100, 2_000_000, '2 MB'));
test('2 000 files of 20 kB, four at a time', () => compare(2000, 20_000, '20 kB'));
