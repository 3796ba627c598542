// Keys, meters and warnings as the desk and the caretaker use them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Person, world } from '../integration/harness.ts';
import { browser, picture } from './browser.ts';

const desk = { width: 1440, height: 900 };
const tablet = { width: 1024, height: 768 };
const phone = { width: 360, height: 740 };

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const owner = await w.connect('owner');

async function logIn(page: Page, person: Person): Promise<void> {
  await page.goto('/');
  const status = await page.evaluate(
    async (who) =>
      (
        await fetch('/api/v1/session/demo', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ person: who }),
        })
      ).status,
    person,
  );
  assert.equal(status, 201);
}

/** Collects what the browser refuses (CSP) and what breaks. */
function troubles(page: Page): string[] {
  const found: string[] = [];
  page.on('pageerror', (e) => found.push(e.message));
  page.on('console', (m) => {
    if (/Content Security Policy|violates/.test(m.text())) found.push(m.text());
  });
  return found;
}

async function look(page: Page, name: string): Promise<void> {
  await picture(page, name, { fullPage: true });
}

const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

async function sign(page: Page): Promise<void> {
  const pad = page.locator('dialog canvas');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 20, box.y + 40);
  await page.mouse.down();
  for (let i = 1; i < 12; i++) await page.mouse.move(box.x + 20 + i * 12, box.y + 40 + (i % 2) * 25);
  await page.mouse.up();
}

