// 500 buildings of a piece of the map as GeoJSON: through HTTP with rights, by the same statement in
// pgbench, and, with FDVU_BENCH=city, by MapServer and QGIS Server on the same rows; an export of a
// million components.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root, world } from '../integration/harness.ts';
import { geoPeers } from './geo_peers.ts';
import { bound, median, namedQuery, pgbench, roundsOf, rssMb, wrk, type Load } from './tools.ts';

const isCity = process.env.FDVU_BENCH === 'city';
const connections = 8;
const rounds = roundsOf(3);
// pgbench's connections are new each round, and a new one's first plan takes as long as fifty more.
const roundSeconds = isCity ? 12 : 5;
const side = 200; // buildings along the side of the town's grid
const step = 50; // metres between them
const cells = 22.4; // 22.4² are some 500
const componentsPerBuilding = 25;
const exportMb = 16; // more memory than that a million rows may not take
const settings =
  '-c statement_timeout=5000 -c lock_timeout=4000 -c search_path=fdvu,public -c TimeZone=UTC ' +
  '-c DateStyle=ISO -c client_min_messages=warning -c plan_cache_mode=force_custom_plan';

const w = await world({ demo: true, env: { FDVU_POOL_SIZE: String(connections) } });
const socket = /host='([^']+)'/.exec(w.conninfo)?.[1] ?? '';
const owner = await w.connect('owner');
// Without triggers: what they would derive is written here.
await owner.query(`
  set session_replication_role = replica;
  insert into place (id, parent_id, kind, name, label, area_no, site_id, geom, point, since)
  select i.id, m.id, 'building', 'Rutevegen ' || x || '-' || y, 'Rutevegen ' || x || '-' || y, 1, i.id,
         st_setsrid(st_makepolygon(st_makeline(array[st_point(e, n), st_point(e + 12.5, n + 3), st_point(e + 11, n + 14.25),
                                                     st_point(e - 1.5, n + 11), st_point(e, n)])), 25832),
         st_setsrid(st_point(e + 5, n + 7), 25832), '-infinity'
    from generate_series(0, ${side - 1}) x, generate_series(0, ${side - 1}) y,
         lateral (select 600000 + x * ${step} as e, 6700000 + y * ${step} as n) c,
         lateral (select md5('b' || x || '-' || y)::uuid as id) i,
         (select id from place where kind = 'municipality' order by id limit 1) m;
  insert into building (place_id, bygningsnummer, type_code, status, built_year, storeys, bta_m2, bra_m2, heating, ownership, use, area_no, since)
  select id, 300000000 + row_number() over (order by id), 111, 'TB', 1985, 2, 410.5, 365.25, 'Fjernvarme', 'Kommune', 'Bolig', 1, '-infinity'
    from place where label like 'Rutevegen%';
  ${isCity ? `insert into component (place_id, site_id, area_no, name, element, since)
  select id, id, 1, 'Komponent ' || n, '315', '-infinity' from place, generate_series(1, ${componentsPerBuilding}) n where label like 'Rutevegen%';` : ''}
  reset session_replication_role;
  create view bench_building as
    select p.id, p.label, p.name, b.bygningsnummer, b.type_code, b.status, b.built_year, b.storeys, b.bta_m2, b.bra_m2, b.heating,
           b.energy_grade, b.is_protected, b.ownership, b.use, b.responsible_unit, p.parent_id, p.area_no, p.code, p.warning, p.geom
      from place p join building b on b.place_id = p.id where p.kind = 'building' and p.removed_at is null;`);
await owner.query('vacuum analyze');
const s = await w.server();
const manager = await s.login('manager');
const hash = '\\x' + createHash('sha256').update(manager.token).digest('hex');

