// The office settles what tablets could not: a real meeting of two writers, side by side, resolved by a click and by keys; what waits and
// what was refused; all of it on a phone and in three languages.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { type Tablet, tabletOf } from '../integration/field_tablet.ts';
import { type Server, world } from '../integration/harness.ts';
import { sessionOf, type Mutation } from '../integration/helpers.ts';
import { browser, picture } from './browser.ts';

const desk = { width: 1440, height: 900 };
const phone = { width: 360, height: 740 };
/** What is left of a desk's screen when everything on it is twice as large. */
const zoomed = { width: 720, height: 450 };
const w = await world({ demo: true });
const b = await browser();
let s: Server;
let t: Tablet;

async function logIn(context: BrowserContext, name: string, role = 'manager'): Promise<void> {
  const id = await t.value(`insert into person (name) values ($1) returning id`, [name]);
  await t.rows(`insert into person_role (person_id, role) values ($1, $2)`, [id, role]);
  const { token } = await sessionOf(s, t.owner, id, 'office');
  await context.addCookies([{ name: 'fdvu_session', value: token, url: s.url }]);
}

async function look(page: Page, name: string): Promise<void> {
  await picture(page, name, { fullPage: true });
}

const isTooWide = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

/** The office and the tablet write one field, each without knowing of the other. */
async function meet(title: string, field: string, base: unknown, office: unknown, mine: unknown): Promise<string> {
  const desk = await s.login('frontdesk');
  const task = await t.task({ title, [field]: base });
  if (field === 'priority') {
    const { body } = await desk.get(`/api/v1/tasks/${task}`);
    assert.equal((await desk.patch(`/api/v1/tasks/${task}`, { row_v: body.row_v, priority: office })).status, 200);
  } else await t.rows(`update task set ${field} = $2 where id = $1`, [task, office]);
  const [result] = await t.push(t.update(task, { [field]: { o: base, n: mine } }));
  assert.equal(result?.state, 'merged', JSON.stringify(result));
  return task;
}

before(async () => {
  s = await w.server();
  t = await tabletOf(w, s);
  await t.rows(`update sync_device set name = 'Kåres nettbrett' where id = $1`, [t.id]);
});

