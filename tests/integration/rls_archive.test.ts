// Who sees cases of archives and what is restricted in them. What would be lost: a neighbour's complaint, a doctor's letter, a name.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { area, as, denied, f, hash, ids, job, roles, type Ask, type Key } from './rls_world.ts';

const made = {} as Record<'openA' | 'closedA' | 'openB' | 'nowhere' | 'docOpen' | 'docClosed' | 'docTask' | 'docCase' | 'docPlain' | 'bothAB' | 'shutAB' | 'docAB', string>;
const names = (found: string[]): string[] => Object.entries(made).filter(([, id]) => found.includes(id)).map(([name]) => name).sort();
const cases = async (ask: Ask): Promise<string[]> => names(await ids(ask, 'select id from archive_case'));
const papers = async (ask: Ask): Promise<string[]> => names(await ids(ask, 'select id from document'));

async function archived(name: keyof typeof made, place: Key | null, isRestricted: boolean): Promise<void> {
  made[name] = randomUUID();
  await job(`insert into archive_case (id, source, source_key, number, title, place_id, is_restricted) values ($1, 'prøve', $2, $3, $3, $4, $5)`,
    [made[name], made[name], `2019/${name}`, place && f[place], isRestricted]);
}

async function paper(name: keyof typeof made, cols: Record<string, unknown>): Promise<void> {
  made[name] = randomUUID();
  const sum = hash(made[name]);
  await job(`insert into file (sha256, size, mime) values ($1, 1, 'application/pdf')`, [sum]);
  const keys = Object.keys(cols);
  await job(`insert into document (id, title, sha256, ${keys.join(', ')}) values ($1, $2, $3, ${keys.map((_, i) => `$${i + 4}`).join(', ')})`, [made[name], name, sum, ...Object.values(cols)]);
}

