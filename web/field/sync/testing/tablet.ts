import { MemoryStore } from '../memory.ts';
import { record, type Change } from '../outbox.ts';
import { setWho, type Who } from '../state.ts';
import type { Store } from '../store.ts';
import { Syncer } from '../syncer.ts';
import type { SyncApi } from '../api.ts';
import type { Fields, OutboxEntry } from '../types.ts';
import { list } from '../view.ts';

export const KARI: Who = { person_id: 'kari', name: 'Kari', language: 'nb', device: 'dev-1', device_name: 'Nettbrett 1' };

/** A tablet for tests: Kari's, with a store and a syncer, and a clock that can be set. */
export async function tablet(api: SyncApi, store: Store = new MemoryStore()): Promise<{ store: Store; syncer: Syncer; clock: { now: Date } }> {
  const clock = { now: new Date('2026-11-21T09:00:00Z') };

  await store.write(['rows', 'staged', 'meta'], (tx) => setWho(tx, KARI));
  const syncer = new Syncer({
    store,
    api,
    lock: {
      alone: async (work) => {
        await work();
        return true;
      },
    },
    now: () => clock.now,
  });
  return { store, syncer, clock };
}

export function update(id: string, set: Fields, op = 'task.update@1'): Change {
  return { op, t: 'task', id, isNew: false, set, label: id };
}

export function create(id: string, set: Fields): Change {
  return { op: 'task.create@1', t: 'task', id, isNew: true, set, label: id };
}

export function answer(id: string, set: Fields): Change {
  return { op: 'answer.add@1', t: 'answer', id, isNew: true, set, label: id };
}

export async function outbox(store: Store): Promise<OutboxEntry[]> {
  return store.read(['outbox'], (tx) => tx.all('outbox'));
}

export async function tasks(store: Store): Promise<Record<string, Fields>> {
  const rows = await store.read(['rows', 'outbox'], (tx) => list(tx, 'task'));
  return Object.fromEntries(rows.map((row) => [row.id, row.d]));
}

export async function close(store: Store, id: string, note: string): Promise<OutboxEntry[]> {
  return record(store, [update(id, { state: 'done', done_note: note }, 'task.close@1')]);
}
