// The main job from end to end, as people do it: a legacy export comes in, a rule makes a round of
// it, a tenant reports a fault with a photo, the manager hands it out, the caretaker closes both on a
// tablet without network, and everybody sees it. Each step leaves a picture in docs/screenshots/.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { eventually, root, world, type Person, type Server } from '../integration/harness.ts';
import { browser } from './browser.ts';

const pictures = process.env.FDVU_SCREENSHOTS ?? join(root, 'build/test/main_job');
const liveWaitMs = 2_000; // what the office and the tenant are promised
const tablet = { width: 820, height: 1180 };
const phone = { width: 390, height: 844 };

mkdirSync(pictures, { recursive: true });
const w = await world({ demo: true });
const s: Server = await w.server();
const b = await browser();
const db = await w.connect('owner');
const keep = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: join(pictures, `${name}.png`) });

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

/** A building that the demo's caretaker looks after and that has no fire alarm yet. */
async function buildingWithoutAlarm(): Promise<{ no: string; gnr: string; label: string }> {
  const found = await db.query(`
    select b.bygningsnummer as no, r.gnr || '/' || r.bnr as gnr, p.label
      from building b
      join place p on p.id = b.place_id
      join property r on r.place_id = p.parent_id
      join person_role g on g.area_no = p.area_no and g.role = 'caretaker'
      join person c on c.id = g.person_id and c.demo_key = 'caretaker'
     where not exists (select from component k where k.site_id = p.id and k.element like '54%')
     order by p.label limit 1`);
  assert.equal(found.rowCount, 1, 'the demo has a building without fire alarm');
  return found.rows[0];
}

async function roundOf(buildingNo: string): Promise<{ id: string; title: string }> {
  const found = await db.query(
    `select k.id, k.title from task k join building b on b.place_id = k.site_id join component c on c.id = k.component_id
      where b.bygningsnummer = $1 and c.element = '542' and k.rule_id is not null and k.checklist_id is not null
      order by k.deadline limit 1`,
    [buildingNo],
  );
  assert.equal(found.rowCount, 1, 'the rule made a round of the imported alarm');
  return found.rows[0];
}

/** Answers every point of the checklist as in order and takes a photo. */
async function fillIn(page: Page, photo: Buffer): Promise<void> {
  await page.locator('input[type=file]').first().setInputFiles({ name: 'foto.png', mimeType: 'image/png', buffer: photo });
  await page.locator('article img').first().waitFor();
  for (const ok of await page.getByLabel('I orden', { exact: true }).all()) await ok.check({ force: true });
  for (const grade of await page.getByLabel('TG1', { exact: true }).all()) await grade.check({ force: true });
  for (const number of await page.locator('article ol input[inputmode]').all()) await number.fill('5');
  for (const text of await page.locator('article ol textarea').all()) await text.fill('Sett over');
}

async function closeTask(page: Page, note: string): Promise<void> {
  await page.getByLabel('Merknad (valgfritt)').fill(note);
  await page.getByRole('button', { name: 'Ferdig', exact: true }).click();
  await page.waitForTimeout(500); // the second tap must not be a tremble
  await page.getByRole('button', { name: 'Ja, lukk oppgaven' }).click();
  await page.getByText(/^Lagret: .* er ferdig$/).waitFor();
}

