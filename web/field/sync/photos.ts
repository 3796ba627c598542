import { stopOf, type Stop, type SyncApi } from './api.ts';
import type { Store } from './store.ts';
import type { StoredPhoto } from './types.ts';

const REFUSED = [400, 413, 415, 422];

/** Sends the photos that wait, oldest first. Tasks are closed without them; they follow. */
export async function uploadPhotos(store: Store, api: SyncApi, now: () => Date): Promise<Stop> {
  const waiting = await store.read(['photos'], (tx) => tx.by('photos', 'state', 'waiting'));
  waiting.sort((a, b) => (a.captured_at < b.captured_at ? -1 : 1));

  for (const photo of waiting) {
    const reply = await api.putFile(photo.sha256, photo.blob);
    const stop = stopOf(reply);
    if (stop) return stop;
    if (reply.status === 200 || reply.status === 201) await mark(store, { ...photo, state: 'uploaded', uploaded_at: now().toISOString() });
    else if (REFUSED.includes(reply.status)) await mark(store, { ...photo, state: 'refused' });
    else return { why: 'error', status: reply.status };
  }
  return { why: 'done' };
}

async function mark(store: Store, photo: StoredPhoto): Promise<void> {
  await store.write(['photos'], (tx) => tx.put('photos', photo));
}
