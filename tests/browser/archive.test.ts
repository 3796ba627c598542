// A place's cases of archives as a property manager meets them: shut until asked for, opened by keyboard, on a phone too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { world } from '../integration/harness.ts';
import { browser, picture } from './browser.ts';

const sizes = [{ width: 1440, height: 900 }, { width: 720, height: 450 }, { width: 360, height: 740 }]; // a desk, the same at 200 %, a phone

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const owner = await w.connect('owner');
const { rows: buildings } = await owner.query<{ id: string; label: string }>(`select p.id, p.label from place p where p.kind = 'building' and p.area_no = 1 order by p.label limit 3`);
const [building, other, none] = buildings as [(typeof buildings)[0], (typeof buildings)[0], (typeof buildings)[0]];
const { rows: cases } = await owner.query(
  `insert into archive_case (source, source_key, number, title, state, started_on, ended_on, unit, place_id, is_restricted, restriction)
   values ('ebyggesak', '1', '2019/4567', 'Nytt tak på rådhuset, med overlys og nytt bjelkelag', 'closed', '2019-05-02', '2019-11-14', 'Byggesak', $1, false, null),
          ('ebyggesak', '2', '1969/12', 'Klage fra nabo', 'unknown', null, null, null, $1, true, 'Offl. § 13'),
          ('ebyggesak', '3', '2012/88', 'Felles avkjørsel og avløp', 'closed', '2012-03-01', null, 'Byggesak', $1, false, null) returning id`, [building.id]);
await owner.query(`insert into archive_case_place (archive_case_id, place_id) values ($1, $2)`, [cases[2].id, other.id]);
await owner.query(`insert into document (title, archive_ref, doc_date, place_id, archive_case_id, sha256, size) values
  ('Søknad om tiltak', 'saker/2019-4567/soknad.pdf', '2019-04-30', $1, $2, null, 12345), ('Tegning snitt', 'saker/2019-4567/snitt.pdf', '2019-04-29', $1, $2, decode(repeat('ab', 32), 'hex'), 204800),
  ('Situasjonsplan', 'saker/2012-88/plan.pdf', '2012-02-28', $1, $3, null, 4096)`,
  [building.id, cases[0].id, cases[2].id]);

/** A picture to look at, of a page that nothing hangs out of at the side. */
async function look(page: Page, name: string): Promise<void> {
  await picture(page, name, { fullPage: true });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name}: nothing hangs out at the side`);
}

async function visit(page: Page): Promise<void> {
  await page.goto('/');
  const body = JSON.stringify({ person: 'manager' });
  assert.equal(await page.evaluate(async (who) => (await fetch('/api/v1/session/demo', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: who })).status, body), 201);
  await page.goto(`/office?view=register&place=${building.id}&tab=cases`);
  await page.getByRole('heading', { name: 'Arkivsaker' }).waitFor();
}

for (const viewport of sizes) {
  test(`cases of archives open with their documents by keyboard, ${viewport.width} px wide`, () =>
    b.with({ name: `archive-${viewport.width}`, at: s.url, viewport }, async (page) => {
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
      assert.deepEqual(await list.locator('time').allTextContents(), ['29. april 2019', '30. april 2019'], 'the documents’ own days');
      await look(page, `cases-${viewport.width}`);
      await page.keyboard.press('Enter');
      await list.waitFor({ state: 'detached' });
    }));
}

test('a case about several properties is seen at each of them, with its documents and their own day', () =>
  b.with({ name: 'archive-several', at: s.url }, async (page) => {
    await visit(page);
    for (const place of [building, other]) {
      await page.goto(`/office?view=register&place=${place.id}&tab=cases`);
      const head = page.locator('summary', { hasText: 'Felles avkjørsel og avløp' });
      await head.waitFor();
      for (const each of [building, other]) assert.ok((await head.textContent())?.includes(each.label), `${place.label} tells of ${each.label}`);
      await head.press('Enter');
      const document = page.getByRole('list', { name: 'Dokumenter i saken' }).getByRole('listitem').filter({ hasText: 'Situasjonsplan' });
      await document.getByText('28. februar 2012').waitFor();
      await page.goto(`/office?view=register&place=${place.id}&tab=documents`);
      const line = page.getByRole('listitem').filter({ hasText: 'Situasjonsplan' });
      await line.getByText('28. februar 2012').waitFor();
      await look(page, place === building ? 'documents' : 'documents-other');
    }
  }));

for (const [language, title, count] of [['nn', 'Arkivsaker', 'Dokument: 2'], ['en', 'Cases in archives', 'Documents: 2']] as const) {
  test(`cases of archives in «${language}»`, () =>
    b.with({ name: `archive-${language}`, at: s.url, viewport: sizes[2]! }, async (page) => {
      await visit(page);
      await page.evaluate((l) => localStorage.setItem('fdvu.language', l), language);
      await page.reload();
      await page.getByRole('heading', { name: title }).waitFor();
      await page.locator('summary', { hasText: count }).press('Enter');
      await page.getByText('Tegning snitt').waitFor();
      await look(page, `cases-${language}`);
    }));
}

test('a building without any says so', () =>
  b.with({ name: 'archive-none', at: s.url }, async (page) => {
    await visit(page);
    await page.goto(`/office?view=register&place=${none.id}&tab=cases`);
    await page.getByText('Ingen arkivsaker her.').waitFor();
  }));
