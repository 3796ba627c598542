// Everything else that a caretaker does offline: each operation lands where the office finds it, once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { world, type Api } from './harness.ts';
import { photo, sha256, type Mutation } from './helpers.ts';
import { states, Tablet, tabletOf } from './field_tablet.ts';

const w = await world({ demo: true });
const s = await w.server();
let t: Tablet, office: Api, elsewhere: string;

before(async () => {
  t = await tabletOf(w, s);
  office = await s.login('manager');
  elsewhere = await t.value(`select id from task where area_no = 3 limit 1`);
});

const add = (op: string, table: string, set: Record<string, unknown>, more: Partial<Mutation> = {}): Mutation =>
  t.make(op, table, randomUUID(), Object.fromEntries(Object.entries(set).map(([name, n]) => [name, { n }])), more);

async function applied(...mutations: Mutation[]): Promise<Awaited<ReturnType<Tablet['push']>>> {
  const results = await t.push(...mutations);
  assert.deepEqual(states(results), mutations.map(() => 'applied'), JSON.stringify(results));
  return results;
}

const row = async (table: string, m: Mutation): Promise<Record<string, unknown>> =>
  (await t.rows(`select * from ${table} where id = $1`, [m.row.id]))[0];

test('tells programs what a tablet may do', async () => {
  const { status, body } = await t.api.get('/api/v1/sync/operations');
  assert.equal(status, 200);
  type Field = { name: string; type: string; required: boolean; policy: string; severity: string | null; values?: string[]; min?: number; max?: number };
  type Operation = { op: string; entity: string; kind: string; fields: Field[] };
  const items: Operation[] = body.items;
  assert.deepEqual(new Set(items.flatMap((o) => o.fields.map((f) => f.policy))), new Set([
    'fact', 'office_wins', 'tablet_wins', 'keep_both', 'set_once', 'max', 'min', 'add', 'state_machine',
  ]));
  const state = items.find((o) => o.op === 'task.update@1')?.fields.find((f) => f.name === 'state');
  assert.deepEqual(state, { name: 'state', type: 'code', required: false, policy: 'state_machine', severity: 'hard', values: ['open', 'in_progress', 'waiting', 'done', 'cancelled'] });
  for (const { op, kind, fields } of items)
    for (const f of fields) assert.equal(f.policy === 'fact', kind === 'insert', `${op}: ${f.name}`);
  assert.equal((await office.get('/api/v1/sync/operations')).status, 403);
});

test('records time and materials on a task, where the task lies', async () => {
  const task = await t.task();
  const time = add('time.add@1', 'time_entry', { task_id: task, minutes: 45, kind: 'travel', note: 'Fram og tilbake' });
  const pipe = add('material.add@1', 'material_use', { task_id: task, name: 'Rør 22 mm', quantity: '2.50', unit: 'm', price_ore: 12_500 });
  await applied(time, pipe);
  const spent = await row('time_entry', time);
  assert.deepEqual([spent.minutes, spent.kind, spent.site_id, spent.area_no], [45, 'travel', t.site, 1]);
  const used = await row('material_use', pipe);
  assert.deepEqual([used.quantity, used.unit, used.place_id], ['2.50', 'm', t.site], 'the scale is as it was written');
  const other = await t.value(`select id from place where kind = 'building' and area_no = 1 and id <> $1 limit 1`, [t.site]);
  await t.owner.query('update task set place_id = $2 where id = $1', [task, other]);
  assert.deepEqual([(await row('time_entry', time)).site_id, (await row('material_use', pipe)).place_id], [other, other], 'they move with the task');
});

