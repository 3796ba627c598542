// The map as people use it: layers, selection, measuring, printing to PDF, floor plans; with the
// keyboard, on a desk, a tablet and a phone, and without the background map, which no test machine
// reaches.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Person, root, world } from '../integration/harness.ts';
import { browser } from './browser.ts';

const desk = { width: 1440, height: 900 };
const tablet = { width: 1024, height: 768 };
const phone = { width: 360, height: 740 };
const waitMs = 60_000; // pages with maps are heavy where many tests share two cores
const pictures = join(root, 'build/test/map');

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const owner = await w.connect('owner');
let site: { id: string; label: string; x: number; y: number; storey: string; storey_name: string };

before(async () => {
  mkdirSync(pictures, { recursive: true });
  const { rows } = await owner.query(
    `select b.id, b.label, st_x(b.point)::float8 as x, st_y(b.point)::float8 as y, st.id as storey, st.name as storey_name
       from place b join place st on st.parent_id = b.id and st.kind = 'storey'
      where b.kind = 'building' and b.area_no = 1 and b.geom is not null
        and exists (select from task t where t.site_id = b.id and t.state = 'open')
      order by b.id, st.id limit 1`,
  );
  site = rows[0];
});

async function logIn(page: Page, person: Person): Promise<void> {
  page.setDefaultTimeout(waitMs);
  await page.goto('/');
  await page.evaluate(
    (who) =>
      fetch('/api/v1/session/demo', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ person: who }),
      }),
    person,
  );
}

/** What breaks, and what the browser refuses to fetch. */
function troubles(page: Page): string[] {
  const found: string[] = [];
  page.on('pageerror', (e) => found.push(e.message));
  page.on('console', (m) => {
    if (/Content Security Policy|violates/.test(m.text())) found.push(m.text());
  });
  return found;
}

const at = (more = '', r = 0.5): string => `/office?view=map&c=${site.x.toFixed(1)},${site.y.toFixed(1)}&r=${r}${more}`;