describe('cases of archives', () => {
  before(async () => {
    await archived('openA', 'buildingA', false);
    await archived('closedA', 'dwelling1', true);
    await archived('openB', 'buildingB', false);
    await archived('nowhere', null, true);
    await paper('docOpen', { place_id: f.buildingA, archive_case_id: made.openA });
    await paper('docClosed', { place_id: f.buildingA, archive_case_id: made.openA, is_restricted: true });
    await paper('docTask', { task_id: f.task1, is_restricted: true });
    await paper('docCase', { case_id: f.case1, is_restricted: true, created_by: f.tenant1 });
    await paper('docPlain', { place_id: f.buildingA });
  });

  test('the table says by itself that what it is not told of is restricted', async () => {
    await job(`insert into archive_case (source, source_key, number, title) values ('prøve', 'x', '1/1', 'x')`);
    assert.deepEqual(await job(`delete from archive_case where source_key = 'x' returning is_restricted`), [{ is_restricted: true }]);
  });

  describe('office', () => {
    test('managers see restricted cases and papers of their areas', async () => {
      await as('fdvu_office', 'managerA', async (ask) => {
        assert.deepEqual(await cases(ask), ['closedA', 'nowhere', 'openA']);
        assert.deepEqual(await papers(ask), ['docCase', 'docClosed', 'docOpen', 'docPlain', 'docTask']);
      });
      await as('fdvu_office', 'managerB', async (ask) => assert.deepEqual([await cases(ask), await papers(ask)], [['nowhere', 'openB'], []]));
    });

    test('others of the office see neither row, bytes nor search line of what is restricted', async () => {
      await as('fdvu_office', 'deskA', async (ask) => {
        assert.deepEqual(await cases(ask), ['openA']);
        assert.deepEqual(await papers(ask), ['docOpen', 'docPlain']);
        assert.deepEqual(names(await ids(ask, `select row_id from search where tbl in ('archive_case', 'document')`)), ['docOpen', 'docPlain', 'openA']);
        for (const [name, n] of [['docOpen', 1], ['docClosed', 0]] as const)
          assert.equal((await ask('select 1 from file where sha256 = $1', [hash(made[name])])).length, n, name);
        assert.equal((await ask(`update document set title = 'x' where id = $1 returning id`, [made.docClosed])).length, 0);
      });
    });

    test('nobody opens, renames or removes an archive’s case', async () => {
      for (const who of ['managerA', 'admin'] as const) {
        await as('fdvu_office', who, async (ask) => {
          await denied(ask, 'update archive_case set is_restricted = false');
          await denied(ask, `update archive_case set title = 'x'`);
          await denied(ask, 'update document set is_restricted = false');
          await denied(ask, 'delete from archive_case');
          await denied(ask, `insert into archive_case (source, source_key, number, title) values ('a', 'b', 'c', 'd')`);
        });
      }
      await as('fdvu_office', 'managerA', async (ask) => {
        assert.equal((await ask('update archive_case set place_id = $1 where id = $2 returning id', [f.dwelling1, made.openA])).length, 1, 'when its place is merged');
        await denied(ask, 'update archive_case set place_id = $1 where id = $2', [f.buildingB, made.openA]);
      });
    });
  });

  describe('all others', () => {
    test('see no case of an archive', async () => {
      for (const [role, who] of [['fdvu_field', 'caretakerA'], ['fdvu_tenant', 'tenant1'], ['fdvu_supplier', 'supplier1'], ['fdvu_public', null]] as const)
        await as(role, who, (ask) => denied(ask, 'select id from archive_case'));
    });

    test('see no restricted paper, not even one of their own case or task', async () => {
      await as('fdvu_tenant', 'tenant1', async (ask) => assert.deepEqual(await papers(ask), []));
      await as('fdvu_supplier', 'supplier1', async (ask) => assert.deepEqual(await papers(ask), []));
      await as('fdvu_field', 'caretakerA', async (ask) => assert.deepEqual(await papers(ask), ['docPlain']));
      for (const role of roles.filter((r) => r !== 'fdvu_job' && r !== 'fdvu_public'))
        await as(role, null, async (ask) => assert.deepEqual(await ask('select id from document'), []));
    });

    test('tablets are not told of an archive’s papers, and forget one that is restricted', async () => {
      const feed = async (): Promise<string[]> => names((await job(`select row_id from sync_entry where tbl = 5 and op = 'P'`)).map((r) => String(r.row_id)));
      assert.deepEqual(await feed(), ['docPlain']);
      await job('update document set is_restricted = true where id = $1', [made.docPlain]);
      assert.deepEqual(await feed(), []);
    });
  });

  test('a case of two areas is seen with its papers and search lines in both, and what is restricted of it by managers only', async () => {
    await archived('bothAB', 'buildingB', false);
    await archived('shutAB', 'buildingB', true);
    await paper('docAB', { place_id: f.buildingB, archive_case_id: made.bothAB });
    for (const name of ['bothAB', 'shutAB'] as const) await job('insert into archive_case_place (archive_case_id, place_id) values ($1, $2)', [made[name], f.buildingA]);
    const seen = async (ask: Ask): Promise<string[]> => [...await cases(ask), ...await papers(ask),
      ...names(await ids(ask, `select row_id from search where tbl in ('archive_case', 'document')`))].filter((name) => name.endsWith('AB'));
    const all = ['bothAB', 'shutAB', 'docAB', 'bothAB', 'docAB', 'shutAB'];
    await as('fdvu_office', 'managerA', async (ask) => assert.deepEqual(await seen(ask), all));
    await as('fdvu_office', 'managerB', async (ask) => assert.deepEqual(await seen(ask), all));
    await as('fdvu_office', 'deskA', async (ask) => assert.deepEqual(await seen(ask), ['bothAB', 'docAB', 'bothAB', 'docAB']));
    await as('fdvu_office', 'managerA', async (ask) => {
      assert.equal((await ask(`update document set title = 'x' where id = $1 returning id`, [made.docAB])).length, 0, 'it is the other area that it lies in');
      assert.equal((await ask('update archive_case set place_id = $1 where id = $2 returning id', [f.dwelling1, made.bothAB])).length, 0);
      await denied(ask, 'insert into archive_case_place (archive_case_id, place_id) values ($1, $2)', [made.openA, f.buildingA]);
      await denied(ask, 'delete from archive_case_place');
    });
    for (const [role, who] of [['fdvu_field', 'caretakerA'], ['fdvu_tenant', 'tenant1'], ['fdvu_supplier', 'supplier1']] as const)
      await as(role, who, (ask) => denied(ask, 'select id from archive_case_place'));
    await job('delete from archive_case_place where archive_case_id = $1', [made.bothAB]);
    await as('fdvu_office', 'deskA', async (ask) => assert.deepEqual(await seen(ask), []));
  });

  test('a case, and one with several tasks too, follows its place to another area', async () => {
    await job('update place set area_no = $1 where id = $2', [area.b, f.buildingA]);
    const [row] = await job('select area_no, site_id from archive_case where id = $1', [made.openA]);
    assert.deepEqual(row, { area_no: area.b, site_id: f.buildingA });
    await as('fdvu_office', 'deskA', async (ask) => assert.deepEqual(await cases(ask), []));
  });
});
