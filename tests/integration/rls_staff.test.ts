// Row level security: each policy has a test that tries to get past it, logged in as the real roles and with no WHERE to help.
// What a user would lose if one failed: a caretaker of another municipality closes their task, or somebody without a log-in reads it.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { area, as, denied, f, fails, first, hash, ids, job, person, roles, sees, sessions } from './rls_world.ts';

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
    assert.deepEqual(loose, ['component_fill', 'extension_fill', 'identify', 'sync_quiet', 'task_fill']);
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
      // Of the trail, what became of the register in its own areas.
      const trail = await ask('select distinct tbl, row_id from audit');
      assert.ok(trail.some((a) => a['row_id'] === f.buildingA));
      assert.ok(!trail.some((a) => a['row_id'] === f.buildingB || a['row_id'] === f.dwellingB));
      const register = ['place', 'property', 'building', 'storey', 'dwelling', 'component'];
      assert.deepEqual(trail.filter((a) => !register.includes(String(a['tbl']))), []);
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
      await sees(ask, 'select place_id from dwelling', ['dwelling1'], ['dwellingB']);
      await sees(ask, 'select id from public_case', [], ['caseB']); // as any passer-by: the reporter is protected
      for (const t of ['cases', 'lease', 'lease_party', 'contact', 'case_message', 'case_follower', 'audit', 'supplier_link', 'my_case']) {
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
