// What all lives of a run share: the cluster and the server processes on it; and what each life has
// for itself: two areas, three buildings, their tasks, two caretakers with three tablets, an office.
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { cluster, type Cluster } from '../integration/cluster.ts';
import { binary, eventually, root, type Server } from '../integration/harness.ts';
import { learn, type Policy } from './model.ts';

// A batch that meets a lock of the office is told to come again, and not after four seconds.
const env = { FDVU_STATEMENT_TIMEOUT_MS: '1500', FDVU_POOL_SIZE: '6', FDVU_LOG: 'error' };
const firstArea = 1000;
const fileRows = 520; // what makes an area worth a snapshot file, and a little more
const program = process.env.FDVU_MUTANT; // a server with a seeded bug

// Some commits fail, as any may: a serialisation failure, a standby that does not answer. Others fail for seconds, until the device's life is
// healed, so that what is behind them goes on and what needs them is held.
const failingCommits = `
  create table healed (device_id uuid primary key);
  create function fault_at_commit() returns trigger language plpgsql security definer set search_path = fdvu, public as $$
  begin
    if hashtext(new.mid::text || pg_current_xact_id()::text) % 25 = 0
       or hashtext(new.mid::text || (extract(epoch from clock_timestamp())::int / 3)::text) % 20 = 0
          and not exists (select from healed h where h.device_id = new.device_id) then
      raise exception 'a commit that fails' using errcode = '40001';
    end if;
    return null;
  end $$;
  create constraint trigger fault_at_commit after insert on sync_mutation deferrable initially deferred
    for each row execute function fault_at_commit()`;

// The index of the office's search is nobody's here, and costs more than all the rest.
const withoutSearch = `
  do $$ declare t record; begin
    for t in select tgname, tgrelid::regclass as tbl from pg_trigger where tgname like 'search\\_%' and not tgisinternal
    loop execute format('drop trigger %I on %s', t.tgname, t.tbl); end loop;
  end $$`;

// What an upload's offset was and became, for invariant 10.
const notedSteps = `
  create table upload_step (n bigserial, upload uuid not null, was bigint not null, is_now bigint not null);
  create function note_step() returns trigger language plpgsql security definer set search_path = fdvu, public as $$
  begin
    insert into upload_step (upload, was, is_now) values (new.id, case tg_op when 'UPDATE' then old.off else 0 end, new.off);
    return null;
  end $$;
  create trigger note_step after insert or update of off on upload for each row execute function note_step()`;

/** As the server tells it: what a tablet may do. */
export type Field = { name: string; type: string; required: boolean; policy: Policy | 'fact'; min?: number; max?: number; values?: string[] };
export type Operation = { op: string; entity: string; kind: 'insert' | 'update'; fields: Field[] };

/** What rows the servers tell; `newest`: the tables whose fields became more with it. */
export type Schemas = { now: number; oldest: number; newest: string[]; cursorKey: string };

export type Person = { id: string; name: string; areas: number[]; token: string };
export type Slice = {
  isLarge: boolean;
  areas: [number, number];
  components: string[]; // one in each building
  buildings: string[]; // the first two in the first area, the last in the second
  dwellings: string[]; // one in each building, as what follows
  meters: string[];
  keys: string[];
  cases: string[];
  tasks: string[];
  twins: [string, string]; // only ever changed together
  checklist: string;
  items: string[];
  people: [Person, Person];
  manager: Person;
  devices: string[]; // of three tablets: who begins there, and then the other person of each; by turns people[0] and people[1]
};

export class World {
  readonly program = program;
  readonly cluster: Cluster;
  servers: Server[] = [];
  owner!: pg.Pool;
  /** Of all lives: a new connection costs PostgreSQL as much as fifty writes. */
  #officeClients: pg.Client[] = [];
  #areas = firstArea;
  #learned: Promise<void> | null = null;
  #municipality = randomUUID();
  checklist = randomUUID();
  operations: Operation[] = [];
  categories: string[] = [];
  schemas!: Schemas;
  items = [randomUUID(), randomUUID(), randomUUID()];

  constructor(made: Cluster) {
    this.cluster = made;
  }

