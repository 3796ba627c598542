// Every named query, as the roles that run it: PostgreSQL knows its tables, columns and functions,
// the role may use them, and on filled tables the plan that a prepared statement gets finds its rows
// by an index.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type pg from 'pg';
import { root, world, type Role } from './harness.ts';
import { token, type Audience } from './helpers.ts';

type Query = { name: string; kind: string; sql: string };

function named(): Query[] {
  const found: Query[] = [];
  const parts = new Map<string, string>();
  const whole = (sql: string): string => sql.replace(/^-- use: (\w+)$/gm, (_, part: string) => parts.get(part) ?? '');
  for (const folder of ['server', 'fieldapi', 'geo', 'importers'])
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.sql')) continue;
      const text = readFileSync(join(root, folder, file), 'utf8');
      for (const section of text.split(/^-- (?=name: |part: )/m).slice(1)) {
        const [head = '', ...lines] = section.split('\n');
        const [what, name = '', kind = ''] = head.split(' ');
        const sql = lines.filter((l) => !/^--(?! use: )/.test(l)).join('\n');
        if (what === 'part:') parts.set(name, sql);
        else found.push({ name, kind, sql: sql.trim().replace(/;$/, '') });
      }
    }
  return found.map((query) => ({ ...query, sql: whole(query.sql) }));
}

// Who runs what. A query that is in no row fails the first test: whoever writes one says it here.
const users: [pattern: RegExp, ...roles: Role[]][] = [
  [/^(case_list(_open)?|case_get|case_change|case_task_add|task_\w+|people_list|checklist_list)$/, 'office'],
  [/^(building_map|rule_list|plan_may)$/, 'office'],
  [/^(case_list_mine|case_get_mine|lease_home)$/, 'tenant'],
  [/^(case_similar|case_report|case_photos|case_message_add|case_follow)$/, 'office', 'tenant'],
  [/^(notification_\w+|live_who)$/, 'office', 'field', 'tenant'],
  [/^(area_list|building_get|building_list|component_\w+)$/, 'office', 'field'],
  [/^search_(lines|code|place_words|guess|show_place)$/, 'office', 'field', 'tenant', 'public'],
  [/^search_mine$/, 'tenant'],
  [/^search_(task_\w+|component_words|inside|components_inside|show_(component|task|key))$/, 'office', 'field'],
  [/^search_(case_\w+|document_words|archive_words|people_like|show_(person|case|document|archive))$/, 'office'],
  [/^register_(building_types|building_statuses|elements)$/, 'office', 'field'],
  [/^(register|related)_\w+$|^label_get$/, 'office'],
  [/^(place_\w+|land_map)$/, 'office', 'field', 'tenant', 'public'],
  [/^(code_get|category_list)$/, 'office', 'field', 'tenant', 'supplier', 'public'],
  [/^session_get$/, 'office', 'field', 'tenant', 'supplier'],
  [/^file_\w+$/, 'office', 'field', 'tenant', 'supplier'],
  [/^upload_\w+$/, 'office', 'field', 'tenant', 'supplier'],
  [/^document_alerts$/, 'office'],
  [/^document_add$/, 'office', 'tenant', 'supplier'],
  [/^archive_(cases|documents)$/, 'office'],
  [/^document_list$/, 'office', 'field'],
  [/^(map_\w+|floor_plan_(document|add|change|remove)|storey_rooms_make)$/, 'office'],
  [/^(floor_plan_list|storey_rooms)$/, 'office', 'field'],
  [/^supplier_job$/, 'supplier'],
  [/^(sync_(pull|quiet|wait|info|position|compare|scope_keep|device_\w+|quarantine_add)|push_\w+)$/, 'field'],
  [/^snapshot_(who|facts|rows|list|get|wanted)$/, 'field'],
  [/^(doctor_look|restore_\w+)$/, 'job'],
  [/^(sync_(key|epoch_note|hints)|snapshot_(stale|add|old)|session_(demo|supplier|close)|live_(snapshot|changes)|health_\w+|job_\w+)$/, 'job'],
  [/^(device_(key|enrol|adopt|next|told|wiped|queue_access|sign_out|salvage)|seal_\w+)$/, 'job'],
  [/^device_(code_(add|get)|list|revoke)$/, 'office'],
  [/^device_(add|mine)$/, 'field'],
  [/^matter_\w+$/, 'office'],
  [/^import_(may|run_(add|get|list|earlier)|queue_\w+)$/, 'office'],
  [/^(plan_(window|rules|begin|make)|import_\w+)$/, 'job'],
  [/^gis_(place|extent|system|export_begin)$/, 'office', 'field', 'tenant', 'public'],
  [/^gis_dwelling$/, 'office', 'field', 'tenant'],
  [/^gis_(building|component|component_in|task)$/, 'office', 'field'],
  [/^gis_(property|storey|case|case_in|\w+_ever|token_\w+)$/, 'office'],
  [/^tile_who$/, 'office', 'field', 'tenant'],
  [/^tile_(building|case|case_far)$/, 'office'],
  [/^tile_(component|component_far|task|task_far)$/, 'office', 'field'],
  [/^tile_building_field$/, 'field'],
  [/^tile_case_mine$/, 'tenant'],
  [/^tile_property$/, 'office', 'field', 'tenant'],
  [/^tile_building_open$/, 'tenant', 'public'],
  [/^tile_(municipality|outdoor_area|building_far|extent)$/, 'office', 'field', 'tenant', 'public'],
  [/^tile_feed_\w+$/, 'job'],
  [/^(key_system_\w+|cylinder_\w+|key_(list\w*|get|add|change|opens_set|newcomer|out|in|mark_\w+|holders))$/, 'office'],
  [/^(key_at_place|warning_list|meter_get|meter_list|reading_list)$/, 'office', 'field'],
  [/^(meter_(add|start|change|swap)|reading_(flagged|accept|correct|file)|degree_day_\w+|warning_(add|change))$/, 'office'],
  [/^(reading_add|meter_consumption)$/, 'office', 'field', 'tenant'],
  [/^(meter_list_mine|reading_list_mine)$/, 'tenant'],
  [/^demo_\w+$/, 'owner'],
];
const rolesOf = (name: string): Role[] => users.find(([pattern]) => pattern.test(name))?.slice(1) as Role[];

