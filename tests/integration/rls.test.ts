// Row level security: each policy has a test that tries to get past it, logged in as the real roles and with no WHERE to help.
// What a user would lose if one failed: their neighbour reads their case, a caretaker of another municipality closes their task.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type pg from 'pg';
import { world, type Role } from './harness.ts';

type Row = Record<string, unknown>;
type Ask = (sql: string, params?: unknown[]) => Promise<Row[]>;

const w = await world();
// The people and things of the tests; a name that is not here does not compile.
type Key =
  | 'admin' | 'buildingA' | 'buildingB' | 'byLink' | 'caretakerA' | 'caretakerB' | 'case1' | 'case2' | 'caseB' | 'compA'
  | 'compB' | 'contact1' | 'contactB' | 'deskA' | 'docB' | 'docTask1' | 'dwelling1' | 'dwelling2' | 'dwellingB' |
  'former' | 'hidden' | 'laundry' | 'lease0' | 'lease1' | 'lease2' | 'leaseB' | 'leaver' | 'link1' | 'link1b' |
  'linkOld' | 'managerA' | 'managerB' | 'msgInternal' | 'msgStaff' | 'msgTenant' | 'muni' | 'mutationA' | 'mutationB' |
  'photo1' | 'photo2' | 'plant' | 'property' | 'supplier1' | 'supplier2' | 'task1' | 'task1b' | 'taskB' | 'tenant1' |
  'tenant2' | 'yard';
type Login = 'fdvu_office' | 'fdvu_field' | 'fdvu_tenant' | 'fdvu_supplier' | 'fdvu_public' | 'fdvu_job';
const clients = {} as Record<Login, pg.Client>;
const roles: Login[] = ['fdvu_office', 'fdvu_field', 'fdvu_tenant', 'fdvu_supplier', 'fdvu_public', 'fdvu_job'];
const sessions = {} as Record<Key, Buffer>;
const f = {} as Record<Key, string>;
const area = { a: randomInt(1_000_000, 2_000_000) * 2, b: 0 };
area.b = area.a + 1;

function first(rows: Row[]): Row {
  const [row] = rows;
  assert.ok(row, 'there is no row');
  return row;
}

async function job(sql: string, params: unknown[] = []): Promise<Row[]> {
  return (await clients.fdvu_job.query(sql, params)).rows;
}

/** Runs fn in a transaction that is rolled back, as the role and with the person's session identified (none: nobody). */
async function as(role: Login, who: Key | null, fn: (ask: Ask) => Promise<void>): Promise<void> {
  const client = clients[role];
  await client.query('begin');
  try {
    if (who) await client.query('select fdvu.identify($1)', [sessions[who]]);
    await fn(async (sql, params = []) => (await client.query(sql, params)).rows);
  } finally {
    await client.query('rollback');
  }
}

async function fails(ask: Ask, code: string, sql: string, params: unknown[] = []): Promise<void> {
  await ask('savepoint attempt');
  await assert.rejects(ask(sql, params), (e: pg.DatabaseError) => {
    assert.equal(e.code, code, `${sql}: ${e.message}`);
    return true;
  });
  await ask('rollback to attempt');
}

const denied = (ask: Ask, sql: string, params: unknown[] = []) => fails(ask, '42501', sql, params);

async function ids(ask: Ask, sql: string, params: unknown[] = []): Promise<string[]> {
  return (await ask(sql, params)).map((r) => String(Object.values(r)[0]));
}

async function sees(ask: Ask, sql: string, yes: Key[], no: Key[]): Promise<void> {
  const got = new Set(await ids(ask, sql));
  for (const key of yes) assert.ok(got.has(f[key]), `${sql} must give ${key}`);
  for (const key of no) assert.ok(!got.has(f[key]), `${sql} must not give ${key}`);
}

// Salted, so that the tests can run again on the same database.
const run = randomUUID();
const hash = (text: string) => createHash('sha256').update(run + text).digest();
const place = (key: Key, parent: Key | null, kind: string, name: string, areaNo: number | null = null, isPublic = false) =>
  job(`insert into place (id, parent_id, kind, name, area_no, is_public, geom, warning)
       values ($1, $2, $3, $4, $5, $6, st_setsrid(st_makepoint(435000, 6998000), 25832), 'hund')`,
    [(f[key] = randomUUID()), parent && f[parent], kind, name, areaNo, isPublic]);

async function person(key: Key, role: string | null, areaNo: number | null, audience: string | null, protection = 'none') {
  f[key] = randomUUID();
  await job('insert into person (id, name, protection, phone, email) values ($1, $2, $3, $4, $5)',
    [f[key], `Navn ${key}`, protection, '90000000', `${key}@example.no`]);
  if (role) await job('insert into person_role (person_id, role, area_no) values ($1, $2, $3)', [f[key], role, areaNo]);
  if (audience) await session(key, audience);
}

async function session(key: Key, audience: string) {
  sessions[key] = randomBytes(32);
  await job('select session_open($1, $2, $3, 1, null)', [f[key], audience, sessions[key]]);
}

async function lease(key: Key, dwelling: Key, tenant: Key, starts = '2020-01-01', ends: string | null = null) {
  f[key] = randomUUID();
  await job('insert into lease (id, dwelling_id, starts_on, ends_on, rent_ore) values ($1, $2, $3, $4, 950000)', [f[key], f[dwelling], starts, ends]);
  await job(`insert into lease_party (lease_id, person_id) values ($1, $2)`, [f[key], f[tenant]]);
}

