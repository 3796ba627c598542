// The layers' queries are planned with the values of each run: for each way to ask there is an index,
// under row level security too, where a condition that could leak finds none.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { root, world } from './harness.ts';

const w = await world({ demo: true });
const owner = await w.connect('owner');
const s = await w.server();
const manager = await s.login('manager');
const office = await w.connect('office');
const text = readFileSync(join(root, 'geo/ogc.sql'), 'utf8');

type Plan = { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; Plans?: Plan[] };

const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

before(async () => {
  await owner.query(`
    set session_replication_role = replica;
    insert into place (parent_id, kind, name, label, area_no, site_id, point)
    select p.id, 'room', 'Rom ' || n, p.label || n, p.area_no, p.id, p.point from place p, generate_series(1, 300) n where p.kind = 'building';
    insert into place (parent_id, kind, name, label, area_no, site_id, point, geom)
    select p.parent_id, 'outdoor_area', 'Plass ' || n, 'Plass ' || n, p.area_no, p.id, st_translate(p.point, n * 3, n), st_translate(p.geom, n * 3, n)
      from place p, generate_series(1, 100) n where p.kind = 'building';
    insert into component (place_id, site_id, area_no, name, element)
    select place_id, site_id, area_no, name, element from component, generate_series(1, 8);
    insert into task (number, place_id, site_id, area_no, title, state, created_at)
    select number || '-' || n, place_id, site_id, area_no, title, 'done', created_at from task, generate_series(1, 60) n;
    insert into cases (number, place_id, site_id, area_no, category, title, state, priority, created_at)
    select number || '-' || n, place_id, site_id, area_no, category, title, 'closed', priority, created_at from cases, generate_series(1, 200) n;
    reset session_replication_role;
    analyze;`);
  await office.query('begin');
  await office.query('select identify($1)', [createHash('sha256').update(manager.token).digest()]);
});

/** The plan of a query with some of its parameters given. */
async function plan(name: string, given: Record<number, string>): Promise<Plan[]> {
  const part = text.split(/^-- name: /m).find((p) => p.startsWith(`${name} `));
  assert.ok(part, name);
  const sql = part.split('\n').slice(1).filter((l) => !l.startsWith('--')).join('\n').replace(/\s--.*$/gm, '');
  const fixed: Record<number, string> = { 9: '101', 10: '4326', 11: 'false', 12: '7', 13: `'json'`, ...given };
  const filled = sql.trim().replace(/;$/, '').replace(/\$(\d+)/g, (_, n) => fixed[Number(n)] ?? 'null');
  const { rows } = await office.query(`explain (format json) ${filled}`);
  return nodes(rows[0]['QUERY PLAN'][0].Plan);
}

const box = { 1: '7.73', 2: '63.11', 3: '7.731', 4: '63.111', 5: '4326' };
const kinds: Record<string, Record<number, string>> = {
  gis_place: { 16: `'outdoor_area'` },
  gis_building: {},
  gis_dwelling: {},
  gis_component_in: {},
  gis_case_in: {},
  gis_task: {},
};

for (const [name, given] of Object.entries(kinds))
  test(`${name} finds a piece of the map by the index of shapes`, async () => {
    const read = await plan(name, { ...given, ...box });
    assert.ok(read.some((n) => /shape|component_geom|cases_position/.test(n['Index Name'] ?? '')), JSON.stringify(read.map((n) => n['Index Name'] ?? n['Node Type'])));
    assert.deepEqual(read.filter((n) => n['Node Type'] === 'Seq Scan' && ['place', 'component', 'task', 'cases'].includes(n['Relation Name'] ?? '')).map((n) => n['Relation Name']), []);
  });

for (const [name, given] of [['gis_place', { 16: `'room'` }], ['gis_component', {}], ['gis_case', {}], ['gis_task', {}]] as [string, Record<number, string>][])
  test(`${name} reads a page from its key on`, async () => {
    const read = await plan(name, { ...given, 8: `'01941f29-7c00-7d7e-87fe-291be6a7e29a'` });
    assert.ok(!read.some((n) => n['Node Type'] === 'Sort'), 'the order is that of the index');
    assert.ok(!read.some((n) => n['Node Type'] === 'Seq Scan' && n['Relation Name'] === name.replace('gis_', '').replace('case', 'cases')));
  });

test('finds a feature by its id', async () => {
  for (const name of ['gis_building', 'gis_component', 'gis_task', 'gis_case']) {
    const read = await plan(name, { 14: `'{01941f29-7c00-7d7e-87fe-291be6a7e29a}'` });
    assert.ok(!read.some((n) => n['Node Type'] === 'Seq Scan' && ['place', 'component', 'task', 'cases'].includes(n['Relation Name'] ?? '')), name);
  }
});
