// Floor plans, rooms out of drawings, what lies in a piece of the map, and the background of all maps:
// who gets what, and what is refused.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { world, type Api, type Reply } from './harness.ts';
import { photo, sessionOf, sha256 } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server({ env: { FDVU_MAP_HOSTS: 'https://cache.kartverket.no https://kart.example.no' } });
const owner = await w.connect('owner');
let manager: Api, admin: Api, tenant: Api, caretaker: Api, stranger: Api, strangeCaretaker: Api;
let storey: string, building: string;
let corner: [number, number];

async function personIn(area: number, role: string, audience: 'office' | 'field'): Promise<Api> {
  const id = randomUUID();
  await owner.query(`insert into area (area_no, name) values ($1, 'Et annet sted') on conflict do nothing`, [area]);
  await owner.query(`insert into person (id, name) values ($1, $2)`, [id, `${role} ${area}`]);
  await owner.query(`insert into person_role (person_id, role, area_no) values ($1, $2, $3)`, [id, role, area]);
  return sessionOf(s, owner, id, audience);
}

const good = (reply: Reply, status = 200): Reply => {
  assert.equal(reply.status, status, JSON.stringify(reply.body));
  return reply;
};

const refused = (reply: Reply, ...statuses: number[]): void =>
  assert.ok(statuses.includes(reply.status), `${reply.status}: ${JSON.stringify(reply.body)}`);

async function upload(api: Api, bytes: Buffer, type = 'image/png'): Promise<string> {
  const hash = sha256(bytes);
  good(await api.put(`/api/v1/files/${hash}`, bytes, type), 201);
  return hash;
}

const placing = (): Record<string, unknown> => ({
  width: 800,
  height: 600,
  transform: [0.05, 0, 0, -0.05, corner[0], corner[1]],
  control_points: [{ drawing: [0, 0], map: corner }],
});

async function addPlan(title: string): Promise<Reply> {
  const hash = await upload(manager, photo(randomUUID()));
  return good(
    await manager.post(`/api/v1/storeys/${storey}/plans`, { sha256: hash, title, kind: 'image', ...placing() }),
    201,
  );
}

/** A drawing in millimetres with rooms side by side, each with its name in it. */
function drawing(names: string[], layer = 'A-AREA'): Buffer {
  const groups: (string | number)[] = [0, 'SECTION', 2, 'HEADER', 9, '$INSUNITS', 70, 4, 0, 'ENDSEC', 0, 'SECTION', 2, 'ENTITIES'];
  names.forEach((name, i) => {
    const [x, y] = [i * 4000, 0];
    groups.push(0, 'LWPOLYLINE', 8, layer, 90, 4, 70, 1);
    for (const [dx, dy] of [[0, 0], [4000, 0], [4000, 3000], [0, 3000]]) groups.push(10, x + (dx ?? 0), 20, y + (dy ?? 0));
    if (name) groups.push(0, 'TEXT', 8, 'A-TEXT', 10, x + 500, 20, y + 500, 40, 250, 1, name);
  });
  groups.push(0, 'ENDSEC', 0, 'EOF', '');
  return Buffer.from(groups.join('\n'), 'latin1');
}

const millimetres = (): string => [0.001, 0, 0, 0.001, corner[0], corner[1]].join();
const dxf = (api: Api, file: Buffer, query: string, at = storey): Promise<Reply> => {
  const address = `/api/v1/storeys/${at}/rooms-from-dxf?${query}`;
  return fetch(s.url + address, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'image/vnd.dxf' },
    body: new Uint8Array(file),
  }).then(async (r) => ({ status: r.status, headers: r.headers, body: await r.json().catch(() => undefined) }));
};

