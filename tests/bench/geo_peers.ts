// MapServer and QGIS Server over FastCGI behind lighttpd, on the same PostgreSQL: what others take to
// give the same features. For the bench only; run where FDVU_BENCH=city has them installed.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { freePort, sleep } from '../integration/harness.ts';

const packages = ['cgi-mapserver', 'qgis-server', 'qgis-providers', 'python3-qgis', 'lighttpd'];
const programs = ['/usr/lib/cgi-bin/mapserv', '/usr/lib/cgi-bin/qgis_mapserv.fcgi', '/usr/sbin/lighttpd', '/usr/lib/python3/dist-packages/qgis/core/__init__.py'];
const processes = 4;
const startWaitMs = 60_000;

function install(): void {
  if (programs.every(existsSync)) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '-qq', '-y', '--no-install-recommends', ...packages];
  execFileSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

const mapfile = (socket: string, table: string): string => `MAP
  NAME "fdvu"
  EXTENT 400000 6900000 500000 7100000
  UNITS METERS
  PROJECTION "init=epsg:25832" END
  OUTPUTFORMAT
    NAME "geojson"
    DRIVER "OGR/GEOJSON"
    MIMETYPE "application/json"
    FORMATOPTION "STORAGE=memory"
    FORMATOPTION "FORM=SIMPLE"
  END
  WEB METADATA
    "ows_enable_request" "*"
    "ows_title" "fdvu"
    "ows_onlineresource" "http://127.0.0.1/mapserv"
    "wfs_srs" "EPSG:4326 EPSG:25832"
  END END
  LAYER
    NAME "buildings"
    TYPE POLYGON
    STATUS ON
    CONNECTIONTYPE POSTGIS
    CONNECTION "host=${socket} dbname=fdvu user=fdvu"
    PROCESSING "CLOSE_CONNECTION=DEFER"
    DATA "geom FROM ${table} USING UNIQUE id USING SRID=25832"
    PROJECTION "init=epsg:25832" END
    METADATA
      "ows_title" "buildings"
      "gml_include_items" "all"
      "gml_featureid" "id"
      "wfs_getfeature_formatlist" "geojson"
      "wfs_use_default_extent_for_getfeature" "false"
    END
  END
END
`;

/** QGIS writes its project file itself: one written by hand published nothing. */
const project = (file: string, socket: string, schema: string, table: string): string => `
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
uri = """dbname='fdvu' host='${socket}' user='fdvu' key='id' srid=25832 type=Polygon estimatedmetadata=true checkPrimaryKeyUnicity='0' table="${schema}"."${table}" (geom)"""
layer = QgsVectorLayer(uri, 'buildings', 'postgres')
assert layer.isValid(), layer.error().message()
layer.setShortName('buildings')
project = QgsProject.instance()
project.setCrs(QgsCoordinateReferenceSystem('EPSG:25832'))
project.addMapLayer(layer)
project.writeEntry('WFSLayers', '/', [layer.id()])
project.writeEntry('WFSLayersPrecision', '/' + layer.id(), 7)
assert project.write('${file}')
`;

export type GeoPeers = {
  url: string;
  /** The address of the features in a box of degrees. */
  mapserver(box: number[]): string;
  qgis(box: number[]): string;
  stop(): void;
};

export async function geoPeers(dir: string, socket: string, schema: string, table: string): Promise<GeoPeers> {
  install();
  const port = await freePort();
  const home = join(dir, 'peers');
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o777);
  writeFileSync(join(home, 'mapserver.conf'), 'CONFIG\n  ENV\n    MS_MAP_PATTERN "."\n  END\nEND\n');
  writeFileSync(join(home, 'fdvu.map'), mapfile(socket, `${schema}.${table}`));
  const program = (name: string, path: string, environment: string): string => `
  "/${name}" => (( "socket" => "${home}/${name}.sock", "bin-path" => "${path}", "check-local" => "disable",
    "max-procs" => ${processes}, "bin-environment" => ( ${environment} ) ))`;
  writeFileSync(
    join(home, 'lighttpd.conf'),
    `server.modules = ( "mod_fastcgi" )
server.document-root = "${home}"
server.port = ${port}
server.bind = "127.0.0.1"
server.errorlog = "${home}/lighttpd.log"
fastcgi.server = (${[
      program('mapserv', programs[0]!, `"MAPSERVER_CONFIG_FILE" => "${home}/mapserver.conf"`),
      program(
        'qgis',
        programs[1]!,
        `"QGIS_PROJECT_FILE" => "${home}/fdvu.qgs", "QT_QPA_PLATFORM" => "offscreen", "HOME" => "${home}", "QGIS_PREFIX_PATH" => "/usr",
         "QGIS_SERVER_LOG_STDERR" => "0", "QGIS_SERVER_API_WFS3_MAX_LIMIT" => "10000"`,
      ),
    ].join(',')}
)
`,
  );
  // As whom PostgreSQL's socket lets in.
  const args = ['-D', '-f', join(home, 'lighttpd.conf')];
  if (userInfo().uid === 0) execFileSync('chown', ['-R', 'postgres:', home]);
  const asUser = userInfo().uid === 0 ? ['runuser', '-u', 'postgres', '--'] : ['env'];
  execFileSync(asUser[0]!, [...asUser.slice(1), '/usr/bin/python3', '-c', project(join(home, 'fdvu.qgs'), socket, schema, table)], {
    env: { ...process.env, QT_QPA_PLATFORM: 'offscreen', HOME: home, XDG_RUNTIME_DIR: home },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const child = spawn(asUser[0]!, [...asUser.slice(1), programs[2]!, ...args], { stdio: 'inherit' });
  const url = `http://127.0.0.1:${port}`;
  const peers = {
    url,
    mapserver: (box: number[]): string =>
      `/mapserv?map=${home}/fdvu.map&` +
      'SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME=buildings&OUTPUTFORMAT=geojson' +
      `&SRSNAME=EPSG:4326&BBOX=${[box[1], box[0], box[3], box[2]].join()},urn:ogc:def:crs:EPSG::4326`,
    qgis: (box: number[]): string => `/qgis/wfs3/collections/buildings/items.json?limit=1000&bbox=${box.join()}`,
    stop: (): void => void child.kill('SIGTERM'),
  };
  const until = Date.now() + startWaitMs;
  for (;;) {
    const status = await fetch(`${url}/mapserv?map=${home}/fdvu.map&SERVICE=WFS&REQUEST=GetCapabilities`).then((r) => r.status, () => 0);
    if (status === 200) return peers;
    if (Date.now() > until) throw new Error(`the peers did not start (${status})`);
    await sleep(200);
  }
}
