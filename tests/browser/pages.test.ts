// The pages for tenants, the office, suppliers, passers-by and developers, as people use them. The
// tablet has its own file.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Person, eventually, world } from '../integration/harness.ts';
import { browser } from './browser.ts';

const phone = { width: 390, height: 844 };
const narrow = { width: 320, height: 640 };
const desk = { width: 1440, height: 900 };
const liveWithinMs = 2000; // what the office page promises

const w = await world({ demo: true });
const s = await w.server();
const b = await browser();
const owner = await w.connect('owner');

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

/** Collects what the browser refuses (CSP) and what breaks. */
function troubles(page: Page): string[] {
  const found: string[] = [];
  page.on('pageerror', (e) => found.push(e.message));
  page.on('console', (m) => {
    if (/Content Security Policy|violates/.test(m.text())) found.push(m.text());
  });
  return found;
}

async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
}

/** A PNG the size of a phone's photo, which the page must make small. */
async function bigPhoto(page: Page): Promise<Buffer> {
  const data = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 3000;
    canvas.height = 4000;
    const pen = canvas.getContext('2d');
    for (let i = 0; i < 400; i++) {
      pen!.fillStyle = `hsl(${i * 7} 60% 50%)`;
      pen!.fillRect((i * 137) % 3000, (i * 211) % 4000, 300, 300);
    }
    return canvas.toDataURL('image/png').split(',')[1] ?? '';
  });
  return Buffer.from(data, 'base64');
}

async function reportFault(page: Page, text: string): Promise<string> {
  await page.goto('/minside');
  await page.getByRole('button', { name: 'Meld en feil' }).click();
  await page.locator('input[name=place]:checked').waitFor(); // nobody is as fast as this test
  await page.getByRole('radio', { name: 'Varmtvann' }).check({ force: true });
  await page.locator('textarea').fill(text);
  await page.getByRole('button', { name: 'Send meldingen' }).click();
  await page.getByText('Meldingen har fått nummer').waitFor();
  return new URL(page.url()).searchParams.get('case') ?? '';
}

test('a tenant reports a fault with a photo, made small, and gets a number and what happens next', () =>
  b.with({ name: 'report', at: s.url, viewport: phone }, async (page) => {
    await logIn(page, 'tenant');
    const found = troubles(page);
    await page.goto('/minside');
    await page.getByText('Hjemmet mitt').waitFor();
    await page.getByRole('button', { name: 'Meld en feil' }).click();
    await page.locator('input[name=place]:checked').waitFor();
    assert.equal(await page.getByRole('radio', { name: 'Hjemme hos meg' }).isChecked(), true);
    await page.getByRole('radio', { name: 'Varmtvann' }).check({ force: true });
    await page.locator('textarea').fill('Det er ikke varmt vann på badet. Har vart siden i går.');
    const file = await bigPhoto(page);
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'bad.png', mimeType: 'image/png', buffer: file });
    await page.getByAltText('Bilde 1').waitFor();
    await page.getByRole('button', { name: 'Send meldingen' }).click();
    await page.getByText('Meldingen har fått nummer').waitFor();
    assert.match(await page.title(), /^Sak/);

    const id = new URL(page.url()).searchParams.get('case');
    const { rows } = await owner.query(
      `select c.title, c.channel, p.kind, encode(d.sha256, 'hex') as sha256, d.mime
         from cases c join place p on p.id = c.place_id join document d on d.case_id = c.id where c.id = $1`,
      [id],
    );
    assert.equal(rows.length, 1);
    assert.equal(rows[0].title, 'Det er ikke varmt vann på badet');
    assert.equal(rows[0].channel, 'minside');
    assert.equal(rows[0].kind, 'dwelling');
    assert.equal(rows[0].mime, 'image/jpeg');
    const kept = await page.evaluate(async (sha256) => {
      const blob = await (await fetch(`/api/v1/files/${sha256}`)).blob();
      const picture = await createImageBitmap(blob);
      return { sides: [picture.width, picture.height], bytes: [...new Uint8Array(await blob.arrayBuffer())] };
    }, rows[0].sha256 as string);
    assert.deepEqual(kept.sides, [1200, 1600]);
    assert.equal(createHash('sha256').update(Buffer.from(kept.bytes)).digest('hex'), rows[0].sha256);
    assert.deepEqual(found, []);
  }));

