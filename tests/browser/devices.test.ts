// A tablet's life as people live it: the manager makes a code, the caretaker opens its link, works
// without network, the tablet is reported lost, and what it had not sent is kept when it wipes itself.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually, root, world } from '../integration/harness.ts';
import { browser } from './browser.ts';

const desk = { width: 1440, height: 900 };
const phone = { width: 360, height: 740 };
const tablet = { width: 820, height: 1180 };
const pictures = join(root, 'build/test/devices');
mkdirSync(pictures, { recursive: true });

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const db = await w.connect('owner');
const caretaker = (await db.query("select name from person where demo_key = 'caretaker'")).rows[0].name as string;

async function logIn(page: Page): Promise<void> {
  await page.goto('/');
  await page.evaluate(() =>
    fetch('/api/v1/session/demo', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"person":"manager"}' }),
  );
}

async function look(page: Page, name: string, sizes = [phone, desk]): Promise<void> {
  const before = page.viewportSize();
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)));
    await page.screenshot({ path: join(pictures, `${name}-${size.width}.png`) });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, `${name} is too wide at ${size.width}`);
  }
  if (before) await page.setViewportSize(before);
}

/** What the tablet's browser still keeps for us. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(async () => [...(await indexedDB.databases()).map((each) => each.name ?? ''), ...(await caches.keys())]);

test('a tablet is enrolled by the office’s code, works, is lost, and wipes itself with its queue kept', async () => {
  const { page: office } = await b.open({ name: 'office', at: s.url, viewport: desk });
  const found: string[] = [];
  office.on('pageerror', (e) => found.push(e.message));
  await logIn(office);
  await office.goto('/office?view=devices');
  await office.getByRole('heading', { name: 'Nettbrett', level: 1 }).waitFor();
  await office.getByText('Ingen nettbrett er tatt i bruk ennå.').waitFor();
  await look(office, '1-empty');
  await office.getByRole('button', { name: 'Nytt nettbrett' }).press('Enter');
  const dialog = office.getByRole('dialog');
  await dialog.getByLabel('Hvem skal bruke det?').selectOption({ label: caretaker });
  await dialog.getByLabel('Hva skal nettbrettet hete?').fill('Nettbrett 7');
  await look(office, '2-new');
  await dialog.getByRole('button', { name: 'Lag kode' }).click();
  await office.getByText(`Kode for Nettbrett 7 – ${caretaker}`).waitFor();
  const code = (await dialog.locator('dd').textContent()) ?? '';
  assert.match(code, /^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
  await dialog.getByRole('img', { name: 'QR-kode som tar nettbrettet i bruk' }).waitFor();
  await look(office, '3-code');

  const { context, page } = await b.open({ name: 'tablet', at: s.url, viewport: tablet });
  page.on('pageerror', (e) => found.push(e.message));
  await page.goto('/field#/enrol/2222-2222-2222');
  await page.getByRole('button', { name: 'Ta nettbrettet i bruk' }).click();
  await page.getByText('Koden er brukt eller gjelder ikke lenger. Be kontoret om en ny.').waitFor();
  await look(page, '4-wrong-code', [phone, tablet]);
  await page.getByLabel('Kode fra kontoret').fill('hei');
  await page.getByLabel('Kode fra kontoret').press('Enter');
  await page.getByText('Koden har tolv bokstaver og tall.').waitFor();
  await page.getByLabel('Kode fra kontoret').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Ta nettbrettet i bruk' }).click();
  await page.getByRole('navigation', { name: 'Deler av appen' }).waitFor();
  await page.getByText(/Alt er sendt · sist/).waitFor();
  await dialog.getByText('Nettbrettet er tatt i bruk.').waitFor();
  await office.getByRole('button', { name: 'Lukk', exact: true }).click();
  const card = office.getByRole('listitem').filter({ hasText: 'Nettbrett 7' });
  await card.getByText('I bruk').waitFor();
  await card.getByText(/Låser seg/).waitFor();
  await look(office, '5-listed');
  const key = await page.evaluate(
    () =>
      new Promise<boolean>((resolve, reject) => {
        const open = indexedDB.open('fdvu-device');
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const get = open.result.transaction('credential').objectStore('credential').get(1);
          get.onsuccess = () => {
            open.result.close();
            resolve((get.result as { pair: CryptoKeyPair }).pair.privateKey.extractable);
          };
        };
      }),
  );
  assert.equal(key, false, 'no script takes the key out');

  await test('its session ends, and it goes on by itself', async () => {
    await db.query('delete from session where device_id is not null');
    await page.goto('/field#/outbox');
    await page.getByRole('button', { name: 'Send og hent nå' }).click();
    await eventually('a new session', async () => (await db.query('select from session where device_id is not null')).rowCount === 1);
  });

  await test('a fault that is written without network waits', async () => {
    await context.setOffline(true);
    const made = await page.evaluate(
      () =>
        new Promise<boolean>((resolve, reject) => {
          const open = indexedDB.open('fdvu-field');
          open.onerror = () => reject(open.error);
          open.onsuccess = () => {
            const tx = open.result.transaction(['meta', 'outbox'], 'readwrite');
            const who = tx.objectStore('meta').get('who');
            who.onsuccess = () => {
              const { device, person_id } = (who.result as { value: { device: string; person_id: string } }).value;
              const mid = crypto.randomUUID();
              tx.objectStore('outbox').put({
                n: 1, mid, device, row_key: 'comment:x', label: 'Aldri sendt', state: 'waiting', result: null, stuck: null,
                final_at: null, seen_at: null, seen_epoch: null, settled: {}, overlay: 1,
                mutation: { seq: 1, mid, grp: mid, op: 'comment.add@1', row: { t: 'comment', id: crypto.randomUUID() }, set: { text: { o: null, n: 'Aldri sendt' } },
                  captured_at: new Date().toISOString(), by: person_id, needs: [], att: [] },
              });
            };
            tx.oncomplete = () => {
              open.result.close();
              resolve(true);
            };
          };
        }),
    );
    assert.ok(made);
  });

  await test('the office reports it lost', async () => {
    await card.getByRole('button', { name: 'Sperr Nettbrett 7' }).click();
    await dialog.getByText('Nettbrettet er mistet eller stjålet').click();
    await dialog.getByRole('checkbox', { name: 'Nettbrettet er mistet eller stjålet', checked: true }).waitFor();
    await look(office, '6-revoke');
    await dialog.getByRole('button', { name: 'Sperr nettbrettet' }).click();
    await card.getByText('Sperret – ikke slettet ennå').waitFor();
    await card.getByText('Mistet').waitFor();
    assert.equal((await db.query('select from session where device_id is not null')).rowCount, 0, 'its sessions end at once');
  });

  await test('when it has a network again it hands over what it has, and is empty', async () => {
    await context.setOffline(false);
    await page.goto('/field#/outbox');
    await page.reload();
    await page.getByLabel('Kode fra kontoret').waitFor();
    await eventually('word of the wipe', async () => (await db.query(`select from sync_device where state = 'wiped'`)).rowCount === 1);
    const salvaged = await db.query(`select convert_from(raw, 'UTF8') as raw, reason from sync_quarantine`);
    assert.equal(salvaged.rowCount, 1);
    assert.equal(salvaged.rows[0].reason, 'device_revoked');
    assert.match(salvaged.rows[0].raw, /Aldri sendt/);
    const rows = await page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const open = indexedDB.open('fdvu-field');
          open.onerror = () => reject(open.error);
          open.onsuccess = () => {
            const names = [...open.result.objectStoreNames];
            if (names.length === 0) return resolve(0);
            const tx = open.result.transaction(names);
            let count = 0;
            for (const name of names.filter((each) => each !== 'meta')) {
              const ask = tx.objectStore(name).count();
              ask.onsuccess = () => (count += ask.result);
            }
            tx.oncomplete = () => {
              open.result.close();
              resolve(count);
            };
          };
        }),
    );
    assert.equal(rows, 0, (await kept(page)).join());
    await office.reload();
    await card.getByText('Sperret og slettet').waitFor();
    await look(office, '7-wiped');
  });
  assert.deepEqual(found, []);
});

/** All that the tablet keeps for us, as somebody reads it who has the disk: each store's rows, and the bytes of blobs and pictures. */
const everything = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const said: string[] = [];
    const show = async (value: unknown): Promise<unknown> => {
      if (value instanceof Blob) return value.text();
      if (ArrayBuffer.isView(value)) return new TextDecoder().decode(value as Uint8Array);
      if (Array.isArray(value)) return Promise.all(value.map(show));
      if (typeof value !== 'object' || value === null || value instanceof CryptoKey) return String(value);
      return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, each]) => [key, await show(each)])));
    };
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const open = indexedDB.open(name!);
        open.onsuccess = () => resolve(open.result);
        open.onerror = () => reject(open.error);
      });
      for (const table of db.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve, reject) => {
          const get = db.transaction(table).objectStore(table).getAll();
          get.onsuccess = () => resolve(get.result);
          get.onerror = () => reject(get.error);
        });
        said.push(`${name} ${table}: ${JSON.stringify(await show(rows))}`);
      }
      db.close();
    }
    return said.join('\n');
  });