before(async () => {
  [manager, admin, tenant, caretaker] = await Promise.all([
    s.login('manager'),
    s.login('admin'),
    s.login('tenant'),
    s.login('caretaker'),
  ]);
  stranger = await personIn(9001, 'manager', 'office');
  strangeCaretaker = await personIn(9001, 'caretaker', 'field');
  const { rows } = await owner.query(
    `select st.id, st.parent_id, round(st_x(b.point)) as x, round(st_y(b.point)) as y
       from place st join place b on b.id = st.parent_id
      where st.kind = 'storey' and b.kind = 'building' and b.point is not null and st.area_no = 1 order by st.id limit 1`,
  );
  assert.equal(rows.length, 1);
  storey = rows[0].id;
  building = rows[0].parent_id;
  corner = [Number(rows[0].x), Number(rows[0].y)];
});

test('a plan is put on its storey, placed anew, and taken off; two editors do not overwrite each other', async () => {
  const { body: plan } = await addPlan('2. etasje, 1974');
  const list = good(await manager.get(`/api/v1/storeys/${storey}/plans`)).body.items;
  const kept = list.find((each: { id: string }) => each.id === plan.id);
  assert.equal(kept.title, '2. etasje, 1974');
  assert.deepEqual(kept.transform, [0.05, 0, 0, -0.05, ...corner]);
  assert.deepEqual(kept.control_points, [{ drawing: [0, 0], map: corner }]);

  const moved = good(await manager.patch(`/api/v1/floor-plans/${plan.id}`, { row_v: kept.row_v, opacity: 0.4, valid_from: '2020-01-01' })).body;
  assert.equal(moved.opacity, 0.4);
  assert.equal(moved.valid_from, '2020-01-01');
  refused(await manager.patch(`/api/v1/floor-plans/${plan.id}`, { row_v: kept.row_v, opacity: 1 }), 409);
  refused(await manager.del(`/api/v1/floor-plans/${plan.id}?row_v=${kept.row_v}`), 409);

  good(await manager.del(`/api/v1/floor-plans/${plan.id}?row_v=${moved.row_v}`));
  const after = good(await manager.get(`/api/v1/storeys/${storey}/plans`)).body.items;
  assert.ok(!after.some((each: { id: string }) => each.id === plan.id));
  const { rows } = await owner.query(`select count(*) as n from audit where tbl = 'floor_plan' and row_id = $1`, [plan.id]);
  assert.equal(Number(rows[0].n), 3, 'made, changed and taken off, all in the audit trail');
});

test('a plan that is nowhere, flat, or of a storey that is none is refused', async () => {
  const hash = await upload(manager, photo('77'));
  const body = { sha256: hash, title: 'x', kind: 'image', ...placing() };
  const path = `/api/v1/storeys/${storey}/plans`;
  const bad = [
    { transform: [0, 0, 0, 0, ...corner] },
    { transform: [1, 2, 2, 4, ...corner] },
    { transform: [0.05, 0, 0, -0.05, 0, 0] },
    { transform: [0.05, 0, 0, -0.05, corner[0]] },
    { transform: [1e9, 0, 0, -1e9, ...corner] },
    { width: 0 },
    { opacity: 2 },
    { kind: 'svg' },
    { page: 0 },
    { control_points: Array.from({ length: 30 }, () => 1) },
    { control_points: { a: 1 } },
  ];
  for (const wrong of bad) refused(await manager.post(path, { ...body, ...wrong }), 400, 409, 422);
  refused(await manager.post(`/api/v1/storeys/${building}/plans`, body), 404);
  refused(await manager.post(`/api/v1/storeys/${randomUUID()}/plans`, body), 404);
  refused(await manager.post(path, { ...body, sha256: sha256('never sent') }), 404);
});

