// PouchDB 9 with its own server (express-pouchdb), both in memory: the peer that the tablets' protocol is held against. Installed for the
// bench only; no part of the product.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installed } from './tools.ts';

const batch = 1000;

type Doc = Record<string, unknown> & { _id: string };
type Replication = Promise<{ docs_written: number }> & { on(event: 'change', f: (info: { docs_written: number }) => void): Replication; cancel(): void };

/** A PouchDB in this process: a tablet of the peer's. */
export type PouchTablet = {
  pull(): Promise<number>;
  /** Replicates until `docs` have come, and then stops in the middle. */
  pullPart(docs: number): Promise<number>;
  edit(count: number, title: string): Promise<void>;
  /** Reads all documents of a kind, and counts them. */
  list(t: string): Promise<number>;
  push(): Promise<number>;
  close(): Promise<void>;
};

export type Pouch = { tablet(): PouchTablet; change(count: number, title: string): Promise<void>; stop(): void };

/** Starts the server with these documents. */
export async function pouch(docs: Iterable<Doc>): Promise<Pouch> {
  const folder = installed('pouch');
  const need = createRequire(join(folder, 'package.json'));
  const PouchDB = need('pouchdb');
  PouchDB.plugin(need('pouchdb-adapter-memory'));
  const child = spawn(process.execPath, [join(folder, 'server.mjs')], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_ENV: 'production' } });
  const answer = (): Promise<string> =>
    new Promise((done, failed) => {
      child.once('exit', (code) => failed(new Error(`PouchDB's server ended with ${code}`)));
      child.stdout.once('data', (text: Buffer) => done(text.toString().trim()));
    });

  for (const doc of docs) if (!child.stdin.write(JSON.stringify(doc) + '\n')) await new Promise((on) => child.stdin.once('drain', on));
  child.stdin.write('serve\n');
  const url = `http://127.0.0.1:${await answer()}/tasks`;
  let tablets = 0;

  return {
    tablet() {
      const db = new PouchDB(`tablet${++tablets}`, { adapter: 'memory' });
      return {
        pull: async () => (await db.replicate.from(url, { batch_size: batch })).docs_written,
        pullPart: (docs) =>
          new Promise((done, failed) => {
            const running: Replication = db.replicate.from(url, { batch_size: batch });
            let written = 0;
            running.on('change', (info) => {
              written = info.docs_written;
              if (written >= docs) running.cancel();
            });
            running.then(() => done(written), failed);
          }),
        edit: async (count, title) => {
          const { rows } = await db.allDocs({ include_docs: true, limit: count });
          await db.bulkDocs(rows.map((row: { doc: Doc }) => ({ ...row.doc, title })));
        },
        list: async (t) => (await db.allDocs({ include_docs: true, startkey: `${t}:`, endkey: `${t};` })).rows.length,
        push: async () => (await db.replicate.to(url, { batch_size: batch })).docs_written,
        close: () => db.destroy(),
      };
    },
    async change(count, title) {
      const said = answer();
      child.stdin.write(`change ${count} ${title}\n`);
      await said;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}