/** Writes into the store what a screen would, and a photo with it. Returns the mutation's id. */
const put = (page: Page, words: string): Promise<string> =>
  page.evaluate(
    (text) =>
      new Promise<string>((resolve, reject) => {
        const open = indexedDB.open('fdvu-field');
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const mid = crypto.randomUUID();
          const tx = open.result.transaction(['meta', 'outbox', 'photos', 'drafts'], 'readwrite');
          const who = tx.objectStore('meta').get('who');
          who.onsuccess = () => {
            const { device, person_id } = (who.result as { value: { device: string; person_id: string } }).value;
            tx.objectStore('meta').put({ key: 'next_n', value: 2 });
            tx.objectStore('meta').put({ key: `next_seq:${device}`, value: 2 });
            tx.objectStore('outbox').put({
              n: 1, mid, device, row_key: 'comment:x', label: text, state: 'waiting', result: null, stuck: null,
              final_at: null, seen_at: null, seen_epoch: null, settled: {}, overlay: 1,
              mutation: { seq: 1, mid, grp: mid, op: 'comment.add@1', row: { t: 'comment', id: crypto.randomUUID() }, set: { text: { o: null, n: text } },
                captured_at: new Date().toISOString(), by: person_id, needs: [], att: [] },
            });
            tx.objectStore('photos').put({ sha256: 'a'.repeat(64), blob: new Blob([`bilde: ${text}`], { type: 'image/jpeg' }), mime: 'image/jpeg',
              captured_at: new Date().toISOString(), state: 'waiting', uploaded_at: null, device });
            tx.objectStore('drafts').put({ task: 'ukjent', answers: {}, note: `kladd: ${text}` });
          };
          tx.oncomplete = () => {
            open.result.close();
            resolve(mid);
          };
        };
      }),
    words,
  );