/** Opens the map and waits until tiles have come. */
async function openMap(page: Page, address = at()): Promise<void> {
  const tiles = page.waitForResponse((r) => /\/api\/v1\/tiles\//.test(r.url()) && r.status() === 200);
  await page.goto(address);
  await tiles;
  await page.locator('canvas').first().waitFor();
  await page.waitForLoadState('networkidle');
}

const shot = (page: Page, name: string): Promise<Buffer> => page.screenshot({ path: join(pictures, `${name}.png`) });
const map = (page: Page) => page.getByRole('application', { name: /Kart over registeret/ });
const panel = (page: Page, name: string) => page.getByRole('toolbar', { name: 'Kartverktøy' }).getByRole('button', { name, exact: false });
const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

async function middleOf(page: Page): Promise<[number, number]> {
  const box = await map(page).boundingBox();
  assert.ok(box);
  return [box.x + box.width / 2, box.y + box.height / 2];
}

test('layers are shown and hidden, remembered, and part of an address that can be sent on', () =>
  b.with({ name: 'map-layers', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    const found = troubles(page);
    await openMap(page);
    await page.getByText('Bakgrunnskartet svarer ikke').waitFor();
    await shot(page, 'desk-layers');
    for (const text of ['Over fristen', 'Venter', 'Avsluttet']) assert.ok((await page.getByText(text, { exact: true }).count()) > 0, text);

    const asked = page.waitForRequest((r) => /tiles\/utm32n\/.*layers=.*component/.test(r.url()));
    await page.getByRole('checkbox', { name: /^Komponenter/ }).check();
    await asked;
    await page.getByRole('checkbox', { name: /etter tilstand/ }).check();
    for (const grade of ['TG0', 'TG1', 'TG2', 'TG3', 'TGIU']) await page.getByText(new RegExp(`^${grade} `)).waitFor();
    await page.getByRole('checkbox', { name: /^Saker/ }).uncheck();
    await page.waitForLoadState('networkidle');
    await shot(page, 'desk-condition');
    const address = new URL(page.url()).searchParams;
    assert.equal(address.get('layers'), 'outdoor_area,building,component,task');
    assert.equal(address.get('tg'), '1');

    // Without layers in the address it is as it was left; with them the address decides.
    await page.goto('/office?view=map');
    await page.getByRole('checkbox', { name: /^Komponenter/ }).waitFor();
    assert.equal(await page.getByRole('checkbox', { name: /^Komponenter/ }).isChecked(), true);
    assert.equal(await page.getByRole('checkbox', { name: /^Saker/ }).isChecked(), false);
    await page.goto('/office?view=map&layers=case&tg=0');
    assert.equal(await page.getByRole('checkbox', { name: /^Komponenter/ }).isChecked(), false);
    assert.equal(await page.getByRole('checkbox', { name: /^Saker/ }).isChecked(), true);
    assert.deepEqual(found, []);
  }));

test('a drawn polygon selects, and what is selected can be taken out, opened and handed on', () =>
  b.with({ name: 'map-polygon', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    const found = troubles(page);
    await openMap(page);
    await panel(page, 'Utvalg').click();
    await page.getByRole('button', { name: 'Tegn et område' }).click();
    const [x, y] = await middleOf(page);
    for (const [dx, dy] of [[-150, -150], [150, -150], [150, 150], [-150, 150]] as const) {
      await page.mouse.click(x + dx, y + dy);
      await page.waitForTimeout(350); // two presses in one are the end
    }
    const answer = page.waitForResponse((r) => r.url().endsWith('/api/v1/map/selection'));
    await page.getByRole('button', { name: 'Ferdig' }).click();
    const { items } = await (await answer).json();
    assert.ok(items.some((item: { id: string }) => item.id === site.id));
    await page.getByText(`${items.length} valgt`).waitFor();
    await page.getByRole('heading', { name: /^Bygninger \(\d+\)$/ }).waitFor();
    await shot(page, 'desk-selection');

    const link = page.getByRole('link', { name: site.label, exact: true }).first();
    assert.equal(await link.getAttribute('href'), `/office?view=register&place=${site.id}`);
    await page.getByRole('button', { name: `Ta ${site.label} ut av utvalget` }).click();
    await page.getByText(`${items.length - 1} valgt`).waitFor();

    const others = items.filter((item: { kind: string; id: string }) => item.kind === 'building' && item.id !== site.id);
    if (others.length) {
      await page.getByRole('group', { name: 'Bygninger' }).getByRole('button', { name: 'Endre flere' }).click();
      await page.waitForURL(/view=register&bulk=place/);
      const kept = await page.evaluate(() => sessionStorage.getItem('fdvu.bulk'));
      assert.deepEqual(JSON.parse(kept ?? '').ids.sort(), others.map((item: { id: string }) => item.id).sort());
    }
    assert.deepEqual(found, []);
  }));

test('a press selects one thing, with shift one more', () =>
  b.with({ name: 'map-press', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    await openMap(page, at('&layers=building', 0.3));
    await page.waitForTimeout(800);
    await page.mouse.click(...(await middleOf(page)));
    await page.getByText('1 valgt').waitFor();
    await page.getByRole('link', { name: site.label, exact: true }).waitFor();
    await shot(page, 'desk-picked');
    await page.getByRole('button', { name: 'Tøm utvalget' }).click();
    await page.getByText('Ingenting er valgt').waitFor();
  }));

test('everything is reached by keyboard: moving, selecting what is in view, measuring, the list', () =>
  b.with({ name: 'map-keyboard', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    await openMap(page);
    await map(page).focus();
    const before = new URL(page.url()).searchParams.get('c');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((c) => new URL(location.href).searchParams.get('c') !== c, before);

    await panel(page, 'Utvalg').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Velg alt i kartutsnittet' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^\d+ valgt$/).waitFor();

    await panel(page, 'Mål').focus();
    await page.keyboard.press('Enter');
    const add = page.getByRole('button', { name: 'Legg til midten' });
    await add.focus();
    await page.keyboard.press('Enter');
    await map(page).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(600);
    await add.focus();
    await page.keyboard.press('Enter');
    await page.locator('output').getByText(/^\d+(,\d+)? m$/).waitFor();

    await panel(page, 'Liste').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Bygninger \(\d+\)$/ }).waitFor();
    assert.ok((await page.getByRole('region', { name: 'Liste' }).getByRole('link').count()) > 0);
    await shot(page, 'desk-list');
  }));