async function report(key: Key, where: Key, reporter: Key, category: string) {
  f[key] = randomUUID();
  await job(`insert into cases (id, place_id, reporter_id, category, title, description)
             values ($1, $2, $3, $4, 'Det renner hos Navn ' || $5::text, 'ring meg')`, [f[key], f[where], f[reporter], category, reporter]);
}

async function task(key: Key, where: Key, caseKey: Key | null = null) {
  f[key] = randomUUID();
  await job('insert into task (id, place_id, case_id, title) values ($1, $2, $3, $4)', [f[key], f[where], caseKey && f[caseKey], key]);
}

async function doc(key: Key, cols: Row) {
  f[key] = randomUUID();
  const names = Object.keys(cols);
  await job(`insert into document (id, title, ${names.join(', ')}) values ($1, $2, ${names.map((_, i) => `$${i + 3}`).join(', ')})`,
    [f[key], key, ...Object.values(cols)]);
}

async function link(key: Key, taskKey: Key, who: Key, expires: string) {
  f[key] = randomUUID();
  await job(`insert into supplier_link (id, token_hash, task_id, person_id, expires_at) values ($1, $2, $3, $4, now() + $5::interval)`,
    [f[key], hash(f[key]), f[taskKey], f[who], expires]);
}

before(async () => {
  for (const role of roles) {
    clients[role] = await w.connect(role.replace('fdvu_', '') as Role);
  }
  await job(`insert into area (area_no, name) values ($1, 'A'), ($2, 'B')`, [area.a, area.b]);
  await place('muni', null, 'municipality', 'Prøvekommune');
  await place('property', 'muni', 'property', '1/1', area.a);
  await place('buildingA', 'property', 'building', 'Aveien 1', area.a);
  await place('buildingB', 'property', 'building', 'Bveien 1', area.b);
  await place('dwelling1', 'buildingA', 'dwelling', 'H0101');
  await place('dwelling2', 'buildingA', 'dwelling', 'H0102');
  await place('dwellingB', 'buildingB', 'dwelling', 'H0101');
  await place('laundry', 'buildingA', 'room', 'Vaskeri', null, true);
  await place('plant', 'buildingA', 'room', 'Teknisk rom');
  await place('yard', 'property', 'outdoor_area', 'Tunet', area.a);
  for (const d of ['dwelling1', 'dwelling2', 'dwellingB'] as const) await job('insert into dwelling (place_id, h_number) values ($1, $2)', [f[d], 'H0101']);
  for (const [key, where] of [['compA', 'plant'], ['compB', 'buildingB']] as const) {
    await job(`insert into component (id, place_id, name, element) values ($1, $2, $3, '315')`, [(f[key] = randomUUID()), f[where], key]);
  }

  await person('managerA', 'manager', area.a, 'office');
  await person('managerB', 'manager', area.b, 'office');
  await person('deskA', 'frontdesk', area.a, 'office');
  await person('admin', 'admin', null, 'office');
  await person('caretakerA', 'caretaker', area.a, 'field');
  await person('caretakerB', 'caretaker', area.b, 'field');
  for (const t of ['tenant1', 'tenant2', 'former'] as const) await person(t, 'tenant', null, 'tenant');
  await person('hidden', 'tenant', null, 'tenant', 'strictly_confidential');
  await person('supplier1', 'supplier', null, 'supplier');
  await person('supplier2', 'supplier', null, 'supplier');

  await lease('lease0', 'dwelling1', 'former', '2010-01-01', '2019-12-31');
  await lease('lease1', 'dwelling1', 'tenant1');
  await lease('lease2', 'dwelling2', 'tenant2');
  await lease('leaseB', 'dwellingB', 'hidden');

  await report('case1', 'dwelling1', 'tenant1', 'water_leak');
  await report('case2', 'dwelling2', 'tenant2', 'lock_key');
  await report('caseB', 'dwellingB', 'hidden', 'water_leak');
  await task('task1', 'dwelling1', 'case1');
  await task('task1b', 'dwelling1', 'case1');
  await task('taskB', 'buildingB');
  await link('link1', 'task1', 'supplier1', '1 day');
  await link('link1b', 'task1b', 'supplier1', '1 day');
  await link('linkOld', 'taskB', 'supplier1', '-1 minute');
  await job('insert into case_follower (case_id, person_id) values ($1, $2)', [f.case1, f.tenant2]);
  for (const [key, who, internal] of [['msgTenant', 'tenant1', false], ['msgStaff', 'managerA', false], ['msgInternal', 'managerA', true]] as const) {
    await job('insert into case_message (id, case_id, author_id, is_internal, text) values ($1, $2, $3, $4, $5)',
      [(f[key] = randomUUID()), f.case1, f[who], internal, key]);
  }
  await doc('photo1', { case_id: f.case1, kind: 'photo', sha256: hash('photo1'), created_by: f.tenant1 });
  await doc('photo2', { case_id: f.case2, kind: 'photo', sha256: hash('photo2'), created_by: f.tenant2 });
  await doc('docTask1', { task_id: f.task1, sha256: hash('docTask1') });
  await doc('docB', { place_id: f.buildingB, sha256: hash('docB') });
  for (const [content, who] of [['photo1', 'tenant1'], ['photo2', 'tenant2'], ['docTask1', null], ['docB', null]] as const) {
    await job(`insert into file (sha256, size, mime, created_by) values ($1, 3, 'image/jpeg', $2)`, [hash(content), who && f[who]]);
  }
  await job(`insert into contact (id, channel, person_id, name, phone, case_id) values ($1, 'phone', $2, 'Navn', '90000000', $3)`,
    [(f.contact1 = randomUUID()), f.tenant1, f.case1]);
  await job(`insert into contact (id, channel, person_id, case_id) values ($1, 'phone', $2, $3)`, [(f.contactB = randomUUID()), f.hidden, f.caseB]);
});