test('what a tenant has typed survives a reload, and a fault left out is pointed at', () =>
  b.with({ name: 'draft', at: s.url, viewport: phone }, async (page) => {
    await logIn(page, 'tenant');
    await page.goto('/minside?report=1');
    await page.locator('textarea').fill('Vinduet på soverommet går ikke igjen');
    await page.reload();
    await page.getByText('Hva gjelder det?').waitFor();
    assert.equal(await page.locator('textarea').inputValue(), 'Vinduet på soverommet går ikke igjen');
    await page.getByRole('button', { name: 'Send meldingen' }).click();
    await page.getByText('Velg hva det gjelder.').waitFor();
    assert.equal(await page.locator('textarea').inputValue(), 'Vinduet på soverommet går ikke igjen');
  }));

test('the office sees a new case and its answer within two seconds, without a reload', () =>
  b.with({ name: 'live', at: s.url, viewport: desk }, async (office) => {
    await logIn(office, 'manager');
    const found = troubles(office);
    await office.goto('/office');
    await office.getByText('Oppdateres av seg selv').waitFor();
    await office.locator('canvas').first().waitFor();
    await b.with({ name: 'live-tenant', at: s.url, viewport: phone }, async (tenant) => {
      await logIn(tenant, 'tenant');
      const text = 'Radiatoren på kjøkkenet banker';
      const id = await reportFault(tenant, text);
      await office.locator('li a', { hasText: text }).waitFor({ timeout: liveWithinMs });
      await office.locator('li a', { hasText: text }).click();
      await office.getByText('Oppgaver', { exact: true }).last().waitFor();
      assert.equal(new URL(office.url()).searchParams.get('case'), id);
      await office.getByLabel('Skriv en melding').fill('Vi kommer i morgen mellom 9 og 11.');
      await office.getByRole('button', { name: 'Send', exact: true }).click();
      await tenant.getByText('Vi kommer i morgen mellom 9 og 11.').waitFor({ timeout: liveWithinMs });
    });
    assert.deepEqual(found, []);
  }));

