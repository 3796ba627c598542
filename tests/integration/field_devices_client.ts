// The tablet's own code on a store in memory, against the real server: put together as the app does.
import { randomUUID, webcrypto } from 'node:crypto';
import type { Reply, SyncApi, Wrapped } from '../../web/field/sync/api.ts';
import { Device, type Credential, type Keychain } from '../../web/field/sync/device.ts';
import { keepLease } from '../../web/field/sync/lease.ts';
import { MemoryStore } from '../../web/field/sync/memory.ts';
import { record } from '../../web/field/sync/outbox.ts';
import { keepSealKey, type Sealer } from '../../web/field/sync/seal.ts';
import { setWho } from '../../web/field/sync/state.ts';
import { Syncer } from '../../web/field/sync/syncer.ts';
import type { StoredPhoto } from '../../web/field/sync/types.ts';
import { uploader } from '../../web/field/sync/uploads.ts';
import type { Api, Server } from './harness.ts';
import { codeFor } from './field_devices_world.ts';

class Chain implements Keychain {
  kept: Credential | null = null;
  read = async (): Promise<Credential | null> => this.kept && { ...this.kept };
  write = async (credential: Credential): Promise<void> => void (this.kept = credential);
  clear = async (): Promise<void> => void (this.kept = null);
}

export async function askOf(s: Server, path: string, body: unknown, token: string | null = null): Promise<Reply> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(`${s.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null, retry_after_s: null };
}

export type Made = { device: Device; chain: Chain; store: MemoryStore; syncer: Syncer; id: string; sealer: Sealer; clock: { now: Date }; asked: string[]; wiped: string[]; say: (path: string) => Reply | null };

/** A tablet as the app puts it together, with the clock `skew_s` wrong; `say` answers instead of the server. */
export async function clientOf(s: Server, office: Api, person: string, skew_s = 0): Promise<Made> {
  const chain = new Chain();
  const store = new MemoryStore();
  const asked: string[] = [];
  const wiped: string[] = [];
  const made = { say: () => null } as unknown as Made;
  const send = async (path: string, body: unknown, token: string | null = null): Promise<Reply> => {
    asked.push(path);
    return made.say(path) ?? askOf(s, path, body, token);
  };
  const device = new Device({
    keychain: chain,
    subtle: webcrypto.subtle as never,
    uuid: randomUUID,
    send,
    now_s: () => Math.floor(Date.now() / 1000) + skew_s,
    onTold: async ({ lease, seal }) => {
      await keepLease(store, lease);
      await keepSealKey(store, seal);
    },
  });
  const post = (path: string, body: { device: string }): Promise<Reply> => device.withSession(body.device, (token) => send(path, body, token));
  const api = {
    pull: (body: { device: string }) => post('/api/v1/sync/pull', body),
    push: (body: { device: string }) => post('/api/v1/sync/push', body),
    pushOther: (body: { device: string }) => device.forOther(body.device, (token) => send('/api/v1/sync/push', body, token)),
    unseal: (id: string, wrapped: Wrapped) => device.unseal(id, wrapped),
    quarantine: async (id: string, reason: string, raw: string, sealedWith?: Wrapped) => {
      const body = { device: id, reason, ...(sealedWith ? { ...sealedWith, sealed: raw } : { raw }) };
      return (await device.signed(id, 'salvage', (proof) => send('/api/v1/sync/quarantine', { ...body, proof })))!;
    },
    upload: (photo: StoredPhoto, onUrl: (url: string) => void) => {
      const put = (token: string | null): Promise<Reply> => uploader(`${s.url}/api/v1/uploads`, { Authorization: `Bearer ${token}` })(photo, onUrl);
      return photo.device ? device.forOther(photo.device, put) : device.withSession(made.id, put);
    },
  } as unknown as SyncApi;
  const sealer = { subtle: webcrypto.subtle as never, key: () => device.key() };
  const clock = { now: new Date() };
  const syncer = new Syncer({
    store,
    api,
    sealer,
    now: () => clock.now,
    lock: { alone: async (work) => (await work(), true) },
    onWiping: () => device.leaving(),
    onWiped: () => wiped.push('wiped'),
  });
  const { body } = await codeFor(office, person);
  const told = await device.enrol({ code: body.code });
  await store.write(['rows', 'staged', 'meta'], (tx) =>
    setWho(tx, { person_id: person, name: told.person_name, language: 'nb', device: told.id, device_name: told.name }),
  );
  return Object.assign(made, { device, chain, store, syncer, id: told.id, sealer, clock, asked, wiped });
}

export const write = (t: Made): Promise<unknown> =>
  record(t.store, [{ op: 'comment.add@1', t: 'comment', id: randomUUID(), isNew: true, set: { text: 'Aldri borte' }, label: 'Merknad' }]);
export const waiting = async (t: Made): Promise<number> =>
  (await t.store.read(['outbox'], (tx) => tx.all('outbox'))).filter((e) => e.state === 'waiting' || e.state === 'sent').length;
export const count = (t: Made, path: string): number => t.asked.filter((each) => each.endsWith(path)).length;
