// A property manager lets QGIS read the map: makes a token, takes it along once, sees that it is used, and ends it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { world } from '../integration/harness.ts';
import { browser, picture } from './browser.ts';

const desk = { width: 1440, height: 900 };
const phone = { width: 360, height: 740 };
const zoomed = { width: 720, height: 450 }; // the desk's screen at 200 %

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();

async function logIn(page: Page): Promise<void> {
  await page.goto('/');
  await page.evaluate(async () => {
    const body = JSON.stringify({ person: 'manager' });
    await fetch('/api/v1/session/demo', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  });
}

async function look(page: Page, name: string): Promise<void> {
  for (const size of [phone, zoomed, desk]) {
    await page.setViewportSize(size);
    await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished)));
    await picture(page, `${name}-${size.width}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, `${name} is too wide at ${size.width}`);
  }
}

const read = (token: string): Promise<Response> =>
  fetch(`${s.url}/ogc/collections/components/items?limit=1`, { headers: { authorization: `Basic ${Buffer.from(`qgis:${token}`).toString('base64')}` } });

test('a token is made from the map, shown once, copied, used by a program, and ended', () =>
  b.with({ name: 'gis-tokens', at: s.url, viewport: desk }, async (page, context) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const found: string[] = [];
    page.on('pageerror', (e) => found.push(e.message));
    await logIn(page);
    await page.goto('/office?view=map');
    await page.getByRole('toolbar', { name: 'Kartverktøy' }).getByRole('button', { name: 'Utvalg' }).click();
    await page.getByRole('link', { name: 'Les kartdata i QGIS og andre programmer' }).click();
    await page.getByRole('heading', { name: 'GIS-tilgang', level: 1 }).waitFor();
    await page.getByText('Du har ingen adgangskoder.').waitFor();
    await look(page, 'empty');

    await page.getByRole('button', { name: 'Ny adgangskode' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Lag adgangskode' }).isDisabled(), true, 'it has a name');
    await page.keyboard.type('QGIS på kontoret');
    await dialog.getByLabel('Gjelder i').selectOption({ label: '30 dager' });
    await look(page, 'new');
    await dialog.getByLabel('Hva skal den brukes til?').press('Enter');
    await page.getByText('Adgangskoden «QGIS på kontoret» er laget').waitFor();
    const token = await page.getByLabel('Adgangskode', { exact: true }).inputValue();
    assert.match(token, /^or_[\w-]{43}$/);
    await page.getByRole('button', { name: 'Kopier: Adgangskode' }).click();
    await page.getByText('Kopiert').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token);
    assert.equal(await page.getByLabel('Adresse', { exact: true }).inputValue(), `${s.url}/ogc`);
    await look(page, 'made');
    await page.getByRole('button', { name: 'Jeg har tatt vare på koden' }).click();
    await page.reload();
    const card = page.getByRole('listitem').filter({ hasText: 'QGIS på kontoret' });
    await card.getByText('Ikke brukt').waitFor();
    assert.doesNotMatch(await page.content(), new RegExp(token), 'shown once');

    assert.equal((await read(token)).status, 200);
    await page.reload();
    await card.getByText(/Sist brukt i dag \d\d\.\d\d/).waitFor();
    await card.getByText(/Gjelder til \d+\. \w+ \d{4}/).waitFor();
    await look(page, 'used');

    await card.getByRole('button', { name: 'Steng QGIS på kontoret' }).click();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await read(token)).status, 200, 'nothing ends without a yes');
    await card.getByRole('button', { name: 'Steng QGIS på kontoret' }).click();
    await look(page, 'end');
    await dialog.getByRole('button', { name: 'Steng adgangen' }).click();
    await page.getByText('Du har ingen adgangskoder.').waitFor();
    assert.equal((await read(token)).status, 401);
    for (const [language, none] of [['nn', 'Du har ingen tilgangskodar.'], ['en', 'You have no access tokens.']] as const) {
      await page.evaluate((l) => localStorage.setItem('fdvu.language', l), language);
      await page.reload();
      await page.getByText(none).waitFor();
      await look(page, `empty-${language}`);
    }
    assert.deepEqual(found, []);
  }));

test('the twenty-first token is refused, and the page says why', () =>
  b.with({ name: 'gis-tokens-many', at: s.url, viewport: desk }, async (page) => {
    const office = await s.login('manager');
    for (let n = 1; n <= 20; n++) assert.equal((await office.post('/api/v1/session/tokens', { name: `Program ${n}` })).status, 201);
    await logIn(page);
    await page.goto('/office?view=gis');
    await page.getByText('Program 20').waitFor();
    await page.getByRole('button', { name: 'Ny adgangskode' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Hva skal den brukes til?').fill('En for mye');
    await dialog.getByRole('button', { name: 'Lag adgangskode' }).click();
    await dialog.getByText('Du kan ha 20 adgangskoder. Steng en først.').waitFor();
    assert.equal(await dialog.getByLabel('Hva skal den brukes til?').inputValue(), 'En for mye');
  }));