test('the desk signs a key out with a drawn signature, and in again by keyboard', () =>
  b.with({ name: 'key_out', at: s.url, viewport: desk }, async (page) => {
    const broken = troubles(page);
    await logIn(page, 'manager'); // who reads bokmål, as this test does
    await page.goto('/office?view=keys&state=in');
    const key = page.locator('table button').first();
    const name = await key.innerText();
    await look(page, 'keys');
    await key.click();
    await page.getByRole('button', { name: 'Lån ut' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Lån ut' }).click();
    await dialog.getByText('Den som får nøkkelen, må skrive under').waitFor();
    await dialog.getByRole('combobox').fill('Brunsvik');
    await dialog.getByRole('option').first().waitFor();
    await dialog.getByRole('combobox').press('Enter');
    await sign(page);
    await look(page, 'key_out');
    await dialog.getByRole('button', { name: 'Lån ut' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const signature = page.getByRole('img', { name: 'Signaturen til Nora Brunsvik' });
    await signature.waitFor();
    assert.ok(await signature.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth > 100)));
    await look(page, 'key_detail');

    await page.getByRole('button', { name: 'Lever inn' }).press('Enter');
    await page.getByRole('button', { name: 'Skriv navn i stedet' }).press('Enter');
    await page.getByLabel('Fullt navn som signatur').fill('Nora Brunsvik');
    await page.getByLabel('Fullt navn som signatur').press('Enter');
    await page.getByRole('button', { name: 'Lån ut' }).waitFor();
    const { rows } = await owner.query(
      `select l.in_name, l.out_signature is not null as drawn from key_loan l join key k on k.id = l.key_id
        where k.mark || '-' || k.serial = $1 and l.in_at is not null order by l.in_at desc limit 1`,
      [name],
    );
    assert.deepEqual(rows, [{ in_name: 'Nora Brunsvik', drawn: true }]);
    assert.deepEqual(broken, []);
  }));

test('a lost key is charged, and the page says which doors are not safe', () =>
  b.with({ name: 'key_lost', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    await page.goto('/office?view=keys&state=out&q=Brunsvik');
    await page.locator('table button').first().click();
    await page.getByRole('button', { name: 'Meld tapt' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Pris for tapt nøkkel (kr)').fill('1 250,50');
    await look(page, 'key_lost');
    await dialog.getByRole('button', { name: 'Meld tapt' }).click();
    await page.getByText('Nøkkelen er tapt og åpner fortsatt').waitFor();
    await page.getByText('1\u00a0250,50\u00a0kr').waitFor();
    await page.getByRole('button', { name: 'Funnet igjen' }).click();
    await page.getByText('\u22121\u00a0250,50\u00a0kr').waitFor();
  }));

test('a manager decides on what looks wrong first, sees the chart, and reads a file with its faults', () =>
  b.with({ name: 'meters', at: s.url, viewport: desk }, async (page) => {
    const broken = troubles(page);
    await logIn(page, 'manager');
    await page.goto('/office?view=meters');
    const flagged = page.getByRole('region', { name: 'Avlesninger som må ses på' });
    const first = flagged.getByRole('listitem').first();
    await first.waitFor();
    await look(page, 'meters');
    const was = await first.getByRole('link').innerText();
    await first.getByRole('link').click();
    const chart = page.getByRole('img', { name: /Forbruk i .* per periode/ });
    await chart.locator('svg rect').nth(10).waitFor();
    await page.waitForLoadState('networkidle');
    assert.ok((await chart.locator('svg').boundingBox())!.height > 200, 'the chart is drawn at its size');
    await look(page, 'meter_detail');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Last ned tabellen' }).click()]);
    assert.match(file.suggestedFilename(), /-month\.csv$/);

    await first.getByRole('button', { name: 'Rett verdien' }).click();
    await first.getByLabel(/Riktig stand/).fill('tolv');
    await first.getByRole('button', { name: 'Lagre riktig verdi' }).click();
    await first.getByText('Skriv standen som et tall').waitFor();
    await first.getByRole('button', { name: 'Avbryt' }).click();
    await first.getByRole('button', { name: 'Den er riktig' }).click();
    await flagged.getByRole('link', { name: was }).waitFor({ state: 'detached' });

    const { rows } = await owner.query(`select serial from meter where removed_on is null order by serial limit 1`);
    await page.getByRole('button', { name: 'Les inn fil' }).click();
    await page.getByLabel('Eller lim inn linjene').fill(`${rows[0].serial};01.01.2020;5\n${rows[0].serial};31.02.2020;6\nUKJENT;01.01.2020;7`);
    await page.getByRole('button', { name: 'Les inn', exact: true }).click();
    await page.getByText('2 linjer ble ikke tatt imot').waitFor();
    await page.getByText('Ingen måler i bruk har dette nummeret').waitFor();
    await look(page, 'meter_file');
    assert.deepEqual(broken, []);
  }));

test('keys and meters fit a tablet and a phone', () =>
  b.with({ name: 'narrow', at: s.url, viewport: tablet }, async (page) => {
    await logIn(page, 'manager');
    for (const size of [tablet, phone]) {
      await page.setViewportSize(size);
      for (const view of ['keys', 'keys&shows=systems', 'meters']) {
        await page.goto(`/office?view=${view}`);
        await page.locator('table button').first().click();
        await page.locator('aside h2').waitFor();
        await page.waitForLoadState('networkidle');
        await look(page, `${view.replace(/\W/g, '_')}_${size.width}`);
        assert.equal(await isTooWide(page), false, `${view} at ${size.width}`);
      }
    }
  }));

test('a warning is added in the office, read once on the tablet before the task opens, again when it changes, and offline', () =>
  b.with({ name: 'warning', at: s.url, viewport: tablet }, async (page) => {
    const { rows } = await owner.query(
      `select p.id, person.id as caretaker from place p, person
        where p.kind = 'building' and p.area_no = 1 and p.warning is null and person.demo_key = 'caretaker'
          and not exists (select from place up where up.id = p.parent_id and up.warning is not null)
        order by p.id limit 1`,
    );
    const task = randomUUID();
    await owner.query(
      `insert into task (id, place_id, title, assignee_id, category, deadline)
       select $1, $2, 'Bytt pære i kjelleren', $3, min(code), date_trunc('hour', now()) + interval '1 day' from category`,
      [task, rows[0].id, rows[0].caretaker],
    );
    await logIn(page, 'manager');
    const broken = troubles(page);
    await page.goto(`/office?view=tasks&task=${task}`);
    await page.locator('#detail-title').waitFor({ timeout: 30_000 }).catch((e: Error) => assert.fail(`${e.message} ${broken.join('\n')}`));
    await page.getByText('Ingen advarsler. Legg til').click();
    await page.getByRole('button', { name: 'Ny advarsel' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Type').selectOption('asbestos');
    await dialog.getByLabel('Hva må de vite som går inn?').fill('Asbest i rørisolasjonen. Ikke rør den.');
    await look(page, 'warning_new');
    await dialog.getByRole('button', { name: 'Lagre' }).click();
    await page.getByText('Les før du går inn').waitFor();
    await look(page, 'warning_task');

    const { context, page: field } = await b.open({ name: 'warning_field', at: s.url, viewport: phone });
    try {
      await logIn(field, 'caretaker');
      await field.goto(`/field#/task/${task}`);
      await field.getByRole('button', { name: /^Ta nettbrettet i bruk som/ }).click();
      await field.getByText('Asbest i rørisolasjonen. Ikke rør den.').waitFor({ timeout: 30_000 });
      await field.getByText('Asbest', { exact: true }).waitFor();
      assert.equal(await field.getByRole('button', { name: /Ferdig|Fullfør|Lukk/ }).count(), 0, 'nothing to do before it is read');
      await look(field, 'field_warning');
      await context.setOffline(true);
      await field.getByRole('button', { name: 'Jeg har lest dette' }).click();
      await field.getByRole('button', { name: 'Jeg har lest dette' }).waitFor({ state: 'detached' });
      await field.getByText('Asbest i rørisolasjonen. Ikke rør den.').waitFor();
      await look(field, 'field_warning_read');
      await context.setOffline(false);
      await field.reload();
      await field.getByText('Asbest i rørisolasjonen. Ikke rør den.').waitFor();
      assert.equal(await field.getByRole('button', { name: 'Jeg har lest dette' }).count(), 0, 'it is not asked twice');

      await owner.query(`insert into warning (place_id, kind, text) values ($1, 'fall', 'Løs stige')`, [rows[0].id]);
      await field.reload();
      await field.getByRole('button', { name: 'Jeg har lest dette' }).waitFor({ timeout: 30_000 });
      await field.getByText('Løs stige').waitFor();
    } finally {
      await context.close();
    }
  }));