test('a manager sees two values side by side and resolves by a click, by keys and with a value of their own; the tablet learns of it', () =>
  b.with({ name: 'sync_conflicts', at: s.url, viewport: desk }, async (page, context) => {
    const broken: string[] = [];
    page.on('pageerror', (e) => broken.push(e.message));
    await logIn(context, 'Marit Sunde');
    await page.goto('/office?view=sync&shows=conflicts');
    await page.getByText('Ingen konflikter venter.').waitFor();
    await look(page, 'sync_empty');

    const third = await meet('Bytt filter', 'priority', 3, 1, 4);
    const second = await meet('Smør porten', 'title', 'Smør porten', 'Smør porten og låsen', 'Smør porten på skolen');
    const first = await meet('Tøm sluket', 'priority', 3, 1, 2);
    await page.reload();
    await page.getByRole('link', { name: /^Synkronisering ?, 3 venter på en avgjørelse$/ }).waitFor();
    const card = (text: string): ReturnType<Page['locator']> => page.locator('[data-matter]').filter({ hasText: text });
    const sides = card('Tøm sluket').locator('section');
    await sides.first().waitFor();
    assert.deepEqual((await sides.locator('h3').allInnerTexts()).map((each) => each.split('\n')[0]!.replace(/ ?Står nå$/, '')), ['Før', 'Nettbrettet', 'Kontoret']);
    assert.match(await sides.nth(0).innerText(), /Vanlig/);
    assert.match(await sides.nth(1).innerText(), /Høy[\s\S]*Kåre Honnstad i dag/);
    assert.match(await sides.nth(2).innerText(), /Står nå[\s\S]*Akutt[\s\S]*i dag/);
    await look(page, 'sync_conflicts');

    await card('Tøm sluket').getByRole('button', { name: 'Bruk nettbrettets' }).click();
    await card('Tøm sluket').waitFor({ state: 'detached' });
    assert.equal(await t.value('select priority from task where id = $1', [first]), 2);

    // The focus is on the next one already: the number chooses.
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('Smør porten'));
    await page.keyboard.press('ArrowDown');
    assert.equal(await card('Bytt filter').evaluate((e) => e === document.activeElement), true);
    await t.rows('update task set priority = 3 where id = $1', [third]);
    await page.keyboard.press('2');
    await page.getByRole('alert').filter({ hasText: 'Nå står det: Vanlig' }).waitFor();
    await look(page, 'sync_changed_since');
    await card('Bytt filter').press('2');
    await card('Bytt filter').waitFor({ state: 'detached' });
    assert.equal(await t.value('select priority from task where id = $1', [third]), 4, 'chosen anew, knowing what stood');

    await card('Smør porten').getByRole('button', { name: 'Noe annet' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Smør porten og låsen på skolen');
    await look(page, 'sync_another');
    await page.getByRole('dialog').getByRole('button', { name: 'Bruk denne' }).click();
    await page.getByText('Ingen konflikter venter.').waitFor();
    assert.equal(await t.value('select title from task where id = $1', [second]), 'Smør porten og låsen på skolen');

    const { body } = await t.api.post('/api/v1/sync/pull', { device: t.id, limit: 20000 });
    const rows = body.rows as { t: string; id: string; d: Record<string, unknown> }[];
    assert.equal(rows.find((each) => each.t === 'task' && each.id === second)?.d.title, 'Smør porten og låsen på skolen');
    assert.deepEqual(rows.filter((each) => each.t === 'conflict').map((each) => [each.d.state, each.d.chosen]).sort(), [['resolved', 'mine'], ['resolved', 'mine'], ['resolved', 'value']]);
    await page.getByText('Avgjort', { exact: true }).click();
    await page.getByText(/Valgt: nettbrettets, av Marit Sunde/).first().waitFor();
    await look(page, 'sync_resolved');
    assert.deepEqual(broken, []);
  }));

test('what waits is let go on; what was refused is looked at, used again or closed', () =>
  b.with({ name: 'sync_refused', at: s.url, viewport: desk }, async (page, context) => {
    await logIn(context, 'Tora Lie');
    const task = await t.task({ title: 'Kontroller nødlys' });
    const [held] = await t.push(t.update(task, { done_note: { o: null, n: 'Alle lyser' } }, { needs: [randomUUID()] } as Partial<Mutation>));
    assert.equal(held?.state, 'held');
    await page.goto('/office?view=sync&shows=held');
    await page.getByText('Det den venter på, er ikke kommet.').waitFor();
    await look(page, 'sync_held');
    await page.getByRole('button', { name: 'Ta i bruk nå' }).click();
    await page.getByText('1 endring er tatt i bruk.').waitFor();
    await page.getByText('Ingenting venter.').waitFor();
    assert.equal(await t.value('select done_note from task where id = $1', [task]), 'Alle lyser');

    const later = randomUUID();
    await t.push(t.update(later, { done_note: { o: null, n: 'Skrevet på taket' } }), t.update(randomUUID(), { title: { o: 'x', n: 'Borte' } }));
    await page.goto('/office?view=sync&shows=quarantine');
    const card = page.getByRole('listitem').filter({ hasText: 'Skrevet på taket' });
    await card.getByText('Det den gjelder, finnes ikke.').waitFor();
    await card.getByText('Vis innholdet slik det kom').click();
    await card.getByText('"captured_at"').waitFor();
    await look(page, 'sync_quarantine');
    await card.getByRole('button', { name: 'Ta i bruk på nytt' }).click();
    await page.getByText('1 endring ble ikke tatt i bruk. Det den gjelder, finnes ikke.').waitFor();
    await card.getByText('Prøvd på nytt').waitFor();
    await t.task({ id: later, title: 'Kom til slutt' });
    await card.getByRole('button', { name: 'Ta i bruk på nytt' }).click();
    await page.getByText('1 endring er tatt i bruk.').waitFor();
    assert.equal(await t.value('select done_note from task where id = $1', [later]), 'Skrevet på taket');
    const other = page.getByRole('listitem').filter({ hasText: 'Borte' });
    await other.getByRole('button', { name: 'Avslutt' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Oppgaven er slettet');
    await look(page, 'sync_close');
    await page.getByRole('dialog').getByRole('button', { name: 'Avslutt', exact: true }).click();
    await page.getByText('Ingenting er i karantene.').waitFor();
    await page.getByText('Avsluttet', { exact: true }).first().click();
    await page.getByText('Oppgaven er slettet').waitFor();
    await look(page, 'sync_closed');
    await page.goto('/office?view=sync');
    await t.rows(`update sync_device set last_seen = now() - interval '5 days', queue_count = 3, queue_oldest = now() - interval '6 days' where id = $1`, [t.id]);
    await page.reload();
    await page.getByText('Ikke hørt fra på 5 dager').waitFor();
    await page.getByText('Køen er 6 dager gammel').waitFor();
    await page.getByRole('cell').filter({ hasText: 'den eldste fra' }).waitFor();
    await look(page, 'sync_tablets');
  }));

test('it all fits a phone and a screen at 200 %, in three languages', async () => {
  await meet('Rens takrenna', 'description', 'Før', 'Kontorets ord', 'Nettbrettets ord');
  await meet('Sjekk brannslukkere', 'title', 'Sjekk brannslukkere', 'Sjekk brannslukkere i alle etasjer og i kjelleren på skolen', 'Sjekk brannslukkere og husbrannslanger');
  const task = await t.task({ title: 'Kontroller heis' });
  await t.push(t.update(task, { done_note: { o: null, n: 'Venter' } }, { needs: [randomUUID()] } as Partial<Mutation>), t.update(randomUUID(), { title: { o: 'x', n: 'Finnes ikke' } }));
  for (const [name, viewport] of [['360', phone], ['zoom', zoomed]] as const)
    await b.with({ name: `sync_${name}`, at: s.url, viewport }, async (page, context) => {
      await logIn(context, `Nils Foss ${name}`, 'admin');
      for (const part of ['tablets', 'conflicts', 'held', 'quarantine']) {
        await page.goto(`/office?view=sync&shows=${part}`);
        await page.getByText(part === 'tablets' ? 'Kåres nettbrett' : part === 'conflicts' ? 'Før' : part === 'held' ? 'Kontroller heis' : 'Finnes ikke').first().waitFor();
        await look(page, `sync_${name}_${part}`);
        assert.equal(await isTooWide(page), false, `${name} ${part}`);
      }
      for (const [language, title] of [['nn', 'Konfliktar'], ['en', 'Conflicts']] as const) {
        await page.evaluate((l) => localStorage.setItem('fdvu.language', l), language);
        await page.goto('/office?view=sync&shows=conflicts');
        await page.getByRole('tab', { name: title }).waitFor();
        assert.equal(await isTooWide(page), false, `${name} ${language}`);
      }
    });
});

test('who may not has no menu entry, and is told so at the address', () =>
  b.with({ name: 'sync_desk', at: s.url, viewport: desk }, async (page, context) => {
    await logIn(context, 'Eli Vik', 'frontdesk');
    await page.goto('/office?view=sync&shows=conflicts');
    await page.getByText('Du har ikke tilgang til dette').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Synkronisering' }).count(), 0);
    await look(page, 'sync_desk');
  }));