describe('nobody', () => {
  test('every table has row level security and no role owns one', async () => {
    const bare = await job(`select relname from pg_class where relnamespace = 'fdvu'::regnamespace and relkind in ('r', 'p') and not relrowsecurity
                             and relname <> 'migration'`);
    assert.deepEqual(bare, []);
    const owned = await job(`select relname from pg_class where relnamespace = 'fdvu'::regnamespace and pg_get_userbyid(relowner) <> 'fdvu_owner'
                              and relname <> 'migration'`);
    assert.deepEqual(owned, []);
  });

  test('no function is everybody\'s', async () => {
    const open = await job(`select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'fdvu'::regnamespace
                             and (p.proacl is null or exists (select from aclexplode(p.proacl) a where a.grantee = 0))`);
    assert.deepEqual(open, []);
  });

  test('every function with its owner\'s rights pins its search path or names everything in full', async () => {
    const loose = await ids(job, `select p.proname from pg_proc p where p.pronamespace = 'fdvu'::regnamespace and p.prosecdef
                                   and not exists (select from unnest(p.proconfig) c where c like 'search_path=%') order by 1`);
    assert.deepEqual(loose, ['component_fill', 'extension_fill', 'identify', 'task_fill']);
  });

  test('a connection that has identified nobody sees nothing, nor one whose settings are empty', async () => {
    for (const role of ['fdvu_office', 'fdvu_field', 'fdvu_tenant', 'fdvu_supplier'] as const) {
      const tables = await ids(job, `select c.relname from pg_class c where c.relnamespace = 'fdvu'::regnamespace and c.relkind in ('r', 'v')
        and has_any_column_privilege($1, c.oid, 'select') and c.relname not in ('building_type', 'element', 'condition_grade', 'category', 'checklist',
        'checklist_item', 'public_case', 'sync_epoch')`, [role]);
      assert.ok(tables.length > 3, role);
      for (const empty of [false, true]) {
        await as(role, null, async (ask) => {
          if (empty) await ask(`select set_config('fdvu.person', '', true), set_config('fdvu.areas', '', true), set_config('fdvu.roles', '', true)`);
          for (const t of tables) assert.deepEqual(await ask(`select 1 from ${t} limit 1`), [], `${role} ${t}`);
        });
      }
    }
  });

  test('a token opens only the pool of its audience, and an unknown one none', async () => {
    for (const [role, who] of [['fdvu_office', 'tenant1'], ['fdvu_field', 'managerA'], ['fdvu_tenant', 'caretakerA'], ['fdvu_supplier', 'tenant1']] as const) {
      await as(role, null, (ask) => fails(ask, 'FD401', 'select identify($1)', [sessions[who]]));
      await as(role, null, (ask) => fails(ask, 'FD401', 'select identify($1)', [randomBytes(32)]));
    }
  });

  test('who was identified is forgotten with the transaction', async () => {
    await as('fdvu_office', 'admin', async (ask) => assert.equal(first(await ask('select me()')).me, f.admin));
    await as('fdvu_office', null, async (ask) => assert.equal(first(await ask('select me()')).me, null));
  });

  test('only the log-in handler opens sessions, and only for those who have the role', async () => {
    for (const role of roles.filter((r) => r !== 'fdvu_job')) {
      await as(role, null, async (ask) => {
        await denied(ask, `select session_open($1, 'office', $2, 1, null)`, [f.admin, randomBytes(32)]);
        await denied(ask, `select supplier_session($1, $2)`, [hash(f.link1), randomBytes(32)]);
        await denied(ask, 'select * from session');
        await denied(ask, 'select * from person_secret');
        await denied(ask, `insert into notification (person_id, case_id, kind, text_key) values ($1, $2, 'state', 'x')`, [f.tenant1, f.case1]);
        await denied(ask, 'create temporary table t (x int)');
        await denied(ask, 'create table fdvu.t (x int)');
        await denied(ask, 'set role fdvu_owner');
        await denied(ask, `select nextval('number_case_2026')`);
        await denied(ask, 'select audit_partitions(1)');
        await denied(ask, 'select sync_after_restore()');
        await denied(ask, 'delete from task');
        await denied(ask, 'truncate cases');
      });
    }
    await as('fdvu_job', null, (ask) => denied(ask, `select session_open($1, 'office', $2, 1, null)`, [f.tenant1, randomBytes(32)]));
  });

  test('a role taken away, and a revoked tablet, end the sessions at once', async () => {
    await person('leaver', 'caretaker', area.a, 'field');
    await as('fdvu_field', 'leaver', async (ask) => assert.equal(first(await ask('select me()')).me, f.leaver));
    await job('delete from person_role where person_id = $1', [f.leaver]);
    await as('fdvu_field', null, (ask) => fails(ask, 'FD401', 'select identify($1)', [sessions.leaver]));

    const device = randomUUID();
    await job(`insert into sync_device (id, person_id, name) values ($1, $2, 'nettbrett')`, [device, f.caretakerB]);
    const token = randomBytes(32);
    await job(`select session_open($1, 'field', $2, 1, $3)`, [f.caretakerB, token, device]);
    await job(`update sync_device set state = 'revoked' where id = $1`, [device]);
    await as('fdvu_field', null, (ask) => fails(ask, 'FD401', 'select identify($1)', [token]));
  });
});