test('a distance and an area are measured on the ground, the same in both projections', () =>
  b.with({ name: 'map-measure', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    const measured: number[] = [];
    for (const crs of ['25832', '3857']) {
      await openMap(page, at(`&crs=${crs}`, 1));
      assert.equal(await page.getByLabel('Projeksjon').inputValue(), crs);
      await panel(page, 'Mål').click();
      const [x, y] = await middleOf(page);
      for (const dx of [-200, 200]) {
        await page.mouse.click(x + dx, y);
        await page.waitForTimeout(350);
      }
      await page.getByRole('button', { name: 'Ferdig' }).click();
      const text = await page.locator('output').getByText(/^[\d\s]+(,\d+)? m$/).innerText();
      measured.push(Number(text.replace(/[^\d,]/g, '').replace(',', '.')));
      await page.getByRole('button', { name: 'Areal' }).click();
      for (const [dx, dy] of [[-100, -100], [100, -100], [100, 100], [-100, 100]] as const) {
        await page.mouse.click(x + dx, y + dy);
        await page.waitForTimeout(350);
      }
      await page.getByRole('button', { name: 'Ferdig' }).click();
      const area = await page.getByText(/^[\d\s]+ m² \(.* mål\)$/).innerText();
      const m2 = Number(area.slice(0, area.indexOf('m')).replace(/\D/g, ''));
      assert.ok(Math.abs(m2 - 40_000) < 600, `${area} of 200 × 200 m`);
      await shot(page, `desk-measure-${crs}`);
    }
    for (const metres of measured) assert.ok(Math.abs(metres - 400) < 3, `${metres} m of 400`);
  }));

test('coordinates are shown with their axes, and one that is typed in is gone to', () =>
  b.with({ name: 'map-coordinates', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    await openMap(page);
    const shown = page.getByRole('status', { name: /Midten av kartet|Der pekeren er/ });
    assert.match(await shown.innerText(), /^E [\d\s]+,\d N [\d\s]+,\d$/);
    const field = page.getByLabel('Koordinat (E, N)');
    await field.fill('tull');
    await field.press('Enter');
    await page.getByText('Det er ikke en koordinat i Norge.').waitFor();
    await field.fill('6998420 437778');
    await field.press('Enter');
    await page.waitForURL(/c=437778\.0%2C6998420\.0/);
    await page.getByLabel('Projeksjon').selectOption('3857');
    await page.getByText(/^X [\d\s\u2212-]+,\d Y [\d\s]+,\d$/).waitFor();
    await page.waitForURL(/crs=3857/);
    const c = new URL(page.url()).searchParams.get('c')?.split(',').map(Number);
    assert.ok(c && Math.abs(c[0]! - 437_778) < 1 && Math.abs(c[1]! - 6_998_420) < 1, 'the place is the same');
  }));

/** The text of a PDF that Chromium made, as far as its fonts' maps tell it: enough to know that there is text. */
function pdfFacts(pdf: Buffer): { pages: number; box: number[]; hasText: boolean } {
  const raw = pdf.toString('latin1');
  let hasText = false;
  for (const match of raw.matchAll(/stream\r?\n/g)) {
    const begin = match.index + match[0].length;
    const end = raw.indexOf('endstream', begin);
    try {
      const content = inflateSync(pdf.subarray(begin, end)).toString('latin1');
      hasText ||= /\bBT\b[\s\S]*\bT[jJ]\b[\s\S]*\bET\b/.test(content);
    } catch {
      continue; // a picture, or a font
    }
  }
  const box = /\/MediaBox\s*\[([^\]]+)\]/.exec(raw)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
  return { pages: raw.match(/\/Type\s*\/Page\b/g)?.length ?? 0, box, hasText };
}