const all = named();
// COPY and ANALYZE cannot be prepared; the demo's load runs them.
const prepared = all.filter((q) => /^(select|with|insert|update|delete)\b/i.test(q.sql));

// Read by whole: a job's work over everything, or a table of some rows.
// What GIS programs read is planned with its values (geo_plans.test.ts looks at those plans).
const mayScan =
  /^(demo|job|plan|import|health|gis|snapshot|doctor)_|^(category|checklist|area|people|rule)_|^register_(building_|elements|templates)/;
// A tenant's fault on a component elsewhere is checked by what PostgreSQL makes a hash of all places
// they may see; it is only built when such a report comes.
const mayScanAs = new Set(['case_report as tenant']);
const large = ['place', 'component', 'task', 'cases', 'sync_entry', 'document', 'search', 'search_line', 'answer', 'meter_reading'];

const empty = await world();
const filled = await world({ demo: true });
const clients = new Map<Role, pg.Client>();
let fieldToken = '';
let device: string;

/** Many times the demo, without its triggers: only the plans matter. */
const bulk = `
  set session_replication_role = replica;
  insert into place (parent_id, kind, name, label, area_no, site_id, point)
  select p.id, 'room', 'Rom ' || n, p.label || ', rom ' || n, p.area_no, p.id, p.point
    from place p, generate_series(1, 300) n where p.kind = 'building';
  insert into component (place_id, site_id, area_no, name, element)
  select place_id, site_id, area_no, name, element from component, generate_series(1, 5);
  insert into task (number, place_id, site_id, area_no, title, category, state, created_at, done_at, deadline)
  select number || '-' || n, place_id, site_id, area_no, title, category, 'done',
         created_at - make_interval(hours => n), created_at, deadline
    from task, generate_series(1, 50) n;
  insert into cases (number, place_id, site_id, area_no, category, title, state, priority, reporter_id, created_at, done_at, deadline)
  select number || '-' || n, place_id, site_id, area_no, category, title, 'closed', priority, reporter_id,
         created_at - make_interval(hours => n), created_at, deadline
    from cases, generate_series(1, 150) n;
  insert into document (title, kind, place_id, site_id, area_no, case_id, task_id, sha256)
  select title, kind, place_id, site_id, area_no, case_id, task_id, sha256(convert_to(id::text || n, 'UTF8'))
    from document, generate_series(1, 60) n;
  insert into answer (task_id, item_id, value, is_ok)
  select a.task_id, a.item_id, a.value, a.is_ok from answer a, generate_series(1, 20);
  insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
  select b.bucket_no, 3, t.id, 'P', 1 from task t join sync_bucket b on b.kind = 'ops' and b.ref_id = t.site_id
  on conflict do nothing;
  insert into search (tbl, row_id, area_no, title, text, tsv)
  select 'task', t.id, t.area_no, t.title, search_form(t.title || ' ' || t.number), to_tsvector('norwegian', t.title) from task t
  on conflict do nothing;
  reset session_replication_role;
  analyze;`;