describe('office', () => {
  test('sees the rows of its areas and of none, whatever is asked', async () => {
    await as('fdvu_office', 'managerA', async (ask) => {
      await sees(ask, 'select id from place', ['muni', 'property', 'buildingA', 'dwelling1'], ['buildingB', 'dwellingB']);
      await sees(ask, 'select place_id from dwelling', ['dwelling1'], ['dwellingB']);
      await sees(ask, 'select id from component', ['compA'], ['compB']);
      await sees(ask, 'select id from cases', ['case1', 'case2'], ['caseB']);
      await sees(ask, 'select id from task', ['task1'], ['taskB']);
      await sees(ask, 'select id from document', ['photo1', 'docTask1'], ['docB']);
      await sees(ask, 'select id from lease', ['lease1', 'lease2'], ['leaseB']);
      await sees(ask, 'select lease_id from lease_party', ['lease1'], ['leaseB']);
      await sees(ask, 'select id from case_message', ['msgTenant', 'msgInternal'], []);
      await sees(ask, 'select id from contact', ['contact1'], ['contactB']);
      await sees(ask, 'select id from supplier_link', ['link1'], ['linkOld']);
      await sees(ask, 'select row_id from search', ['buildingA', 'case1', 'tenant1'], ['buildingB', 'caseB', 'hidden']);
      await sees(ask, 'select b.ref_id from sync_bucket b', ['buildingA'], ['buildingB']);
      await sees(ask, 'select row_id from sync_entry', ['task1', 'case1'], ['taskB', 'caseB']);
      assert.equal(first(await ask('select place_warning($1) as w', [f.buildingB])).w, null);
      assert.equal(first(await ask('select place_warning($1) as w', [f.buildingA])).w, 'hund');
    });
  });

  test('does not meet a protected person anywhere, administrators excepted', async () => {
    await as('fdvu_office', 'managerB', async (ask) => {
      await sees(ask, 'select id from person', ['tenant1'], ['hidden']);
      await sees(ask, 'select person_id from lease_party', [], ['hidden']);
      await sees(ask, 'select id from contact', [], ['contactB']);
      await sees(ask, 'select row_id from search', ['caseB'], ['hidden']);
      await sees(ask, 'select person_id from person_role', [], ['hidden']);
      assert.equal(first(await ask('select person_name($1) as n', [f.hidden])).n, null);
      assert.equal((await ask('update person set name = name where id = $1 returning id', [f.hidden])).length, 0);
    });
    await as('fdvu_office', 'admin', async (ask) => {
      await sees(ask, 'select id from person', ['hidden'], []);
      await sees(ask, 'select row_id from search', ['hidden', 'buildingB'], []);
    });
  });

  test('cannot move a row out of or into its areas, or add one elsewhere', async () => {
    await as('fdvu_office', 'managerA', async (ask) => {
      await denied(ask, 'update cases set place_id = $1 where id = $2', [f.buildingB, f.case1]);
      await denied(ask, 'update component set place_id = $1 where id = $2', [f.buildingB, f.compA]);
      await denied(ask, 'update place set area_no = $1 where id = $2', [area.b, f.buildingA]);
      await denied(ask, 'update cases set area_no = $1 where id = $2', [area.a, f.caseB]);
      await denied(ask, 'insert into task (place_id, title) values ($1, $2)', [f.buildingB, 'x']);
      await denied(ask, 'insert into cases (place_id, category) values ($1, $2)', [f.dwellingB, 'heating']);
      await denied(ask, `insert into document (title, place_id, created_by) values ('x', $1, $2)`, [f.buildingB, f.managerA]);
      await denied(ask, 'insert into lease (dwelling_id, starts_on, rent_ore) values ($1, $2, 1)', [f.dwellingB, '2001-01-01']);
      assert.equal((await ask(`update cases set state = 'done' where id = $1 returning id`, [f.caseB])).length, 0);
      assert.equal((await ask(`update task set state = 'done' where id = $1 returning id`, [f.taskB])).length, 0);
    });
  });

  test('cannot hang a row on one it does not see', async () => {
    await as('fdvu_office', 'managerA', async (ask) => {
      await denied(ask, `insert into task (place_id, case_id, title) values ($1, $2, 'x')`, [f.buildingA, f.caseB]);
      await denied(ask, `insert into task (place_id, component_id, title) values ($1, $2, 'x')`, [f.buildingA, f.compB]);
      await denied(ask, 'update task set case_id = $1 where id = $2', [f.caseB, f.task1]);
      await denied(ask, `insert into case_message (case_id, author_id, text) values ($1, $2, 'x')`, [f.caseB, f.managerA]);
      await denied(ask, `insert into supplier_link (token_hash, task_id, person_id, expires_at) values ($1, $2, $3, now() + '1 day')`,
        [randomBytes(32), f.taskB, f.supplier2]);
      await denied(ask, 'insert into lease_party (lease_id, person_id) values ($1, $2)', [f.leaseB, f.tenant1]);
    });
  });

  test('writes in nobody else\'s name and changes no history', async () => {
    await as('fdvu_office', 'managerA', async (ask) => {
      await denied(ask, `insert into case_message (case_id, author_id, text) values ($1, $2, 'x')`, [f.case1, f.tenant1]);
      await denied(ask, `insert into document (title, place_id, created_by) values ('x', $1, $2)`, [f.buildingA, f.deskA]);
      await denied(ask, `update case_message set text = 'x'`);
      await denied(ask, `update cases set number = 'x'`);
      await denied(ask, `update cases set reporter_id = null`);
      await denied(ask, `delete from case_message`);
      await denied(ask, `update answer set value = 'x'`);
      await denied(ask, `delete from audit`);
      await denied(ask, `update document set sha256 = null`);
    });
  });

  test('gives itself no rights', async () => {
    await as('fdvu_office', 'managerA', async (ask) => {
      await denied(ask, `insert into person_role (person_id, role) values ($1, 'admin')`, [f.managerA]);
      assert.deepEqual(await ask('delete from person_role returning id'), []);
      await denied(ask, `insert into area (area_no, name) values (1, 'x')`);
      assert.deepEqual(await ask('select 1 from audit limit 1'), []);
      await denied(ask, 'select token_hash from supplier_link');
    });
    await as('fdvu_office', 'deskA', async (ask) => {
      assert.deepEqual(await ask('update rule set is_active = false returning id'), []);
      assert.deepEqual(await ask('update category set sla_hours = 1 returning code'), []);
      assert.deepEqual(await ask(`update sync_device set state = 'active' returning id`), []);
    });
  });

  test('the files of another area stay there, even for who knows the hash', async () => {
    await as('fdvu_office', 'managerA', async (ask) => {
      assert.equal((await ask('select 1 from file where sha256 = $1', [hash('photo1')])).length, 1);
      assert.equal((await ask('select 1 from file where sha256 = $1', [hash('docB')])).length, 0);
      await ask(`insert into document (title, place_id, sha256, created_by) values ('x', $1, $2, $3)`, [f.buildingA, hash('docB'), f.managerA]);
      assert.equal((await ask('select 1 from file where sha256 = $1', [hash('docB')])).length, 0);
    });
  });
});

