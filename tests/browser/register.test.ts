// The register's pages as property managers use them: the tree, the facts, the history, the labels and changes of many.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually, world } from '../integration/harness.ts';
import { browser } from './browser.ts';

const desk = { width: 1440, height: 900 };
const narrow = { width: 320, height: 640 };

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const owner = await w.connect('owner');
const office = await s.login('manager');

type Found = { id: string; name: string; label: string; parent_id: string };

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function ok(reply: Promise<{ status: number; body: any }>): Promise<any> {
  const { status, body } = await reply;
  assert.ok(status < 300, `${status} ${JSON.stringify(body)}`);
  return body;
}

const buildings: Found[] = (await ok(office.get('/api/v1/places?kind=building&limit=50'))).items;
const lot = buildings[0]!.parent_id;
const newBuilding = async (name: string, more: object = {}): Promise<Found & { row_v: number }> =>
  ok(office.post('/api/v1/places', { parent: lot, kind: 'building', name, ...more }));

async function logIn(page: Page, person = 'manager'): Promise<void> {
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

function troubles(page: Page): string[] {
  const found: string[] = [];
  page.on('pageerror', (e) => found.push(e.message));
  page.on('console', (m) => {
    if (/Content Security Policy|violates/.test(m.text())) found.push(m.text());
  });
  return found;
}

const item = (page: Page, name: string) => page.getByRole('treeitem', { name, exact: true });
const at = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.querySelector('[class*=name]')?.textContent ?? document.activeElement?.textContent ?? '');

test('a link to a dwelling opens the way down to it, and its name is the title', () =>
  b.with({ name: 'register-link', at: s.url, viewport: desk }, async (page) => {
    const { items } = await ok(office.get('/api/v1/places?kind=dwelling&limit=1'));
    const dwelling = await ok(office.get(`/api/v1/places/${items[0].id}`));
    await logIn(page);
    const found = troubles(page);
    await page.goto(`/office?view=register&place=${dwelling.id}`);
    await page.getByRole('heading', { name: dwelling.label }).waitFor();
    const row = page.locator('[role=treeitem][aria-selected=true]');
    await row.waitFor();
    assert.equal(await row.getAttribute('aria-level'), String(dwelling.path.length + 1));
    for (const step of dwelling.path)
      await page.locator(`[data-row="${step.id}"][aria-expanded=true]`).waitFor();
    assert.equal(await page.title(), `${dwelling.label} – Register – FDVU`);
    assert.equal(await page.locator('h1').count(), 1);
    await page.getByLabel('Veien hit').getByRole('link', { name: dwelling.path.at(-1).name, exact: true }).click();
    await page.waitForURL((url) => url.searchParams.get('place') === dwelling.path.at(-1).id);
    assert.deepEqual(found, []);
  }));

test('the keyboard alone walks the tree: arrows, letters, Enter, Space', () =>
  b.with({ name: 'register-keyboard', at: s.url, viewport: desk }, async (page) => {
    const place = await newBuilding('Kvernbygget');
    await ok(office.post('/api/v1/places', { parent: place.id, kind: 'storey', name: '1. etasje', plane: 'H', number: 1 }));
    await logIn(page);
    await page.goto(`/office?view=register&place=${lot}`);
    const start = page.locator('[role=treeitem][aria-selected=true]');
    await start.waitFor();
    await start.focus();
    await page.keyboard.press('ArrowRight');
    await item(page, 'Kvernbygget').waitFor();
    await page.keyboard.type('kvern');
    await eventually('the letters lead to the building', async () => (await focused(page)) === 'Kvernbygget');
    assert.equal(at(page, 'place'), lot, 'walking opens nothing');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Kvernbygget' }).waitFor();
    await page.locator(`[data-row="${place.id}"]`).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator(`[data-row="${place.id}"][aria-expanded=true]`).waitFor();
    await item(page, '1. etasje').waitFor();
    await page.keyboard.press('ArrowRight');
    await eventually('the first storey has the focus', async () => (await focused(page)) === '1. etasje');
    await page.keyboard.press('Space');
    await page.getByText('Ett sted er merket').waitFor();
    await page.keyboard.press('ArrowLeft');
    await eventually('back at the building', async () => (await focused(page)) === 'Kvernbygget');
    await page.keyboard.press('ArrowLeft');
    await page.locator(`[data-row="${place.id}"][aria-expanded=false]`).waitFor();
    await page.keyboard.press('Home');
    await eventually('the top', async () => (await page.evaluate(() => document.activeElement?.getAttribute('aria-level'))) === '1');
  }));

