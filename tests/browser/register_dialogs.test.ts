// What property managers do to the tree of the register: move, split, merge, copy, renumber, fill from a template. Each is done in its
// dialog, seen on the page and in the database, refused once, and taken back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { eventually, world } from '../integration/harness.ts';
import { browser, picture } from './browser.ts';

const desk = { width: 1440, height: 900 };
const phone = { width: 360, height: 740 };

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const owner = await w.connect('owner');
const office = await s.login('manager');

type Made = { id: string; name: string; label: string; parent_id: string; row_v: number };

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function ok(reply: Promise<{ status: number; body: any }>): Promise<any> {
  const { status, body } = await reply;
  assert.ok(status < 300, `${status} ${JSON.stringify(body)}`);
  return body;
}

const { items } = await ok(office.get('/api/v1/places?kind=building&limit=1'));
const lot: string = items[0].parent_id;
const place = (parent: string, kind: string, name: string, more: object = {}): Promise<Made> =>
  ok(office.post('/api/v1/places', { parent, kind, name, ...more }));
const storey = (building: string, number: number): Promise<Made> => place(building, 'storey', `${number}. etasje`, { plane: 'H', number });
const component = (at: string, name: string, more: object = {}): Promise<Made> => ok(office.post('/api/v1/components', { place_id: at, name, ...more }));

const parentOf = async (id: string): Promise<string> => (await owner.query('select parent_id from place where id = $1', [id])).rows[0].parent_id;
const live = async (parent: string): Promise<string[]> =>
  (await owner.query('select name from place where parent_id = $1 and removed_at is null order by name', [parent])).rows.map((row) => row.name);

