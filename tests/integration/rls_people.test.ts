// Row level security: each policy has a test that tries to get past it, logged in as the real roles and with no WHERE to help.
// What a user would lose if one failed: their neighbour reads their case, a plumber sees another building.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { as, denied, f, fails, first, hash, ids, job, sees, sessions } from './rls_world.ts';

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