async function identified(role: Role, owner: pg.Client): Promise<void> {
  const client = await filled.connect(role);
  clients.set(role, client);
  await client.query('set plan_cache_mode = force_generic_plan');
  for (const q of prepared)
    if (rolesOf(q.name)?.includes(role)) await client.query(`prepare ${q.name} as ${q.sql}`);
  if (role === 'job' || role === 'public' || role === 'owner') return;
  const people = { office: 'manager', field: 'caretaker', tenant: 'tenant', supplier: 'supplier' };
  const made = token(role as Audience);
  const { rows } = await owner.query(
    `select p.id, session_open(p.id, $2, sha256(convert_to($3, 'UTF8')), 1) from person p where demo_key = $1`,
    [people[role as Audience], role, made],
  );
  if (role === 'field') fieldToken = made;
  if (role === 'field')
    device = (
      await owner.query(`insert into sync_device (person_id, name) values ($1, 'x') returning id`, [rows[0].id])
    ).rows[0].id;
  await client.query(`begin; select identify(sha256(convert_to('${made}', 'UTF8')))`);
}

before(async () => {
  const owner = await filled.connect('owner');
  await owner.query(bulk);
  for (const role of ['owner', 'job', 'public', 'office', 'field', 'tenant', 'supplier'] as Role[])
    await identified(role, owner);
});

test('knows who runs each query', () => {
  assert.ok(all.length > 80, `only ${all.length} queries`);
  assert.deepEqual(
    all.filter((q) => !rolesOf(q.name)).map((q) => q.name),
    [],
  );
});

test('understands each query in a database that has just been made', async () => {
  const wrong: string[] = [];
  for (const role of ['owner', 'job', 'office', 'field', 'tenant', 'supplier', 'public'] as Role[]) {
    const client = await empty.connect(role);
    for (const q of prepared.filter((p) => rolesOf(p.name)?.includes(role)))
      await client
        .query(`prepare ${q.name} as ${q.sql}`)
        .catch((e: Error) => wrong.push(`${q.name} as ${role}: ${e.message}`));
  }
  assert.deepEqual(wrong, []);
});

type Plan = { 'Node Type': string; 'Relation Name'?: string; Plans?: Plan[] };

const scans = (plan: Plan): string[] => [
  ...(plan['Node Type'] === 'Seq Scan' && large.includes(plan['Relation Name'] ?? '')
    ? [plan['Relation Name'] ?? '']
    : []),
  ...(plan.Plans ?? []).flatMap(scans),
];

/** The generic plan, which is what a prepared statement has after its fifth run. */
async function explain(role: Role, q: Query): Promise<Plan> {
  const client = clients.get(role);
  assert.ok(client);
  const { rows } = await client.query(
    `select cardinality(parameter_types) as n from pg_prepared_statements where name = $1`,
    [q.name],
  );
  const values = Array.from({ length: rows[0].n }, () => 'null').join();
  await client.query('savepoint s').catch(() => undefined);
  try {
    const found = await client.query(
      `explain (format json) execute ${q.name}${values ? `(${values})` : ''}`,
    );
    return found.rows[0]['QUERY PLAN'][0].Plan;
  } catch (e) {
    await client.query('rollback to s').catch(() => undefined);
    throw e;
  }
}

test('lets each role run its queries', async () => {
  const wrong: string[] = [];
  for (const q of prepared)
    for (const role of rolesOf(q.name) ?? [])
      await explain(role, q).catch((e: Error) => wrong.push(`${q.name} as ${role}: ${e.message}`));
  assert.deepEqual(wrong, []);
});

test('finds its rows by an index, whoever asks', async () => {
  const wrong: string[] = [];
  for (const q of prepared)
    for (const role of rolesOf(q.name) ?? []) {
      if (mayScan.test(q.name) || mayScanAs.has(`${q.name} as ${role}`)) continue;
      const read = scans(await explain(role, q));
      if (read.length) wrong.push(`${q.name} as ${role} reads all of ${[...new Set(read)].join()}`);
    }
  assert.deepEqual(wrong, []);
});

// A caretaker's empty pull is asked thousands of times a day.
test('reads next to nothing for a tablet that has everything', async () => {
  const client = clients.get('field');
  assert.ok(client);
  const quiet = `execute sync_quiet(sha256(convert_to('${fieldToken}', 'UTF8')), '${device}', areas(), pg_snapshot_xmax(pg_current_snapshot()), '{}')`;
  assert.equal((await client.query(quiet)).rows[0].d?.device, 'active', 'it is known to have everything');
  const { rows } = await client.query(`explain (analyze, buffers, format json) ${quiet}`);
  const plan = rows[0]['QUERY PLAN'][0];
  const touched = plan.Plan['Shared Hit Blocks'] + plan.Plan['Shared Read Blocks'];
  assert.ok(touched < 100, `${touched} pages of 8 kB for nothing new`);
});
