import { Dexie } from 'dexie';
import type { Credential, Keychain } from '../sync/device.ts';

const NAME = 'fdvu-device';
const ONLY = 1;

/** Apart from the store: it outlives a wipe until the server knows of it. The browser keeps the private key where no script reads it. */
export class BrowserKeychain implements Keychain {
  async read(): Promise<Credential | null> {
    return withTable(async (table) => ((await table.get(ONLY)) as Credential | undefined) ?? null);
  }

  async write(credential: Credential): Promise<void> {
    await withTable((table) => table.put(credential, ONLY));
  }

  async clear(): Promise<void> {
    await withTable((table) => table.clear());
  }
}

/** Opened for each use: it is used seldom, and a handle that was kept may be dead. */
async function withTable<R>(work: (table: ReturnType<Dexie['table']>) => Promise<R>): Promise<R> {
  const db = new Dexie(NAME, { chromeTransactionDurability: 'strict' });
  db.version(1).stores({ credential: '' });
  try {
    return await work(db.table('credential'));
  } finally {
    db.close();
  }
}