test('refuses work on what the caretaker does not see, or in another form', async () => {
  const task = await t.task();
  const refused: [Mutation, string][] = [
    [add('time.add@1', 'time_entry', { task_id: elsewhere, minutes: 10 }), 'forbidden'],
    [add('time.add@1', 'time_entry', { task_id: task, minutes: 0 }), 'out_of_range'],
    [add('time.add@1', 'time_entry', { task_id: task }), 'missing_field'],
    [add('time.add@1', 'time_entry', { minutes: 5 }), 'forbidden'],
    [add('material.add@1', 'material_use', { task_id: task, name: 'Skrue', quantity: 0 }), 'material_use_quantity_is_positive'],
    [add('material.add@1', 'material_use', { task_id: task, name: 'Skrue', quantity: 'mange' }), 'malformed_value'],
    [add('signature.add@1', 'signature', { task_id: task, role: 'king', name: 'x' }), 'unknown_value'],
    [add('signature.add@1', 'signature', { role: 'tenant', name: 'x' }), 'signature_is_on_one_thing'],
    [add('photo.mark@1', 'photo_mark', { document_id: randomUUID(), layer: {} }), 'forbidden'],
    [add('photo.mark@1', 'photo_mark', { document_id: randomUUID(), layer: 'x' }), 'wrong_type'],
    [add('inspection.start@1', 'inspection', { place_id: t.site, kind: 'move_in' }), 'inspection_is_of_a_dwelling'],
  ];
  const results = await t.push(...refused.map(([m]) => m));
  assert.deepEqual(results.map((r) => [r.state, r.reason]), refused.map(([, reason]) => ['quarantined', reason]));
});

test('marks a photo in a layer of its own, and leaves its bytes alone', async () => {
  const task = await t.task();
  const bytes = photo('with a leak in it');
  const hash = sha256(bytes);
  await t.api.put(`/api/v1/files/${hash}`, bytes, 'image/png');
  const picture = add('photo.add@1', 'document', { task_id: task, sha256: hash, mime: 'image/png' });
  const layer = { w: 640, h: 480, shapes: [{ kind: 'arrow', points: [[10, 10], [200.5, 100]], color: '#c00' }] };
  const mark = add('photo.mark@1', 'photo_mark', { document_id: picture.row.id, layer, note: 'Her' }, { needs: [picture.mid] });
  await applied(picture, mark);
  assert.deepEqual((await row('photo_mark', mark)).layer, layer);
  assert.equal((await row('photo_mark', mark)).site_id, t.site);
  assert.equal(await t.value(`select encode(sha256, 'hex') from document where id = $1`, [picture.row.id]), hash);
});

test('reads a meter, and is told what is implausible', async () => {
  const meter = await t.value(
    `insert into meter (place_id, kind, unit, serial, installed_on) values ($1, 'water', 'm3', 'V-1', current_date - 400) returning id`, [t.site]);
  await applied(add('reading.add@1', 'meter_reading', { meter_id: meter, value: '100.250', at: '2026-11-01T08:00:00+01:00' }));
  const back = add('reading.add@1', 'meter_reading', { meter_id: meter, value: 90, at: '2026-11-20T08:00:00+01:00' });
  const [result] = await applied(back);
  assert.deepEqual((result as unknown as { flags: string[]; review: string }).flags, ['negative_step']);
  assert.deepEqual([(await row('meter_reading', back)).state, (await row('meter_reading', back)).source], ['flagged', 'tablet']);
  assert.equal(await t.value(`select value::text from meter_reading where meter_id = $1 and state = 'ok'`, [meter]), '100.250');
});

