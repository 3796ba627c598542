// What a caretaker does on the tablet beside closing tasks, without network: reads a meter, hands out keys and takes them in, writes hours,
// materials, remarks and signatures. Each is saved on the tablet, shown there, sent, and found at the office; at every width, in three languages.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { eventually, world, type Server } from '../integration/harness.ts';
import { browser, picture } from './browser.ts';

const tablet = { width: 820, height: 1180 };
const phone = { width: 360, height: 740 };
/** What is left of a tablet's screen when everything on it is twice as large. */
const zoomed = { width: 410, height: 590 };
/** How long a machine with much else to do may take over a tap, and over a tablet's first load. */
const tapMs = 30_000;
const firstLoadMs = 180_000;

const w = await world({ demo: true });
const s: Server = await w.server();
const b = await browser();
const db = await w.connect('owner');
const value = async (sql: string, params: unknown[] = []): Promise<string> => String(Object.values((await db.query(sql, params)).rows[0])[0]);

let place = '', meter = '', key = '', task = '', component = '', home = '', context: BrowserContext, page: Page;
const broken: string[] = [];

async function look(name: string): Promise<void> {
  for (const size of [phone, zoomed, tablet]) {
    await page.setViewportSize(size);
    await picture(page, `${name}-${size.width}`, { fullPage: true });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, `${name} is too wide at ${size.width}`);
  }
}

async function draw(): Promise<void> {
  const pad = page.getByRole('img', { name: 'Skriv under her' }).first();
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 40);
  await page.mouse.down();
  for (let i = 1; i < 12; i++) await page.mouse.move(box.x + 20 + i * 12, box.y + 40 + (i % 2) * 25);
  await page.mouse.up();
  await page.getByRole('img', { name: 'Signert' }).waitFor();
}

/** Finds the network again and sends what waits. */
async function send(): Promise<void> {
  await context.setOffline(false);
  await page.goto('/field#/outbox');
  await page.getByRole('button', { name: 'Send og hent nå' }).click();
  await page.getByText(/Alt er sendt · sist/).waitFor();
  await context.setOffline(true);
}

before(async () => {
  place = await value(`select p.id from place p where p.kind = 'building' and p.area_no = 1 and p.removed_at is null order by p.id limit 1`);
  meter = await value(`insert into meter (place_id, kind, unit, serial, installed_on) values ($1, 'water', 'm3', 'V-77', current_date - 300) returning id`, [place]);
  for (const [days, shows] of [[100, 0], [50, 500], [20, 800], [10, 900]])
    await db.query(`insert into meter_reading (meter_id, at, value) values ($1, now() - make_interval(days => $2), $3)`, [meter, days, shows]);
  const system = await value(`insert into key_system (place_id, name) values ($1, 'Skolens låser') returning id`, [place]);
  key = await value(`insert into key (system_id, mark) values ($1, 'Z9') returning id`, [system]);
  task = await value(`select k.id from task k where k.case_id is not null and k.state = 'open' and k.area_no = 1 order by k.id limit 1`);
  home = await value(`select l.dwelling_id from lease l where l.area_no = 1 and l.state = 'active' order by l.id limit 1`);
  component = await value(`insert into component (place_id, name, element, condition_grade) values ($1, 'Vindu mot nord', '234', 'TG1') returning id`, [place]);
  await db.query(`update task set title = 'Bytt pakning', assignee_id = null where id = $1`, [task]);

  ({ context, page } = await b.open({ name: 'field_work', at: s.url, viewport: tablet }));
  context.setDefaultTimeout(tapMs);
  page.on('pageerror', (e) => broken.push(e.message));
  page.on('console', (m) => void (/Content Security Policy/.test(m.text()) && broken.push(m.text())));
  await page.goto('/field');
  await page.getByRole('button', { name: /Logg inn som vaktmester/ }).click();
  await page.getByRole('heading', { name: 'Dagens oppgaver' }).waitFor();
  await page.getByText(/Alt er sendt · sist/).waitFor({ timeout: firstLoadMs });
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await context.setOffline(true);
});

