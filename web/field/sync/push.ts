import { problem_of, stop_of, type Reply, type Stop, type SyncApi } from './api.ts';
import { is_final } from './outbox.ts';
import { put_sync_state, sync_state } from './state.ts';
import type { Store, Tx } from './store.ts';
import type { MutationResult, OutboxEntry, PushAnswer } from './types.ts';

export const MAX_MUTATIONS = 200;
export const MAX_BYTES = 1024 * 1024;
const STRIKES = 3;
/** With this many failures in a row and no success, it is the server, not one mutation. */
const MAX_FAILURES = 12;

type Group = OutboxEntry[];

interface Batch {
  groups: Group[];
  /** Part of a batch that failed: it is divided at its first failure. */
  is_suspect: boolean;
}

export interface PushContext {
  store: Store;
  api: SyncApi;
  person_id: string;
  now: () => Date;
  /** Failures per first mutation, kept between rounds. */
  strikes: Map<string, number>;
}

/**
 * Sends what this person wrote and no receipt names yet, oldest first. Nothing stands in the way of
 * what is behind it: an unreadable batch is halved until the culprit is alone.
 */
export async function push_all(context: PushContext): Promise<Stop> {
  const work = pack(await unsent(context));
  let failures = 0;
  let is_any_taken = false;

  while (work.length) {
    const batch = work.shift()!;
    const reply = await send(context, batch);
    const stop = stop_of(reply);
    if (stop) return stop;

    if (reply.status === 200) {
      failures = 0;
      is_any_taken = true;
      context.strikes.delete(name_of(batch));
      const left = await take_results(context, batch, reply.body as PushAnswer);
      if (left) work.unshift(left);
      continue;
    }
    if (reply.status === 409 && problem_of(reply) === 'epoch_changed') return { why: 'epoch_changed' };
    if (reply.status >= 500 && !is_time_to_divide(context, batch)) return { why: 'error', status: reply.status };
    if (++failures > MAX_FAILURES && !is_any_taken) return { why: 'error', status: reply.status };
    if (batch.groups.length > 1) work.unshift(...halves(batch));
    else if (reply.status < 500 || is_any_taken) await set_aside(context, batch.groups[0]!, reply.status);
  }
  return { why: 'done' };
}

async function unsent({ store, person_id }: PushContext): Promise<OutboxEntry[]> {
  const entries = await store.read(['outbox'], async (tx) => [
    ...(await tx.by('outbox', 'state', 'waiting')),
    ...(await tx.by('outbox', 'state', 'sent')),
  ]);

  return entries.filter((entry) => entry.mutation.by === person_id).sort((a, b) => a.n - b.n);
}

/** Batches within the limits; a group stays whole; what is stuck goes last and alone. */
export function pack(entries: OutboxEntry[]): Batch[] {
  const batches: Batch[] = [];
  const groups = groups_of(entries);
  let bytes = 0;
  let count = 0;

  for (const group of groups.filter((group) => !is_stuck(group))) {
    const size = bytes_of(group);
    const last = batches.at(-1);
    const fits = last && last.groups[0]![0]!.device === group[0]!.device && count + group.length <= MAX_MUTATIONS && bytes + size <= MAX_BYTES;
    if (fits) last.groups.push(group);
    else batches.push({ groups: [group], is_suspect: false });
    bytes = fits ? bytes + size : size;
    count = fits ? count + group.length : group.length;
  }
  return [...batches, ...groups.filter(is_stuck).map((group) => ({ groups: [group], is_suspect: false }))];
}

function groups_of(entries: OutboxEntry[]): Group[] {
  const groups = new Map<string, Group>();

  for (const entry of entries) {
    const group = groups.get(entry.mutation.grp);
    if (group) group.push(entry);
    else groups.set(entry.mutation.grp, [entry]);
  }
  return [...groups.values()];
}

function is_stuck(group: Group): boolean {
  return group.some((entry) => entry.stuck !== null);
}