describe('field', () => {
  test('sees places, components, tasks and their documents of its areas, and no case, lease, contact or person', async () => {
    await as('fdvu_field', 'caretakerA', async (ask) => {
      await sees(ask, 'select id from place', ['buildingA', 'dwelling1'], ['buildingB', 'dwellingB', 'muni']);
      await sees(ask, 'select id from component', ['compA'], ['compB']);
      await sees(ask, 'select id from task', ['task1'], ['taskB']);
      await sees(ask, 'select id from document', ['docTask1', 'photo1'], ['docB', 'photo2']);
      await sees(ask, 'select row_id from search', ['buildingA', 'task1'], ['buildingB', 'taskB', 'case1', 'tenant1']);
      await sees(ask, 'select id from person', ['caretakerA'], ['tenant1', 'managerA', 'hidden']);
      await sees(ask, 'select id from colleague', ['managerA', 'caretakerB'], ['tenant1', 'hidden', 'supplier1']);
      await sees(ask, 'select row_id from sync_entry', ['task1', 'dwelling1'], ['taskB', 'case1', 'buildingB']);
      for (const t of ['cases', 'lease', 'lease_party', 'contact', 'case_message', 'case_follower', 'audit', 'supplier_link', 'my_case', 'public_case']) {
        await denied(ask, `select * from ${t}`);
      }
      await denied(ask, 'select phone from person');
      await denied(ask, 'select email from person');
      assert.equal(first(await ask('select person_name($1) as n', [f.tenant1])).n, null);
      assert.equal(first(await ask('select person_name($1) as n', [f.managerA])).n, 'Navn managerA');
    });
  });

  test('changes tasks of its areas only, and cannot move them', async () => {
    await as('fdvu_field', 'caretakerA', async (ask) => {
      assert.equal((await ask(`update task set state = 'in_progress' where id = $1 returning id`, [f.task1])).length, 1);
      assert.equal((await ask(`update task set state = 'done' where id = $1 returning id`, [f.taskB])).length, 0);
      await denied(ask, 'update task set place_id = $1 where id = $2', [f.buildingB, f.task1]);
      await denied(ask, 'update task set area_no = $1 where id = $2', [area.a, f.taskB]);
      await denied(ask, 'update task set case_id = null');
      await denied(ask, `insert into task (place_id, title) values ($1, 'x')`, [f.buildingB]);
      await denied(ask, `insert into task (place_id, component_id, title) values ($1, $2, 'x')`, [f.buildingA, f.compB]);
      await denied(ask, `insert into task (place_id, case_id, title) values ($1, $2, 'x')`, [f.buildingA, f.caseB]);
      await denied(ask, `update component set name = 'x'`);
      await denied(ask, `update place set name = 'x'`);
    });
  });

  test('answers, photos and comments are its own, on its own tasks, and are never changed', async () => {
    const item = first(await job('select id from checklist_item limit 1')).id;
    await as('fdvu_field', 'caretakerA', async (ask) => {
      await ask(`insert into answer (task_id, item_id, answered_by) values ($1, $2, $3)`, [f.task1, item, f.caretakerA]);
      await denied(ask, `insert into answer (task_id, item_id, answered_by) values ($1, $2, $3)`, [f.task1, item, f.caretakerB]);
      await denied(ask, `insert into answer (task_id, item_id, answered_by) values ($1, $2, $3)`, [f.taskB, item, f.caretakerA]);
      await denied(ask, `update answer set value = 'x'`);
      await denied(ask, 'delete from answer');
      await denied(ask, `insert into document (title, task_id, created_by) values ('x', $1, $2)`, [f.taskB, f.caretakerA]);
      await denied(ask, `insert into document (title, task_id, created_by) values ('x', $1, $2)`, [f.task1, f.caretakerB]);
      // The task decides where its document lies: naming another place does not move it.
      await denied(ask, `insert into document (title, task_id, place_id, created_by) values ('x', $1, $2, $3)`, [f.taskB, f.buildingA, f.caretakerA]);
      await ask(`insert into case_message (case_id, author_id, is_internal, text) values ($1, $2, true, 'x')`, [f.case1, f.caretakerA]);
      await denied(ask, `insert into case_message (case_id, author_id, is_internal, text) values ($1, $2, false, 'x')`, [f.case1, f.caretakerA]);
      await denied(ask, `insert into case_message (case_id, author_id, is_internal, text) values ($1, $2, true, 'x')`, [f.case2, f.caretakerA]);
      await denied(ask, `insert into case_message (case_id, author_id, is_internal, text) values ($1, $2, true, 'x')`, [f.case1, f.managerA]);
    });
  });

  test('a tablet\'s mutations, conflicts and bucket are its holder\'s', async () => {
    const device = randomUUID();
    const mine = randomUUID();
    await job(`insert into sync_device (id, person_id, name) values ($1, $2, 'B'), ($3, $4, 'A')`, [device, f.caretakerB, mine, f.caretakerA]);
    await job(`insert into sync_mutation (device_id, seq, mid, op, payload_sha256, payload, state) values ($1, 1, $2, 'task.close@1', $3, '{}', 'applied')`,
      [device, (f.mutationB = randomUUID()), randomBytes(32)]);
    await as('fdvu_field', 'caretakerA', async (ask) => {
      await sees(ask, 'select mid from sync_mutation', [], ['mutationB']);
      await sees(ask, 'select row_id from sync_entry', [], ['mutationB']);
      assert.deepEqual(await ids(ask, `select ref_id from sync_bucket where kind = 'dev'`), [mine]);
      await denied(ask, `insert into sync_mutation (device_id, seq, mid, op, payload_sha256, payload, state)
        values ($1, 2, $2, 'x', $3, '{}', 'applied')`, [device, randomUUID(), randomBytes(32)]);
      await denied(ask, `insert into sync_device (person_id, name) values ($1, 'x')`, [f.caretakerB]);
      await denied(ask, `update sync_device set state = 'active'`);
      await denied(ask, `update sync_device set person_id = $1`, [f.caretakerA]);
      await denied(ask, `insert into sync_conflict (device_id, mid, tbl, row_id, field, chosen, policy) values ($1, $2, 3, $3, 'state', 'mine', 'x')`,
        [device, randomUUID(), f.taskB]);
      await denied(ask, `insert into sync_entry (bucket_no, tbl, row_id, op, row_v) values (1, 3, $1, 'D', 1)`, [f.task1]);
      await ask(`insert into sync_mutation (device_id, seq, mid, op, payload_sha256, payload, state) values ($1, 1, $2, 'x', $3, '{}', 'applied')`,
        [mine, (f.mutationA = randomUUID()), randomBytes(32)]);
      await sees(ask, 'select row_id from sync_entry', ['mutationA'], []);
    });
  });
});