  async begin(count: number): Promise<void> {
    this.#connect();
    await this.owner.query(`
      insert into place (id, kind, name) values ('${this.#municipality}', 'municipality', 'Prøvekommune');
      insert into checklist (id, code, name_nb, name_nn, name_en) values ('${this.checklist}', 'converge', 'a', 'a', 'a');
      insert into checklist_item (id, checklist_id, seq, kind, text_nb, text_nn, text_en)
      select i, '${this.checklist}', n, 'text', 'a', 'a', 'a' from unnest('{${this.items.join()}}'::uuid[]) with ordinality as u(i, n)`);
    await this.owner.query('alter database fdvu set plan_cache_mode = force_generic_plan'); // planning the feed's query anew costs more than running it
    await this.owner.query(failingCommits);
    await this.owner.query(notedSteps);
    await this.owner.query(withoutSearch);
    if (process.env.FDVU_MUTANT_SQL) await this.owner.query(readFileSync(process.env.FDVU_MUTANT_SQL, 'utf8'));
    for (let i = 0; i < count; i++) await this.addServer();
  }

  /** What the servers tell of themselves, and what they sign with. */
  async #learn(token: string): Promise<void> {
    const { body } = await this.servers[0]!.api(token).get('/api/v1/sync/operations');
    this.operations = body.items;
    this.categories = (await this.owner.query('select code from category order by code limit 3')).rows.map(({ code }) => code);
    for (const { entity, fields } of this.operations) learn(entity, fields);
    this.schemas = await this.#learnSchemas(token);
  }

  async #learnSchemas(token: string): Promise<Schemas> {
    const { body } = await this.servers[0]!.api(token).get('/api/v1/sync/info');
    const tables = readFileSync(join(root, 'fieldapi/rows.sql'), 'utf8').matchAll(/^\t\(\d+(?:::smallint)?,\s+'(\w+)',\s+(\d+)\)/gm);
    const newest = [...tables].filter(([, , since]) => Number(since) === body.schema).map(([, name]) => name!);
    const key = await this.owner.query(`select value #>> '{}' as key from setting where key = 'cursor_key'`);
    return { now: body.schema, oldest: body.schema_min, newest, cursorKey: key.rows[0].key };
  }

  /** Past all rights, on the primary of now. */
  #connect(): void {
    const { socket } = this.cluster.primary;
    this.owner = new pg.Pool({ host: socket, database: 'fdvu', user: 'fdvu', max: 6, options: '-c search_path=fdvu,public' });
    this.owner.on('error', () => undefined);
  }

  async officeClient(): Promise<pg.Client> {
    return this.#officeClients.pop() ?? (await this.cluster.connect('office'));
  }

  giveBack(client: pg.Client): void {
    this.#officeClients.push(client);
  }

  async addServer(): Promise<void> {
    this.servers.push(await this.cluster.server({ env, program }));
  }

  /** SIGKILL to a server, and another in its place. */
  async killServer(at: number): Promise<void> {
    await this.servers[at]!.kill();
    this.servers[at] = await this.cluster.server({ env, program });
  }

  /** After the primary was another or was started again. */
  async reconnect(): Promise<void> {
    void this.owner.end().catch(() => undefined);
    this.#officeClients = [];
    this.#connect();
    for (const s of this.servers)
      await eventually('a server answers', async () => (await s.api().get('/api/v1/categories')).status === 200, 20_000);
  }

  async logIn(person: Person, audience: 'office' | 'field'): Promise<void> {
    person.token = `${audience[0]}_${randomBytes(32).toString('base64url')}`;
    await this.owner.query(`select session_open($1, $2, sha256(convert_to($3, 'UTF8')), 12)`, [person.id, audience, person.token]);
  }

  /** Makes the snapshot files of all areas that are large enough and have changed, as the night's job does. */
  async makeFiles(): Promise<void> {
    await promisify(execFile)(program ?? binary, ['snapshots'], { env: { ...process.env, ...this.cluster.env, ...env } });
  }

  /** The bytes that lie under somebody's name, whoever may fetch them; null when none do. */
  async stored(person: Person, sha256: string): Promise<Uint8Array | null> {
    const held = await this.owner.query(`select from file_holder where person_id = $1 and sha256 = decode($2, 'hex')`, [person.id, sha256]);
    const file = join(this.cluster.env.FDVU_VAR!, 'files', sha256.slice(0, 2), sha256.slice(2));
    return held.rowCount && existsSync(file) ? readFileSync(file) : null;
  }

  /** With `isLarge`, the second area is one that tablets begin with as a file. */
  async slice(newId: () => string, isLarge: boolean): Promise<Slice> {
    const areas: [number, number] = [this.#areas++, this.#areas++];
    const person = (name: string, of: number[]): Person => ({ id: newId(), name, areas: of, token: '' });
    const ids = (n: number): string[] => Array.from({ length: n }, newId);
    const [buildings, tasks, devices, components] = [ids(3), ids(8), ids(6), ids(3)];
    const [dwellings, meters, systems, keys, cases] = [ids(3), ids(3), ids(3), ids(3), ids(3)];
    const s: Slice = {
      ...{ isLarge, areas, buildings, components, dwellings, meters, keys, cases, tasks, devices, checklist: this.checklist, items: this.items },
      twins: ids(2) as [string, string],
      people: [person('Kari', [areas[0]]), person('Ola', [...areas])],
      manager: person('Mona', [...areas]),
    };
    const everybody = [...s.people, s.manager];
    const place = (i: number): string => buildings[i % 3]!;
    await this.owner.query(`
      insert into area (area_no, name) values ${areas.map((no) => `(${no}, 'Område ${no}')`).join()};
      insert into place (id, parent_id, kind, name, area_no) values
        ${buildings.map((id, i) => `('${id}', '${this.#municipality}', 'building', 'Bygg ${i}', ${areas[i === 2 ? 1 : 0]})`).join()};
      insert into component (id, place_id, name) values ${buildings.map((id, i) => `('${components[i]}', '${id}', 'Vifte')`).join()};
      insert into place (id, parent_id, kind, name) values
        ${dwellings.map((id, i) => `('${id}', '${place(i)}', 'dwelling', 'Bolig ${i}')`).join()};
      insert into meter (id, place_id, kind, unit, serial) values ${meters.map((id, i) => `('${id}', '${place(i)}', 'water', 'm³', 'M${i}')`).join()};
      insert into key_system (id, place_id, name) values ${systems.map((id, i) => `('${id}', '${place(i)}', 'Låssystem ${i}')`).join()};
      insert into key (id, system_id, mark) values ${keys.map((id, i) => `('${id}', '${systems[i]}', 'H1')`).join()};
      insert into cases (id, place_id, category, title, priority)
        select c.id, c.place, (select min(code) from category), 'Sak', 3
          from (values ${cases.map((id, i) => `('${id}'::uuid, '${place(i)}'::uuid)`).join()}) as c(id, place);
      insert into task (id, place_id, title, case_id) values
        ${[...tasks, ...s.twins].map((id, i) => `('${id}', '${i < 8 ? place(i) : place(0)}', 'Oppdrag ${i}', ${i < 8 ? `'${cases[i % 3]}'` : 'null'})`).join()};
      insert into person (id, name) values ${everybody.map((p) => `('${p.id}', '${p.name}')`).join()};
      insert into person_role (person_id, role, area_no) values
        ${everybody.flatMap((p) => p.areas.map((no) => `('${p.id}', '${p === s.manager ? 'manager' : 'caretaker'}', ${no})`)).join()};
      update role_period set since = '-infinity' where person_id in (${everybody.map((p) => `'${p.id}'`).join()});
      insert into sync_device (id, person_id, name) values
        ${devices.map((id, i) => `('${id}', '${s.people[i % 2]!.id}', 'Nettbrett ${i % 3}')`).join()};
      insert into sync_device_user (device_id, person_id) select id, person_id from sync_device where id = any ('{${devices.join()}}'::uuid[])`);
    if (isLarge)
      await this.owner.query(`insert into component (place_id, name) select $1, 'Lampe ' || n from generate_series(1, $2::int) n`, [buildings[2], fileRows]);
    for (const p of everybody) await this.logIn(p, p === s.manager ? 'office' : 'field');
    await (this.#learned ??= this.#learn(s.people[0].token));
    return s;
  }

  async stop(): Promise<void> {
    await this.owner.end().catch(() => undefined);
    await this.cluster.stop();
  }
}

export async function converging(servers = 2): Promise<World> {
  const w = new World(await cluster());
  await w.begin(servers);
  return w;
}