test('a sheet true to scale prints to one page of PDF, with text as text', () =>
  b.with({ name: 'map-print', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    const found = troubles(page);
    await openMap(page);
    await panel(page, 'Skriv ut').click();
    await page.getByLabel('Tittel').fill('Tilstand i Sund sentrum');
    for (const [paper, direction, width, height, scale] of [['a4', 'landscape', 297, 210, '1000'], ['a3', 'portrait', 297, 420, '500']] as const) {
      await page.getByRole('combobox', { name: /^Ark/ }).selectOption(paper);
      await page.getByLabel('Retning').selectOption(direction);
      await page.getByLabel('Målestokk').selectOption(scale);
      await page.getByRole('button', { name: 'Vis arket' }).click();
      await page.getByRole('button', { name: 'Skriv ut eller lagre som PDF' }).waitFor();
      await shot(page, `print-${paper}-${direction}`);
      const sheet = page.getByRole('dialog', { name: 'Skriv ut kartet' });
      await sheet.getByRole('heading', { name: 'Tilstand i Sund sentrum' }).waitFor();
      for (const text of [`Målestokk 1:${scale}`, 'EPSG:25832 (EUREF89 UTM 32)', 'Bygninger', 'Over fristen']) await sheet.getByText(text, { exact: true }).first().waitFor();
      await sheet.getByRole('img', { name: 'Nord er opp' }).waitFor();
      const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
      writeFileSync(join(pictures, `${paper}-${direction}.pdf`), pdf);
      const facts = pdfFacts(pdf);
      assert.equal(facts.pages, 1);
      assert.ok(facts.hasText, 'text is text');
      assert.ok(Math.abs(facts.box[2]! - (width * 72) / 25.4) < 2 && Math.abs(facts.box[3]! - (height * 72) / 25.4) < 2, `${facts.box} is ${width} × ${height} mm`);
      assert.ok(pdf.length > 20_000, 'there is a map on it');
      await page.getByRole('button', { name: 'Tilbake til kartet' }).click();
    }
    assert.deepEqual(found, []);
  }));

test('an administrator changes the background, others are not offered it', () =>
  b.with({ name: 'map-settings', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    await openMap(page);
    assert.equal(await panel(page, 'Bakgrunn').count(), 0);
    await logIn(page, 'admin');
    await openMap(page);
    await panel(page, 'Bakgrunn').click();
    await page.getByRole('textbox', { name: 'Adresse', exact: true }).fill('https://kart.example.no/{z}/{x}/{y}');
    await page.getByText('map_hosts').waitFor();
    await shot(page, 'desk-settings');
    assert.equal(await page.getByRole('button', { name: 'Lagre' }).isDisabled(), true);
    await page.getByLabel('Tjeneste').selectOption('none');
    const saved = page.waitForResponse((r) => r.url().endsWith('/api/v1/settings/map') && r.request().method() === 'PUT');
    await page.getByRole('button', { name: 'Lagre' }).click();
    assert.equal((await saved).status(), 200);
    await page.getByText('FDVUs eget kartgrunnlag').waitFor();
    await page.getByRole('button', { name: 'Kartverkets kart' }).click();
    await page.getByRole('button', { name: 'Lagre' }).click();
    await page.getByText('Bakgrunnskartet svarer ikke').waitFor();
  }));