test('hands a key out and takes it in, signed for; the first to take it in is right', async () => {
  const system = await t.value(`insert into key_system (place_id, name) values ($1, 'Nettbrettets') returning id`, [t.site]);
  const key = await t.value(`insert into key (system_id, mark) values ($1, 'A1') returning id`, [system]);
  const holder = await t.value(`select person_id from person_role where role = 'supplier' limit 1`);
  const hash = sha256('a drawing');
  const grp = randomUUID();
  const out = add('key.out@1', 'key_loan', { key_id: key, holder_id: holder, out_name: 'Rørlegger Hansen' }, { grp });
  const sign = add('signature.add@1', 'signature', { loan_id: out.row.id, role: 'holder', name: 'Hansen', sha256: hash }, { grp, att: [`sha256:${hash}`] });
  const results = await applied(out, sign);
  assert.deepEqual(results[1]?.att_missing, [`sha256:${hash}`]);
  assert.equal(await t.value('select state from key where id = $1', [key]), 'out');
  assert.equal((await row('signature', sign)).area_no, 1);
  const [twice] = await t.push(add('key.out@1', 'key_loan', { key_id: key, holder_id: holder, out_name: 'En til' }));
  assert.deepEqual([twice?.state, twice?.reason], ['quarantined', 'the_key_is_not_in:_it_is_out']);
  const [stranger] = await t.push(add('key.out@1', 'key_loan', {
    key_id: await t.value(`insert into key (system_id, mark) values ($1, 'A2') returning id`, [system]),
    holder_id: await t.value(`insert into person (name) values ('Hvem som helst') returning id`), out_name: 'x' }));
  assert.deepEqual([stranger?.state, stranger?.reason], ['quarantined', 'forbidden']);
  const at = new Date().toISOString();
  const takeIn = (name: string): Mutation => t.make('key.in@1', 'key_loan', out.row.id, { in_at: { o: null, n: at }, in_name: { o: null, n: name } });
  await applied(takeIn('Kari'));
  assert.equal(await t.value('select state from key where id = $1', [key]), 'in');
  const [late] = await t.push(takeIn('Ola'));
  assert.equal(late?.state, 'merged', JSON.stringify(late));
  assert.ok(late?.conflicts?.every((c) => c.policy === 'set_once' && c.severity === 'soft' && c.chosen === 'theirs'));
  assert.equal((await row('key_loan', out)).in_name, 'Kari');
});

test('sets a component’s grade as a condition survey’s row', async () => {
  const component = await t.value('select id from component where area_no = 1 limit 1');
  const set = add('condition.set@1', 'condition', { component_id: component, grade: 'TG3', consequence: 2, probability: 3, cause: 'Råte', measure: 'Bytt', due_year: 2027 });
  await applied(set);
  assert.equal(await t.value('select condition_grade from component where id = $1', [component]), 'TG3');
  const kept = await row('condition', set);
  assert.deepEqual([kept.probability, kept.measure, kept.due_year], [3, 'Bytt', 2027]);
});

test('goes through a dwelling when somebody moves out: answers, keys, both signatures', async () => {
  const [home] = await t.rows(
    `select l.id as lease, l.dwelling_id as id, p.site_id from lease l join place p on p.id = l.dwelling_id
      where l.area_no = 1 and l.state = 'active' limit 1`);
  const [list] = await t.rows('select checklist_id, array_agg(id) as items from checklist_item group by 1 limit 1');
  const start = add('inspection.start@1', 'inspection', { place_id: home.id, kind: 'move_out', checklist_id: list.checklist_id });
  const inspection_id = start.row.id;
  const answer = add('inspection.answer@1', 'inspection_answer', { inspection_id, item_id: list.items[0], is_ok: false, note: 'Hull i veggen' });
  const signs = ['landlord', 'tenant'].map((role) => add('signature.add@1', 'signature', { inspection_id, role, name: role }));
  const finish = t.make('inspection.finish@1', 'inspection', inspection_id, {
    finished_at: { o: null, n: new Date().toISOString() }, keys: { o: null, n: 3 }, note: { o: null, n: 'Greit' } });
  await applied(start, answer, ...signs, finish);
  const done = await row('inspection', start);
  assert.deepEqual([done.state, done.keys, done.note, done.lease_id, done.site_id], ['finished', 3, 'Greit', home.lease, home.site_id]);
  assert.equal(await t.value('select count(*)::int from signature where inspection_id = $1', [inspection_id]), 2);
  const [again] = await t.push(t.make('inspection.finish@1', 'inspection', inspection_id, {
    finished_at: { o: null, n: '2026-11-01T10:00:00Z' }, note: { o: null, n: 'To skap' } }));
  assert.deepEqual(again?.conflicts?.map((c) => [c.field, c.chosen, c.severity]), [['finished_at', 'theirs', 'soft'], ['note', 'both', 'soft']]);
});