async function logIn(page: Page): Promise<string[]> {
  const found: string[] = [];
  page.on('pageerror', (e) => found.push(e.message));
  page.on('console', (m) => {
    if (/Content Security Policy|violates/.test(m.text())) found.push(m.text());
  });
  await page.goto('/');
  const status = await page.evaluate(async () => {
    const body = JSON.stringify({ person: 'manager' });
    return (await fetch('/api/v1/session/demo', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).status;
  });
  assert.equal(status, 201);
  return found;
}

/** Opens an action's dialog by the keyboard alone. */
async function act(page: Page, id: string, action: string, kind = 'place'): Promise<Locator> {
  const address = `/office?view=register&${kind}=${id}`;
  if (!page.url().endsWith(address)) await page.goto(address);
  const button = page.getByRole('button', { name: 'Handlinger' });
  await button.focus();
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: action, exact: true });
  await item.waitFor();
  for (let i = 0; i < 10 && !(await item.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await eventually('the first field has the focus', () => dialog.evaluate((e) => e.contains(document.activeElement) && document.activeElement!.matches('input, select')));
  return dialog;
}

/** Keeps a picture of the dialog on a desk and on a phone, where nothing may be wider than the screen. */
async function look(page: Page, name: string): Promise<void> {
  for (const size of [phone, desk]) {
    await page.setViewportSize(size);
    await page.getByRole('dialog').evaluate((e) => Promise.all(e.getAnimations({ subtree: true }).map((each) => each.finished)));
    await picture(page, `${name}-${size.width}`);
    assert.equal(await page.getByRole('dialog').evaluate((e) => e.scrollWidth > e.clientWidth || e.clientWidth > innerWidth), false, `${name} is too wide at ${size.width}`);
  }
}

const undo = async (page: Page): Promise<void> => {
  await page.getByRole('status').getByRole('button', { name: 'Angre' }).click();
  await page.getByRole('status').getByRole('button', { name: 'Angre' }).waitFor({ state: 'detached' });
};
const item = (page: Page, name: string): Locator => page.getByRole('treeitem', { name, exact: true });

test('a dwelling is moved to another storey; a number that does not fit there is refused in words', () =>
  b.with({ name: 'dialogs-move', at: s.url, viewport: desk }, async (page) => {
    const building = await place(lot, 'building', 'Flyttebygget');
    const [first, second] = [await storey(building.id, 1), await storey(building.id, 2)];
    const numbered = await place(first.id, 'dwelling', 'H0101', { h_number: 'H0101' });
    const plain = await place(first.id, 'dwelling', 'Hybelen');
    await place(plain.id, 'room', 'Kjøkken');
    const found = await logIn(page);

    const refused = await act(page, numbered.id, 'Flytt');
    await refused.getByRole('combobox', { name: 'Flytt til' }).fill('flyttebygget, 2');
    await page.getByRole('option', { name: /2\. etasje/ }).waitFor();
    await look(page, 'move');
    await page.keyboard.press('Enter');
    await refused.getByRole('button', { name: 'Flytt', exact: true }).click();
    await refused.getByText('Bolignummeret passer ikke: etasjen er H02.').waitFor();
    await look(page, 'move_refused');
    await page.keyboard.press('Escape');
    await refused.waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('button', { name: 'Handlinger' }).evaluate((e) => e === document.activeElement), true, 'focus comes back');
    assert.equal(await parentOf(numbered.id), first.id);

    const dialog = await act(page, plain.id, 'Flytt');
    await dialog.getByRole('combobox', { name: 'Flytt til' }).fill('flyttebygget, 2');
    await page.getByRole('option', { name: /2\. etasje/ }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByText('Alt som ligger i stedet, flyttes med.').waitFor();
    await dialog.getByRole('button', { name: 'Flytt', exact: true }).press('Enter');
    await page.getByText('er flyttet til Flyttebygget, 2. etasje').waitFor();
    await page.getByLabel('Veien hit').getByRole('link', { name: '2. etasje', exact: true }).waitFor();
    assert.equal(await parentOf(plain.id), second.id);
    await undo(page);
    await page.getByLabel('Veien hit').getByRole('link', { name: '1. etasje', exact: true }).waitFor();
    assert.equal(await parentOf(plain.id), first.id);
    assert.deepEqual(found, []);
  }));

test('a place is never offered what lies in itself, and the server refuses it too', () =>
  b.with({ name: 'dialogs-move-inside', at: s.url, viewport: desk }, async (page) => {
    const building = await place(lot, 'building', 'Ringbygget');
    const yard = await place(building.id, 'outdoor_area', 'Ringgården');
    await logIn(page);
    const dialog = await act(page, building.id, 'Flytt');
    await dialog.getByRole('combobox', { name: 'Flytt til' }).fill('ringg');
    await dialog.getByText('Ingen treff på «ringg»').waitFor();
    const forced = await office.post(`/api/v1/places/${building.id}/move`, { parent: yard.id, row_v: building.row_v });
    assert.equal(forced.status, 400);
    assert.equal(await parentOf(building.id), lot);
  }));

test('a component is moved to the room it stands in', () =>
  b.with({ name: 'dialogs-move-component', at: s.url, viewport: desk }, async (page) => {
    const building = await place(lot, 'building', 'Viftebygget');
    const room = await place(building.id, 'room', 'Teknisk rom');
    const fan = await component(building.id, 'Vifte');
    const at = async (): Promise<string> => (await owner.query('select place_id from component where id = $1', [fan.id])).rows[0].place_id;
    const found = await logIn(page);
    const dialog = await act(page, fan.id, 'Flytt', 'component');
    await dialog.getByRole('combobox', { name: 'Flytt til' }).fill('viftebygget, t');
    await page.getByRole('option', { name: /Teknisk rom/ }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Flytt', exact: true }).click();
    await page.getByText('Vifte er flyttet til Viftebygget, Teknisk rom').waitFor();
    await page.getByLabel('Veien hit').getByRole('link', { name: 'Teknisk rom' }).waitFor();
    assert.equal(await at(), room.id);
    await undo(page);
    await page.getByLabel('Veien hit').getByRole('link', { name: 'Teknisk rom' }).waitFor({ state: 'detached' });
    assert.equal(await at(), building.id);
    assert.deepEqual(found, []);
  }));

test('a building is split in three, and what lies in it is shared out', () =>
  b.with({ name: 'dialogs-split', at: s.url, viewport: desk }, async (page) => {
    const building = await place(lot, 'building', 'Delebygget', { type_code: 612, heating: 'Fjernvarme' });
    const [first, second] = [await storey(building.id, 1), await storey(building.id, 2)];
    const found = await logIn(page);
    const dialog = await act(page, building.id, 'Del opp');
    await dialog.getByText('Delebygget blir stående. De nye delene legges ved siden av.').waitFor();
    await dialog.getByRole('button', { name: 'En del til' }).click();
    await dialog.getByLabel('Navn').nth(0).fill('Delebygget nord');
    assert.equal(await dialog.getByRole('button', { name: 'Del opp' }).isDisabled(), true, 'each part has a name');
    await dialog.getByLabel('Navn').nth(1).fill('Delebygget sør');
    await dialog.getByLabel('2. etasje').selectOption({ label: 'Delebygget sør' });
    await look(page, 'split');

    await ok(office.patch(`/api/v1/places/${building.id}`, { row_v: building.row_v, energy_grade: 'C' }));
    await dialog.getByRole('button', { name: 'Del opp' }).click();
    await dialog.getByText('Noen har endret dette mens du holdt på.').waitFor();
    assert.equal(await dialog.getByLabel('Navn').nth(1).inputValue(), 'Delebygget sør', 'what was typed is kept');
    await page.keyboard.press('Escape');
    await eventually('the page has read the change', async () => (await page.getByLabel('Energimerke').inputValue()) === 'C');

    const again = await act(page, building.id, 'Del opp');
    await again.getByLabel('Navn').fill('Delebygget nord');
    await again.getByRole('button', { name: 'En del til' }).press('Enter');
    await again.getByLabel('Navn').nth(1).fill('Delebygget sør');
    await again.getByLabel('2. etasje').selectOption({ label: 'Delebygget sør' });
    await again.getByRole('button', { name: 'Del opp' }).click();
    await page.getByText('Delebygget er delt opp').waitFor();
    for (const name of ['Delebygget', 'Delebygget nord', 'Delebygget sør']) await item(page, name).waitFor();
    const { rows } = await owner.query(
      `select p.name, b.type_code, b.heating, array(select c.id from place c where c.parent_id = p.id) as inside
         from place p join building b on b.place_id = p.id where p.name like 'Delebygget%' and p.removed_at is null order by p.name`,
    );
    assert.deepEqual(rows.map((row) => [row.name, row.type_code, row.heating, row.inside]), [
      ['Delebygget', 612, 'Fjernvarme', [first.id]],
      ['Delebygget nord', 612, 'Fjernvarme', []],
      ['Delebygget sør', 612, 'Fjernvarme', [second.id]],
    ]);
    await undo(page);
    await item(page, 'Delebygget nord').waitFor({ state: 'detached' });
    await item(page, 'Delebygget sør').waitFor({ state: 'detached' });
    assert.deepEqual(await live(building.id), ['1. etasje', '2. etasje']);
    assert.deepEqual(found, []);
  }));

test('two buildings become one; what lay in the other comes along, and goes back again', () =>
  b.with({ name: 'dialogs-merge', at: s.url, viewport: desk }, async (page) => {
    const kept = await place(lot, 'building', 'Samlet nord');
    const other = await place(lot, 'building', 'Samlet sør');
    const inside = await storey(other.id, 1);
    const fan = await component(other.id, 'Vifte');
    const found = await logIn(page);
    const dialog = await act(page, kept.id, 'Slå sammen');
    assert.equal(await dialog.getByRole('button', { name: 'Slå sammen' }).isDisabled(), true, 'with whom?');
    await dialog.getByRole('combobox', { name: 'Finn et sted som ikke er i listen' }).fill('samlet s');
    await page.getByRole('option', { name: /Samlet sør/ }).waitFor();
    await look(page, 'merge');
    await page.keyboard.press('Enter');
    assert.equal(await dialog.getByRole('checkbox', { name: 'Samlet sør' }).isChecked(), true);
    await dialog.getByRole('button', { name: 'Slå sammen' }).click();
    await page.getByText('Ett sted er slått sammen med Samlet nord').waitFor();
    await item(page, 'Samlet sør').waitFor({ state: 'detached' });
    const after = await owner.query(
      `select p.merged_into, p.removed_at is not null as is_gone, (select c.place_id from component c where c.id = $2) as fan from place p where p.id = $1`,
      [other.id, fan.id],
    );
    assert.deepEqual(after.rows[0], { merged_into: kept.id, is_gone: true, fan: kept.id });
    assert.equal(await parentOf(inside.id), kept.id);
    await undo(page);
    await item(page, 'Samlet sør').waitFor();
    assert.equal(await parentOf(inside.id), other.id);
    assert.equal((await owner.query('select place_id from component where id = $1', [fan.id])).rows[0].place_id, other.id);
    assert.deepEqual(found, []);
  }));

test('rooms of different buildings are not made one', () =>
  b.with({ name: 'dialogs-merge-refused', at: s.url, viewport: desk }, async (page) => {
    const [one, two] = [await place(lot, 'building', 'Romhuset'), await place(lot, 'building', 'Nabohuset')];
    const here = await place(one.id, 'room', 'Lager øst');
    await place(two.id, 'room', 'Lager vest');
    await logIn(page);
    const dialog = await act(page, here.id, 'Slå sammen');
    await dialog.getByRole('combobox').fill('nabohuset, l');
    await page.getByRole('option', { name: /Lager vest/ }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Slå sammen' }).click();
    await dialog.getByText('Stedene må ligge i samme bygning.').waitFor();
    assert.deepEqual(await live(two.id), ['Lager vest']);
  }));

test('a storey is copied with its dwellings, rooms and components, numbered anew', () =>
  b.with({ name: 'dialogs-copy', at: s.url, viewport: desk }, async (page) => {
    const building = await place(lot, 'building', 'Kopibygget');
    const [first] = [await storey(building.id, 1), await storey(building.id, 2)];
    const home = await place(first.id, 'dwelling', 'H0101', { h_number: 'H0101' });
    await component(home.id, 'Varmtvannsbereder', { element: '315' });
    const found = await logIn(page);
    const dialog = await act(page, first.id, 'Kopier etasjen');
    assert.equal(await dialog.getByLabel('Etasjenummer').inputValue(), '2');
    await dialog.getByRole('button', { name: 'Lag kopien' }).click();
    await dialog.getByText('Bygningen har allerede denne etasjen.').waitFor();
    await look(page, 'copy_refused');
    await dialog.getByLabel('Etasjenummer').fill('3');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Kopibygget, 3. etasje' }).waitFor();
    await item(page, '3. etasje').waitFor();
    const { rows } = await owner.query(
      `select d.h_number, c.name from place s join place p on p.parent_id = s.id join dwelling d on d.place_id = p.id
         join component c on c.place_id = p.id where s.parent_id = $1 and s.name = '3. etasje'`,
      [building.id],
    );
    assert.deepEqual(rows, [{ h_number: 'H0301', name: 'Varmtvannsbereder' }]);
    await undo(page);
    await item(page, '3. etasje').waitFor({ state: 'detached' });
    assert.deepEqual(await live(building.id), ['1. etasje', '2. etasje']);
    assert.deepEqual(found, []);
  }));

test('a property gets a new number: first what would happen, and what is in the way', () =>
  b.with({ name: 'dialogs-renumber', at: s.url, viewport: desk }, async (page) => {
    const { details, parent_id } = await ok(office.get(`/api/v1/places/${lot}`));
    const no: string = details.municipality_no;
    const number = async (id: string): Promise<number[]> => {
      const { rows } = await owner.query('select gnr, bnr from property where place_id = $1', [id]);
      return [rows[0].gnr, rows[0].bnr];
    };
    const property = await ok(office.post('/api/v1/places', { parent: parent_id, kind: 'property', municipality_no: no, gnr: 901, bnr: 1, area_no: 1 }));
    const taken = await ok(office.post('/api/v1/places', { parent: parent_id, kind: 'property', municipality_no: no, gnr: 901, bnr: 2, area_no: 1, name: 'Tomta på neset' }));
    const found = await logIn(page);
    const dialog = await act(page, property.id, 'Gi nytt nummer');
    assert.equal(await dialog.getByLabel('Nummer nå').inputValue(), `${no}-901/1`);
    await dialog.getByLabel('Nytt nummer').fill('nitten');
    await page.keyboard.press('Enter');
    await dialog.getByText('«nitten» er ikke et eiendomsnummer.').waitFor();
    await dialog.getByLabel('Nytt nummer').fill(`${no}-901/2`);
    await page.keyboard.press('Enter');
    await dialog.getByText(`${no}-901/2 er i bruk av Tomta på neset`).waitFor();
    await look(page, 'renumber_taken');
    assert.equal(await dialog.getByRole('button', { name: 'Gi nytt nummer' }).isDisabled(), true);

    await dialog.getByLabel('Nytt nummer').fill(`${no}-902/7`);
    await dialog.getByRole('button', { name: 'Vis hva som skjer' }).click();
    await dialog.getByText('Én eiendom får nytt nummer').waitFor();
    await dialog.getByText(`${no}-901/1 → ${no}-902/7`).waitFor();
    await look(page, 'renumber');
    assert.deepEqual(await number(property.id), [901, 1], 'a preview changes nothing');
    await dialog.getByRole('button', { name: 'Gi nytt nummer' }).click();
    await page.getByRole('heading', { name: `${no}-902/7` }).waitFor();
    await item(page, `${no}-902/7`).waitFor();
    assert.deepEqual(await number(property.id), [902, 7]);
    await undo(page);
    await page.getByRole('heading', { name: `${no}-901/1` }).waitFor();
    assert.deepEqual([await number(property.id), await number(taken.id)], [[901, 1], [901, 2]]);
    assert.deepEqual(found, []);
  }));

test('a building is filled with the components of its kind, once; a template that is gone is said so', () =>
  b.with({ name: 'dialogs-template', at: s.url, viewport: desk }, async (page) => {
    const building = await place(lot, 'building', 'Malskolen', { type_code: 613 });
    const template = '01a00000-0000-7000-8000-00000000a001';
    const body = { name: 'Liten skole', types: '61', items: [{ element: '365', name: 'Aggregat', service_life_years: 20 }, { element: '621', name: 'Heis' }] };
    await ok(office.put(`/api/v1/templates/${template}`, new TextEncoder().encode(JSON.stringify(body)), 'application/json'));
    const names = async (): Promise<string[]> =>
      (await owner.query('select name from component where place_id = $1 and removed_at is null order by name', [building.id])).rows.map((row) => row.name);
    const found = await logIn(page);
    const dialog = await act(page, building.id, 'Fyll fra mal');
    await dialog.getByLabel('Mal').selectOption({ label: 'Liten skole' });
    await look(page, 'template');
    await dialog.getByRole('button', { name: 'Fyll inn' }).press('Enter');
    await page.getByText('2 komponenter fra «Liten skole» er lagt til').waitFor();
    await page.getByRole('tab', { name: 'Komponenter', selected: true }).waitFor();
    await page.getByRole('link', { name: 'Aggregat' }).waitFor();
    assert.deepEqual(await names(), ['Aggregat', 'Heis']);
    await undo(page);
    await page.getByRole('link', { name: 'Aggregat' }).waitFor({ state: 'detached' });
    assert.deepEqual(await names(), []);

    await component(building.id, 'Aggregat', { element: '365' });
    await component(building.id, 'Heis', { element: '621' });
    const nothing = await act(page, building.id, 'Fyll fra mal');
    await nothing.getByLabel('Mal').selectOption({ label: 'Liten skole' });
    await nothing.getByRole('button', { name: 'Fyll inn' }).click();
    await page.getByText('Alt i «Liten skole» er der allerede').waitFor();

    const gone = await act(page, building.id, 'Fyll fra mal');
    await gone.getByLabel('Mal').selectOption({ label: 'Liten skole' });
    await ok(office.del(`/api/v1/templates/${template}`));
    await gone.getByRole('button', { name: 'Fyll inn' }).click();
    await gone.getByText('Malen finnes ikke lenger.').waitFor();
    assert.deepEqual(await names(), ['Aggregat', 'Heis']);
    assert.deepEqual(found, []);
  }));

test('a position is written as coordinates or chosen on the map, merged with what another writes, and taken back', () =>
  b.with({ name: 'dialogs-position', at: s.url, viewport: desk }, async (page) => {
    const building = await place(lot, 'building', 'Plassbygget');
    const fan = await component(building.id, 'Takvifte');
    const at = async (): Promise<[number, number] | null> => {
      const { rows } = await owner.query('select st_x(geom)::float8 as x, st_y(geom)::float8 as y from component where id = $1', [fan.id]);
      return rows[0].x === null ? null : [rows[0].x, rows[0].y];
    };
    const near = async (x: number, y: number, within: number): Promise<void> => {
      const got = await at();
      assert.ok(got && Math.hypot(got[0] - x, got[1] - y) <= within, `${got} is not within ${within} m of ${x}, ${y}`);
    };
    const found = await logIn(page);
    await page.goto(`/office?view=register&component=${fan.id}`);
    const field = page.getByRole('textbox', { name: 'Plassering' });
    const save = page.getByRole('button', { name: 'Lagre' });
    const saved = async (): Promise<void> => {
      const answer = page.waitForResponse((r) => r.request().method() === 'PATCH' && r.status() === 200);
      await save.click();
      await answer;
      await save.waitFor({ state: 'detached' });
    };
    await field.fill('her borte');
    await page.getByText('Det er ikke en koordinat i Norge.').waitFor();
    assert.equal(await save.count(), 0, 'what is no place is not saved');
    await field.fill('437 778,12 6 998 420,9');
    await saved();
    await near(437778.12, 6998420.9, 0.001);
    assert.match(await field.inputValue(), /E 437.778,12 N 6.998.420,9/);

    // Degrees: PostGIS says where that is.
    await field.fill('63.1234567 7.7654321');
    await saved();
    const { rows } = await owner.query(`select st_x(p)::float8 as x, st_y(p)::float8 as y from st_transform(st_setsrid(st_point(7.7654321, 63.1234567), 4258), 25832) p`);
    await near(rows[0].x, rows[0].y, 0.05);
    await undo(page);
    await eventually('the place before is back', async () => /E 437.778,12/.test(await field.inputValue()));
    await near(437778.12, 6998420.9, 0.001);

    // Another changes the maker meanwhile: merged. Another moves it too: both are shown.
    await page.getByRole('button', { name: 'Velg på kartet' }).click();
    const map = page.getByRole('application', { name: 'Kart å velge plassering på' });
    await map.locator('canvas').first().waitFor();
    await page.getByRole('button', { name: 'Sett den i krysset' }).waitFor();
    const box = await map.boundingBox();
    assert.ok(box);
    await map.click({ position: { x: box.width / 2 + 40, y: box.height / 2 } });
    await eventually('ten metres east, at a quarter metre a pixel', async () => /E 437.788,12 N 6.998.420,9/.test(await field.inputValue()));
    await picture(page, 'position-1440');
    let row = await ok(office.get(`/api/v1/components/${fan.id}`));
    row = await ok(office.patch(`/api/v1/components/${fan.id}`, { row_v: row.row_v, maker: 'Systemair' }));
    await eventually('the maker follows along', async () => (await page.getByLabel('Produsent').inputValue()) === 'Systemair');
    await saved();
    await near(437788.12, 6998420.9, 0.3);
    assert.equal((await owner.query('select maker from component where id = $1', [fan.id])).rows[0].maker, 'Systemair');

    await map.focus();
    await page.keyboard.press('ArrowUp');
    await eventually('the map has moved and come to rest', async () => {
      await page.getByRole('button', { name: 'Sett den i krysset' }).click();
      return !/N 6.998.420,9$/.test(await field.inputValue());
    });
    row = await ok(office.get(`/api/v1/components/${fan.id}`));
    await ok(office.patch(`/api/v1/components/${fan.id}`, { row_v: row.row_v, geometry: { type: 'Point', coordinates: [437700, 6998400] } }));
    await page.getByText('En annen endret «Plassering»').waitFor();
    await page.getByText('E 437 700 N 6 998 400').waitFor();
    await page.getByRole('button', { name: 'Bruk den nye' }).click();
    await eventually('theirs', async () => /E 437.700 N 6.998.400/.test(await field.inputValue()));

    await page.getByRole('button', { name: 'Fjern egen plassering' }).click();
    await saved();
    assert.equal(await at(), null, 'it is where its place is');
    await page.setViewportSize(phone);
    await field.scrollIntoViewIfNeeded();
    await picture(page, 'position-360');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false);
    assert.deepEqual(found, []);
  }));
