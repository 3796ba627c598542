import { isKept, isOurs, problemOf, stopOf, type Reply, type Stop, type SyncApi } from './api.ts';
import { isFinal, oldestOf } from './outbox.ts';
import { putSyncState, syncState } from './state.ts';
import type { Store, Tx } from './store.ts';
import type { MutationResult, OutboxEntry, PushAnswer } from './types.ts';

export const MAX_MUTATIONS = 200;
/** The protocol's 1 MiB, less the envelope. */
export const MAX_BYTES = 1_000_000;
const STRIKES = 3;
/** With this many failures in a row and no success, it is the server, not one mutation. */
const MAX_FAILURES = 12;
const STATES: MutationResult['state'][] = ['applied', 'merged', 'held', 'quarantined', 'retry'];
/** What is about the tablet or the network, not about one of its people. */
const ENDS_ALL: Stop['why'][] = ['revoked', 'offline', 'busy', 'epoch_changed', 'error'];

type Group = OutboxEntry[];

interface Batch {
  groups: Group[];
  /** Part of a batch that failed: it is divided at its first failure. */
  isSuspect: boolean;
}

export interface PushContext {
  store: Store;
  api: SyncApi;
  person_id: string;
  now: () => Date;
  /** Failures per first mutation, kept between rounds. */
  strikes: Map<string, number>;
  /** When what the server could not take just then may be sent again, by mutation, kept between rounds. */
  later: Map<string, number>;
}

/**
 * Sends what this person wrote and no receipt names yet, oldest first. Nothing stands in the way of
 * what is behind it: an unreadable batch is halved until the culprit is alone.
 */
export async function pushAll(context: PushContext): Promise<Stop> {
  const mine = (await unsent(context)).filter((entry) => entry.mutation.by === context.person_id);
  return pushEntries(context, mine, (body) => context.api.push(body));
}

/**
 * Sends what other people wrote on this tablet, device by device, each in the name of who wrote it.
 * What the server does not take now waits: it stops nothing of the person who is here.
 */
export async function pushOthers(context: PushContext): Promise<Stop> {
  const { api, person_id } = context;
  const others = new Map<string, OutboxEntry[]>();

  if (!api.pushOther) return { why: 'done' };
  for (const entry of await unsent(context))
    if (entry.mutation.by !== person_id) others.set(entry.device, [...(others.get(entry.device) ?? []), entry]);
  for (const entries of others.values()) {
    const stop = await pushEntries(context, entries, (body) => api.pushOther!(body));
    if (ENDS_ALL.includes(stop.why)) return stop;
  }
  return { why: 'done' };
}

async function pushEntries(context: PushContext, entries: OutboxEntry[], push: SyncApi['push']): Promise<Stop> {
  const work = pack(entries);
  let failures = 0;
  let isAnyTaken = false;

  while (work.length) {
    const batch = work.shift()!;
    const reply = await send(context, batch, push);
    const stop = stopOf(reply);
    if (stop) return stop;

    if (reply.status === 200 && !isOurs(reply, 'results')) return { why: 'offline' };
    if (reply.status === 200) {
      failures = 0;
      isAnyTaken = true;
      context.strikes.delete(nameOf(batch));
      const left = await takeResults(context, batch, reply.body as PushAnswer);
      if (left) work.unshift(left);
      continue;
    }
    if (reply.status === 409 && problemOf(reply) === 'epoch_changed') return { why: 'epoch_changed' };
    if (reply.status >= 500 && !isTimeToDivide(context, batch)) return { why: 'error', status: reply.status };
    if (++failures > MAX_FAILURES && !isAnyTaken) return { why: 'error', status: reply.status };
    if (batch.groups.length > 1) work.unshift(...halves(batch));
    else if (reply.status < 500 || isAnyTaken) await setAside(context, batch.groups[0]!, `unreadable_${reply.status}`);
  }
  return { why: 'done' };
}

/** In how many seconds something may be sent again that the server could not take; null when nothing waits so. */
export function retryIn({ later, now }: PushContext): number | null {
  if (!later.size) return null;
  return Math.max(1, Math.ceil((Math.min(...later.values()) - now().getTime()) / 1000));
}

async function unsent({ store, later, now }: PushContext): Promise<OutboxEntry[]> {
  const entries = await store.read(['outbox'], async (tx) => [
    ...(await tx.by('outbox', 'state', 'waiting')),
    ...(await tx.by('outbox', 'state', 'sent')),
  ]);

  for (const [mid, at] of later) if (at <= now().getTime()) later.delete(mid);
  const resting = new Set(entries.filter(({ mid }) => later.has(mid)).map(({ mutation }) => mutation.grp));
  return entries.filter(({ mutation }) => !resting.has(mutation.grp)).sort((a, b) => a.n - b.n);
}

/** Batches within the limits; a group stays whole; what is stuck goes last and alone. */
export function pack(entries: OutboxEntry[]): Batch[] {
  const batches: Batch[] = [];
  const groups = groupsOf(entries);
  let bytes = 0;
  let count = 0;

  for (const group of groups.filter((group) => !isStuck(group))) {
    const size = bytesOf(group);
    const last = batches.at(-1);
    const fits = last && last.groups[0]![0]!.device === group[0]!.device && count + group.length <= MAX_MUTATIONS && bytes + size <= MAX_BYTES;
    if (fits) last.groups.push(group);
    else batches.push({ groups: [group], isSuspect: false });
    bytes = fits ? bytes + size : size;
    count = fits ? count + group.length : group.length;
  }
  return [...batches, ...groups.filter(isStuck).map((group) => ({ groups: [group], isSuspect: false }))];
}

