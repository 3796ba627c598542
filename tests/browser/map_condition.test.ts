// Buildings on the map by their condition, as those look at them who plan what to mend: drawn on the canvas, so it is the canvas that is read.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually, root, world } from '../integration/harness.ts';
import { browser } from './browser.ts';

const desk = { width: 1440, height: 900 };
const phone = { width: 360, height: 740 };
const pictures = join(root, 'build/test/map');

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const owner = await w.connect('owner');
const site = (await owner.query(
  `select id, st_x(point)::float8 as x, st_y(point)::float8 as y from place where kind = 'building' and area_no = 1 and geom is not null order by st_area(geom) desc limit 1`)).rows[0];

/** Where the building is in the middle, seen as an employee. */
async function open(page: Page, more: string, metresAPixel: number): Promise<void> {
  const tiles = page.waitForResponse((r) => /\/api\/v1\/tiles\//.test(r.url()) && r.status() === 200);
  await page.goto(`/office?view=map&c=${site.x.toFixed(1)},${site.y.toFixed(1)}&r=${metresAPixel}&layers=building${more}`);
  await tiles;
  await page.locator('canvas').first().waitFor();
  await page.waitForLoadState('networkidle');
}

const shot = (page: Page, name: string): Promise<Buffer> => page.screenshot({ path: join(pictures, `${name}.png`) });

/** How much of the middle of the map has a colour. */
const share = (page: Page, rgb: [number, number, number]): Promise<number> =>
  page.locator('canvas').first().evaluate((canvas: HTMLCanvasElement, [red, green, blue]) => {
    const { width, height } = canvas, side = 80;
    const { data } = canvas.getContext('2d')!.getImageData((width - side) / 2, (height - side) / 2, side, side);
    let n = 0;
    for (let i = 0; i < data.length; i += 4) n += Number(Math.abs(data[i]! - red) + Math.abs(data[i + 1]! - green) + Math.abs(data[i + 2]! - blue) < 12);
    return n / (side * side);
  }, rgb);

const red: [number, number, number] = [0xb3, 0x26, 0x1e], orange: [number, number, number] = [0xf1, 0xa3, 0x40];

test('buildings are filled by the worst condition of what is in them, in both grids, and the legend tells how they are edged', () =>
  b.with({ name: 'map-condition', at: s.url, viewport: desk }, async (page) => {
    page.setDefaultTimeout(60_000);
    mkdirSync(pictures, { recursive: true });
    const found: string[] = [];
    page.on('pageerror', (e) => found.push(e.message));
    await page.goto('/');
    await page.evaluate(() => fetch('/api/v1/session/demo', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ person: 'manager' }) }));
    await owner.query(`update component set condition_grade = 'TG1'`);
    const { rows } = await owner.query(`insert into component (place_id, name, condition_grade) values ($1, 'Tak', 'TG3') returning id`, [site.id]);
    for (const crs of ['25832', '3857']) {
      await open(page, `&crs=${crs}&tg=0`, 1);
      await page.waitForTimeout(500);
      assert.ok((await share(page, red)) < 0.01, `${crs}: not before one asks for it`);
      await page.getByRole('checkbox', { name: /etter tilstand/ }).check();
      await eventually('red', async () => (await share(page, red)) > 0.03, 10_000);
      await shot(page, `desk-building-condition-${crs}`);
    }
    const edges = await page.getByRole('listitem').filter({ hasText: /^TG/ }).evaluateAll((items) =>
      items.map((item) => { const r = item.querySelector('rect')!; return `${r.getAttribute('stroke-width')} ${r.getAttribute('stroke-dasharray')}`; }));
    assert.equal(new Set(edges.slice(0, 4)).size, 4, 'each grade has an edge of its own, for those who tell no colours');
    // Nothing is pressed: what a colleague finds out shows.
    await owner.query(`update component set condition_grade = 'TG2' where id = $1`, [rows[0].id]);
    await eventually('orange', async () => (await share(page, orange)) > 0.03 && (await share(page, red)) < 0.01, 15_000);
    await open(page, '&tg=1', 4);
    await shot(page, 'desk-building-condition-far');
    await page.setViewportSize(phone);
    await open(page, '&tg=1', 1);
    await page.getByRole('toolbar', { name: 'Kartverktøy' }).getByRole('button', { name: 'Kartlag' }).click();
    await shot(page, 'phone-building-condition');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    assert.deepEqual(found, []);
  }));