/** So many days since it was heard last. */
const age = (page: Page, days: number): Promise<void> =>
  page.evaluate(
    (ms) =>
      new Promise<void>((resolve) => {
        const open = indexedDB.open('fdvu-field');
        open.onsuccess = () => {
          const tx = open.result.transaction('meta', 'readwrite');
          const get = tx.objectStore('meta').get('sync');
          get.onsuccess = () => tx.objectStore('meta').put({ key: 'sync', value: { ...get.result.value, pulled_at: new Date(Date.now() - ms).toISOString() } });
          tx.oncomplete = () => {
            open.result.close();
            resolve();
          };
        };
      }),
    days * 86_400_000,
  );

test('a tablet that has long been unheard locks itself, keeps what waits, and unlocks by itself', async () => {
  const { context, page } = await b.open({ name: 'lock', at: s.url, viewport: tablet });
  const office = await s.login('manager');
  const person = (await db.query("select id from person where demo_key = 'caretaker'")).rows[0].id;
  const { body } = await office.post('/api/v1/devices/codes', { person, name: 'Nettbrett 8' });
  await page.goto(body.link);
  await page.getByRole('button', { name: 'Ta nettbrettet i bruk' }).click();
  await page.getByText(/Alt er sendt · sist/).waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await age(page, 5);
  await page.reload();
  await page.getByText('Nettbrettet låser seg om 9 dager uten nett.').waitFor();
  await look(page, '8-warned', [phone, tablet]);
  const mid = await put(page, 'Aldri lest av andre');
  assert.match(await everything(page), /Aldri lest av andre/);
  await age(page, 15);
  await page.reload();
  await page.getByRole('heading', { name: 'Nettbrettet er låst' }).waitFor();
  await page.getByText('Alt som ligger her, er kryptert.').waitFor();
  await page.getByText('1 endring venter trygt her').waitFor();
  const locked = await everything(page);
  for (const word of ['Aldri lest av andre', caretaker, 'Nettbrett 8', 'site:']) assert.equal(locked.includes(word), false, `${word} can be read`);
  assert.match(locked, /"sealed:0"/);
  await page.reload();
  await page.getByText('1 endring venter trygt her').waitFor();
  await page.getByRole('button', { name: 'Prøv nå' }).click();
  await page.getByText('Fortsatt uten nett.').waitFor();
  await look(page, '9-locked', [phone, tablet]);
  await context.setOffline(false);
  await page.getByRole('navigation', { name: 'Deler av appen' }).waitFor();
  await eventually('what was sealed', async () => (await db.query('select from sync_mutation where mid = $1', [mid])).rowCount === 1);
  const open = await everything(page);
  for (const word of [caretaker, 'kladd: Aldri lest av andre', 'bilde: Aldri lest av andre']) assert.ok(open.includes(word), `${word} is back`);
  assert.equal(open.includes('"sealed'), false);
});