/** A square of some 500 buildings, in degrees; another for each number. */
async function box(i: number): Promise<number[]> {
  const e = 600000 + ((i * 37) % (side - 30)) * step - 10;
  const n = 6700000 + ((i * 53) % (side - 30)) * step - 10;
  const { rows } = await owner.query(
    `select st_xmin(g) x1, st_ymin(g) y1, st_xmax(g) x2, st_ymax(g) y2
       from st_transform(st_makeenvelope($1, $2, $3, $4, 25832), 4326) g`,
    [e, n, e + cells * step, n + cells * step],
  );
  const { x1, y1, x2, y2 } = rows[0];
  return [x1, y1, x2, y2].map((v: number) => Number(v.toFixed(6)));
}
const boxes = await Promise.all(Array.from({ length: connections }, (_, i) => box(i)));
const ours = (b: number[]): string => `/ogc/collections/buildings/items?limit=1000&bbox=${b.join()}`;

function requests(name: string, paths: string[]): string {
  const path = join(w.var, '..', name);
  writeFileSync(path, paths.map((p) => `GET\t${p}\n`).join(''));
  return path;
}

/** The statements that fdvu sends, with the parameters it sends. */
function script(name: string, wrap: (sql: string) => string): string {
  const given: Record<number, string> = {
    1: ':x1', 2: ':y1', 3: ':x2', 4: ':y2', 5: '4326', 9: '1001', 10: '4326', 11: 'false', 12: '7', 13: `'json'`,
  };
  const sql = namedQuery(join(root, 'geo/ogc.sql'), 'gis_building').replace(/\$(\d+)/g, (_, n) => given[Number(n)] ?? 'null');
  const path = join(w.var, '..', name);
  writeFileSync(
    path,
    ['\\startpipeline', 'select identify(:hash::bytea);',
     `select set_config('plan_cache_mode', 'force_custom_plan', true);`, wrap(sql).replaceAll(/--.*$/gm, '') + ';', '\\endpipeline', ''].join('\n'),
  );
  return path;
}

/** Whether a peer gives the same features; one that does not is left out, and that is said. */
async function isSame(name: string, url: string, count: number): Promise<boolean> {
  const reply = await fetch(url);
  const text = await reply.text();
  try {
    const { features } = JSON.parse(text);
    assert.ok(Math.abs(features.length - count) < 30, `${features.length} features`);
    assert.ok(Object.keys(features[0].properties).length >= 19, 'all columns');
    assert.ok(Math.abs(features[0].geometry.coordinates.flat(3)[0] - boxes[0]![0]!) < 1, 'in degrees');
    return true;
  } catch (e) {
    console.log(`${name} is left out: ${(e as Error).message}\n${url}\n${text.slice(0, 400)}`);
    return false;
  }
}

const figure = (n: number, digits = 0): string => n.toFixed(digits).padStart(8);

