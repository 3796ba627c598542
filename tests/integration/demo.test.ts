// The demo municipality in a real database: what a demo that will not load, or that shows houses in the
// sea, would cost is the first impression.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { world, type World } from './harness.ts';

const today = '2026-11-20';
/** A migrated database that fdvu may log in to as its owner, as on a cluster that is not its own: without a superuser's rights. */
async function empty(): Promise<World> {
  const made = await world({ env: { FDVU_OWNER: 'fdvu_owner' } });
  await (await made.connect('owner')).query('alter role fdvu_owner login; grant connect on database fdvu to fdvu_owner');
  return made;
}

const w = await empty();
const job = await w.connect('job');

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await job.query(sql)).rows;
}

async function one(sql: string): Promise<unknown> {
  return Object.values((await rows(sql))[0] ?? {})[0];
}

describe('fdvu demo-data', () => {
  test('says what is wrong with an option, and changes nothing', async () => {
    const refused = await w.fdvu(['demo-data', '--scale', 'huge']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /small, town or city/);
    assert.equal(await one('select count(*) from place'), '0');
  });

  test('loads the small municipality', async () => {
    const done = await w.fdvu(['demo-data', '--scale', 'small', '--seed', '5', '--today', today]);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /60 buildings, 400 dwellings, 5000 components/);
    assert.equal(await one('select count(*) from building'), '60');
    assert.equal(await one('select count(*) from dwelling'), '400');
    assert.equal(await one('select count(*) from component'), '5000');
  });

  test('refuses a database that is in use', async () => {
    const refused = await w.fdvu(['demo-data', '--scale', 'small']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /nothing was changed/);
    assert.equal(await one('select count(*) from building'), '60');
  });

  test('leaves nothing behind when it cannot load', async () => {
    // The areas are there already, so adding the demo once more fails at the first of them.
    const refused = await w.fdvu(['demo-data', '--scale', 'small', '--seed', '6', '--force']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /area/);
    assert.equal(await one('select count(*) from building'), '60');
  });
});

describe('what it loads', () => {
  test('stands on land, and no house in another', async () => {
    assert.equal(
      await one(`select count(*) from place p, place m
                  where m.kind = 'municipality' and p.geom is not null and not st_covers(m.geom, p.geom)`),
      '0',
    );
    assert.equal(
      await one(`select count(*) from place a join place b on a.id < b.id and a.kind = 'building' and b.kind = 'building'
                  where st_intersects(a.geom, b.geom) or not st_isvalid(a.geom)`),
      '0',
    );
  });

  test('has a dwelling number that no other dwelling of its building has', async () => {
    assert.equal(
      await one(`select count(*) from (select p.site_id, d.h_number from dwelling d join place p on p.id = d.place_id
                  group by 1, 2 having count(*) > 1) x`),
      '0',
    );
  });

  test('calls a dwelling by its address and number', async () => {
    assert.equal(
      await one(`select count(*) from place where kind = 'dwelling' and label !~ '^.+ [0-9]+.*, [UHL][0-9]{4}$'`),
      '0',
    );
  });

  test('has a component and its grade where the newest survey says so', async () => {
    assert.equal(
      await one(`select count(*) from component c
                   join (select distinct on (component_id) component_id, grade from condition
                          order by component_id, noted_at desc, id desc) h on h.component_id = c.id
                  where c.condition_grade is distinct from h.grade`),
      '0',
    );
    assert.notEqual(await one(`select count(*) from component where condition_grade = 'TG3'`), '0');
  });

  test('has only synthetic people', async () => {
    // Month + 80 is nobody's number.
    assert.equal(
      await one(`select count(*) from person_secret where substr(national_id, 3, 2)::int not between 81 and 92`),
      '0',
    );
    assert.notEqual(await one(`select count(*) from person where protection = 'strictly_confidential'`), '0');
  });

  test('has nothing closed before it was made, nor anything that has yet to happen', async () => {
    assert.equal(
      await one(`select count(*) from cases where done_at < created_at or greatest(created_at, done_at) > '${today}'::timestamptz + interval '1 day'`),
      '0',
    );
    assert.equal(await one(`select count(*) from task where greatest(created_at, done_at) > '${today}'::timestamptz + interval '1 day'`), '0');
  });

  test('has open work, late work and work for today', async () => {
    const [found] = await rows(`
      select count(*) filter (where t.state in ('open', 'in_progress')) > 20 as is_open,
             count(*) filter (where t.state in ('open', 'in_progress') and t.deadline < '${today}') > 0 as is_late,
             count(*) filter (where t.planned_on = '${today}' and p.demo_key = 'caretaker' and t.state in ('open', 'in_progress')) >= 6 as is_today
        from task t left join person p on p.id = t.assignee_id`);
    assert.deepEqual(found, { is_open: true, is_late: true, is_today: true });
  });

  test('goes on with the numbers that people see', async () => {
    for (const [kind, tbl] of [['case', 'cases'], ['task', 'task'], ['lease', 'lease'], ['contact', 'contact']]) {
      const [found] = await rows(
        `select next_number('${kind}', '${today}') > (select max(number) from ${tbl} where number like '2026-%') as is_next`,
      );
      assert.equal(found.is_next, true, kind);
    }
  });

  test('gives each of the demo its roles, and the tenant a home', async () => {
    assert.deepEqual(
      (await rows(`select demo_key, array_agg(distinct r.role) as roles from person p join person_role r on r.person_id = p.id
                    where demo_key is not null group by 1 order by 1`)).map((r) => `${r.demo_key} ${r.roles}`),
      ['admin admin', 'caretaker caretaker', 'frontdesk frontdesk', 'manager manager', 'supplier supplier', 'tenant tenant'],
    );
    assert.equal(
      await one(`select count(*) from lease l join lease_party x on x.lease_id = l.id join person p on p.id = x.person_id
                  where p.demo_key = 'tenant' and l.state = 'active' and l.ends_on is null`),
      '1',
    );
  });

  test('opens an unfinished task by the link «demo»', async () => {
    assert.equal(
      await one(`select t.state in ('open', 'in_progress') from supplier_link l join task t on t.id = l.task_id
                  where l.token_hash = sha256('demo') and l.expires_at > now()`),
      true,
    );
  });
});

describe('two databases with the same seed', () => {
  test('are alike to the byte', async () => {
    const other = await empty();
    const done = await other.fdvu(['demo-data', '--scale', 'small', '--seed', '5', '--today', today]);
    assert.equal(done.code, 0, done.stderr);
    const twin = await other.connect('job');
    for (const tbl of ['place', 'person', 'lease', 'component', 'cases', 'task', 'answer', 'document']) {
      const sql = `select md5(string_agg((to_jsonb(t) - array['changed', 'created_at'])::text, '' order by id)) as hash from ${tbl} t`;
      assert.equal((await twin.query(sql)).rows[0].hash, await one(sql), tbl);
    }
  });
});