test('a meter is read without network; what is odd is asked about and taken all the same', async () => {
  await page.goto(`/field#/place/${place}`);
  await page.getByRole('link', { name: /Vann V-77/ }).waitFor();
  await look('1-place');
  await page.getByRole('link', { name: /Vann V-77/ }).click();
  const shows = page.getByLabel('Hva viser måleren?');
  await shows.fill('tolv');
  await shows.press('Enter');
  await page.getByText('Skriv standen som et tall').waitFor();
  await shows.fill('850,5');
  await page.reload(); // a flat battery
  assert.equal(await shows.inputValue(), '850,5', 'what was typed is kept');
  await page.getByRole('button', { name: 'Lagre avlesningen' }).click();
  await page.getByText(/Det er lavere enn sist/).waitFor();
  await look('2-meter-lower');
  await page.getByRole('button', { name: 'Rett tallet' }).click();
  await shows.fill('5000');
  await page.getByRole('button', { name: 'Lagre avlesningen' }).click();
  await page.getByText(/mye mer enn det pleier/).waitFor();
  await page.waitForTimeout(500); // the second tap must not be a tremble
  await page.getByRole('button', { name: 'Ja, det stemmer' }).click();
  await page.getByText('Lagret på nettbrettet: 5000 m3').waitFor();
  const line = page.getByRole('link', { name: /Vann V-77/ });
  await line.getByText(/5.000 m3/).waitFor();
  await line.getByText('Lagret her, ikke bekreftet').waitFor();
  assert.equal(await value('select count(*) from meter_reading where meter_id = $1', [meter]), '4', 'nothing has reached the office');
  await send();
  await eventually('the reading', async () => (await db.query(`select from meter_reading where meter_id = $1 and value = 5000 and source = 'tablet' and state = 'flagged'`, [meter])).rowCount === 1);
  await page.goto(`/field#/meter/${meter}`);
  await page.getByText('Kontoret ser på den').waitFor();
  await look('3-meter-flagged');
});

test('a key goes out signed for, comes in, and is reported lost', async () => {
  await page.goto(`/field#/place/${place}`);
  await page.getByRole('link', { name: /Z9-1 Inne/ }).click();
  await page.getByText('En annen', { exact: true }).click();
  await page.getByRole('button', { name: 'Lever ut nøkkelen' }).click();
  await page.getByText('Skriv hvem som får nøkkelen.').waitFor();
  await page.getByLabel('Navn eller firma').last().fill('Rørlegger Hansen AS');
  await draw();
  await page.getByRole('button', { name: 'I morgen' }).click();
  await look('4-key-out');
  await page.getByRole('button', { name: 'Lever ut nøkkelen' }).click();
  await page.getByText('Lagret på nettbrettet: nøkkel Z9-1 er levert ut').waitFor();
  await page.getByText(/Hos Rørlegger Hansen AS siden i dag · skal inn i morgen/).waitFor();
  await look('5-key-is-out');
  assert.equal(await value('select state from key where id = $1', [key]), 'in');
  await send();
  const loan = await eventually('the loan', async () => (await db.query(`select l.*, g.name, g.sha256 from key_loan l join signature g on g.loan_id = l.id where l.key_id = $1`, [key])).rows[0]);
  assert.deepEqual([loan.out_name, loan.out_note, loan.name], ['Rørlegger Hansen AS', 'Gitt til Rørlegger Hansen AS.', 'Rørlegger Hansen AS']);
  await eventually('the drawing', async () => (await db.query('select from file where sha256 = $1', [loan.sha256])).rowCount === 1);

  await page.goto(`/field#/key/${key}`);
  await page.getByLabel('Levert av (valgfritt)').fill('Hansen');
  await page.getByRole('button', { name: 'Ta imot nøkkelen' }).click();
  await page.getByText('Lagret på nettbrettet: nøkkel Z9-1 er inne').waitFor();
  await page.getByRole('heading', { name: 'Hvem får nøkkelen?' }).waitFor();
  await page.getByRole('button', { name: 'Lever ut nøkkelen' }).click(); // to me, with one tap
  await page.getByText(/Hos Kåre Honnstad siden i dag/).waitFor();
  await page.getByRole('button', { name: 'Meld tapt' }).click();
  await page.getByLabel('Hva skjedde? (valgfritt)').fill('Falt i snøen');
  await look('6-key-lost');
  await page.waitForTimeout(500); // the second tap must not be a tremble
  await page.getByRole('button', { name: 'Meld tapt' }).click();
  await page.getByText('Meldt tapt. Oppgaven ligger på stedet').waitFor();
  await send();
  await eventually('both loans', async () => (await db.query('select in_at, in_name from key_loan where key_id = $1', [key])).rowCount === 2);
  assert.equal(await value('select in_name from key_loan where key_id = $1 and in_at is not null', [key]), 'Hansen');
  assert.equal(await value(`select description from task where title = 'Tapt nøkkel Z9-1' and place_id = $1`, [place]), 'Falt i snøen');
});