test('tenants and people of other areas get nothing of a plan, and change nothing', async () => {
  const { body: plan } = await addPlan('Bare for dem som skal dit');
  const { rows } = await owner.query(`select encode(d.sha256, 'hex') as sha256 from floor_plan f join document d on d.id = f.document_id where f.id = $1`, [plan.id]);
  const file = `/api/v1/files/${rows[0].sha256}`;
  const path = `/api/v1/storeys/${storey}/plans`;

  assert.ok(good(await caretaker.get(path)).body.items.some((each: { id: string }) => each.id === plan.id));
  good(await caretaker.get(file));
  for (const nobody of [tenant, s.api()]) {
    refused(await nobody.get(path), 401, 403);
    refused(await nobody.get(file), 401, 403, 404);
  }
  for (const other of [stranger, strangeCaretaker]) {
    assert.deepEqual(good(await other.get(path)).body.items, []);
    assert.deepEqual(good(await other.get(`/api/v1/storeys/${storey}/rooms`)).body.items, []);
    refused(await other.get(file), 404);
  }
  for (const other of [stranger, strangeCaretaker, caretaker, tenant]) {
    refused(await other.patch(`/api/v1/floor-plans/${plan.id}`, { row_v: 1, opacity: 0 }), 403, 404);
    refused(await other.del(`/api/v1/floor-plans/${plan.id}?row_v=1`), 403, 404);
  }
  const mine = await upload(stranger, photo('78'));
  refused(await stranger.post(path, { sha256: mine, title: 'x', kind: 'image', ...placing() }), 403, 404);
});

test('past the API too: the policies hold for the roles themselves', async () => {
  const { body: plan } = await addPlan('Under reglene');
  const { rows: documents } = await owner.query(`select document_id from floor_plan where id = $1`, [plan.id]);
  const attempt = async (role: 'office' | 'field' | 'tenant' | 'public', as: Api | null, sql: string, values: unknown[]): Promise<number | string> => {
    const client = await w.connect(role);
    await client.query('begin');
    try {
      if (as) await client.query(`select identify(sha256(convert_to($1, 'UTF8')))`, [as.token]);
      return (await client.query(sql, values)).rowCount ?? 0;
    } catch (e) {
      return (e as { code: string }).code;
    } finally {
      await client.query('rollback');
    }
  };
  const select = 'select * from floor_plan where id = $1';
  assert.equal(await attempt('office', manager, select, [plan.id]), 1);
  assert.equal(await attempt('office', stranger, select, [plan.id]), 0);
  assert.equal(await attempt('office', null, select, [plan.id]), 0);
  assert.equal(await attempt('field', strangeCaretaker, select, [plan.id]), 0);
  assert.equal(await attempt('field', caretaker, 'update floor_plan set opacity = 0 where id = $1', [plan.id]), '42501');
  assert.equal(await attempt('tenant', tenant, select, [plan.id]), '42501');
  assert.equal(await attempt('public', null, select, [plan.id]), '42501');
  assert.equal(await attempt('office', stranger, 'update floor_plan set opacity = 0 where id = $1', [plan.id]), 0);
  const add = `insert into floor_plan (storey_id, document_id, kind, width, height, transform, created_by)
               values ($1, $2, 'image', 1, 1, '{1,0,0,-1,437000,6998000}', me())`;
  assert.equal(await attempt('office', stranger, add, [storey, documents[0].document_id]), '42501');
  assert.equal(await attempt('office', manager, add, [building, documents[0].document_id]), '42501', 'no storey');
  assert.equal(await attempt('office', manager, add.replace('me()', 'null'), [storey, documents[0].document_id]), '42501', 'in nobody\'s name');
  // The other settings are secrets.
  assert.equal(await attempt('office', admin, `select value from setting where key <> 'map_background'`, []), 0);
  assert.equal(await attempt('office', admin, `update setting set value = '1' where key = 'cursor_key'`, []), 0);
  assert.equal(await attempt('office', manager, `update setting set value = '{}' where key = 'map_background'`, []), 0);
  assert.equal(await attempt('office', admin, `update setting set value = '{}' where key = 'map_background'`, []), 1);
  assert.equal(await attempt('tenant', tenant, `select value from setting`, []), '42501');
});

