// A manager reads a spreadsheet in: from the file to the register, its rejects, its queue, and back.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type pg from 'pg';
import { type Server, world } from '../integration/harness.ts';
import { sessionOf } from '../integration/helpers.ts';
import { register, rejectsOf, sample, state } from '../integration/import_world.ts';
import { zip } from '../data/import/files.ts';
import { browser, picture } from './browser.ts';

const desk = { width: 1440, height: 900 };
const phone = { width: 360, height: 740 };
const zoomed = { width: 720, height: 450 }; // the desk's screen at 200 %
const w = await world();
const b = await browser();
let s: Server;
let owner: pg.Client;
let db: pg.Client;
const file = join(w.var, 'Dokumenter fra BraArkiv.csv');

/** A person with one role, in one area or in all, logged in. */
async function logIn(context: BrowserContext, name: string, role: string, area: number | null = null): Promise<void> {
  const { rows } = await owner.query(`insert into person (name) values ($1) returning id`, [name]);
  await owner.query(`insert into person_role (person_id, role, area_no) values ($1, $2, $3)`, [rows[0].id, role, area]);
  const { token } = await sessionOf(s, owner, rows[0].id, 'office');
  await context.addCookies([{ name: 'fdvu_session', value: token, url: s.url }]);
}

async function look(page: Page, name: string): Promise<void> {
  await picture(page, name, { fullPage: true });
}

const isTooWide = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