test('hours, materials, a remark and a signature are written on a task, and the task is changed', async () => {
  await page.goto(`/field#/task/${task}`);
  const more = page.getByRole('navigation', { name: 'Mer om oppgaven' });
  const read = page.getByRole('button', { name: /lest/ });
  await page.getByRole('heading', { name: 'Bytt pakning' }).waitFor();
  if (await read.count()) await read.click();
  await more.waitFor();
  await look('7-task');
  await more.getByRole('link', { name: 'Timer og materialer' }).click();
  const time = page.getByRole('region', { name: 'Timer' });
  await time.getByRole('button', { name: 'Et kvarter mer' }).click();
  await time.getByRole('button', { name: 'Lagre 45 min' }).click();
  await time.getByText('45 min · Arbeid').waitFor();
  await time.getByText('Du: 45 min. Andre: 0 min.').waitFor();
  const material = page.getByRole('region', { name: 'Materialer' });
  await material.getByRole('button', { name: 'Lagre materialet' }).click();
  await material.getByText('Skriv hva som ble brukt.').waitFor();
  await material.getByLabel('Hva ble brukt?').fill('Rør 22 mm');
  await material.getByLabel('Hvor mye?').fill('2,5');
  await material.getByText('m', { exact: true }).click();
  await look('8-work');
  await material.getByLabel('Hvor mye?').press('Enter');
  await material.getByText(/2,5 m · i dag/).waitFor();

  await page.goto(`/field#/task/${task}`);
  await more.getByRole('link', { name: 'Signatur' }).click();
  await page.getByLabel('Navn på den som skriver under').last().fill('Berit Vik');
  await draw();
  await look('9-sign');
  await page.getByRole('button', { name: 'Lagre signaturen' }).click();
  await page.getByText('Lagret på nettbrettet: Signert: Berit Vik').waitFor();
  await more.waitFor(); // back where it came from
  await page.goto(`/field#/comment/${task}`);
  await page.getByLabel('Hva vil du si kontoret?').fill('Må ha ny ventil');
  await page.getByRole('button', { name: 'Lagre merknaden' }).click();
  await page.getByText(/i dag .* · venter/).waitFor();
  await look('10-comment');
  await page.goto(`/field#/edit/${task}`);
  await page.getByLabel('Tittel').fill('');
  await page.getByRole('button', { name: 'Lagre endringene' }).click();
  await page.getByText('Skriv hva oppgaven gjelder.').waitFor();
  await page.getByLabel('Tittel').fill('Bytt pakning og ventil');
  await page.getByText('Høy', { exact: true }).click();
  await page.getByText('Venter', { exact: true }).click();
  await look('11-edit');
  await page.getByRole('button', { name: 'Lagre endringene' }).click();
  await page.getByText('Lagret på nettbrettet: Bytt pakning og ventil').waitFor();
  await page.waitForURL((url) => !url.hash.startsWith('#/edit'));
  await page.goto(`/field#/task/${task}`);
  await page.getByRole('heading', { name: 'Bytt pakning og ventil' }).waitFor();
  await more.getByText('45 min · 1 materiale').waitFor();
  await more.getByText('Berit Vik').waitFor();
  await page.goto('/field#/outbox');
  await page.getByText('Signatur:').waitFor();
  await look('12-outbox');

  await send();
  await eventually('the task', async () => (await value('select title from task where id = $1', [task])) === 'Bytt pakning og ventil');
  const { rows } = await db.query(`select k.priority, k.state, e.minutes, m.quantity::text, m.unit, g.name, g.sha256 is not null as drawn,
      (select text from case_message c where c.case_id = k.case_id and c.is_internal order by c.id desc limit 1) as said
    from task k join time_entry e on e.task_id = k.id join material_use m on m.task_id = k.id join signature g on g.task_id = k.id where k.id = $1`, [task]);
  assert.deepEqual(rows, [{ priority: 2, state: 'waiting', minutes: 45, quantity: '2.5', unit: 'm', name: 'Berit Vik', drawn: true, said: 'Må ha ny ventil' }]);
});