test('a place is found by its name and opens in the tree', () =>
  b.with({ name: 'register-filter', at: s.url, viewport: desk }, async (page) => {
    const place = buildings[3]!;
    await logIn(page);
    await page.goto('/office?view=register');
    await page.getByRole('combobox', { name: 'Finn et sted' }).fill(place.name);
    await page.getByRole('option', { name: place.name }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[role=treeitem][aria-selected=true]').waitFor();
    assert.ok(at(page, 'place'));
  }));

test('a building is made with its storeys at once, and focus goes to it', () =>
  b.with({ name: 'register-make', at: s.url, viewport: desk }, async (page) => {
    await logIn(page);
    await page.goto(`/office?view=register&place=${lot}`);
    await page.getByRole('button', { name: 'Handlinger' }).click();
    await page.getByRole('menuitem', { name: 'Legg til under' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Navn').fill('Nye Storgata barnehage');
    await dialog.getByLabel('Bygningstype').fill('barnehage');
    await page.getByRole('option', { name: /Barnehage/ }).first().click();
    await dialog.getByLabel('Etasjer over bakken').fill('2');
    await dialog.getByLabel('Underetasjer').fill('1');
    await dialog.getByText('1. underetasje, 1. etasje, 2. etasje').waitFor();
    await dialog.getByRole('button', { name: 'Opprett', exact: true }).click();
    await page.getByRole('heading', { name: 'Nye Storgata barnehage' }).waitFor();
    const id = at(page, 'place');
    const { rows } = await owner.query(
      `select s.plane || s.number as storey, b.type_code from place p join storey s on s.place_id = p.id join building b on b.place_id = p.parent_id
        where p.parent_id = $1 order by s.plane desc, s.number`,
      [id],
    );
    assert.deepEqual(rows.map((row) => row.storey), ['U1', 'H1', 'H2']);
    assert.ok(rows[0].type_code > 0);
    await page.getByRole('tab', { name: 'Etasjer' }).click();
    await page.getByRole('link', { name: '2. etasje' }).waitFor();
    await page.getByRole('tab', { name: 'Historikk' }).click();
    await page.getByText('Opprettet').first().waitFor();
  }));

test('two change one building: what only one touched is merged, what both touched is shown', () =>
  b.with({ name: 'register-conflict', at: s.url, viewport: desk }, async (page) => {
    const place = await newBuilding('Konfliktbygget', { built_year: 1970, heating: 'Elektrisk' });
    await logIn(page);
    await page.goto(`/office?view=register&place=${place.id}`);
    await page.getByLabel('Byggeår').fill('1975');
    await page.getByLabel('Eierforhold').fill('Kristiansund kommune');
    await ok(office.patch(`/api/v1/places/${place.id}`, { row_v: place.row_v, built_year: 1980, heating: 'Fjernvarme' }));
    await page.getByText('En annen endret «Byggeår»').waitFor();
    assert.equal(await page.getByLabel('Byggeår').inputValue(), '1975', 'what was typed is kept');
    assert.equal(await page.getByLabel('Oppvarming').inputValue(), 'Fjernvarme', 'what only the other touched follows along');
    assert.equal(await page.getByRole('button', { name: 'Lagre' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Behold min' }).click();
    await page.getByRole('button', { name: 'Lagre' }).click();
    await page.getByText('er lagret').waitFor();
    const { details } = await ok(office.get(`/api/v1/places/${place.id}`));
    assert.equal(details.built_year, 1975);
    assert.equal(details.heating, 'Fjernvarme');
    assert.equal(details.ownership, 'Kristiansund kommune');
  }));

test('what is being typed survives a reload', () =>
  b.with({ name: 'register-draft', at: s.url, viewport: desk }, async (page) => {
    const place = await newBuilding('Kladdebygget');
    await logIn(page);
    await page.goto(`/office?view=register&place=${place.id}`);
    await page.getByLabel('Ansvarlig enhet').fill('Eiendom nord');
    await page.reload();
    await page.getByLabel('Ansvarlig enhet').waitFor();
    assert.equal(await page.getByLabel('Ansvarlig enhet').inputValue(), 'Eiendom nord');
  }));

test('the history tells in words who changed what, and takes a change back', () =>
  b.with({ name: 'register-history', at: s.url, viewport: desk }, async (page) => {
    const place = await newBuilding('Historiebygget', { is_protected: false });
    await ok(office.patch(`/api/v1/places/${place.id}`, { row_v: place.row_v, is_protected: true, energy_grade: 'C' }));
    await logIn(page);
    await page.goto(`/office?view=register&place=${place.id}&tab=history`);
    const card = page.getByRole('listitem').filter({ hasText: 'Energimerke' }).first();
    await card.waitFor();
    assert.match(await card.innerText(), /Endret[\s\S]*Marit Sunde[\s\S]*Vernet[\s\S]*Nei[\s\S]*Ja/);
    assert.doesNotMatch(await card.innerText(), /is_protected|energy_grade/);
    await card.getByRole('button', { name: 'Angre' }).click();
    await page.getByText('Angret', { exact: true }).waitFor();
    const { details } = await ok(office.get(`/api/v1/places/${place.id}`));
    assert.deepEqual([details.is_protected, details.energy_grade], [false, null]);
  }));

test('a change that was changed again is not taken back: what stands in the way is shown', () =>
  b.with({ name: 'register-undo-conflict', at: s.url, viewport: desk }, async (page) => {
    const place = await newBuilding('Angrebygget', { built_year: 1950 });
    const once = await ok(office.patch(`/api/v1/places/${place.id}`, { row_v: place.row_v, built_year: 1951 }));
    await ok(office.patch(`/api/v1/places/${place.id}`, { row_v: once.row_v, built_year: 1952 }));
    await logIn(page);
    await page.goto(`/office?view=register&place=${place.id}&tab=history`);
    const card = page.getByRole('listitem').filter({ hasText: '1950' }).first();
    await card.getByRole('button', { name: 'Angre' }).click();
    await page.getByText('Kan ikke angres: noe av dette er endret siden.').waitFor();
    assert.match(await card.innerText(), /Byggeår – er nå 1952/);
  }));

test('the register is shown as it was on a day, to read only', () =>
  b.with({ name: 'register-past', at: s.url, viewport: desk }, async (page) => {
    const place = await newBuilding('Gamlebygget', { heating: 'Oljefyr', valid_from: '2018-05-01T00:00:00+02:00' });
    await ok(office.patch(`/api/v1/places/${place.id}`, { row_v: place.row_v, heating: 'Fjernvarme', name: 'Nybygget', valid_from: '2020-06-01T00:00:00+02:00' }));
    await logIn(page);
    await page.goto(`/office?view=register&place=${place.id}`);
    await page.getByRole('heading', { name: 'Nybygget' }).waitFor();
    await page.getByLabel('Vis per').fill('2019-01-01');
    await page.getByText('Slik det var 1. januar 2019.').waitFor();
    await page.getByRole('heading', { name: 'Gamlebygget' }).waitFor();
    await page.getByText('Oljefyr').waitFor();
    assert.equal(await page.getByRole('tabpanel').getByRole('textbox').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Handlinger' }).count(), 0);
    assert.equal(at(page, 'at'), '2019-01-01');
    await item(page, 'Gamlebygget').waitFor();
    await page.getByRole('button', { name: 'Vis det som gjelder nå' }).click();
    await page.getByRole('heading', { name: 'Nybygget' }).waitFor();
    await item(page, 'Nybygget').waitFor();
  }));

test('what was asked of today and comes late is not shown as the past', () =>
  b.with({ name: 'register-past-late', at: s.url, viewport: desk }, async (page) => {
    const place = await newBuilding('Tregbygget', { valid_from: '2018-05-01T00:00:00+02:00' });
    await ok(office.patch(`/api/v1/places/${place.id}`, { row_v: place.row_v, name: 'Raskbygget', valid_from: '2020-06-01T00:00:00+02:00' }));
    await logIn(page);
    let letGo = (): void => undefined;
    const held = new Promise<void>((done) => (letGo = done));
    const ofToday = (url: string): boolean => url.includes(`/places/${lot}/children`) && !url.includes('at=');
    const ofThen = page.waitForResponse((r) => r.url().includes(`/places/${lot}/children`) && r.url().includes('at='));
    await page.route((url) => ofToday(url.href), async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`/office?view=register&place=${place.id}`);
    await page.getByRole('heading', { name: 'Raskbygget' }).waitFor();
    await page.getByLabel('Vis per').fill('2019-01-01');
    await ofThen;
    await item(page, 'Tregbygget').waitFor();
    const late = page.waitForResponse((r) => ofToday(r.url()));
    letGo();
    await (await late).finished();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.equal(await item(page, 'Raskbygget').count(), 0, 'the tree is of 2019');
    await item(page, 'Tregbygget').waitFor();
  }));

test('what is in use is not deleted, and the page says what uses it', () =>
  b.with({ name: 'register-in-use', at: s.url, viewport: desk }, async (page) => {
    const { rows } = await owner.query(
      `select c.place_id, c.number from cases c join place p on p.id = c.place_id
        where c.state = 'new' and p.kind in ('dwelling', 'building') and p.area_no = (select area_no from place where id = $1) limit 1`,
      [lot],
    );
    await logIn(page);
    await page.goto(`/office?view=register&place=${rows[0].place_id}`);
    await page.getByRole('button', { name: 'Handlinger' }).click();
    await page.getByRole('menuitem', { name: 'Slett' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Slett' }).click();
    await dialog.getByText('Kan ikke slettes, fordi det er i bruk:').waitFor();
    await dialog.getByText(/Saker: \d/).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const still = await owner.query('select removed_at from place where id = $1', [rows[0].place_id]);
    assert.equal(still.rows[0].removed_at, null);
  }));

test('what is not in use is deleted, and «Angre» brings it back', () =>
  b.with({ name: 'register-delete', at: s.url, viewport: desk }, async (page) => {
    const place = await newBuilding('Slettebygget');
    await logIn(page);
    await page.goto(`/office?view=register&place=${place.id}`);
    await item(page, 'Slettebygget').waitFor();
    await page.getByRole('button', { name: 'Handlinger' }).click();
    await page.getByRole('menuitem', { name: 'Slett' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Slett' }).click();
    await page.getByText('Slettebygget er slettet').waitFor();
    await page.waitForURL((url) => url.searchParams.get('place') === lot);
    await item(page, 'Slettebygget').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Angre' }).click();
    await page.getByRole('heading', { name: 'Slettebygget' }).waitFor();
    await item(page, 'Slettebygget').waitFor();
  }));

test('a building that another makes comes into the tree by itself', () =>
  b.with({ name: 'register-live', at: s.url, viewport: desk }, async (page) => {
    await logIn(page);
    await page.goto(`/office?view=register&place=${lot}`);
    await page.getByText('Oppdateres av seg selv').waitFor();
    await page.locator('[role=treeitem][aria-selected=true]').focus();
    await page.keyboard.press('ArrowRight');
    await page.locator(`[data-row="${lot}"][aria-expanded=true]`).waitFor();
    await newBuilding('Bygget ved siden av');
    await item(page, 'Bygget ved siden av').waitFor();
  }));

test('many components are changed at once: first what would happen, then it, and it is taken back', () =>
  b.with({ name: 'register-bulk', at: s.url, viewport: desk }, async (page) => {
    const place = await newBuilding('Samlebygget');
    for (const name of ['Vifte 1', 'Vifte 2', 'Vifte 3'])
      await ok(office.post('/api/v1/components', { place_id: place.id, name, element: '364', maker: 'Flakt' }));
    const makers = async (): Promise<string[]> =>
      (await owner.query('select maker from component where place_id = $1 order by name', [place.id])).rows.map((row) => row.maker);
    await logIn(page);
    await page.goto(`/office?view=register&place=${place.id}&tab=components`);
    await page.getByRole('checkbox', { name: 'Merk Vifte 1' }).check();
    await page.getByRole('checkbox', { name: 'Merk alle i listen' }).check();
    await page.getByText('3 komponenter er merket').first().waitFor();
    await page.getByRole('button', { name: 'Endre samlet' }).click();
    await page.getByLabel('Hva skal endres?').selectOption({ label: 'Produsent' });
    await page.getByLabel('Produsent').fill('Systemair');
    await page.getByRole('button', { name: 'Vis hva som skjer' }).click();
    const row = page.getByRole('row', { name: /Vifte 2/ });
    await row.waitFor();
    assert.match(await row.innerText(), /Produsent\s+Flakt\s+Systemair/);
    assert.deepEqual(await makers(), ['Flakt', 'Flakt', 'Flakt'], 'a preview changes nothing');
    await page.getByRole('button', { name: 'Endre 3' }).click();
    await page.getByText('3 er endret').first().waitFor();
    assert.deepEqual(await makers(), ['Systemair', 'Systemair', 'Systemair']);
    await page.getByRole('button', { name: 'Angre' }).click();
    await eventually('the old maker is back', async () => (await makers()).every((maker) => maker === 'Flakt'));
  }));

test('a component has a label whose code opens it, and words that say what it is', () =>
  b.with({ name: 'register-label', at: s.url, viewport: desk }, async (page) => {
    const place = await newBuilding('Merkebygget');
    const made = await ok(office.post('/api/v1/components', { place_id: place.id, name: 'Aggregat <1> & kjøler', tag: '=360.001-JV001' }));
    const { code } = await ok(office.get(`/api/v1/components/${made.id}`));
    await logIn(page);
    const found = troubles(page);
    await page.goto(`/office?view=register&component=${made.id}`);
    await page.getByRole('button', { name: `Merkelapp ${code}` }).click();
    const label = page.getByRole('dialog').getByAltText(`Merkelapp med QR-kode ${code}`);
    await label.waitFor();
    const side = await label.evaluate(async (img: HTMLImageElement) => {
      await img.decode();
      return img.naturalWidth / img.naturalHeight;
    });
    assert.ok(Math.abs(side - 90 / 38) < 0.02, 'the picture is whole and of its size');
    const svg = await page.evaluate(async (path) => (await fetch(path)).text(), `/api/v1/codes/${code}/label.svg`);
    assert.match(svg, />Aggregat &lt;1&gt; &amp; kjøler</);
    assert.match(svg, />=360\.001-JV001</);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('body > div').last().isVisible(), true, 'the sheet is what is printed');
    assert.equal(await page.locator('#root').isVisible(), false);
    assert.deepEqual(found, []);
  }));

test('labels are for the office', async () => {
  const { rows } = await owner.query(`select code from place where kind = 'building' and code is not null limit 1`);
  assert.equal((await s.api().get(`/api/v1/codes/${rows[0].code}/label.svg`)).status, 401);
  const tenant = await s.login('tenant');
  assert.equal((await tenant.get(`/api/v1/codes/${rows[0].code}/label.svg`)).status, 403);
});

test('on a phone the tree and what is chosen take turns, and nothing is wider than the screen', () =>
  b.with({ name: 'register-phone', at: s.url, viewport: narrow }, async (page) => {
    const { items } = await ok(office.get(`/api/v1/places/${buildings[0]!.id}/components?limit=1`));
    await logIn(page);
    for (const path of ['', `&place=${buildings[0]!.id}`, `&place=${buildings[0]!.id}&tab=components`, `&place=${buildings[0]!.id}&tab=cases`, `&component=${items[0].id}`, '&bulk=1']) {
      await page.goto(`/office?view=register${path}`);
      await page.locator('[role=treeitem], h2').first().waitFor({ state: 'attached' });
      await page.waitForTimeout(300); // the tables come after their heading
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, `${path} is too wide`);
    }
    await page.goto(`/office?view=register&place=${buildings[0]!.id}`);
    await page.getByRole('button', { name: 'Til treet' }).click();
    await page.getByRole('tree').waitFor();
    assert.equal(await page.getByRole('tree').isVisible(), true);
  }));
