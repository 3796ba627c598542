// A CouchDB of sorts in memory, by PouchDB and its own server. The documents are read from standard input, one in JSON
// to a line; then the port is told. «change N TEXT» on standard input changes N documents, and is answered «done».
import express from 'express';
import { createInterface } from 'node:readline';
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';
import serve from 'express-pouchdb';

const BATCH = 2000;
const Memory = PouchDB.plugin(memory).defaults({ adapter: 'memory' });
const db = new Memory('tasks');
let docs = [];

for await (const line of createInterface({ input: process.stdin })) {
  const [word, ...rest] = line.split(' ');
  if (line.startsWith('{')) {
    docs.push(JSON.parse(line));
    if (docs.length === BATCH) docs = (await db.bulkDocs(docs), []);
  } else if (word === 'serve') {
    if (docs.length) await db.bulkDocs(docs);
    const app = express();
    app.use('/', serve(Memory, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: '/dev/null' }));
    const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
  } else if (word === 'change') {
    const { rows } = await db.allDocs({ include_docs: true, limit: Number(rest[0]) });
    await db.bulkDocs(rows.map((row) => ({ ...row.doc, title: rest.slice(1).join(' ') })));
    console.log('done');
  }
}