test('a photo is drawn upon in a layer of its own, with finger and keys', async () => {
  await page.goto(`/field#/task/${task}`);
  await page.locator('input[type=file]').first().setInputFiles({ name: 'rør.png', mimeType: 'image/png', buffer: await page.screenshot() });
  await page.getByRole('link', { name: /^Bilde / }).click();
  const sheet = page.getByRole('application', { name: /Tegn på bildet/ });
  const box = (await sheet.boundingBox())!;
  const save = page.getByRole('button', { name: 'Lagre tegningen' });
  assert.equal(await save.isDisabled(), true, 'nothing to save yet');
  const drag = async (dx: number, dy: number): Promise<void> => {
    await page.mouse.move(box.x + 60, box.y + 60);
    await page.mouse.down();
    for (let i = 1; i <= 6; i++) await page.mouse.move(box.x + 60 + (dx * i) / 6, box.y + 60 + (dy * i) / 6);
    await page.mouse.up();
  };
  await drag(120, 90);
  await page.getByText('Sirkel', { exact: true }).click();
  await page.getByRole('button', { name: 'Gul' }).click();
  await drag(60, 20);
  await page.getByText('Frihånd', { exact: true }).click();
  await drag(200, 10);
  await page.getByRole('button', { name: 'Angre siste' }).click();
  await page.getByText('Tekst', { exact: true }).click();
  await sheet.click({ position: { x: 100, y: 200 } });
  await page.getByText('Skriv teksten først').waitFor();
  await page.getByRole('textbox', { name: 'Tekst' }).fill('Lekker her');
  await sheet.click({ position: { x: 100, y: 200 } });
  await page.getByText('Pil', { exact: true }).click();
  await sheet.focus();
  for (const each of ['ArrowLeft', 'Enter', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(each);
  await page.getByLabel('Merknad (valgfritt)').fill('Ved kranen');
  await look('13-mark');
  await save.click();
  await page.getByText('Lagret på nettbrettet: Tegnet på bilde').waitFor();
  await page.goto(`/field#/task/${task}`);
  await page.getByRole('link', { name: /^Bilde / }).locator('svg').waitFor();
  await look('14-marked');
  await send();
  const mark = await eventually('the mark', async () => (await db.query(`select m.layer, m.note, d.sha256, f.sha256 as held from photo_mark m join document d on d.id = m.document_id
    left join file f on f.sha256 = d.sha256 where d.task_id = $1`, [task])).rows.find((each) => each.held));
  assert.equal(mark.note, 'Ved kranen');
  assert.deepEqual(mark.layer.shapes.map((each: { kind: string; color: string }) => [each.kind, each.color]), [['arrow', '#d00000'], ['circle', '#ffd60a'], ['text', '#ffd60a'], ['arrow', '#ffd60a']]);
});

test('a component gets its grade, with the reason that a bad one needs', async () => {
  await page.goto(`/field#/component/${component}`);
  await page.getByRole('button', { name: 'Sett tilstandsgrad' }).click();
  await page.getByText('Nå: TG1').waitFor();
  await page.getByText('TG3', { exact: true }).click();
  await page.getByRole('button', { name: 'Lagre tilstandsgraden' }).click();
  await page.getByText('Skriv hvorfor.').waitFor();
  await page.getByLabel('Årsak').fill('Råte i karmen');
  await page.getByText('Middels', { exact: true }).click();
  await page.getByLabel('Innen hvilket år? (valgfritt)').fill('2027');
  await look('15-grade');
  await page.getByRole('button', { name: 'Lagre tilstandsgraden' }).click();
  await page.getByText('Tilstandsgraden er lagret her, ikke bekreftet').waitFor();
  await look('16-component');
  await send();
  await eventually('the grade', async () => (await value('select condition_grade from component where id = $1', [component])) === 'TG3');
  assert.deepEqual((await db.query('select cause, consequence, due_year from condition where component_id = $1', [component])).rows, [{ cause: 'Råte i karmen', consequence: 2, due_year: 2027 }]);
  await page.goto(`/field#/component/${component}`);
  await page.getByText('TG3', { exact: true }).waitFor();
});

test('a closed task is opened again', async () => {
  await db.query(`update task set checklist_id = null where id = $1`, [task]);
  await send();
  await page.goto(`/field#/task/${task}`);
  await page.getByRole('button', { name: 'Ferdig', exact: true }).click();
  await page.waitForTimeout(500); // the second tap must not be a tremble
  await page.getByRole('button', { name: 'Ja, lukk oppgaven' }).click();
  await page.getByText(/Lagret: .* er ferdig/).waitFor(); // it goes back by itself
  await send();
  await eventually('closed', async () => (await value('select state from task where id = $1', [task])) === 'done');
  await page.goto(`/field#/task/${task}`);
  await page.getByRole('button', { name: 'Åpne igjen' }).click();
  await page.getByRole('button', { name: 'Ferdig', exact: true }).waitFor();
  await send();
  await eventually('open again', async () => (await value('select state from task where id = $1', [task])) === 'in_progress');
});

/** What is half filled in, as it lies on disk. */
const drafts = (): Promise<string> =>
  page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const open = indexedDB.open('fdvu-field');
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const get = open.result.transaction('drafts').objectStore('drafts').getAll();
          get.onsuccess = () => {
            open.result.close();
            resolve(JSON.stringify(get.result));
          };
        };
      }),
  );

