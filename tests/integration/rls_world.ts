// What the tests of row level security share: two areas with people and things in them, and ways to ask as one of the real roles.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { before } from 'node:test';
import type pg from 'pg';
import { world, type Role } from './harness.ts';

export type Row = Record<string, unknown>;
export type Ask = (sql: string, params?: unknown[]) => Promise<Row[]>;

export const w = await world();
// The people and things of the tests; a name that is not here does not compile.
export type Key =
  | 'admin' | 'buildingA' | 'buildingB' | 'byLink' | 'caretakerA' | 'caretakerB' | 'case1' | 'case2' | 'caseB' | 'compA'
  | 'compB' | 'contact1' | 'contactB' | 'deskA' | 'docB' | 'docTask1' | 'dwelling1' | 'dwelling2' | 'dwellingB' |
  'former' | 'hidden' | 'laundry' | 'lease0' | 'lease1' | 'lease2' | 'leaseB' | 'leaver' | 'link1' | 'link1b' |
  'linkOld' | 'managerA' | 'managerB' | 'msgInternal' | 'msgStaff' | 'msgTenant' | 'muni' | 'mutationA' | 'mutationB' |
  'photo1' | 'photo2' | 'plant' | 'property' | 'supplier1' | 'supplier2' | 'task1' | 'task1b' | 'taskB' | 'tenant1' |
  'tenant2' | 'yard';
export type Login = 'fdvu_office' | 'fdvu_field' | 'fdvu_tenant' | 'fdvu_supplier' | 'fdvu_public' | 'fdvu_job';
export const clients = {} as Record<Login, pg.Client>;
export const roles: Login[] = ['fdvu_office', 'fdvu_field', 'fdvu_tenant', 'fdvu_supplier', 'fdvu_public', 'fdvu_job'];
export const sessions = {} as Record<Key, Buffer>;
export const f = {} as Record<Key, string>;
export const area = { a: randomInt(1_000_000, 2_000_000) * 2, b: 0 };
area.b = area.a + 1;

export function first(rows: Row[]): Row {
  const [row] = rows;
  assert.ok(row, 'there is no row');
  return row;
}

export async function job(sql: string, params: unknown[] = []): Promise<Row[]> {
  return (await clients.fdvu_job.query(sql, params)).rows;
}

/** Runs fn in a transaction that is rolled back, as the role and with the person's session identified (none: nobody). */
export async function as(role: Login, who: Key | null, fn: (ask: Ask) => Promise<void>): Promise<void> {
  const client = clients[role];
  await client.query('begin');
  try {
    if (who) await client.query('select fdvu.identify($1)', [sessions[who]]);
    await fn(async (sql, params = []) => (await client.query(sql, params)).rows);
  } finally {
    await client.query('rollback');
  }
}

export async function fails(ask: Ask, code: string, sql: string, params: unknown[] = []): Promise<void> {
  await ask('savepoint attempt');
  await assert.rejects(ask(sql, params), (e: pg.DatabaseError) => {
    assert.equal(e.code, code, `${sql}: ${e.message}`);
    return true;
  });
  await ask('rollback to attempt');
}

export const denied = (ask: Ask, sql: string, params: unknown[] = []) => fails(ask, '42501', sql, params);

export async function ids(ask: Ask, sql: string, params: unknown[] = []): Promise<string[]> {
  return (await ask(sql, params)).map((r) => String(Object.values(r)[0]));
}

export async function sees(ask: Ask, sql: string, yes: Key[], no: Key[]): Promise<void> {
  const got = new Set(await ids(ask, sql));
  for (const key of yes) assert.ok(got.has(f[key]), `${sql} must give ${key}`);
  for (const key of no) assert.ok(!got.has(f[key]), `${sql} must not give ${key}`);
}

// Salted, so that the tests can run again on the same database.
const run = randomUUID();
export const hash = (text: string) => createHash('sha256').update(run + text).digest();
const place = (key: Key, parent: Key | null, kind: string, name: string, areaNo: number | null = null, isPublic = false) =>
  job(`insert into place (id, parent_id, kind, name, area_no, is_public, geom, warning)
       values ($1, $2, $3, $4, $5, $6, st_setsrid(st_makepoint(435000, 6998000), 25832), 'hund')`,
    [(f[key] = randomUUID()), parent && f[parent], kind, name, areaNo, isPublic]);

export async function person(key: Key, role: string | null, areaNo: number | null, audience: string | null, protection = 'none') {
  f[key] = randomUUID();
  await job('insert into person (id, name, protection, phone, email) values ($1, $2, $3, $4, $5)',
    [f[key], `Navn ${key}`, protection, '90000000', `${key}@example.no`]);
  if (role) await job('insert into person_role (person_id, role, area_no) values ($1, $2, $3)', [f[key], role, areaNo]);
  if (audience) await session(key, audience);
}

export async function session(key: Key, audience: string) {
  sessions[key] = randomBytes(32);
  await job('select session_open($1, $2, $3, 1, null)', [f[key], audience, sessions[key]]);
}

export async function lease(key: Key, dwelling: Key, tenant: Key, starts = '2020-01-01', ends: string | null = null) {
  f[key] = randomUUID();
  await job('insert into lease (id, dwelling_id, starts_on, ends_on, rent_ore) values ($1, $2, $3, $4, 950000)', [f[key], f[dwelling], starts, ends]);
  await job(`insert into lease_party (lease_id, person_id) values ($1, $2)`, [f[key], f[tenant]]);
}

export async function report(key: Key, where: Key, reporter: Key, category: string) {
  f[key] = randomUUID();
  await job(`insert into cases (id, place_id, reporter_id, category, title, description)
             values ($1, $2, $3, $4, 'Det renner hos Navn ' || $5::text, 'ring meg')`, [f[key], f[where], f[reporter], category, reporter]);
}

export async function task(key: Key, where: Key, caseKey: Key | null = null) {
  f[key] = randomUUID();
  await job('insert into task (id, place_id, case_id, title) values ($1, $2, $3, $4)', [f[key], f[where], caseKey && f[caseKey], key]);
}

export async function doc(key: Key, cols: Row) {
  f[key] = randomUUID();
  const names = Object.keys(cols);
  await job(`insert into document (id, title, ${names.join(', ')}) values ($1, $2, ${names.map((_, i) => `$${i + 3}`).join(', ')})`,
    [f[key], key, ...Object.values(cols)]);
}

export async function link(key: Key, taskKey: Key, who: Key, expires: string) {
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
