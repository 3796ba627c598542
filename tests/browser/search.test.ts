// The command box, as those use it who sit in the office all day: by keyboard, while somebody waits on
// the telephone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { world } from '../integration/harness.ts';
import { browser, picture } from './browser.ts';

const desk = { width: 1440, height: 900 };
const narrow = { width: 360, height: 740 };

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const owner = await w.connect('owner');

const house = (
  await owner.query(
    `select p.id, p.label, p.name, a.street_name || ' ' || a.number as address from place p join address a on a.building_id = p.id
      where p.name = 'Kristiansund bibliotek'`,
  )
).rows[0];

async function office(page: Page, language = 'nb'): Promise<Locator> {
  await page.goto('/');
  const status = await page.evaluate(
    async () =>
      (
        await fetch('/api/v1/session/demo', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ person: 'manager' }),
        })
      ).status,
  );
  assert.equal(status, 201);
  await page.evaluate((l) => localStorage.setItem('fdvu.language', l), language);
  await page.goto('/office');
  const box = page.getByRole('combobox', { name: /^(Søk i alt|Search everything)/ });
  await box.waitFor({ timeout: 30_000 });
  return box;
}

test('a house is found and opened without a mouse', () =>
  b.with({ name: 'search-keyboard', at: s.url, viewport: desk }, async (page) => {
    const box = await office(page);
    await page.keyboard.press('Control+k');
    assert.ok(await box.evaluate((e) => e === document.activeElement), 'Ctrl-K goes to the box');
    await page.keyboard.type(house.address.replace('gata', 'gt.'), { delay: 15 });
    const option = page.getByRole('option', { name: house.label });
    await option.first().waitFor();
    await picture(page, 'search-address');
    assert.ok(await page.getByRole('group', { name: /Bygninger/ }).isVisible());
    assert.equal(await box.getAttribute('aria-activedescendant'), await option.first().getAttribute('id'));
    const orphans = await page.locator('[role=listbox]').evaluate((list) => [...list.querySelectorAll('[role=option]')].filter((o) => !o.closest('[role=group][aria-labelledby]')).length);
    assert.equal(orphans, 0, 'each hit is told with its group');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('place') === house.id && url.searchParams.get('view') === 'register');
  }));

test('arrows, Home, End and Escape do what they say', () =>
  b.with({ name: 'search-arrows', at: s.url, viewport: desk }, async (page) => {
    const box = await office(page);
    await box.fill('kirkeg');
    await page.getByRole('option', { name: /Kirkegata/ }).first().waitFor();
    const at = async (): Promise<number> => page.locator('[role=option]').evaluateAll((all) => all.findIndex((e) => e.getAttribute('aria-selected') === 'true'));
    const count = await page.locator('[role=option]').count();
    assert.equal(await at(), 0);
    await page.keyboard.press('ArrowDown');
    assert.equal(await at(), 1);
    await page.keyboard.press('End');
    assert.equal(await at(), count - 1);
    await page.keyboard.press('ArrowDown');
    assert.equal(await at(), 0, 'after the last comes the first');
    await page.keyboard.press('ArrowUp');
    assert.equal(await at(), count - 1);
    await page.keyboard.press('Home');
    assert.equal(await at(), 0);
    await page.keyboard.press('Escape');
    assert.equal(await box.inputValue(), '');
    await page.keyboard.press('Escape');
    assert.equal(await box.getAttribute('aria-expanded'), 'false');
  }));

test('Enter before the answer has come opens what the words find, not what stood there', () =>
  b.with({ name: 'search-hasty', at: s.url, viewport: desk }, async (page) => {
    const box = await office(page);
    await box.fill('havneg');
    await page.getByRole('option', { name: /Havnegata/ }).first().waitFor();
    await box.fill(house.address);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('place') === house.id);
  }));

test('components, cases and tasks open where they belong, and what was opened is offered again', () =>
  b.with({ name: 'search-kinds', at: s.url, viewport: desk }, async (page) => {
    const box = await office(page);
    const component = (await owner.query(`select id, tag, name from component where tag is not null and removed_at is null order by id limit 1`)).rows[0];
    await box.fill(component.tag);
    await page.getByRole('option', { name: component.name }).first().click();
    await page.waitForURL((url) => url.searchParams.get('component') === component.id);
    const task = (await owner.query(`select id, number, title from task order by number desc limit 1`)).rows[0];
    await box.fill(task.number);
    await page.getByRole('group', { name: 'Oppgaver' }).getByRole('option').first().click();
    await page.waitForURL((url) => url.searchParams.get('task') === task.id);
    await page.keyboard.press('Control+k');
    await page.getByRole('group', { name: 'Sist åpnet' }).waitFor();
    assert.equal(await page.getByRole('group', { name: 'Sist åpnet' }).getByRole('option').count(), 2);
    await picture(page, 'search-empty');
  }));