describe('tenant', () => {
  test('sees the own lease and dwelling, and what is everybody\'s of the place tree', async () => {
    await as('fdvu_tenant', 'tenant1', async (ask) => {
      assert.deepEqual(await ids(ask, 'select id from lease'), [f.lease1]);
      assert.deepEqual(await ids(ask, 'select place_id from dwelling'), [f.dwelling1]);
      assert.deepEqual(await ids(ask, 'select person_id from lease_party'), [f.tenant1]);
      assert.deepEqual(await ids(ask, 'select id from person'), [f.tenant1]);
      await sees(ask, 'select id from place', ['dwelling1', 'buildingB', 'yard', 'laundry'], ['dwelling2', 'dwellingB', 'plant']);
      await sees(ask, 'select row_id from search', ['buildingA', 'laundry'], ['dwelling2', 'plant', 'case2', 'compA', 'tenant2']);
      await denied(ask, 'select warning from place');
      assert.equal(first(await ask('select place_warning($1) as w', [f.dwelling1])).w, null);
      for (const t of ['task', 'component', 'contact', 'rule', 'audit', 'person_role', 'sync_entry', 'colleague', 'building']) {
        await denied(ask, `select * from ${t}`);
      }
    });
    await as('fdvu_tenant', 'former', async (ask) => {
      assert.deepEqual(await ids(ask, 'select id from lease'), []);
      assert.deepEqual(await ids(ask, 'select place_id from dwelling'), []);
    });
  });

  test('sees own cases in full, followed ones without the reporter, others not', async () => {
    await as('fdvu_tenant', 'tenant1', async (ask) => {
      assert.deepEqual(await ids(ask, 'select id from cases'), [f.case1]);
      const mine = first(await ask('select * from my_case'));
      assert.equal(mine.is_mine, true);
      assert.equal(mine.description, 'ring meg');
      await sees(ask, 'select id from my_message', ['msgTenant', 'msgStaff'], ['msgInternal']);
      await sees(ask, 'select id from case_message', ['msgTenant', 'msgStaff'], ['msgInternal']);
    });
    await as('fdvu_tenant', 'tenant2', async (ask) => {
      await sees(ask, 'select id from cases', ['case1', 'case2'], ['caseB']);
      const followed = first(await ask('select * from my_case where id = $1', [f.case1]));
      assert.equal(followed.is_mine, false);
      assert.equal(followed.description, null);
      assert.equal(followed.place_id, f.buildingA);
      assert.ok(!JSON.stringify(followed).includes('tenant1'));
      assert.ok(!JSON.stringify(followed).includes('H0101'));
      for (const column of ['reporter_id', 'title', 'description', 'place_id', 'position', 'owner_id', '*']) await denied(ask, `select ${column} from cases`);
      await denied(ask, 'select author_id from case_message');
      await sees(ask, 'select id from my_message', ['msgStaff'], ['msgTenant', 'msgInternal']);
      await sees(ask, 'select id from case_message', ['msgStaff'], ['msgTenant', 'msgInternal']);
      assert.deepEqual(await ids(ask, 'select person_id from case_follower'), [f.tenant2]);
    });
  });

  test('reports as themselves, where they may be, and gets the number back', async () => {
    const report = `insert into cases (place_id, category, title, reporter_id) values ($1, 'heating', 'Kaldt', $2) returning id, number`;
    await as('fdvu_tenant', 'tenant1', async (ask) => {
      const made = first(await ask(report, [f.dwelling1, f.tenant1]));
      assert.match(String(made.number), /^\d{4}-\d{6,}$/);
      await ask(report, [f.laundry, f.tenant1]);
      await ask(report, [f.yard, f.tenant1]);
      await denied(ask, report, [f.dwelling1, f.tenant2]);
      await denied(ask, report, [f.dwelling2, f.tenant1]);
      await denied(ask, report, [f.plant, f.tenant1]);
      await denied(ask, `insert into cases (place_id, category, reporter_id, component_id) values ($1, 'heating', $2, $3)`, [f.dwelling1, f.tenant1, f.compA]);
      for (const column of ['number', 'priority', 'deadline', 'owner_id', 'state', 'area_no', 'created_at']) {
        await denied(ask, `insert into cases (place_id, category, reporter_id, ${column}) values ($1, 'heating', $2, null)`, [f.dwelling1, f.tenant1]);
      }
      await denied(ask, `update cases set state = 'done'`);
      await denied(ask, 'delete from cases');
    });
    await as('fdvu_tenant', 'former', (ask) => denied(ask, report, [f.dwelling1, f.former]));
  });

  test('writes messages as themselves in own cases only, never internal ones', async () => {
    const say = 'insert into case_message (case_id, author_id, is_internal, text) values ($1, $2, $3, $4)';
    await as('fdvu_tenant', 'tenant1', async (ask) => {
      await ask(say, [f.case1, f.tenant1, false, 'hei']);
      await denied(ask, say, [f.case1, f.managerA, false, 'hei']);
      await denied(ask, say, [f.case1, f.tenant1, true, 'hei']);
      await denied(ask, say, [f.case2, f.tenant1, false, 'hei']);
      await denied(ask, say, [f.caseB, f.tenant1, false, 'hei']);
    });
  });

  test('follows only what the neighbourhood may know of, and only for themselves', async () => {
    const follow = 'insert into case_follower (case_id, person_id) values ($1, $2)';
    await as('fdvu_tenant', 'former', async (ask) => {
      await ask(follow, [f.case1, f.former]);
      await denied(ask, follow, [f.case1, f.tenant1]);
      await denied(ask, follow, [f.case2, f.former]);  // lock and key is not for neighbours
      await denied(ask, follow, [f.caseB, f.former]);  // reported by a protected person
      assert.deepEqual(await ids(ask, 'delete from case_follower returning person_id'), [f.former]);
    });
  });

  test('sees photos of own cases and adds to them only, and cannot reach bytes by their hash', async () => {
    const add = `insert into document (title, case_id, sha256, created_by, kind) values ('x', $1, $2, $3, 'photo')`;
    await as('fdvu_tenant', 'tenant1', async (ask) => {
      assert.deepEqual(await ids(ask, 'select id from document'), [f.photo1]);
      assert.deepEqual((await ask('select sha256 from file')).map((r) => r.sha256), [hash('photo1')]);
      await denied(ask, add, [f.case2, hash('x'), f.tenant1]);
      await denied(ask, add, [f.case1, hash('x'), f.tenant2]);
      await denied(ask, add, [null, hash('x'), f.tenant1]);
      await denied(ask, `insert into document (title, place_id, created_by) values ('x', $1, $2)`, [f.dwelling1, f.tenant1]);
      await ask(add, [f.case1, hash('photo2'), f.tenant1]);
      assert.equal((await ask('select 1 from file where sha256 = $1', [hash('photo2')])).length, 0);
      // Sending the bytes proves that one has them, even when they are here already.
      await ask(`insert into file (sha256, size, mime, created_by) values ($1, 3, 'image/jpeg', $2) on conflict (sha256) do nothing`, [hash('photo2'), f.tenant1]);
      assert.equal((await ask('select 1 from file where sha256 = $1', [hash('photo2')])).length, 1);
      await denied(ask, 'delete from document');
      await denied(ask, `update document set title = 'x'`);
    });
  });

  test('reads and ticks off own notifications only', async () => {
    await job(`update cases set state = 'in_progress' where id in ($1, $2)`, [f.case1, f.case2]);
    await as('fdvu_tenant', 'tenant1', async (ask) => {
      const told = await ask('select person_id, case_id from notification');
      assert.ok(told.length > 0);
      assert.ok(told.every((n) => n.person_id === f.tenant1 && n.case_id === f.case1));
      assert.equal((await ask('update notification set read_at = now() where person_id = $1 returning id', [f.tenant2])).length, 0);
      await denied(ask, `update notification set person_id = $1`, [f.tenant2]);
    });
  });
});

