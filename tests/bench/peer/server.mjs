// PostGraphile 4 on the bench's database, set up to be as fast as its manual says: production mode,
// no query log, no explorer, queries parsed once. Who is asking is not looked up but told once, at
// the start, which is less than fdvu does for each request.
//
//   PEER_SOCKET=/dir PEER_SETTINGS='{"fdvu.person":…}' PEER_POOL=16 node server.mjs
//
// Prints its port when it is ready.
import { createServer } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';

const { PEER_SOCKET, PEER_SETTINGS, PEER_POOL } = process.env;
const settings = JSON.parse(PEER_SETTINGS);
const pool = new pg.Pool({
  host: PEER_SOCKET,
  database: 'fdvu',
  user: 'fdvu_office',
  options: '-c search_path=fdvu,public',
  max: Number(PEER_POOL),
});
const answer = postgraphile(pool, 'fdvu', {
  disableQueryLog: true,
  dynamicJson: true,
  graphiql: false,
  ignoreRBAC: false,
  legacyRelations: 'omit',
  pgSettings: settings,
  retryOnInitFail: false,
  simpleCollections: 'only',
});
const server = createServer(answer);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