test('a place found by what it was called says so, after those that are called so now', () =>
  b.with({ name: 'search-former', at: s.url, viewport: desk }, async (page) => {
    const [was, now] = (await owner.query(
      `select p.id, r.place_id, r.gnr, r.bnr, property_name(r.municipality_no, r.gnr, r.bnr, r.fnr, r.snr) as name
         from property r join place p on p.id = r.place_id where p.area_no is not null order by r.gnr, r.bnr limit 2`)).rows;
    await owner.query(`update property set bnr = 99001 where place_id = $1`, [was.id]);
    await owner.query(`update property set gnr = $1, bnr = $2 where place_id = $3`, [was.gnr, was.bnr, now.id]);
    for (const [language, word] of [['nb', 'tidligere'], ['nn', 'tidlegare'], ['en', 'formerly']] as const) {
      const box = await office(page, language);
      await box.fill(was.name);
      const options = page.getByRole('group', { name: /Eiendommer|Eigedomar|Properties/ }).getByRole('option');
      await options.filter({ hasText: `${word} ${was.name}` }).waitFor();
      assert.ok(!(await options.first().innerText()).includes(word), 'who has the number now stands first');
      if (language === 'nb') await picture(page, 'search-former');
      await options.filter({ hasText: word }).click();
      await page.waitForURL((url) => url.searchParams.get('place') === was.id);
    }
    await page.setViewportSize(narrow);
    const box = page.getByRole('combobox', { name: /^Search everything/ });
    await box.fill(was.name);
    await page.getByRole('option').filter({ hasText: 'formerly' }).waitFor();
    await picture(page, 'search-former-phone');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  }));

test('keys, cylinders and key systems are found in a group of their own, and open at their detail', () =>
  b.with({ name: 'search-keys', at: s.url, viewport: desk }, async (page) => {
    const system = (await owner.query(`insert into key_system (place_id, name) values ($1, 'Bibliotekets lås') returning id`, [house.id])).rows[0].id;
    await owner.query(`insert into cylinder (system_id, mark, place_id) values ($1, 'QC-7', $2)`, [system, house.id]);
    const key = (await owner.query(`insert into key (system_id, mark, serial) values ($1, 'QK41', '3') returning id`, [system])).rows[0].id;
    const box = await office(page);
    await box.fill('qk41-3');
    await page.getByRole('group', { name: 'Nøkler' }).getByRole('option', { name: /QK41-3.*Nøkkel · Bibliotekets lås/ }).waitFor();
    await picture(page, 'search-keys');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('view') === 'keys' && url.searchParams.get('key') === key);
    await page.getByRole('heading', { name: /QK41-3/ }).waitFor();
    for (const [words, name] of [['qc7', /QC-7.*Sylinder/], ['bibliotekets lås', /Bibliotekets lås.*Låssystem/]] as const) {
      await page.getByRole('combobox', { name: /^Søk i alt/ }).fill(words);
      await page.getByRole('group', { name: 'Nøkler' }).getByRole('option', { name }).click();
      await page.waitForURL((url) => url.searchParams.get('view') === 'keys' && url.searchParams.get('system') === system);
      await page.getByRole('heading', { name: 'Bibliotekets lås' }).waitFor();
    }
    await page.reload();
    await page.getByRole('heading', { name: 'Bibliotekets lås' }).waitFor();
    await page.getByRole('cell', { name: 'QC-7' }).waitFor();
  }));

test('the box goes to the views of the office, by their names in each language', () =>
  b.with({ name: 'search-commands', at: s.url, viewport: desk }, async (page) => {
    for (const [language, word, view] of [['nb', 'kart', 'map'], ['nn', 'nøklar', 'keys'], ['en', 'meters', 'meters']] as const) {
      const box = await office(page, language);
      await box.fill(word);
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.searchParams.get('view') === view);
    }
  }));

test('says so when nothing is found, and when the server does not answer', () =>
  b.with({ name: 'search-nothing', at: s.url, viewport: desk }, async (page) => {
    const box = await office(page);
    await box.fill('xqzwvq');
    await page.getByText('Ingen treff på «xqzwvq»').first().waitFor();
    await page.route('**/api/v1/search*', (route) => route.abort());
    await box.fill('kirkegata');
    await page.getByText('Søket svarte ikke').first().waitFor();
    await picture(page, 'search-failed');
    await page.unroute('**/api/v1/search*');
    await box.fill('kirkegata 1');
    await page.getByRole('option', { name: /Kirkegata/ }).first().waitFor();
  }));

test('only the last question is answered, however late the first answer comes', () =>
  b.with({ name: 'search-late', at: s.url, viewport: desk }, async (page) => {
    const box = await office(page);
    await page.route('**/api/v1/search?q=havneg*', async (route) => {
      await new Promise((done) => setTimeout(done, 1200));
      await route.continue().catch(() => undefined);
    });
    await box.fill('havneg');
    await page.waitForTimeout(300);
    await box.fill(house.address);
    await page.getByRole('option', { name: house.label }).first().waitFor();
    await page.waitForTimeout(1500);
    assert.equal(await page.getByRole('option', { name: /Havnegata/ }).count(), 0);
  }));

test('works on a phone, at its width', () =>
  b.with({ name: 'search-phone', at: s.url, viewport: narrow }, async (page) => {
    const box = await office(page);
    await box.fill('brannsl');
    await page.getByRole('option', { name: /Brannslokker/ }).first().waitFor();
    await picture(page, 'search-phone');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    const height = await page.getByRole('option').first().evaluate((e) => e.getBoundingClientRect().height);
    assert.ok(height >= 44, `${height} px high`);
  }));
