// Hints make a tablet pull at once; without them it loses nothing but time.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Offline, type Reply } from './api.ts';
import { Hints, readEvents } from './events.ts';

const ended = (status: number, retry_after_s: number | null = null): Reply => ({ status, body: null, retry_after_s });
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

interface Line {
  /** Whether it is a question and not a stream. */
  isQuestion: boolean;
  say(name: string): void;
  end(reply: Reply): void;
  lose(): void;
  signal: AbortSignal;
}

/** A server whose lines the test holds. */
function listener(): { hints: Hints; lines: Line[]; count: () => number; fails: (yes: boolean) => void } {
  const lines: Line[] = [];
  let count = 0;
  let isFailing = false;
  const take = (isQuestion: boolean, say: (name: string) => void, signal: AbortSignal): Promise<Reply> =>
    new Promise((end, fail) => {
      const lose = (): void => fail(new Offline());
      signal.addEventListener('abort', lose);
      lines.push({ isQuestion, say, end, lose, signal });
    });
  const hints = new Hints({
    onHint: async () => {
      count++;
      return !isFailing;
    },
    random: () => 1,
    open: (onEvent, signal) => take(false, onEvent, signal),
    wait: (signal) => take(true, () => undefined, signal),
  });
  return { hints, lines, count: () => count, fails: (yes) => (isFailing = yes) };
}

test('takes the greeting and each change for a hint, and signs of life for none', async () => {
  const { hints, lines, count } = listener();
  hints.start();
  hints.start();
  assert.equal(lines.length, 1);
  assert.equal(hints.isAlive, false);
  lines[0]!.say('hello');
  assert.equal(hints.isAlive, true);
  lines[0]!.say('ping');
  lines[0]!.say('change');
  assert.equal(count(), 2);
  hints.stop();
  await settle();
  assert.equal(hints.isAlive, false);
  assert.ok(lines[0]!.signal.aborted);
});

test('listens again after a break, each time later, and soon again once it has heard something', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { hints, lines } = listener();
  hints.start();
  for (const [i, wait_s] of [2, 4, 8].entries()) {
    lines[i]!.lose();
    await settle();
    mock.timers.tick(wait_s * 1000 - 1);
    await settle();
    assert.equal(lines.length, i + 1, `not before ${wait_s} s`);
    mock.timers.tick(1);
    await settle();
    assert.equal(lines.length, i + 2);
  }
  lines[3]!.say('hello');
  lines[3]!.end(ended(200));
  await settle();
  mock.timers.tick(1000);
  await settle();
  assert.equal(lines.length, 5);
  hints.stop();
});

test('waits as long as a busy server asks', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { hints, lines } = listener();
  hints.start();
  lines[0]!.end(ended(503, 60));
  await settle();
  mock.timers.tick(59_999);
  await settle();
  assert.equal(lines.length, 1);
  mock.timers.tick(1);
  await settle();
  assert.equal(lines.length, 2);
  hints.stop();
});

test('hangs up on a line that has fallen silent', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { hints, lines } = listener();
  hints.start();
  lines[0]!.say('hello');
  mock.timers.tick(40_000);
  lines[0]!.say('ping');
  mock.timers.tick(40_000);
  assert.ok(!lines[0]!.signal.aborted);
  mock.timers.tick(10_000);
  assert.ok(lines[0]!.signal.aborted);
  hints.stop();
});

test('stays away where it may not listen, and lets a pull find out why', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  for (const [status, hinted] of [[401, 1], [403, 1], [404, 0]] as const) {
    const { hints, lines, count } = listener();
    hints.start();
    lines[0]!.end(ended(status));
    await settle();
    mock.timers.tick(600_000);
    await settle();
    assert.deepEqual([lines.length, count()], [1, hinted], String(status));
    hints.start();
    assert.equal(lines.length, 2, 'a later start tries again');
    hints.stop();
  }
});

const told = (...buckets: string[]): Reply => ({ status: 200, body: { buckets }, retry_after_s: null });

test('asks instead where a proxy keeps the stream to itself, and goes on asking for as long as it is answered', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { hints, lines, count } = listener();
  const step = async (ms: number): Promise<Line> => {
    await settle();
    mock.timers.tick(ms);
    await settle();
    return lines.at(-1)!;
  };
  hints.start();
  await step(9_999);
  assert.ok(!lines[0]!.signal.aborted);
  await step(1);
  assert.ok(lines[0]!.signal.aborted);
  const first = await step(2000);
  assert.deepEqual([lines.length, first.isQuestion, hints.isAlive], [2, true, false]);
  first.end(told());
  const second = await step(1000);
  assert.deepEqual([lines.length, second.isQuestion, hints.isAlive, count()], [3, true, true, 0], 'nothing has changed');
  second.end(told('ref'));
  const third = await step(1000);
  assert.deepEqual([lines.length, third.isQuestion, count()], [4, true, 1]);
  third.end({ status: 200, body: null, retry_after_s: null });
  const stream = await step(2000);
  assert.deepEqual([lines.length, stream.isQuestion, hints.isAlive], [5, false, false], 'a page of another network is no answer');
  hints.stop();
});

test('asks later and later while what has changed cannot be fetched', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { hints, lines, fails } = listener();
  hints.start();
  mock.timers.tick(10_000);
  await settle();
  mock.timers.tick(2000);
  await settle();
  fails(true);
  for (const [i, wait_s] of [4, 8, 16].entries()) {
    lines.at(-1)!.end(told('ref'));
    await settle();
    mock.timers.tick(wait_s * 1000 - 1);
    await settle();
    assert.equal(lines.length, i + 2, `not before ${wait_s} s`);
    mock.timers.tick(1);
    await settle();
    assert.ok(lines.length === i + 3 && lines.at(-1)!.isQuestion);
  }
  hints.stop();
});

test('reads events that come in pieces', async () => {
  const bytes = new TextEncoder().encode('event: hello\ndata: {}\n\nevent: change\ndata: {"buckets":["ø"]}\n\nevent: pi');
  const names: string[] = [];
  await readEvents(new Blob([bytes]).stream().pipeThrough(new TransformStream({
    transform: (piece, to) => {
      for (const byte of piece) to.enqueue(new Uint8Array([byte]));
    },
  })), (name) => names.push(name));
  assert.deepEqual(names, ['hello', 'change']);
});