describe('supplier', () => {
  test('sees the tasks of unexpired links, their place and documents, and nothing else', async () => {
    await as('fdvu_supplier', 'supplier1', async (ask) => {
      assert.deepEqual((await ids(ask, 'select id from task')).sort(), [f.task1, f.task1b].sort());
      assert.deepEqual(await ids(ask, 'select id from place'), [f.dwelling1]);
      assert.deepEqual(await ids(ask, 'select id from document'), [f.docTask1]);
      assert.deepEqual((await ask('select sha256 from file')).map((r) => r.sha256), [hash('docTask1')]);
      assert.deepEqual(await ids(ask, 'select id from person'), [f.supplier1]);
      for (const t of ['cases', 'component', 'lease', 'contact', 'answer', 'search', 'supplier_link', 'case_message', 'colleague', 'sync_entry']) {
        await denied(ask, `select * from ${t}`);
      }
      await denied(ask, `update task set state = 'done'`);
      await denied(ask, 'select assignee_id from task');
    });
    await as('fdvu_supplier', 'supplier2', async (ask) => {
      assert.deepEqual(await ask('select id from task'), []);
      assert.deepEqual(await ask('select id from place'), []);
      assert.deepEqual(await ask('select id from document'), []);
    });
  });

  test('adds documents to own tasks as itself', async () => {
    const add = `insert into document (title, task_id, created_by, sha256) values ('FDV', $1, $2, $3) returning id`;
    await as('fdvu_supplier', 'supplier1', async (ask) => {
      await ask(add, [f.task1, f.supplier1, hash('new')]);
      await denied(ask, add, [f.taskB, f.supplier1, hash('new')]);
      await denied(ask, add, [f.task1, f.supplier2, hash('new')]);
      await denied(ask, add, [null, f.supplier1, hash('new')]);
      await denied(ask, `insert into document (title, task_id, case_id, created_by) values ('x', $1, $2, $3)`, [f.task1, f.case2, f.supplier1]);
      await denied(ask, `insert into document (title, task_id, place_id, created_by) values ('x', $1, $2, $3)`, [f.task1, f.buildingB, f.supplier1]);
    });
  });

  test('a link opens its own task only, and a link that is taken back closes at once', async () => {
    sessions.byLink = randomBytes(32);
    await as('fdvu_job', null, (ask) => fails(ask, 'FD401', 'select supplier_session($1, $2)', [hash(f.linkOld), randomBytes(32)]));
    await job('select supplier_session($1, $2)', [hash(f.link1), sessions.byLink]);
    await as('fdvu_supplier', 'byLink', async (ask) => assert.deepEqual(await ids(ask, 'select id from task'), [f.task1]));
    await as('fdvu_office', null, (ask) => fails(ask, 'FD401', 'select identify($1)', [sessions.byLink]));
    await job(`update supplier_link set expires_at = now() where id = $1`, [f.link1]);
    await as('fdvu_supplier', null, (ask) => fails(ask, 'FD401', 'select identify($1)', [sessions.byLink]));
  });
});