test('gives 500 features of a box at 0.8 of the rate of the statement itself', async () => {
  const page = (await manager.get(ours(boxes[0]!))).body;
  assert.ok(page.numberReturned > 450 && page.numberReturned < 560, `${page.numberReturned} features`);
  const peers = isCity ? await geoPeers(join(w.var, '..'), socket, 'fdvu', 'bench_building') : null;
  if (!peers) console.log('MapServer and QGIS Server are left out: FDVU_BENCH=city installs and runs them');
  if (peers) after(() => peers.stop());
  const mapserver = peers && (await isSame('MapServer', peers.url + peers.mapserver(boxes[0]!), page.numberReturned));
  const qgis = peers && (await isSame('QGIS Server', peers.url + peers.qgis(boxes[0]!), page.numberReturned));
  const files = {
    fdvu: requests('ours', boxes.map(ours)),
    mapserver: mapserver && requests('mapserver', boxes.map(peers!.mapserver)),
    qgis: qgis && requests('qgis', boxes.map(peers!.qgis)),
  };
  const direct = { socket, user: 'fdvu_office', settings, clients: boxes.map(([x1, y1, x2, y2]) => ({ hash, x1: String(x1), y1: String(y1), x2: String(x2), y2: String(y2) })) };
  const plain = script('plain.sql', (sql) => sql);
  const inSql = script('json.sql', (sql) => `select string_agg(st_asgeojson(r, '_geom', 7), ',') from (${sql.replace(/gis_shape\((.*?), 4326.*?\) as _geom/s, 'st_transform($1, 4326) as _geom')}) r`);
  const rates: Record<string, number[]> = { pgbench: [], sql: [], fdvu: [], mapserver: [], qgis: [] };
  const p99: number[] = [];
  const round = async (seconds: number): Promise<void> => {
    rates.pgbench!.push(await pgbench({ ...direct, script: plain, seconds }));
    const load: Load = await wrk({ url: s.url, token: manager.token, requests: files.fdvu, connections, seconds });
    rates.fdvu!.push(load.rps);
    p99.push(load.p99Ms);
    if (!peers) return;
    rates.sql!.push(await pgbench({ ...direct, script: inSql, seconds }));
    for (const name of ['mapserver', 'qgis'] as const) {
      const file = files[name];
      if (file) rates[name]!.push((await wrk({ url: peers.url, requests: file, connections, seconds })).rps);
    }
  };
  await round(1); // warm
  for (const list of Object.values(rates)) list.length = 0;
  for (let i = 0; i < rounds; i++) await round(roundSeconds);
  const overPeer = (name: string): number => median(rates.fdvu!.map((r, i) => r / rates[name]![i]!));
  const ratio = median(rates.fdvu!.map((r, i) => r / rates.pgbench![i]!));
  console.log(
    `500 buildings of a box as GeoJSON, ${connections} connections, medians of ${rounds} rounds\n` +
      `  pgbench, same statement  ${figure(median(rates.pgbench!), 1)} /s\n` +
      `  fdvu                     ${figure(median(rates.fdvu!), 1)} /s   p99 ${median(p99).toFixed(0)} ms\n` +
      (rates.sql!.length ? `  pgbench, JSON in SQL     ${figure(median(rates.sql!), 1)} /s\n` : '') +
      ['mapserver', 'qgis']
        .filter((name) => rates[name]!.length)
        .map((name) => `  ${name.padEnd(24)} ${figure(median(rates[name]!), 1)} /s   fdvu : ${name} ${overPeer(name).toFixed(1)}\n`)
        .join('') +
      `  fdvu : pgbench    ${ratio.toFixed(2)}   (${rates.fdvu!.map((r, i) => (r / rates.pgbench![i]!).toFixed(2)).join(' ')})`,
  );
  peers?.stop();
  bound(ratio >= 0.8, `${ratio.toFixed(2)} of its statement's rate, not 0.8`);
  for (const name of ['mapserver', 'qgis'])
    if (rates[name]!.length) bound(overPeer(name) > 1, `${name} is faster: ${overPeer(name).toFixed(2)}`);
});

test('exports every row there is in flat memory', async () => {
  const layer = isCity ? 'components' : 'buildings';
  for (const format of ['csv', 'gpkg']) {
    const before = rssMb(s.pid);
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, rssMb(s.pid))), 20);
    const from = performance.now();
    const reply = await fetch(`${s.url}/ogc/collections/${layer}/items?f=${format}`, {
      headers: { authorization: `Bearer ${manager.token}` },
    });
    assert.equal(reply.status, 200);
    let bytes = 0;
    assert.ok(reply.body);
    for await (const piece of reply.body) bytes += (piece as Uint8Array).length;
    clearInterval(timer);
    const seconds = (performance.now() - from) / 1000;
    const { rows } = await owner.query(`select count(*) as n from ${isCity ? 'component' : 'building'}`);
    console.log(
      `${layer}, ${rows[0].n} rows, as ${format}: ${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(0)} MB, ` +
        `${(most - before).toFixed(1)} MB of memory more`,
    );
    assert.ok(most - before < exportMb, `${(most - before).toFixed(1)} MB more, not under ${exportMb}`);
  }
});