for (const [name, viewport] of [['tablet', tablet], ['phone', phone]] as const)
  test(`the map works on a ${name}`, () =>
    b.with({ name: `map-${name}`, at: s.url, viewport }, async (page) => {
      await logIn(page, 'manager');
      await openMap(page);
      await shot(page, `${name}-map`);
      assert.equal(await isTooWide(page), false);
      if (name === 'phone') await panel(page, 'Kartlag').click();
      await page.getByRole('checkbox', { name: 'Eiendommer' }).waitFor();
      await shot(page, `${name}-layers`);
      await panel(page, 'Utvalg').click();
      await page.getByRole('button', { name: 'Velg alt i kartutsnittet' }).click();
      await page.getByText(/^\d+ valgt$/).waitFor();
      await shot(page, `${name}-selection`);
      assert.equal(await isTooWide(page), false);
    }));

/** A PNG of a plan: walls as lines, so that it is seen whether it lies right. */
async function planPicture(page: Page): Promise<Buffer> {
  const data = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 800;
    canvas.height = 500;
    const pen = canvas.getContext('2d')!;
    pen.fillStyle = '#ffffff';
    pen.fillRect(0, 0, 800, 500);
    pen.strokeStyle = '#000000';
    pen.lineWidth = 8;
    pen.strokeRect(20, 20, 760, 460);
    pen.beginPath();
    for (const x of [250, 500]) {
      pen.moveTo(x, 20);
      pen.lineTo(x, 480);
    }
    pen.stroke();
    pen.font = '40px sans-serif';
    pen.fillStyle = '#000000';
    pen.fillText('Stue', 90, 250);
    pen.fillText('Kontor', 310, 250);
    return canvas.toDataURL('image/png').split(',')[1] ?? '';
  });
  return Buffer.from(data, 'base64');
}

/** A page of PDF with a frame and a word, made by hand: what a CAD program prints, much reduced. */
function planPdf(): Buffer {
  const content = '4 w 20 20 360 210 re S 200 20 m 200 230 l S BT /F1 24 Tf 60 110 Td (Lager) Tj ET';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 250] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let text = '%PDF-1.4\n';
  const starts = objects.map((object, i) => {
    const start = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return start;
  });
  const table = text.length;
  text += `xref\n0 6\n0000000000 65535 f \n${starts.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}`;
  return Buffer.from(`${text}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`, 'latin1');
}

function planDxf(): Buffer {
  const room = (x: number, name: string): (string | number)[] => [
    0, 'LWPOLYLINE', 8, 'ROM', 90, 4, 70, 1, 10, x, 20, 0, 10, x + 5000, 20, 0, 10, x + 5000, 20, 4000, 10, x, 20, 4000,
    0, 'TEXT', 8, 'TXT', 10, x + 500, 20, 500, 40, 250, 1, name,
  ];
  return Buffer.from([0, 'SECTION', 2, 'HEADER', 9, '$INSUNITS', 70, 4, 0, 'ENDSEC', 0, 'SECTION', 2, 'ENTITIES', ...room(0, 'Verksted'), ...room(5000, 'Bod'), 0, 'ENDSEC', 0, 'EOF', ''].join('\n'));
}

const storeys = (): string => `/office?view=map&storeys=${site.id}`;

async function openEditor(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.goto(storeys());
  await page.getByRole('button', { name: site.storey_name, exact: true }).click();
  await page.getByRole('button', { name: 'Legg til plantegning' }).click();
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByText('Nå: pek i tegningen').waitFor();
  await page.getByRole('application', { name: /^Tegningen/ }).locator('canvas').first().waitFor();
  await page.waitForTimeout(1000);
}

/** Two pairs of points, pressed in the drawing and on the map, `apart` pixels from the middle in both. */
async function pressPairs(page: Page, apart = 120): Promise<void> {
  const drawing = await page.getByRole('application', { name: /^Tegningen/ }).boundingBox();
  const ground = await map(page).boundingBox();
  assert.ok(drawing && ground);
  for (const side of [-1, 1]) {
    for (const box of [drawing, ground]) {
      await page.mouse.click(box.x + box.width / 2 + side * apart, box.y + box.height / 2);
      await page.waitForTimeout(500);
    }
  }
  await page.getByText(/^Avvik i snitt 0,00 m/).waitFor();
}