function groupsOf(entries: OutboxEntry[]): Group[] {
  const groups = new Map<string, Group>();

  for (const entry of entries) {
    const group = groups.get(entry.mutation.grp);
    if (group) group.push(entry);
    else groups.set(entry.mutation.grp, [entry]);
  }
  return [...groups.values()];
}

function isStuck(group: Group): boolean {
  return group.some((entry) => entry.stuck !== null);
}

function bytesOf(group: Group): number {
  return new TextEncoder().encode(JSON.stringify(group.map((entry) => entry.mutation))).length;
}

function entriesOf(batch: Batch): OutboxEntry[] {
  return batch.groups.flat();
}

function nameOf(batch: Batch): string {
  return batch.groups[0]![0]!.mid;
}

function halves({ groups }: Batch): Batch[] {
  const middle = Math.ceil(groups.length / 2);
  return [groups.slice(0, middle), groups.slice(middle)].map((half) => ({ groups: half, isSuspect: true }));
}

function isTimeToDivide({ strikes }: PushContext, batch: Batch): boolean {
  const count = (strikes.get(nameOf(batch)) ?? 0) + 1;

  strikes.set(nameOf(batch), count);
  return batch.isSuspect || count >= STRIKES;
}

async function send({ store, now }: PushContext, batch: Batch, push: SyncApi['push']): Promise<Reply> {
  const entries = entriesOf(batch);
  const device = entries[0]!.device;
  const { epoch, oldest } = await store.write(['outbox', 'meta'], async (tx) => {
    for (const entry of entries) await change(tx, entry.n, (current) => ({ ...current, state: 'sent' }));
    return { epoch: (await syncState(tx)).epoch, oldest: await oldestOf(tx, device) };
  });

  return push({
    device,
    epoch,
    sent_at: now().toISOString(),
    oldest,
    mutations: entries.map((entry) => entry.mutation),
  });
}

/** Notes the receipts. Returns what the server had no time for, unless it did nothing at all. */
async function takeResults({ store, now, later }: PushContext, batch: Batch, answer: PushAnswer): Promise<Batch | null> {
  const results = new Map(answer.results.map((result) => [result.mid, result]));
  const at = now().toISOString();

  await store.write(['outbox', 'photos', 'meta'], async (tx) => {
    for (const entry of entriesOf(batch)) {
      const result = results.get(entry.mid);
      if (!result || !isReceipt(result, entry)) continue;
      await change(tx, entry.n, (current) => received(current, result, at));
      if (result.state === 'retry' && result.after_s) later.set(entry.mid, now().getTime() + result.after_s * 1000);
      for (const att of result.att_missing ?? []) await askAgain(tx, att.replace(/^sha256:/, ''));
    }
    await putSyncState(tx, { ...(await syncState(tx)), pushed_at: at });
  });
  const left = batch.groups.filter((group) => !group.every((entry) => results.has(entry.mid)));
  return left.length && left.length < batch.groups.length ? { groups: left, isSuspect: false } : null;
}

/** Names just this entry, and says something that we understand of it. */
function isReceipt({ mid, seq, state }: MutationResult, { mutation }: OutboxEntry): boolean {
  return mid === mutation.mid && seq === mutation.seq && STATES.includes(state);
}

function received(entry: OutboxEntry, result: MutationResult, at: string): OutboxEntry {
  if (result.state === 'retry') return { ...entry, state: 'waiting', result };
  // What a pull has already shown of it is newer than this receipt.
  if (entry.seen_at !== null && isFinal(entry)) return entry;
  return { ...entry, state: result.state, result, stuck: null, final_at: at };
}

async function askAgain(tx: Tx, sha256: string): Promise<void> {
  const photo = await tx.get('photos', sha256);
  if (photo?.state === 'uploaded') await tx.put('photos', { ...photo, state: 'waiting' });
}

/** What the server cannot read or may not apply: handed over as it is, or kept and shown as stuck. */
async function setAside({ store, api, now }: PushContext, group: Group, reason: string): Promise<void> {
  const { device } = group[0]!;
  const raw = JSON.stringify(group.map((entry) => entry.mutation));
  const isThere = await isKept(await api.quarantine(device, reason, raw), device, raw);
  const at = now().toISOString();

  await store.write(['outbox'], async (tx) => {
    for (const { n, mid, mutation } of group)
      await change(tx, n, (current) =>
        isThere
          ? { ...current, state: 'quarantined', overlay: 0, final_at: at, seen_at: at, result: { seq: mutation.seq, mid, state: 'quarantined', reason } }
          : { ...current, state: 'waiting', stuck: reason },
      );
  });
}

async function change(tx: Tx, n: number, how: (entry: OutboxEntry) => OutboxEntry): Promise<void> {
  const entry = await tx.get('outbox', n);
  if (entry) await tx.put('outbox', how(entry));
}