function bytes_of(group: Group): number {
  return new TextEncoder().encode(JSON.stringify(group.map((entry) => entry.mutation))).length;
}

function entries_of(batch: Batch): OutboxEntry[] {
  return batch.groups.flat();
}

function name_of(batch: Batch): string {
  return batch.groups[0]![0]!.mid;
}

function halves({ groups }: Batch): Batch[] {
  const middle = Math.ceil(groups.length / 2);
  return [groups.slice(0, middle), groups.slice(middle)].map((half) => ({ groups: half, is_suspect: true }));
}

function is_time_to_divide({ strikes }: PushContext, batch: Batch): boolean {
  const count = (strikes.get(name_of(batch)) ?? 0) + 1;

  strikes.set(name_of(batch), count);
  return batch.is_suspect || count >= STRIKES;
}

async function send({ store, api, now }: PushContext, batch: Batch): Promise<Reply> {
  const entries = entries_of(batch);
  const epoch = await store.write(['outbox', 'meta'], async (tx) => {
    for (const entry of entries) await change(tx, entry.n, (current) => ({ ...current, state: 'sent' }));
    return (await sync_state(tx)).epoch;
  });

  return api.push({
    device: entries[0]!.device,
    epoch,
    sent_at: now().toISOString(),
    mutations: entries.map((entry) => entry.mutation),
  });
}

/** Notes the receipts. Returns what the server had no time for, unless it did nothing at all. */
async function take_results({ store, now }: PushContext, batch: Batch, answer: PushAnswer): Promise<Batch | null> {
  const results = new Map(answer.results.map((result) => [result.mid, result]));
  const at = now().toISOString();

  await store.write(['outbox', 'photos', 'meta'], async (tx) => {
    for (const entry of entries_of(batch)) {
      const result = results.get(entry.mid);
      if (result) await change(tx, entry.n, (current) => received(current, result, at));
      for (const att of result?.att_missing ?? []) await ask_again(tx, att.replace(/^sha256:/, ''));
    }
    await put_sync_state(tx, { ...(await sync_state(tx)), pushed_at: at });
  });
  const left = batch.groups.filter((group) => !group.every((entry) => results.has(entry.mid)));
  return left.length && left.length < batch.groups.length ? { groups: left, is_suspect: false } : null;
}

function received(entry: OutboxEntry, result: MutationResult, at: string): OutboxEntry {
  if (result.state === 'retry') return { ...entry, state: 'waiting', result };
  // What a pull has already shown of it is newer than this receipt.
  if (entry.seen_at !== null && is_final(entry)) return entry;
  return { ...entry, state: result.state, result, stuck: null, final_at: at };
}

async function ask_again(tx: Tx, sha256: string): Promise<void> {
  const photo = await tx.get('photos', sha256);
  if (photo?.state === 'uploaded') await tx.put('photos', { ...photo, state: 'waiting' });
}

/** A group that the server cannot read, alone: handed over as it is, or kept and shown as stuck. */
async function set_aside({ store, api, now }: PushContext, group: Group, status: number): Promise<void> {
  const reason = `unreadable_${status}`;
  const reply = await api.quarantine(group[0]!.device, reason, JSON.stringify(group.map((entry) => entry.mutation)));
  const is_kept = reply.status >= 200 && reply.status < 300;
  const at = now().toISOString();

  await store.write(['outbox'], async (tx) => {
    for (const { n, mid, mutation } of group)
      await change(tx, n, (current) =>
        is_kept
          ? { ...current, state: 'quarantined', overlay: 0, final_at: at, seen_at: at, result: { seq: mutation.seq, mid, state: 'quarantined', reason } }
          : { ...current, state: 'waiting', stuck: reason },
      );
  });
}

async function change(tx: Tx, n: number, how: (entry: OutboxEntry) => OutboxEntry): Promise<void> {
  const entry = await tx.get('outbox', n);
  if (entry) await tx.put('outbox', how(entry));
}