async function savePlan(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lagre plasseringen' }).click();
  await page.getByText('Plantegningen er lagt inn').waitFor();
}

test('a picture of a floor plan is placed by two pairs of points and lies on the map', () =>
  b.with({ name: 'plan-picture', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    const found = troubles(page);
    await openEditor(page, { name: 'Plan 1.png', mimeType: 'image/png', buffer: await planPicture(page) });
    await pressPairs(page);
    await page.waitForTimeout(1500);
    await page.getByText('Avvik i snitt').scrollIntoViewIfNeeded();
    await shot(page, 'plan-placing');
    await savePlan(page);
    await page.getByText('Plan 1', { exact: true }).waitFor();
    await page.waitForTimeout(1500);
    await shot(page, 'plan-placed');
    const { rows } = await owner.query(`select transform, control_points, kind, width from floor_plan where storey_id = $1 and removed_at is null`, [site.storey]);
    assert.equal(rows.length, 1);
    assert.equal(rows[0].kind, 'image');
    assert.equal(rows[0].width, 800);
    assert.equal(rows[0].control_points.length, 2);
    const [a, d, , , c, f] = rows[0].transform;
    assert.ok(a > 0.005 && a < 2 && Math.abs(d) < 0.05, `pixels of ${a} m, hardly turned`);
    assert.ok(Math.hypot(c - site.x, f - site.y) < 300, 'it lies at its building');

    // Its strength is kept, and it is taken off again.
    const kept = page.waitForResponse((r) => r.url().includes('/api/v1/floor-plans/') && r.request().method() === 'PATCH');
    await page.getByRole('slider').fill('0.3');
    assert.equal((await kept).status(), 200);
    await page.getByRole('button', { name: 'Ta bort' }).click();
    await page.getByText('Etasjen har ingen plantegning ennå.').waitFor();
    assert.deepEqual(found, []);
  }));

test('a page of a PDF is drawn in the browser and placed by keyboard alone', () =>
  b.with({ name: 'plan-pdf', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    const found = troubles(page);
    await openEditor(page, { name: 'Kjeller.pdf', mimeType: 'application/pdf', buffer: planPdf() });
    const drawing = page.getByRole('application', { name: /^Tegningen/ });
    for (const key of ['ArrowRight', 'ArrowLeft']) {
      for (const [pane, where] of [[drawing, 'i tegningen'], [map(page), 'i kartet']] as const) {
        await pane.focus();
        await page.keyboard.press(key);
        await page.waitForTimeout(600);
        const add = page.getByRole('button', { name: `Legg til punkt i midten ${where}` });
        await add.focus();
        await page.keyboard.press('Enter');
      }
    }
    await page.getByRole('row').nth(2).waitFor();
    await shot(page, 'plan-pdf');
    await page.getByRole('button', { name: 'Fjern punkt 2' }).waitFor();
    await page.getByRole('button', { name: 'Tilbake til kartet' }).last().click();
    await page.getByRole('button', { name: 'Legg til plantegning' }).waitFor();
    assert.deepEqual(found, []);
  }));

test('rooms of a DXF drawing are shown, placed, and become rooms of the storey', () =>
  b.with({ name: 'plan-dxf', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    const found = troubles(page);
    await openEditor(page, { name: 'Verksted.dxf', mimeType: 'image/vnd.dxf', buffer: planDxf() });
    await page.getByLabel('Lag med rommene').selectOption('ROM');
    await page.waitForTimeout(1000);
    await pressPairs(page);
    await page.waitForTimeout(800);
    await shot(page, 'plan-dxf-placing');
    await savePlan(page);
    await page.getByText('2 rom er laget eller oppdatert').waitFor();
    const room = page.getByRole('link', { name: 'Verksted', exact: true });
    await room.waitFor();
    assert.match((await room.getAttribute('href')) ?? '', /^\/office\?view=register&place=/);
    await page.waitForTimeout(1000);
    await shot(page, 'plan-dxf-rooms');
    assert.deepEqual(found, []);
  }));
