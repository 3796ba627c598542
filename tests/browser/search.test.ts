// The command box, as those use it who sit in the office all day: by keyboard, while somebody waits on
// the telephone.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { root, world } from '../integration/harness.ts';
import { browser } from './browser.ts';

const desk = { width: 1440, height: 900 };
const narrow = { width: 360, height: 740 };

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const owner = await w.connect('owner');
const pictures = process.env.FDVU_PICTURES;

const house = (
  await owner.query(
    `select p.id, p.label, p.name, a.street_name || ' ' || a.number as address from place p join address a on a.building_id = p.id
      where p.name = 'Kristiansund bibliotek'`,
  )
).rows[0];

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(join(root, pictures), { recursive: true });
  await page.screenshot({ path: join(root, pictures, `${name}.png`) });
}

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
