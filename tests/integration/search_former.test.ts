// The box finds places by what they were called (REG-7), and keys (REG-4). What a user would lose: the house in an old letter, the owner of a
// found key; or a stranger learns of either.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Api, Reply } from './harness.ts';
import { finds, groups, misses, owner, w, who, type Item } from './search_world.ts';

describe('what a place was called', () => {
  const ids: Record<string, string> = {};
  const ok = (reply: Reply): Reply['body'] => {
    assert.ok(reply.status < 300, `${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const undo = async (xid: string): Promise<void> => ok(await who.admin.post(`/api/v1/changes/${xid}/undo`, {}));
  const version = async (id: string): Promise<number> => ok(await who.admin.get(`/api/v1/places/${id}`)).row_v;
  const renumber = async (from: string, to: string): Promise<string> =>
    ok(await who.admin.post('/api/v1/renumberings', { properties: [{ from, to }], valid_from: '2020-01-01' })).xid;

  /** «title (former)» of the places found, in order. */
  async function told(api: Api, q: string): Promise<string[]> {
    const items = (await groups(api, q)).flatMap((g) => g.items);
    return items.filter((i) => /^(property|building|dwelling)$/.test(i.kind)).map((i) => i.title + (i.former ? ` (${i.former})` : ''));
  }

  before(async () => {
    await owner.query(`
      insert into place (parent_id, kind, name, area_no)
      select id, 'property', '1505-55/' || n, 1 from place, generate_series(1, 4) n where kind = 'municipality';
      insert into property (place_id, municipality_no, gnr, bnr)
      select id, '1505', 55, substr(name, 9)::int from place where name like '1505-55/%';
      insert into place (parent_id, kind, name) select id, 'building', 'Brygga ' || substr(name, 9) from place where name in ('1505-55/1', '1505-55/2');
      insert into building (place_id, bygningsnummer) select id, 155000000 + substr(name, 8)::int from place where name like 'Brygga %';
      insert into address (municipality_no, street_name, number, building_id, key)
      select '1505', 'Bryggekanten', substr(name, 8)::int, id, 'kanten' || name from place where name like 'Brygga %';
      insert into place (parent_id, kind, name) select id, 'storey', '1. etasje' from place where name = 'Brygga 1';
      insert into storey (place_id, plane, number) select p.id, 'H', 1 from place p join place b on b.id = p.parent_id where b.name = 'Brygga 1';
      insert into place (parent_id, kind, name) select p.id, 'dwelling', 'H0101' from place p join place b on b.id = p.parent_id where b.name = 'Brygga 1';
      insert into dwelling (place_id, h_number, address_id)
      select p.id, 'H0101', a.id from place p join address a on a.building_id = p.site_id where p.kind = 'dwelling' and a.key = 'kantenBrygga 1'`);
    const { rows } = await owner.query(`select name, id from place where name like '1505-55/%' or name like 'Brygga %'`);
    for (const row of rows) ids[row.name] = row.id;
  });

  test('a property is found by its old number, after those that have it now, and told by it', async () => {
    const xid = await renumber('1505-55/1', '1505-56/1');
    assert.deepEqual(await told(who.desk, '56/1'), ['1505-56/1']);
    for (const q of ['55/1', '1505-55/1', 'gnr 55 bnr 1']) assert.deepEqual(await told(who.desk, q), ['1505-56/1 (1505-55/1)'], q);
    const second = await renumber('1505-55/2', '1505-55/1');
    assert.deepEqual(await told(who.desk, '55/1'), ['1505-55/1', '1505-56/1 (1505-55/1)'], 'who has it now stands first');
    assert.deepEqual(await told(who.other, '55/1'), [], 'it lies in an area that is not theirs');
    await undo(second);
    await undo(xid);
    assert.deepEqual(await told(who.desk, '55/1'), ['1505-55/1']);
    assert.deepEqual(await told(who.desk, '56/1'), [], 'what was taken back was never so');
    assert.deepEqual(await told(who.desk, '55/2'), ['1505-55/2']);
  });

  test('an undo that is itself undone brings it back', async () => {
    const xid = await renumber('1505-55/1', '1505-57/1');
    const back = ok(await who.admin.post(`/api/v1/changes/${xid}/undo`, {})).xid;
    assert.deepEqual(await told(who.desk, '57/1'), []);
    await undo(back);
    assert.deepEqual(await told(who.desk, '55/1'), ['1505-57/1 (1505-55/1)']);
    assert.deepEqual(await told(who.desk, '57/1'), ['1505-57/1']);
    await undo(xid);
  });

  test('what was entered for a time gone by, and taken back, was never so either', async () => {
    const land = (await owner.query(`select id from place where kind = 'municipality'`)).rows[0].id;
    ok(await who.admin.post('/api/v1/places', { parent: land, kind: 'property', municipality_no: '1505', gnr: 66, bnr: 1, area_no: 1, valid_from: '2010-01-01' }));
    const move = async (from: string, to: string, valid_from: string): Promise<string> => ok(await who.admin.post('/api/v1/renumberings', { properties: [{ from, to }], valid_from })).xid;
    await move('1505-66/1', '1505-66/2', '2020-01-01');
    const late = await move('1505-66/2', '1505-66/3', '2015-01-01');
    assert.deepEqual(await told(who.desk, '66/1'), ['1505-66/3 (1505-66/1)']);
    await undo(late);
    assert.deepEqual(await told(who.desk, '66/3'), []);
    assert.deepEqual(await told(who.desk, '66/2'), ['1505-66/2']);
    assert.deepEqual(await told(who.desk, '66/1'), ['1505-66/2 (1505-66/1)']);
  });

  test('a municipality that gets another number leaves the old ones to be found', async () => {
    const { xid } = ok(await who.admin.post('/api/v1/renumberings', { municipality: { from: '1505', to: '1599', gnr_plus: 100 } }));
    assert.deepEqual(await told(who.desk, '1505-55/3'), ['1599-155/3 (1505-55/3)']);
    assert.deepEqual(await told(who.desk, '55/3'), ['1599-155/3 (1505-55/3)']);
    await undo(xid);
    assert.deepEqual(await told(who.desk, '55/3'), ['1505-55/3']);
    assert.deepEqual(await told(who.desk, '155/3'), []);
    assert.deepEqual((await owner.query(`select form from search_line where was is not null and form like '1%-155/%'`)).rows, []);
  });

  test('what is merged or split is found by the numbers and addresses of all that it was', async () => {
    const kept = ids['1505-55/3']!;
    const { xid } = ok(await who.admin.post(`/api/v1/places/${kept}/merge`, { others: [ids['1505-55/4']], row_v: await version(kept) }));
    assert.deepEqual(await told(who.desk, '55/4'), ['1505-55/3 (1505-55/4)']);
    await undo(xid);
    assert.deepEqual(await told(who.desk, '55/4'), ['1505-55/4']);

    const split = ok(await who.admin.post(`/api/v1/places/${kept}/split`, { row_v: await version(kept), parts: [{ bnr: 31 }, { gnr: 55, bnr: 32 }] }));
    assert.deepEqual(await told(who.desk, '55/3'), ['1505-55/31 (1505-55/3)', '1505-55/32'], 'before those that only begin so');
    assert.deepEqual((await owner.query(`select was from search_line where row_id = $1 and was is not null group by was`, [kept])).rows, [{ was: '1505-55/3' }]);
    await undo(split.xid);
    assert.deepEqual((await owner.query(`select was from search_line where row_id = $1 and was is not null`, [kept])).rows, []);

    const house = ids['Brygga 1']!;
    const merged = ok(await who.admin.post(`/api/v1/places/${house}/merge`, { others: [ids['Brygga 2']], row_v: await version(house) }));
    assert.deepEqual((await told(who.desk, '155000002')).length, 1);
    assert.match((await told(who.desk, '155000002'))[0]!, /Brygga 1 \(155000002\)$/);
    await undo(merged.xid);
    assert.match((await told(who.desk, '155000002'))[0]!, /Brygga 2$/);
  });

  test('a house and its homes are found by an old address and an old number', async () => {
    await owner.query(`update address set street_name = 'Sjøgata', number = 12, letter = 'B' where key = 'kantenBrygga 1'`);
    assert.deepEqual(await told(who.desk, 'sjøgt. 12b'), ['Sjøgata 12B, Brygga 1', 'Sjøgata 12B, Brygga 1, H0101']);
    for (const q of ['Bryggekanten 1', 'bryggek']) {
      const got = await told(who.desk, q);
      assert.ok(got.includes('Sjøgata 12B, Brygga 1 (Bryggekanten 1)'), `${q}: ${JSON.stringify(got)}`);
    }
    assert.ok((await told(who.desk, 'Bryggekanten 1 H0101')).includes('Sjøgata 12B, Brygga 1, H0101 (Bryggekanten 1 H0101)'));
    await owner.query(`update building set bygningsnummer = 155000099 where bygningsnummer = 155000001`);
    assert.deepEqual(await told(who.desk, '155 000 001'), ['Sjøgata 12B, Brygga 1 (155000001)']);
    await owner.query(`update dwelling set h_number = 'H0109' where h_number = 'H0101' and place_id in (select id from place where site_id = $1)`, [ids['Brygga 1']]);
    const homes = await told(who.desk, 'Sjøgata 12B H0101');
    assert.deepEqual(homes, ['Sjøgata 12B, Brygga 1, H0101 (Sjøgata 12B H0101)'], JSON.stringify(homes));
    assert.ok(!(await told(who.desk, 'Bryggekanten 1 H0109')).length, 'it never had both');
  });

  test('nobody finds by what was what they do not find by what is', async () => {
    for (const api of [who.tenant, who.nobody]) {
      assert.deepEqual(await told(api, 'Bryggekanten 1'), ['Sjøgata 12B, Brygga 1 (Bryggekanten 1)'], 'houses are for all');
      assert.deepEqual(await told(api, 'Bryggekanten 1 H0101'), []);
    }
    const xid = await renumber('1505-55/1', '1505-58/1');
    assert.deepEqual([await told(who.desk, '55/1'), await told(who.nobody, '55/1'), await told(who.nobody, '58/1')], [['1505-58/1 (1505-55/1)'], [], []]);
    await undo(xid);
    assert.deepEqual(await told(who.other, 'Bryggekanten 1'), [], 'it lies in an area that is not theirs');
    const tenant = await w.connect('tenant');
    await assert.rejects(tenant.query('select from address_was'), /permission denied/);
    await owner.query(`update place set removed_at = now() where id = $1`, [ids['Brygga 1']]);
    assert.deepEqual(await told(who.desk, '155000001'), []);
  });
});

describe('keys', () => {
  before(async () => {
    await owner.query(`
      insert into key_system (place_id, name, maker) select id, 'Rådhusets hovedlås', 'Trioving' from place where name = 'Kristiansund rådhus';
      insert into key_system (place_id, name) select id, 'Barnehagens lås' from place where name = 'Øvre Enggate barnehage';
      insert into cylinder (system_id, mark, place_id) select s.id, 'SYL-401', s.place_id from key_system s where s.name like 'Rådhus%';
      insert into key (system_id, mark, serial) select s.id, v.m, v.s from key_system s, (values ('RH12', '1'), ('RH12', '2'), ('RH120', '1')) v (m, s) where s.name like 'Rådhus%';
      insert into key (system_id, mark, serial) select s.id, 'BH7', '1' from key_system s where s.name like 'Barne%'`);
  });

  test('are found by mark and number, cylinders by their marks, systems by the words of their names', async () => {
    for (const q of ['RH12-2', 'rh12 2', 'RH122']) await finds(who.desk, q, 'key: RH12-2');
    const [group] = await groups(who.desk, 'rh12');
    assert.deepEqual(group?.items.slice(0, 2).map((i) => i.title).sort(), ['RH12-1', 'RH12-2'], 'mark 12 before mark 120');
    assert.equal(group?.items[2]?.title, 'RH120-1');
    assert.equal(group?.items[0]?.subtitle, 'Rådhusets hovedlås');
    assert.equal(group?.items[0]?.path.at(-1)?.name, 'Kristiansund rådhus');
    await finds(who.desk, 'syl401', 'key: SYL-401');
    const [system] = await groups(who.desk, 'hovedlås');
    assert.deepEqual(system?.items.map((i) => [i.kind, (i as Item & { tbl: string }).tbl, i.title]), [['key', 'key_system', 'Rådhusets hovedlås']]);
    await finds(who.caretaker, 'rh12-2', 'key: RH12-2');
  });

  test('are found by nobody who may not see them', async () => {
    for (const [api, q] of [[who.other, 'RH12-2'], [who.other, 'hovedlås'], [who.desk, 'BH7'], [who.caretaker, 'BH7'], [who.tenant, 'RH12-2'], [who.tenant, 'SYL-401'], [who.nobody, 'hovedlås']] as const)
      assert.ok(!(await groups(api, q)).some((g) => g.kind === 'key'), q);
  });

  test('follow what they are called', async () => {
    await owner.query(`update key set mark = 'RX12' where mark = 'RH12' and serial = '2'`);
    await finds(who.desk, 'rx12', 'key: RX12-2');
    await misses(who.desk, 'RH12-2', 'RX12');
    await owner.query(`update cylinder set removed_at = now() where mark = 'SYL-401'`);
    await misses(who.desk, 'syl401', 'SYL-401');
    await owner.query(`update key_system set area_no = 2, place_id = (select id from place where name = 'Øvre Enggate barnehage') where name like 'Rådhus%'`);
    await misses(who.desk, 'rx12', 'RX12');
    await finds(who.other, 'rx12', 'key: RX12-2');
  });
});