test('from a BraArkiv export to two closed tasks that everybody sees', async () => {
  const home = await buildingWithoutAlarm();
  const people: { tenant?: [Page, BrowserContext]; manager?: [Page, BrowserContext]; caretaker?: [Page, BrowserContext] } = {};
  let round = { id: '', title: '' };
  let caseNumber = '';
  let photo: Buffer = Buffer.alloc(0);

  await test('a document of an alarm in the export makes the alarm, and the rule its round', async () => {
    const file = join(w.var, 'braarkiv.csv');
    writeFileSync(
      file,
      '\ufeffgnr/bnr;byggNummer;Lokasjonskode;Fag;Bygningsdel;Bygningsdel 2;Dokumentkategori;Filsti;Merknad\r\n' +
        `${home.gnr};${home.no};1505-99;Alarmer;542-Brannalarm;;Tilsyn og vedlikehold;EL\\Brannalarm.pdf;Sentral i gangen\r\n`,
    );
    const imported = await w.fdvu(['import', 'braarkiv', file]);
    assert.equal(imported.code, 0, imported.stdout + imported.stderr);
    assert.match(imported.stdout, /lest 1 = landet 1/);
    const planned = await w.fdvu(['plan']);
    assert.equal(planned.code, 0, planned.stdout + planned.stderr);
    round = await roundOf(home.no);
    const again = await w.fdvu(['plan']);
    assert.equal(again.code, 0);
    assert.deepEqual(await roundOf(home.no), round, 'planning twice makes nothing twice');
  });

  await test('a tenant reports a fault with a photo and has a number at once', async () => {
    const { context, page } = await b.open({ name: 'tenant', at: s.url, viewport: phone });
    people.tenant = [page, context];
    await page.goto('/');
    photo = await keep(page, '01-front-page');
    await logIn(page, 'tenant');
    await page.goto('/minside');
    await page.getByRole('heading', { name: 'Sakene mine' }).waitFor();
    await keep(page, '02-tenant-front');
    await page.getByText('Meld en feil').first().click();
    await page.getByRole('radio', { name: /Varme/ }).check({ force: true });
    await page.getByRole('textbox').first().fill('Ovnen på badet er kald');
    await page.locator('input[type=file]').setInputFiles({ name: 'ovn.png', mimeType: 'image/png', buffer: photo });
    await page.locator('form img').first().waitFor();
    await keep(page, '03-tenant-report');
    await page.getByRole('button', { name: 'Send meldingen' }).click();
    const told = await page.getByText(/Meldingen har fått nummer/).textContent();
    caseNumber = /\d{4}-\d{6}/.exec(told ?? '')?.[0] ?? '';
    assert.ok(caseNumber, 'a number at once');
    await keep(page, '04-tenant-number');
  });

  await test('the manager sees it on the map and hands it to the caretaker', async () => {
    const { context, page } = await b.open({ name: 'manager', at: s.url, viewport: { width: 1440, height: 900 } });
    people.manager = [page, context];
    await logIn(page, 'manager');
    await page.goto('/office');
    await page.getByText(caseNumber).first().click();
    await page.getByText('Ovnen på badet er kald').first().waitFor();
    await page.getByRole('button', { name: 'Lag oppgave' }).click();
    const name = (await db.query("select name from person where demo_key = 'caretaker'")).rows[0].name as string;
    await page.getByLabel('Utføres av').selectOption({ label: name });
    await page.getByRole('button', { name: 'Lag oppgave' }).last().click();
    await page.getByRole('listitem').filter({ hasText: name }).first().waitFor();
    await page.waitForTimeout(1000); // the map draws
    await keep(page, '05-office-handed-out');
  });

  await test('the caretaker closes both without network', async () => {
    const { context, page } = await b.open({ name: 'caretaker', at: s.url, viewport: tablet });
    people.caretaker = [page, context];
    await page.goto('/field');
    await page.getByRole('button', { name: /Logg inn som vaktmester/ }).click();
    await page.getByRole('heading', { name: 'Dagens oppgaver' }).waitFor();
    const fault = (await db.query('select k.id from task k join cases c on c.id = k.case_id where c.number = $1', [caseNumber])).rows[0].id as string;
    await page.goto(`/field#/task/${fault}`);
    await page.getByText('Ovnen på badet er kald').first().waitFor(); // it has come to the tablet
    await page.goto('/field#/');
    await page.getByRole('heading', { name: 'Dagens oppgaver' }).waitFor();
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await keep(page, '06-tablet-today');

    await context.setOffline(true);
    await page.reload(); // the battery died; the app starts with no network
    await page.getByRole('heading', { name: 'Dagens oppgaver' }).waitFor();
    await page.goto(`/field#/task/${round.id}`);
    await page.getByRole('heading', { name: round.title }).waitFor();
    await fillIn(page, photo);
    await keep(page, '07-tablet-round');
    await closeTask(page, 'Alle detektorer prøvd');

    await page.goto(`/field#/task/${fault}`);
    await page.getByLabel('Merknad (valgfritt)').waitFor();
    await fillIn(page, photo);
    await closeTask(page, 'Byttet termostat');
    await page.goto('/field#/outbox');
    await page.getByText('venter').first().waitFor();
    await keep(page, '08-tablet-outbox-offline');
    const open = await db.query('select state from task where id = any($1)', [[round.id, fault]]);
    assert.deepEqual(open.rows.map((r) => r.state), ['open', 'open'], 'nothing has reached the office');
  });

  await test('back online everybody is told: the tenant, the manager and the map', async () => {
    const [tabletPage, tabletContext] = people.caretaker!;
    const [tenantPage] = people.tenant!;
    const [managerPage] = people.manager!;

    await tabletContext.setOffline(false);
    await tabletPage.goto('/field#/outbox');
    await tabletPage.getByRole('button', { name: 'Send og hent nå' }).click();
    const closedAt = await eventually(
      'the tablet’s work has reached the office',
      async () => {
        const found = await db.query(
          `select k.done_note from task k left join cases c on c.id = k.case_id
            where (k.id = $1 or c.number = $2) and k.state = 'done'`,
          [round.id, caseNumber],
        );
        return found.rowCount === 2 && Date.now();
      },
      15_000,
    );
    await tenantPage.getByText('Byttet termostat').waitFor({ timeout: liveWaitMs });
    await keep(tenantPage, '09-tenant-done');
    await managerPage.getByText('Byttet termostat').first().waitFor({ timeout: liveWaitMs });
    assert.ok(Date.now() - closedAt < 2 * liveWaitMs + 1000, 'without reload, at once');
    await keep(managerPage, '10-office-done');
    await managerPage.getByLabel('Status').first().selectOption('done');
    await managerPage.locator('main').getByText(caseNumber).first().waitFor();
    await managerPage.waitForTimeout(1000); // the map draws
    await keep(managerPage, '12-office-map-done');
    await eventually('every item in the outbox is received', async () => !(await tabletPage.getByText('venter').count()), 15_000);
    await keep(tabletPage, '11-tablet-outbox-sent');

    const kept = await db.query(
      `select (select count(*)::int from answer a where a.task_id = $1) as answers,
              (select count(*)::int from document d join file f using (sha256) where d.task_id = $1) as photos,
              (select count(*)::int from notification n join cases c on c.id = n.case_id where c.number = $2) as told`,
      [round.id, caseNumber],
    );
    assert.ok(kept.rows[0].answers > 0, 'the checklist is answered');
    assert.equal(kept.rows[0].photos, 1, 'the photo has arrived');
    assert.ok(kept.rows[0].told > 0, 'the tenant is told');
    for (const person of Object.values(people)) await person[1].close();
  });
});