test('rooms are shown out of a drawing before they are made, by layer, with their names and areas', async () => {
  const file = drawing(['101 Stue', 'K\u00f8kken', 'K\u00f8kken', '']);
  const shown = good(await dxf(manager, file, 'dry_run=true')).body;
  assert.deepEqual(shown.layers, [{ name: 'A-AREA', rooms: 4 }]);
  assert.equal(shown.unit_m, 0.001);
  assert.equal(shown.made, 0);
  assert.deepEqual(shown.rooms.map((room: { name: string }) => room.name), ['101 Stue', 'Køkken', 'Køkken (2)', 'Rom 4']);
  assert.deepEqual(shown.rooms.map((room: { area_m2: number }) => room.area_m2), [12, 12, 12, 12]);
  assert.deepEqual(shown.rooms[1].ring[0], [4000, 0]);
  assert.deepEqual(good(await dxf(manager, file, 'dry_run=true&layer=A-WALL')).body.rooms, []);

  const count = async (): Promise<number> => good(await manager.get(`/api/v1/storeys/${storey}/rooms`)).body.items.filter((r: { kind: string }) => r.kind === 'room').length;
  const before = await count();
  const made = good(await dxf(manager, file, `layer=A-AREA&transform=${millimetres()}`)).body;
  assert.equal(made.made, 4);
  assert.equal(await count(), before + 4);
  const rooms = good(await manager.get(`/api/v1/storeys/${storey}/rooms`)).body.items;
  const kitchen = rooms.find((room: { name: string }) => room.name === 'Køkken');
  assert.equal(Number(kitchen.area_m2), 12);
  assert.deepEqual(kitchen.geometry.coordinates[0][0], [corner[0] + 4, corner[1]]);

  // The same drawing again draws the same rooms anew and makes none.
  assert.equal(good(await dxf(manager, file, `layer=A-AREA&transform=${millimetres()}`)).body.made, 4);
  assert.equal(await count(), before + 4);
});

test('a component that stands in a room is told with it', async () => {
  const { rows } = await owner.query(
    `insert into component (place_id, name, condition_grade)
     select id, 'Sluk', 'TG2' from place where parent_id = $1 and kind = 'room' and geom is not null order by id limit 1 returning id, place_id`,
    [storey],
  );
  const rooms = good(await caretaker.get(`/api/v1/storeys/${storey}/rooms`)).body.items;
  const room = rooms.find((each: { id: string }) => each.id === rows[0].place_id);
  const [inside] = room.components.filter((each: { id: string }) => each.id === rows[0].id);
  assert.equal(inside.grade, 'TG2');
  assert.ok(inside.x > corner[0] && inside.y > corner[1]);
});

test('a drawing that is none, or is not to be, makes no room', async () => {
  const file = drawing(['Stue']);
  const wrong = await dxf(manager, Buffer.from('%PDF-1.7\n'), 'dry_run=true');
  refused(wrong, 422);
  assert.match(wrong.body.detail, /^line 1: /);
  refused(await dxf(manager, file, ''), 400);
  for (const transform of ['1,2,3', '0,0,0,0,0,0', 'a,b,c,d,e,f', '1,0,0,1,nan,0', '1,0,0,1,2,3,4']) refused(await dxf(manager, file, `transform=${transform}`), 400);
  const many = await dxf(manager, drawing(Array.from({ length: 1001 }, () => '')), 'dry_run=true');
  refused(many, 422);
  const at = `transform=${millimetres()}`;
  refused(await dxf(tenant, file, at), 403);
  refused(await dxf(caretaker, file, at), 403);
  refused(await dxf(stranger, file, at), 403, 404);
  refused(await dxf(manager, file, at, building), 404);
});

const square = (half: number): unknown => {
  const [x, y] = corner;
  return { type: 'Polygon', coordinates: [[[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half], [x - half, y - half]]] };
};

test('a polygon selects what lies in it, of the kinds asked for, and nothing of other areas', async () => {
  const kinds = ['building', 'task', 'case', 'component'];
  const mine = good(await manager.post('/api/v1/map/selection', { polygon: square(50), kinds })).body.items;
  assert.ok(mine.some((item: { id: string }) => item.id === building));
  assert.ok(mine.some((item: { kind: string }) => item.kind === 'component'));
  const only = good(await manager.post('/api/v1/map/selection', { polygon: square(50), kinds: ['building'] })).body.items;
  assert.deepEqual([...new Set(only.map((item: { kind: string }) => item.kind))], ['building']);
  assert.equal(Number(only[0].total), only.length);
  const wide = good(await manager.post('/api/v1/map/selection', { polygon: square(1e6), kinds: ['component'] })).body.items;
  assert.equal(wide.length, 500);
  assert.ok(Number(wide[0].total) > 500);
  const theirs = good(await stranger.post('/api/v1/map/selection', { polygon: square(1e6), kinds })).body.items;
  assert.deepEqual(theirs, []);
  for (const nobody of [tenant, caretaker, s.api()]) refused(await nobody.post('/api/v1/map/selection', { polygon: square(50), kinds }), 401, 403);
});