before(async () => {
  s = await w.server({ env: { FDVU_JOBS: 'true' } });
  owner = await w.connect('owner');
  db = await w.connect('job');
  await register(owner);
  // Two columns have changed places, and one of them its name: neither its place nor its name tells which it is.
  const lines = readFileSync(sample('braarkiv.csv'), 'utf8').replace('Filsti', 'Hvor filen ligger').replace('\ufeff', '').split('\r\n');
  const swapped = lines.map((line) => {
    const cells = line.match(/(?:"[^"]*"|[^;])*(?:;|$)/g)?.map((cell) => cell.replace(/;$/, '')).slice(0, -1) ?? [];
    if (cells.length > 7) [cells[6], cells[7]] = [cells[7]!, cells[6]!];
    return cells.join(';');
  });
  writeFileSync(file, swapped.join('\r\n'));
});

test('a manager maps a renamed column, tries, imports, fetches the rejects, settles a row of the queue and takes the import back', () =>
  b.with({ name: 'import', at: s.url, viewport: desk }, async (page, context) => {
    const broken: string[] = [];
    page.on('pageerror', (e) => broken.push(e.message));
    await logIn(context, 'Marit Sunde', 'manager');
    await page.goto('/office');
    await page.getByRole('link', { name: 'Innlesing' }).click();
    await page.getByRole('heading', { name: 'Innlesing', level: 1 }).waitFor();
    await look(page, 'import_empty');
    const was = await state(db);

    // The file is looked at twice, the second time as the profile reads it: until then nothing of it is called wrong.
    let goOn = (): void => undefined;
    const held = new Promise<void>((done) => (goOn = done));
    await page.route('**/api/v1/import-looks', async (route) => {
      if ((route.request().postDataJSON() as { profile?: string }).profile) await held;
      await route.continue();
    });
    await page.getByLabel('Velg en fil').setInputFiles(file);
    await page.locator('option:checked', { hasText: 'BraArkiv' }).waitFor({ state: 'attached' });
    assert.equal(await page.getByText('blir avvist').count(), 0);
    goOn();
    await page.getByText('De første radene i filen').first().waitFor();
    const profile = page.getByRole('combobox', { name: 'Hva filen er' });
    assert.equal(await profile.inputValue(), 'braarkiv', 'suggested by what the file looks like');
    await page.getByText('leses som dokumentkategori', { exact: true }).waitFor();
    assert.equal(await page.getByLabel('dokumentkategori').inputValue(), 'Dokumentkategori', 'by its heading, not its place');
    assert.equal(await page.getByLabel('fil', { exact: true }).inputValue(), '');
    const target = page.getByRole('listitem').filter({ has: page.getByLabel('fil', { exact: true }) });
    await page.getByRole('columnheader').getByText('Hvor filen ligger', { exact: true }).dragTo(target);
    assert.equal(await page.getByLabel('fil', { exact: true }).inputValue(), 'Hvor filen ligger');
    await page.getByText('leses som fil', { exact: true }).waitFor();
    await look(page, 'import_columns');

    await page.getByLabel('Velg filene').setInputFiles([{ name: 'filene.zip', mimeType: 'application/zip', buffer: zip({ 'Eksport/EL/Brannalarm.pdf': Buffer.from('%PDF-1.4 alarm') }) }]);
    await page.getByText('1 fil er sendt').waitFor();
    await page.getByRole('button', { name: 'Prøv først' }).click();
    await page.getByText('Prøvekjøring: ingenting er endret.').waitFor({ timeout: 20_000 });
    await page.getByText('Filer: 1 tatt inn, 10 mangler').waitFor();
    const figure = (name: string): Promise<string> => page.locator('dl > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd').innerText();
    assert.deepEqual(await Promise.all(['Lest', 'Landet', 'Endret', 'Uendret', 'Avvist', 'I kø'].map(figure)), ['22', '8', '0', '0', '11', '3']);
    await page.getByText('fag: ukjent fag').waitFor();
    await look(page, 'import_tried');
    assert.deepEqual(await state(db), was);

    await page.getByRole('button', { name: 'Les inn', exact: true }).click();
    await page.getByRole('button', { name: 'Ta innlesingen tilbake' }).waitFor({ timeout: 20_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Last ned de avviste radene' }).click()]);
    const saved = join(w.var, 'avvist.csv');
    await download.saveAs(saved);
    const rejects = rejectsOf(saved);
    assert.equal(rejects.header[7], 'Dokumentkategori');
    assert.ok(rejects.rows.some((row) => row.includes('ukjent fag')));
    await page.getByRole('button', { name: 'Gå til køen' }).click();

    const card = page.getByRole('listitem').filter({ hasText: 'ukjent bygningsnummer' });
    await card.getByText('300171691').waitFor();
    await look(page, 'import_queue');
    await card.getByRole('radio').first().check();
    await card.getByRole('button', { name: 'Velg dette stedet' }).click();
    await card.waitFor({ state: 'detached' });
    const other = page.getByRole('listitem').filter({ hasText: 'ukjent eiendom' });
    await other.getByRole('radio', { name: 'Et annet sted' }).check();
    await other.getByRole('combobox').fill('Gymsal');
    await other.getByRole('option').first().waitFor();
    await other.getByRole('combobox').press('Enter');
    await look(page, 'import_queue_other');
    await other.getByRole('button', { name: 'Velg dette stedet' }).press('Enter');
    await other.waitFor({ state: 'detached' });
    await page.getByText('2 avgjorte rader er ikke lest inn ennå').waitFor();
    await page.getByRole('button', { name: 'Les dem inn' }).click();
    await page.getByText('Innlesing av Avgjorte rader fra køen').waitFor();
    await page.getByRole('button', { name: 'Les dem inn' }).waitFor({ state: 'detached', timeout: 20_000 });
    const { rows } = await db.query(`select p.name from document d join place p on p.id = d.place_id where d.file_name = 'Ukjent.pdf'`);
    assert.deepEqual(rows, [{ name: 'Gymsalen' }]);

    await page.getByText('Innlesinger', { exact: true }).click();
    await page.getByRole('button', { name: 'Avgjorte rader fra køen' }).waitFor();
    await look(page, 'import_list');
    for (const name of ['Avgjorte rader fra køen', 'Dokumenter fra BraArkiv.csv']) {
      await page.getByRole('button', { name }).click();
      const pane = page.getByRole('complementary');
      await pane.getByRole('button', { name: 'Ta innlesingen tilbake' }).click();
      await pane.getByRole('button', { name: 'Ta tilbake nå' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Ta innlesingen tilbake' }).click();
      await pane.getByText('Tatt tilbake', { exact: true }).waitFor();
    }
    await look(page, 'import_undone');
    const left = await db.query(`select count(*) from document`);
    assert.equal(left.rows[0].count, '0');

    await page.goto('/office?view=import');
    await page.getByLabel('Velg en fil').setInputFiles(file);
    await page.getByText('Kolonnene er valgt som forrige gang').waitFor();
    assert.equal(await page.getByLabel('fil', { exact: true }).inputValue(), 'Hvor filen ligger');
    assert.deepEqual(broken, []);
  }));

test('an import that takes its time is broken off by its button, and says so', () =>
  b.with({ name: 'import_cancel', at: s.url, viewport: desk }, async (page, context) => {
    await logIn(context, 'Kari Lund', 'manager');
    const holder = await w.connect('owner');
    await holder.query('begin; lock table document in exclusive mode');
    await page.goto('/office?view=import');
    await page.getByLabel('Velg en fil').setInputFiles(file);
    await page.getByText('Kolonnene er valgt som forrige gang').waitFor();
    await page.getByRole('button', { name: 'Les inn', exact: true }).click();
    await page.getByRole('button', { name: 'Avbryt innlesingen' }).waitFor();
    await look(page, 'import_running');
    await page.getByRole('button', { name: 'Avbryt innlesingen' }).press('Enter');
    await page.getByText('av Kari Lund. Ingenting er endret.').waitFor({ timeout: 20_000 });
    await look(page, 'import_cancelled');
    await holder.query('rollback');
    assert.equal(await page.getByRole('button', { name: 'Ta innlesingen tilbake' }).count(), 0);
  }));

for (const [name, viewport] of [['360', phone], ['zoom', zoomed]] as const)
  test(`it all fits ${viewport.width} px and works by keyboard, in three languages`, () =>
    b.with({ name: `import_${name}`, at: s.url, viewport }, async (page, context) => {
      const seen = async (what: string): Promise<void> => {
        await look(page, `import_${name}_${what}`);
        assert.equal(await isTooWide(page), false, `${name} ${what}`);
      };
      await logIn(context, `Nils Foss ${name}`, 'admin');
      await page.goto('/office?view=import');
      await page.getByLabel('Velg en fil').setInputFiles(file);
      const fil = page.getByLabel('fil', { exact: true });
      await fil.waitFor();
      await fil.focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Shift+Tab');
      assert.equal(await fil.evaluate((e) => e === document.activeElement), true);
      await fil.selectOption('Dokumentkategori');
      assert.equal(await page.getByLabel('dokumentkategori').inputValue(), '', 'a heading belongs to one column');
      await fil.selectOption('Hvor filen ligger');
      await page.getByLabel('dokumentkategori').selectOption('Dokumentkategori');
      await seen('new');
      await page.getByRole('button', { name: 'Prøv først' }).press('Enter');
      await page.getByText('Prøvekjøring: ingenting er endret.').waitFor({ timeout: 20_000 });
      await seen('tried');
      await page.getByRole('button', { name: 'Les inn', exact: true }).press('Enter');
      await page.getByRole('button', { name: 'Gå til køen' }).press('Enter', { timeout: 20_000 });
      await page.getByRole('listitem').filter({ hasText: 'hører til en annen eiendom' }).waitFor();
      await seen('queue');
      await page.goto('/office?view=import&shows=runs&dry=1');
      await page.getByRole('button', { name: 'Dokumenter fra BraArkiv.csv' }).first().press('Enter');
      await page.getByRole('complementary').getByText('fag: ukjent fag').waitFor();
      await seen('run');
      for (const [language, title, first] of [['nn', 'Innlesing', 'Dei første radene i fila'], ['en', 'Import', 'The first rows of the file']] as const) {
        await page.evaluate((l) => localStorage.setItem('fdvu.language', l), language);
        await page.goto('/office?view=import');
        await page.getByRole('heading', { name: title, level: 1 }).waitFor();
        await page.locator('input[type=file]').first().setInputFiles(file);
        await page.getByText(first).first().waitFor();
        await seen(`new_${language}`);
        await page.goto('/office?view=import&shows=queue');
        await page.getByRole('listitem').filter({ hasText: 'hører til en annen eiendom' }).waitFor();
        await seen(`queue_${language}`);
        await page.goto('/office?view=import&shows=runs&dry=1');
        await page.getByRole('button', { name: 'Dokumenter fra BraArkiv.csv' }).first().press('Enter');
        await page.getByRole('complementary').getByText('fag: ukjent fag').waitFor();
        await seen(`run_${language}`);
      }
    }));

for (const [name, role, area] of [['Eli Vik', 'frontdesk', null], ['Odd Lie', 'manager', 1]] as const)
  test(`a ${role} of ${area ? 'one area' : 'the municipality'}, who may not import, has no menu entry, and is told so at the address`, () =>
    b.with({ name: `import_${role}`, at: s.url, viewport: desk }, async (page, context) => {
      if (area) await owner.query(`insert into area values (2, 'Frei', '1505')`); // else one area is all of it
      await logIn(context, name, role, area);
      await page.goto('/office?view=import');
      await page.getByText('Du har ikke tilgang til dette').waitFor();
      await page.getByRole('link', { name: 'Nøkler' }).waitFor();
      assert.equal(await page.getByRole('link', { name: 'Innlesing' }).count(), 0);
      assert.equal(await page.getByLabel('Velg en fil').count(), 0);
      await look(page, `import_${role}`);
    }));