test('raises a flag when two people answer one item differently, and keeps both answers', async () => {
  const task = await t.task();
  const item = await t.value('select id from checklist_item limit 1');
  const colleague = await t.value(
    `select p.id from person p join person_role r on r.person_id = p.id where r.role = 'caretaker' and p.demo_key is null limit 1`);
  await t.owner.query(`insert into answer (task_id, item_id, is_ok, value, answered_by) values ($1, $2, true, '20', $3)`, [task, item, colleague]);
  const same = add('answer.add@1', 'answer', { task_id: task, item_id: item, is_ok: true, value: '20' });
  await applied(same);
  const differs = add('answer.add@1', 'answer', { task_id: task, item_id: item, is_ok: false, value: '20' });
  const [result] = await t.push(differs);
  assert.equal(result?.state, 'merged');
  const [flag] = result?.conflicts ?? [];
  assert.deepEqual([flag?.kind, flag?.severity, flag?.chosen], ['review', 'hard', 'both']);
  assert.equal(await t.value('select count(*)::int from answer where task_id = $1', [task]), 3);
  assert.deepEqual(await t.rows('select kind, state, area_no, tbl from sync_conflict where mid = $1', [differs.mid]),
    [{ kind: 'review', state: 'open', area_no: 1, tbl: 4 }]);
});

test('never loses what was written about something that the office deleted', async () => {
  const id = await t.task();
  await t.owner.query('delete from task where id = $1', [id]);
  const edit = t.update(id, { done_note: { o: null, n: 'Det er gjort' } });
  const item = await t.value('select id from checklist_item limit 1');
  const answer = add('answer.add@1', 'answer', { task_id: id, item_id: item, is_ok: true });
  const results = await t.push(edit, answer);
  assert.deepEqual(results.map((r) => [r.state, r.reason]), [['quarantined', 'edit_after_delete'], ['quarantined', 'edit_after_delete']]);
  const matters = await t.rows('select mid, kind, severity, state, area_no, mine from sync_conflict where mid = any ($1) order by tbl', [[edit.mid, answer.mid]]);
  assert.deepEqual(matters.map((m) => [m.kind, m.severity, m.state, m.area_no]), [
    ['edit_after_delete', 'hard', 'open', 1], ['edit_after_delete', 'hard', 'open', 1]]);
  assert.deepEqual(matters[0].mine, { done_note: 'Det er gjort' });
});

test('lies in the buckets of its own area', async () => {
  const areas = await t.rows(`select distinct b.area_no from sync_entry e join sync_bucket b using (bucket_no) where e.tbl between 20 and 25`);
  assert.deepEqual(areas, [{ area_no: 1 }]);
});

test('comes back to the tablets of its area by pull, with all that the screens need', async () => {
  const { body } = await t.api.post('/api/v1/sync/pull', { device: t.id, cursor: null, scope: null, limit: 20000 });
  const found = new Map<string, Record<string, unknown>>(body.rows.map((r: { t: string; d: Record<string, unknown> }) => [r.t, r.d]));
  const must: Record<string, string[]> = {
    task: ['started_at', 'progress', 'visits', 'access_note'],
    time_entry: ['task_id', 'minutes', 'person_id'],
    material_use: ['name', 'quantity', 'unit'],
    inspection: ['place_id', 'state', 'keys'],
    inspection_answer: ['inspection_id', 'item_id', 'is_ok'],
    signature: ['role', 'name'],
    photo_mark: ['document_id', 'layer'],
    conflict: ['severity', 'kind', 'base', 'mine', 'theirs'],
  };
  for (const [name, fields] of Object.entries(must))
    for (const field of fields) assert.ok(field in (found.get(name) ?? {}), `${name}.${field}`);
});