test('a dwelling is gone through when somebody moves in: findings, photos, keys, and two who sign', async () => {
  await page.goto(`/field#/place/${home}`);
  await page.getByRole('heading', { name: 'Befaringer' }).waitFor();
  await look('17-dwelling');
  await page.getByRole('button', { name: 'Innflytting' }).click();
  await page.waitForTimeout(500); // the second tap must not be a tremble
  await page.getByRole('button', { name: 'Begynn', exact: true }).click();
  await page.getByRole('heading', { name: 'Innflytting', level: 1 }).waitFor();
  await page.getByRole('button', { name: /punkter mangler svar/ }).waitFor();
  for (const ok of await page.getByLabel('I orden', { exact: true }).all()) await ok.press('Space'); // by keys
  const bath = page.getByRole('listitem').filter({ hasText: 'Bad: sluk' });
  await bath.getByLabel('Avvik').press('Space');
  await bath.getByLabel('Hva er galt?').fill('Sprekk i flis');
  await bath.locator('input[type=file]').setInputFiles({ name: 'flis.png', mimeType: 'image/png', buffer: await page.screenshot() });
  await bath.getByRole('link', { name: /Bad: sluk/ }).waitFor();
  await page.getByRole('textbox', { name: 'Strømmåler' }).fill('1234');
  await eventually('on disk', async () => (await drafts()).includes('1234'));
  await page.reload(); // a flat battery
  await bath.getByLabel('Hva er galt?').waitFor();
  assert.equal(await bath.getByLabel('Hva er galt?').inputValue(), 'Sprekk i flis');
  for (let i = 0; i < 3; i++) await page.getByRole('button', { name: 'Én nøkkel til' }).click();
  await page.getByRole('button', { name: 'Avslutt befaringen' }).click();
  await page.getByText('Skriv navnet til leietakeren').waitFor();
  await page.getByRole('textbox', { name: 'Signert av leietaker' }).fill('Mona Lie');
  await draw(); // for the landlord: the tenant's name is enough
  await look('18-inspection');
  await page.getByRole('button', { name: 'Avslutt befaringen' }).click();
  await page.waitForTimeout(500); // the second tap must not be a tremble
  await page.getByRole('button', { name: 'Ja, avslutt' }).click();
  await page.getByText('Lagret på nettbrettet: Befaring ferdig').waitFor();
  await page.getByText('Signert: Mona Lie').waitFor();
  await look('19-finished');
  assert.equal(await value('select count(*) from inspection'), '0');
  await send();
  const one = await eventually('the inspection', async () => (await db.query(`select * from inspection where place_id = $1 and state = 'finished'`, [home])).rows[0]);
  assert.deepEqual([one.kind, one.keys, one.lease_id !== null], ['move_in', 3, true]);
  const { rows: found } = await db.query(`select a.is_ok, a.note from inspection_answer a join checklist_item i on i.id = a.item_id where a.inspection_id = $1 and i.text_nb like 'Bad: %'`, [one.id]);
  assert.deepEqual(found, [{ is_ok: false, note: 'Sprekk i flis' }]);
  const { rows: signs } = await db.query('select role, name, sha256 is not null as drawn from signature where inspection_id = $1 order by role', [one.id]);
  assert.deepEqual(signs, [{ role: 'landlord', name: 'Kåre Honnstad', drawn: true }, { role: 'tenant', name: 'Mona Lie', drawn: false }]);
  assert.equal(await value(`select count(*) from document where place_id = $1 and kind = 'photo' and title like 'Bad: %'`, [home]), '1');
});

test('it all speaks nynorsk and English', async () => {
  for (const [language, title] of [['nn', 'Kva viser målaren?'], ['en', 'What does the meter show?']] as const) {
    await page.evaluate((l) => localStorage.setItem('fdvu.language', l), language);
    await page.goto(`/field#/meter/${meter}`);
    await page.reload();
    await page.getByLabel(title).waitFor();
    await look(`20-meter-${language}`);
    for (const [screen, id] of [['key', key], ['work', task], ['sign', task], ['edit', task], ['grade', component]]) {
      await page.goto(`/field#/${screen}/${id}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await look(`21-${screen}-${language}`);
    }
  }
  assert.deepEqual(broken, []);
});
