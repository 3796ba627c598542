// Every format that OGR reads, written by GDAL's own ogr2ogr, gives the same rows; and none of them can reach out.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cellsOf, readBytes, reader, readPath, zip, type Reading } from './import_files.ts';

const folder = mkdtempSync(join(tmpdir(), 'fdvu-geo-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'bygg.csv'), 'id,navn,dato,x,y\n1,Rådhuset,2026-01-31,436000.5,6998000.25\n2,Skolen æøå,2026-02-28,437000,6999000\n');
const all = 'xlsx ods gml gpkg shapefile geojson filegdb mapinfo dxf';

/** The two buildings in a format, in this coordinate system. */
function made(format: string, name: string, epsg = 25832, ...options: string[]): string {
  const path = join(folder, name);
  execFileSync('ogr2ogr', ['-f', format, path, join(folder, 'bygg.csv'), '-nln', 'bygg', '-s_srs', 'EPSG:25832', '-t_srs', `EPSG:${epsg}`,
    '-oo', 'X_POSSIBLE_NAMES=x', '-oo', 'Y_POSSIBLE_NAMES=y', '-oo', 'KEEP_GEOM_COLUMNS=NO', '-oo', 'AUTODETECT_TYPE=YES', ...options], { stdio: 'ignore' });
  return path;
}

/** A folder's files, or those beside a file that share its name, as a zip. */
function packed(path: string): string {
  const files = Object.fromEntries(readdirSync(path).map((f) => [`${path.endsWith('.gdb') ? 'bygg.gdb/' : ''}${f}`, readFileSync(join(path, f))]));
  writeFileSync(`${path}.zip`, zip(files));
  return `${path}.zip`;
}

/** The rows as objects by header. */
function table(r: Reading): Record<string, string>[] {
  const [header, ...rows] = cellsOf(r);
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [header[i], cell])));
}

function isTheTwo(r: Reading): void {
  assert.equal(r.status, 0, `${r.fault} ${r.text}`);
  const rows = table(r);
  assert.deepEqual(rows.map((row) => [row.id, row.navn, row.dato.slice(0, 10)]), [['1', 'Rådhuset', '2026-01-31'], ['2', 'Skolen æøå', '2026-02-28']]);
  assert.deepEqual(rows.map((row) => [Number(row.x), Number(row.y), row.epsg]), [[436000.5, 6998000.25, '25832'], [437000, 6999000, '25832']]);
  assert.match(rows[0].geom_wkt, /^POINT \(436000.5 6998000.25\)$/);
  assert.deepEqual(r.rows.map((row) => row.line), [0, 1, 2]);
}

test('GeoPackage, GML, GeoJSON, Shapefile, FileGDB, MapInfo TAB and MIF give the same rows', () => {
  isTheTwo(readPath(made('GPKG', 'a.gpkg'), all));
  isTheTwo(readPath(made('GML', 'a.gml', 25832, '-dsco', 'FORMAT=GML3.2'), all));
  isTheTwo(readPath(made('GeoJSON', 'a.geojson'), all));
  isTheTwo(readPath(packed(made('ESRI Shapefile', 'shp', 25832, '-lco', 'ENCODING=UTF-8')), all));
  isTheTwo(readPath(packed(made('OpenFileGDB', 'a.gdb')), all));
  isTheTwo(readPath(packed(made('MapInfo File', 'tab')), all));
  mkdirSync(join(folder, 'mif'));
  made('MapInfo File', 'mif/bygg.mif', 25832, '-dsco', 'FORMAT=MIF');
  isTheTwo(readPath(packed(join(folder, 'mif')), all));
});

test('a Shapefile in Windows-1252 keeps its letters', () => {
  isTheTwo(readPath(packed(made('ESRI Shapefile', 'latin', 25832, '-lco', 'ENCODING=CP1252')), all));
});

test('x is east and y is north, also where the file says latitude first', () => {
  for (const path of [made('GML', 'deg.gml', 4258, '-dsco', 'FORMAT=GML3.2'), made('GPKG', 'deg.gpkg', 4258)]) {
    const [row] = table(readPath(path, all));
    assert.ok(Math.abs(Number(row.x) - 7.73185) < 1e-4 && Math.abs(Number(row.y) - 63.10572) < 1e-4, JSON.stringify(row));
    assert.equal(row.epsg, '4258');
  }
  assert.match(readFileSync(join(folder, 'deg.gml'), 'utf8'), /<gml:pos>63\.1\d* 7\.7/);
  const short = readFileSync(join(folder, 'deg.gml'), 'utf8').replaceAll('urn:ogc:def:crs:EPSG::4258', 'EPSG:4258');
  assert.ok(Math.abs(Number(table(readBytes(short, all))[0].x) - 7.73185) < 1e-4, 'Geonorge’s short form too');
  const [world] = table(readPath(made('GeoJSON', 'deg.geojson', 4326), all));
  assert.equal(world.epsg, '4326');
});

