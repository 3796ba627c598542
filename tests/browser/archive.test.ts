// A place's cases of archives as a property manager meets them: shut until asked for, opened by keyboard, on a phone too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { world } from '../integration/harness.ts';
import { browser } from './browser.ts';

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const owner = await w.connect('owner');
const { rows } = await owner.query(`select p.id, p.label from place p where p.kind = 'building' and p.area_no = 1 order by p.label limit 1`);
const building: { id: string; label: string } = rows[0];
const { rows: cases } = await owner.query(
  `insert into archive_case (source, source_key, number, title, state, started_on, ended_on, unit, place_id, is_restricted, restriction)
   values ('ebyggesak', '1', '2019/4567', 'Nytt tak på rådhuset, med overlys og nytt bjelkelag', 'closed', '2019-05-02', '2019-11-14', 'Byggesak', $1, false, null),
          ('ebyggesak', '2', '1969/12', 'Klage fra nabo', 'unknown', null, null, null, $1, true, 'Offl. § 13') returning id`, [building.id]);
await owner.query(`insert into document (title, archive_ref, doc_date, place_id, archive_case_id, sha256, size) values
  ('Søknad om tiltak', 'saker/2019-4567/soknad.pdf', '2019-04-30', $1, $2, null, 12345), ('Tegning snitt', 'saker/2019-4567/snitt.pdf', '2019-04-29', $1, $2, decode(repeat('ab', 32), 'hex'), 204800)`,
  [building.id, cases[0].id]);

async function visit(page: Page): Promise<void> {
  await page.goto('/');
  const body = JSON.stringify({ person: 'manager' });
  assert.equal(await page.evaluate(async (who) => (await fetch('/api/v1/session/demo', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: who })).status, body), 201);
  await page.goto(`/office?view=register&place=${building.id}&tab=cases`);
  await page.getByRole('heading', { name: 'Arkivsaker' }).waitFor();
}

for (const width of [1440, 360]) {
  test(`cases of archives open with their documents by keyboard, ${width} px wide`, () =>
    b.with({ name: `archive-${width}`, at: s.url, viewport: { width, height: 900 } }, async (page) => {
      await visit(page);
      const head = page.locator('summary', { hasText: 'Nytt tak på rådhuset' });
      assert.match((await head.textContent()) ?? '', /2019\/4567 · Byggesak · .*Dokumenter: 2/);
      assert.match((await page.locator('summary', { hasText: 'Klage fra nabo' }).textContent()) ?? '', /Skjermet/);
      await head.focus();
      await page.keyboard.press('Enter');
      const list = page.getByRole('list', { name: 'Dokumenter i saken' });
      await list.waitFor();
      assert.deepEqual((await list.getByRole('listitem').allTextContents()).map((text) => text.split(' ')[0]), ['Tegning', 'Søknad']);
      assert.equal(await list.getByRole('link', { name: 'Tegning snitt' }).getAttribute('href'), `/api/v1/files/${'ab'.repeat(32)}`);
      assert.match((await list.textContent()) ?? '', /I arkivet: saker\/2019-4567\/soknad\.pdf/);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing hangs out at the side');
      await page.keyboard.press('Enter');
      await list.waitFor({ state: 'detached' });
    }));
}

test('a building without any says so', () =>
  b.with({ name: 'archive-none', at: s.url }, async (page) => {
    await visit(page);
    const { rows: other } = await owner.query(`select id from place where kind = 'building' and area_no = 1 and id <> $1 limit 1`, [building.id]);
    await page.goto(`/office?view=register&place=${other[0].id}&tab=cases`);
    await page.getByText('Ingen arkivsaker her.').waitFor();
  }));
