import { stopOf, type Stop, type SyncApi } from './api.ts';
import type { Who } from './state.ts';
import { getMeta, type Store } from './store.ts';
import type { StoredPhoto } from './types.ts';

const ABOUT_PERSON: Stop['why'][] = ['signed_out', 'forbidden', 'unknown_device'];
const REFUSED = [400, 413, 415, 422];

/**
 * Sends the photos that wait, oldest first. Tasks are closed without them; they follow. Where an
 * upload lies on the server is kept with the photo, so that after a break it goes on from there.
 */
export async function uploadPhotos(store: Store, api: SyncApi, now: () => Date): Promise<Stop> {
  const { waiting, device } = await store.read(['photos', 'meta'], async (tx) => ({
    waiting: await tx.by('photos', 'state', 'waiting'),
    device: (await getMeta<Who>(tx, 'who'))?.device,
  }));
  waiting.sort((a, b) => (a.captured_at < b.captured_at ? -1 : 1));

  for (const photo of waiting) {
    let noted: Promise<void> = Promise.resolve();
    const note = (upload_url: string): void => {
      noted = change(store, photo.sha256, { upload_url });
      noted.catch(() => undefined); // said when the upload has ended, and not before
    };
    const reply = await api.upload(photo, note).finally(() => noted);
    const stop = stopOf(reply);
    if (stop && photo.device && photo.device !== device && ABOUT_PERSON.includes(stop.why)) continue; // theirs wait; mine go on
    if (stop) return stop;
    if (reply.status === 200 || reply.status === 201)
      await change(store, photo.sha256, { state: 'uploaded', uploaded_at: now().toISOString(), upload_url: null });
    else if (REFUSED.includes(reply.status)) await change(store, photo.sha256, { state: 'refused', upload_url: null });
    else return { why: 'error', status: reply.status };
  }
  return { why: 'done' };
}

async function change(store: Store, sha256: string, to: Partial<StoredPhoto>): Promise<void> {
  await store.write(['photos'], async (tx) => {
    const photo = await tx.get('photos', sha256);
    if (photo) await tx.put('photos', { ...photo, ...to });
  });
}