test('points of a DXF drawing, whose coordinate system nobody says', () => {
  execFileSync('ogr2ogr', ['-f', 'DXF', join(folder, 'a.dxf'), join(folder, 'bygg.csv'), '-oo', 'X_POSSIBLE_NAMES=x', '-oo', 'Y_POSSIBLE_NAMES=y', '-select', ''], { stdio: 'ignore' });
  const rows = table(readPath(join(folder, 'a.dxf'), all));
  assert.deepEqual(rows.map((row) => [row.Layer, row.x, row.y, row.epsg]), [['0', '436000.5', '6998000.25', ''], ['0', '437000', '6999000', '']]);
});

test('arcs become lines that follow them, and say so', () => {
  const arc = `<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="urn:a"><gml:featureMember><a:Mur><a:id>1</a:id><a:geom><gml:Curve srsName="urn:ogc:def:crs:EPSG::25832"><gml:segments><gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc></gml:segments></gml:Curve></a:geom></a:Mur></gml:featureMember></gml:FeatureCollection>`;
  const r = readBytes(arc, all);
  assert.match(table(r)[0].geom_wkt, /^LINESTRING \(0 0,.*2 0\)$/);
  assert.match(r.rows[1].marks, /^curve:/);
});

test('a layer is chosen by its name, and the others are told of', () => {
  const path = made('GPKG', 'to.gpkg');
  execFileSync('ogr2ogr', ['-f', 'GPKG', '-update', path, join(folder, 'bygg.csv'), '-nln', 'uten_sted'], { stdio: 'ignore' });
  const first = readPath(path, all);
  isTheTwo(first);
  assert.deepEqual(first.notes.layer, ['uten_sted']);
  assert.deepEqual(table(readPath(path, all, ['--layer', 'uten_sted'])).map((row) => [row.navn, row.geom_wkt]), [['Rådhuset', ''], ['Skolen æøå', '']]);
  assert.equal(readPath(path, all, ['--layer', 'finnes_ikke']).fault, 'no_layer');
});

test('a Shapefile without its table or its index is refused, not read in part', () => {
  const shape = join(folder, 'shp');
  const files = Object.fromEntries(readdirSync(shape).map((f) => [f, readFileSync(join(shape, f))]));
  for (const ending of ['.dbf', '.shx']) {
    const some = Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith(ending)));
    assert.equal(readBytes(zip(some), all).fault, 'lone_shp', ending);
  }
});

test('truncated and damaged geodata fails, or its rows are whole', () => {
  for (const name of ['a.gpkg', 'a.gml', 'a.geojson', 'shp.zip', 'a.gdb.zip', 'tab.zip']) {
    const whole = readFileSync(join(folder, name));
    for (const part of [0.2, 0.5, 0.8]) {
      const r = readBytes(whole.subarray(0, Math.floor(whole.length * part)), all);
      assert.equal(r.signal, null, `${name} ${part}`);
      assert.equal(r.status, 1, `${name} cut at ${part} was read as ${r.rows.length} rows`);
    }
  }
});

test('GML with a document type is refused before GDAL sees it', () => {
  const gml = readFileSync(join(folder, 'a.gml'), 'utf8').replace('?>', '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>');
  assert.equal(readBytes(gml, all).fault, 'doctype');
});

test('no format makes the reader open a file, reach the network or start anything', () => {
  if (spawnSync('strace', ['-V']).error) return; // a machine without strace: the filter itself is tested in import_hostile
  for (const name of ['a.gpkg', 'a.gml', 'a.geojson', 'shp.zip', 'a.gdb.zip', 'tab.zip', 'a.dxf']) {
    const log = join(folder, 'kall');
    const done = spawnSync('sh', ['-c', `exec strace -f -qq -o ${log} ${reader} "${all}" < ${join(folder, name)}`], { env: { PATH: '/usr/bin:/bin' } });
    assert.equal(done.status, 0, `${name}: ${done.stderr}`);
    const calls = readFileSync(log, 'utf8');
    const prison = calls.indexOf('seccomp(SECCOMP_SET_MODE_FILTER');
    assert.ok(prison > 0, name);
    assert.doesNotMatch(calls.slice(prison), /(openat|socket|connect|execve|clone3?|unlink|write\([3-9])\([^\n]*\) = [0-9]/, name);
  }
});