test('a polygon that is none is refused in words', async () => {
  for (const polygon of ['x', 7, {}, { type: 'Polygon' }, { type: 'Polygon', coordinates: [[[0, 0], [1, 1]]] }, { type: 'Polygon', coordinates: 'x' }, { type: 'Polygon', coordinates: [[[0, 0], [1, 1], [1, 0], [5, 5]]] }])
    refused(await manager.post('/api/v1/map/selection', { polygon, kinds: ['building'] }), 400);
  const bowTie = { type: 'Polygon', coordinates: [[[corner[0] - 50, corner[1] - 50], [corner[0] + 50, corner[1] + 50], [corner[0] + 50, corner[1] - 50], [corner[0] - 50, corner[1] + 50], [corner[0] - 50, corner[1] - 50]]] };
  good(await manager.post('/api/v1/map/selection', { polygon: bowTie, kinds: ['building'] }));
});

test('the map begins where one\'s own buildings are', async () => {
  const here = good(await manager.get('/api/v1/map/extent')).body;
  assert.ok(here.xmin <= here.xmax && here.ymin <= here.ymax && here.xmin > 300_000);
  assert.equal(good(await stranger.get('/api/v1/map/extent')).body.xmin, null);
});

test('the background is everybody\'s in the office to read, and an administrator\'s to change, to hosts that are named', async () => {
  const first = good(await manager.get('/api/v1/settings/map')).body;
  assert.equal(first.type, 'wmts');
  assert.match(first.url, /^https:\/\/cache\.kartverket\.no\//);
  assert.deepEqual(first.hosts, ['https://cache.kartverket.no', 'https://kart.example.no']);
  assert.equal(first.may_change, false);

  const wms = { type: 'wms', url: 'https://kart.example.no/wms', layer: 'grunnkart', attribution: '© Sund kommune' };
  refused(await manager.post('/api/v1/settings/map', wms), 405);
  const put = (api: Api, body: unknown): Promise<Reply> => api.put('/api/v1/settings/map', Buffer.from(JSON.stringify(body)), 'application/json');
  refused(await put(manager, wms), 403);
  refused(await put(tenant, wms), 403);
  refused(await put(admin, { ...wms, url: 'https://evil.example/wms' }), 400);
  refused(await put(admin, { ...wms, url: 'https://kart.example.no.evil.example/wms' }), 400);
  refused(await put(admin, { ...wms, type: 'wmts' }), 400);
  refused(await put(admin, { ...wms, type: 'tms' }), 400);
  const { body: now } = good(await put(admin, wms));
  assert.equal(now.layer, 'grunnkart');
  assert.equal(good(await manager.get('/api/v1/settings/map')).body.url, wms.url);
  good(await put(admin, { type: 'none' }));
  assert.equal(good(await manager.get('/api/v1/settings/map')).body.type, 'none');
});

test('the pages may fetch from the hosts that the settings name, and no others', async () => {
  const policy = (await s.api().get('/')).headers.get('content-security-policy') ?? '';
  assert.match(policy, /img-src 'self' data: blob: https:\/\/cache\.kartverket\.no https:\/\/kart\.example\.no;/);
  assert.match(policy, /connect-src 'self' https:\/\/cache\.kartverket\.no https:\/\/kart\.example\.no;/);
  assert.match(policy, /worker-src 'self'/);
  const failed = await w.fdvu(['serve'], { FDVU_MAP_HOSTS: "https://a.no; script-src *", FDVU_PORT: '1' });
  assert.notEqual(failed.code, 0);
  assert.match(failed.stderr + failed.stdout, /map_hosts/);
});