test('two people change one field: both values are shown and nothing typed is lost', () =>
  b.with({ name: 'conflict', at: s.url, viewport: desk }, async (page) => {
    const { rows } = await owner.query(
      `select id, priority from cases where state = 'new' order by created_at desc limit 1`,
    );
    await logIn(page, 'manager');
    await page.goto(`/office?case=${rows[0].id}`);
    await page.getByLabel('Prioritet').selectOption('3');
    await owner.query(`update cases set priority = 4 where id = $1`, [rows[0].id]);
    await page.getByText('En annen endret «Prioritet»').waitFor();
    assert.equal(await page.getByLabel('Prioritet').inputValue(), '3');
    assert.equal(await page.getByRole('button', { name: 'Lagre' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Behold min' }).click();
    await page.getByRole('button', { name: 'Lagre' }).click();
    await eventually('the priority is saved', async () => {
      const now = await owner.query(`select priority from cases where id = $1`, [rows[0].id]);
      return now.rows[0].priority === 3;
    });
  }));

test('the desk makes a task with assignee and checklist of a case', () =>
  b.with({ name: 'task', at: s.url, viewport: desk }, async (page) => {
    const { rows } = await owner.query(
      `select id, row_v from cases where state = 'new' order by created_at desc limit 1`,
    );
    await logIn(page, 'manager');
    await page.goto(`/office?case=${rows[0].id}`);
    await page.getByRole('button', { name: 'Lag oppgave' }).click();
    await page.getByLabel('Utføres av').selectOption({ label: 'Kåre Honnstad' });
    await page.getByLabel('Sjekkliste').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Lag oppgave' }).click();
    await page.locator('article').getByText('Åpen', { exact: true }).first().waitFor();
    const made = await owner.query(
      `select t.checklist_id, p.demo_key from task t join person p on p.id = t.assignee_id where t.case_id = $1`,
      [rows[0].id],
    );
    assert.equal(made.rows.length, 1);
    assert.equal(made.rows[0].demo_key, 'caretaker');
    assert.ok(made.rows[0].checklist_id);
  }));

test('a task whose deadline has seconds opens, and keeps them when something else is changed', () =>
  b.with({ name: 'deadline-seconds', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    const found = troubles(page);
    for (const deadline of ['2027-02-01 09:30:17+01', '2027-02-01 09:30:17.64087+01', '2027-07-01 23:59:59.999999+02']) {
      const { rows } = await owner.query(
        `insert into task (place_id, title, category, priority, deadline)
         select id, 'Bytt pære', (select min(code) from category), 3, $1 from place where kind = 'building' and area_no = 1 limit 1 returning id`,
        [deadline],
      );
      await page.goto(`/office?view=tasks&task=${rows[0].id}`);
      await page.getByRole('heading', { name: 'Bytt pære' }).waitFor();
      const detail = page.getByRole('article');
      assert.equal(await detail.getByLabel('Frist').inputValue(), deadline.slice(0, 16).replace(' ', 'T'));
      await detail.getByLabel('Prioritet').selectOption('2');
      await detail.getByRole('button', { name: 'Lagre' }).click();
      await detail.getByRole('button', { name: 'Lagre' }).waitFor({ state: 'detached' });
      const after = await owner.query('select priority, deadline = $2::timestamptz as is_kept from task where id = $1', [rows[0].id, deadline]);
      assert.deepEqual(after.rows[0], { priority: 2, is_kept: true }, deadline);
    }
    assert.deepEqual(found, []);
  }));

test('filters stay in the address and come back with it', () =>
  b.with({ name: 'filters', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'manager');
    await page.goto('/office?view=tasks&late=1');
    await page.getByText(/i listen|De første/).waitFor();
    assert.equal(await page.getByRole('checkbox', { name: 'Over fristen' }).isChecked(), true);
    await page.getByLabel('Status').first().selectOption('done');
    assert.equal(new URL(page.url()).search, '?view=tasks&state=done');
    await page.goBack();
    assert.equal(await page.getByRole('checkbox', { name: 'Over fristen' }).isChecked(), true);
  }));

test('on a tablet the map, opened after the list, shows what the list holds', () =>
  b.with({ name: 'tablet-map', at: s.url, viewport: { width: 820, height: 1180 } }, async (page) => {
    await logIn(page, 'manager');
    await page.goto('/office');
    await page.locator('li a').first().waitFor();
    await page.getByRole('button', { name: 'Vis kartet' }).click();
    const hasPoints = (): Promise<boolean> =>
      page.evaluate(() =>
        [...document.querySelectorAll('canvas')].some((canvas) => {
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width || 1, canvas.height || 1);
          let count = 0; // of pixels in the red of what is late
          for (let i = 0; i < data.length; i += 4) if (data[i] === 0xb3 && data[i + 1] === 0x26 && data[i + 2] === 0x1e) count++;
          return count > 100;
        }),
      );
    await eventually('points on the map', hasPoints);
  }));

test('a supplier sees the job and, of each file, how it went', () =>
  b.with({ name: 'supplier', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'supplier');
    await page.goto('/supplier/me');
    await page.getByText('Lever dokumenter og bilder').waitFor();
    const good = await bigPhoto(page);
    await page.locator('input[type=file]').setInputFiles([
      { name: 'etter.png', mimeType: 'image/png', buffer: good },
      { name: 'virus.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
      { name: 'falsk.pdf', mimeType: 'application/pdf', buffer: Buffer.from('ikke en pdf') },
    ]);
    await page.getByText('1 av 3 filer levert').waitFor();
    const refused = page.locator('li', { hasText: 'Ikke levert' });
    await eventually('both refused', async () => (await refused.count()) === 2);
    await page.locator('section', { hasText: 'Levert' }).getByText('etter.png').last().waitFor();
  }));

test('a link that has expired says so', () =>
  b.with({ name: 'expired', at: s.url, viewport: phone }, async (page) => {
    await page.goto('/supplier/s_none');
    await page.getByRole('heading', { name: 'Lenken virker ikke lenger' }).waitFor();
  }));

test('a label shows what is reported, to everybody the same, and leads on', () =>
  b.with({ name: 'label', at: s.url, viewport: phone }, async (page) => {
    const { rows } = await owner.query(
      `select p.code, p.label, p.id from place p
        where p.kind = 'building'
          and exists (select from public_case c where c.site_id = p.id) limit 1`,
    );
    await page.goto(`/q/${rows[0].code}`);
    await page.getByRole('heading', { name: rows[0].label }).waitFor();
    assert.ok((await page.locator('li', { hasText: /20\d\d-\d{6}/ }).count()) > 0);
    const way = page.getByRole('link', { name: 'Meld en feil her' });
    assert.equal(await way.getAttribute('href'), `/minside?report=1&place=${rows[0].id}`);
    await logIn(page, 'caretaker');
    await page.goto(`/q/${rows[0].code}`);
    await page.getByRole('link', { name: 'Åpne på nettbrettet' }).waitFor();
    await page.goto('/q/ZZZZZZZZ');
    await page.getByText('Vi kjenner ikke denne koden').waitFor();
  }));

test('every route of the API can be read', () =>
  b.with({ name: 'docs', at: s.url, viewport: desk }, async (page) => {
    const found = troubles(page);
    await page.goto('/api/docs');
    const paths = (await s.api().get('/api/v1/openapi.json')).body.paths as Record<string, Record<string, unknown>>;
    const count = Object.values(paths).reduce((sum, item) => sum + Object.keys(item).length, 0);
    await page.getByText(`${count} kall`).waitFor();
    assert.equal(await page.locator('details').count(), count);
    assert.deepEqual(found, []);
  }));

for (const [size, viewport] of Object.entries({ '320 px': narrow, '200 % of 1280': { width: 640, height: 400 } })) {
  test(`nothing is wider than the screen at ${size}, and each page has a title, a main and one h1`, () =>
    b.with({ name: `narrow-${viewport.width}`, at: s.url, viewport }, async (page) => {
      const own = await owner.query(`select c.id from cases c join person p on p.id = c.reporter_id where p.demo_key = 'tenant' limit 1`);
      const pages: [Person, string[]][] = [
        ['tenant', ['/', '/minside', '/minside?report=1', `/minside?case=${own.rows[0].id}`, '/api/docs', '/supplier/none']],
        ['manager', ['/office', '/office?view=tasks', `/office?case=${own.rows[0].id}`]],
        ['supplier', ['/supplier/me']],
      ];
      for (const [person, paths] of pages) {
        await logIn(page, person);
        for (const path of paths) {
          await page.goto(path);
          await page.locator('h1').first().waitFor({ state: 'attached' });
          await page.waitForLoadState('networkidle').catch(() => undefined); // the office keeps a stream open
          assert.equal(await isTooWide(page), false, `${path} is too wide`);
          assert.match(await page.title(), /.+ – FDVU$/, path);
          assert.equal(await page.locator('main').count(), 1, path);
          assert.equal(await page.locator('h1').count(), 1, path);
        }
      }
    }));
}

test('the pages speak nynorsk and English, and remember it', () =>
  b.with({ name: 'language', at: s.url, viewport: phone, language: 'en-GB' }, async (page) => {
    await page.goto('/office');
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.getByLabel('Language').selectOption('nn');
    await page.getByText('Denne sida krev at du er logga inn.').waitFor();
    await page.goto('/');
    await page.getByRole('heading', { name: 'Bygga til kommunen' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'nn');
  }));

test('the keyboard alone reports a fault', () =>
  b.with({ name: 'keyboard', at: s.url, viewport: desk }, async (page) => {
    await logIn(page, 'tenant');
    await page.goto('/minside?report=1');
    await page.getByRole('radio', { name: 'Hjemme hos meg' }).focus();
    const press = async (key: string, until: () => Promise<boolean>): Promise<void> => {
      for (let i = 0; i < 40 && !(await until()); i++) await page.keyboard.press(key);
      assert.ok(await until(), `${key} did not get there`);
    };
    const isIn = (selector: string) => (): Promise<boolean> =>
      page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
    await press('Tab', isIn('input[name=category]'));
    await page.keyboard.press('Space');
    await press('Tab', isIn('textarea'));
    await page.keyboard.type('Kranen drypper');
    await press('Tab', isIn('button[type=submit]'));
    await page.keyboard.press('Enter');
    await page.getByText('Meldingen har fått nummer').waitFor();
  }));