describe('public', () => {
  test('sees code lists, names of buildings and outdoor areas, and active cases without personal data', async () => {
    await as('fdvu_public', null, async (ask) => {
      assert.ok((await ask('select 1 from category')).length > 10);
      await sees(ask, 'select id from place', ['buildingA', 'yard', 'muni'], ['dwelling1', 'plant', 'property']);
      await sees(ask, 'select row_id from search', ['buildingA'], ['case1', 'tenant1', 'laundry']);
      await sees(ask, 'select id from public_case', ['case1'], ['case2', 'caseB']);
      const shown = first(await ask('select * from public_case where id = $1', [f.case1]));
      for (const word of ['tenant1', 'H0101', 'ring meg', f.dwelling1]) assert.ok(!JSON.stringify(shown).includes(word), word);
      for (const t of ['cases', 'person', 'task', 'component', 'dwelling', 'document', 'file', 'address', 'lease', 'session', 'notification', 'my_case', 'colleague']) {
        await denied(ask, `select * from ${t}`);
      }
      await denied(ask, 'select warning from place');
      await denied(ask, 'select code from place');
      await denied(ask, 'select identify($1)', [sessions.admin]);
      await denied(ask, `insert into cases (place_id, category) values ($1, 'heating')`, [f.buildingA]);
      assert.equal(first(await ask('select person_name($1) as n', [f.managerA])).n, null);
    });
  });

  test('a code on a dwelling\'s door tells no more than the building', async () => {
    const { code } = first(await job('select code from place where id = $1', [f.dwelling1]));
    await as('fdvu_public', null, async (ask) => {
      const found = first(await ask('select * from resolve_code($1)', [code]));
      assert.equal(found.id, f.dwelling1);
      assert.equal(found.label, 'Aveien 1');
      assert.ok(!JSON.stringify(found).includes('H0101'));
      assert.deepEqual(await ask('select * from resolve_code($1)', ['00000000']), []);
    });
  });
});