test('a locked tablet whose session the office has ended asks for a code, and has all that was sealed after it', async () => {
  const { context, page } = await b.open({ name: 'lock-code', at: s.url, viewport: tablet });
  const office = await s.login('manager');
  const person = (await db.query("select id from person where demo_key = 'caretaker'")).rows[0].id;
  const codeOf = async (name: string): Promise<{ code: string; link: string }> => (await office.post('/api/v1/devices/codes', { person, name })).body;
  await page.goto((await codeOf('Nettbrett 10')).link);
  await page.getByRole('button', { name: 'Ta nettbrettet i bruk' }).click();
  await page.getByText(/Alt er sendt · sist/).waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  const mid = await put(page, 'Skrevet før låsen');
  await age(page, 15);
  await page.reload();
  await page.getByText('Alt som ligger her, er kryptert.').waitFor();
  await db.query(`select sync_device_end(id) from sync_device where name = 'Nettbrett 10'`);
  await context.setOffline(false);
  await page.getByLabel('Kode fra kontoret').waitFor();
  await look(page, '11-locked-code', [phone, tablet]);
  await page.getByLabel('Kode fra kontoret').fill('2222-2222-2222');
  await page.getByRole('button', { name: 'Ta nettbrettet i bruk' }).click();
  await page.getByText('Koden er brukt eller gjelder ikke lenger. Be kontoret om en ny.').waitFor();
  await page.getByText('1 endring venter trygt her').waitFor();
  await page.getByLabel('Kode fra kontoret').fill((await codeOf('Nettbrett 11')).code);
  await page.getByRole('button', { name: 'Ta nettbrettet i bruk' }).click();
  await page.getByRole('navigation', { name: 'Deler av appen' }).waitFor();
  await eventually('what was sealed', async () => (await db.query('select from sync_mutation where mid = $1', [mid])).rowCount === 1);
  assert.equal((await everything(page)).includes('"sealed'), false);
});

test('a caretaker signs out: what was fetched is gone, and the office’s page stays logged in', async () => {
  const { page } = await b.open({ name: 'sign-out', at: s.url, viewport: tablet });
  const office = await s.login('manager');
  const person = (await db.query("select id from person where demo_key = 'caretaker'")).rows[0].id;
  const { body } = await office.post('/api/v1/devices/codes', { person, name: 'Nettbrett 9' });
  await logIn(page);
  await page.goto(body.link);
  await page.getByRole('button', { name: 'Ta nettbrettet i bruk' }).click();
  await page.getByText(/Alt er sendt · sist/).waitFor();
  assert.equal(await page.evaluate(async () => (await (await fetch('/api/v1/session')).json()).audience), 'office');
  await page.goto('/field#/outbox');
  await page.getByRole('button', { name: 'Logg ut av nettbrettet' }).click();
  await look(page, '10-sign-out', [phone, tablet]);
  await page.getByRole('button', { name: 'Logg ut', exact: true }).click();
  await page.getByLabel('Kode fra kontoret').waitFor();
  await page.reload();
  await page.getByLabel('Kode fra kontoret').waitFor();
  await eventually('the person has left', async () => (await db.query(`select from sync_device d join sync_device_user u on u.device_id = d.id where d.name = 'Nettbrett 9' and u.to_at is not null`)).rowCount === 1);
});
