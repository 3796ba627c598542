// What must hold, whatever happened (docs/sync-protocol.md, «Proof»). Each is a function with the
// name of what it demands; its failure says which tablet and which row.
import { demand, short } from './broken.ts';
import { addTo, emptySum, isAdded, rowDigest, told as digestOf, type Fields, type Mutation, type OutboxEntry, type StoredRow } from './core.ts';
import type { Reply } from '../integration/harness.ts';
import { sha256 as sha256Of } from '../integration/helpers.ts';
import { factsAreAsWritten, factsAreInTheirTime } from './facts.ts';
import type { Life } from './life.ts';
import { applied, canonical, replay, type Event, type Met, type Task } from './model.ts';
import { eachReviewIsTold, heldWaitsForSomething, whoHasLeftIsAnsweredByName, wrongClocksAreTold } from './matters.ts';
import { differences, scopeOf } from './oracle.ts';
import type { Tablet } from './tablet.ts';
import type { Person } from './world.ts';

export type Ended = { life: Life; rounds: number };

/** After each thing that a tablet did. */
export async function duringLife(life: Life, tablet: Tablet): Promise<void> {
  await ownWritesStayVisible(tablet);
  await wholeStatesAreConsistent(life, tablet);
  if (life.dice.below(4) === 0) await nothingVisibleIsMissing(life, tablet);
}

/** After all has come to rest. */
export async function atTheEnd(ended: Ended): Promise<void> {
  const kept = await mutationsOf(ended.life);
  await everySavedMutationIsThereOnce(ended, kept);
  await heldWaitsForSomething(kept);
  await poisonDelaysNothing(ended);
  await effectsAreThereOnce(ended, kept);
  await factsAreAsWritten(ended, kept);
  await factsAreInTheirTime(ended, kept);
  await replayGivesTheDatabase(ended, kept);
  await eachMeetingOfValuesIsTold(ended, kept);
  await eachReviewIsTold(ended, kept);
  await wrongClocksAreTold(ended);
  await whoHasLeftIsAnsweredByName(ended, kept);
  await eachTabletHoldsItsScope(ended);
  await digestsAreEqual(ended);
  await revokedTabletGetsNothing(ended);
  await anyServerAnswersAlike(ended);
  await uploadsAreWhole(ended);
}

/** `fast`: by how many ms the tablet's clock was when it was sent; `received`: when that was, by the server's. */
export type Kept = { mid: string; state: string; v: number | null; reason: string | null; mutation: Mutation; author: string; person: string; fast: number; received: number };

async function mutationsOf(life: Life): Promise<Kept[]> {
  const { rows } = await life.world.owner.query(
    `select m.mid, m.state, m.result, m.payload, p.name, m.person_id, (extract(epoch from m.captured_at - m.happened_at) * 1000)::float8 as fast, m.received_at
       from sync_mutation m left join person p on p.id = m.person_id
      where m.device_id = any ($1) order by m.xid, m.seq`,
    [life.slice.devices],
  );
  return rows.map(({ mid, state, result, payload, name, person_id, fast, received_at }) => ({
    ...{ mid, state, v: result.v ?? null, reason: result.reason ?? null, mutation: payload, author: name, person: person_id },
    ...{ fast, received: received_at.getTime() },
  }));
}

export const isEffective = ({ state }: Kept): boolean => state === 'applied' || state === 'merged';

// 1 ------------------------------------------------------------------------------------------------

async function everySavedMutationIsThereOnce({ life }: Ended, kept: Kept[]): Promise<void> {
  const known = new Map(kept.map((one) => [one.mid, one]));
  const { rows } = await life.world.owner.query(`select convert_from(raw, 'UTF8') as raw from sync_quarantine where device_id = any ($1)`, [life.slice.devices]);
  const salvaged = rows.map(({ raw }) => raw as string).join();
  for (const tablet of life.tablets) {
    for (const { mid, seq, op } of tablet.saved)
      demand(known.has(mid) || salvaged.includes(mid), 'everySavedMutationIsThereOnce', () => `${tablet.name}: ${op} (seq ${seq}, ${mid}) was called saved and the server has never heard of it`);
    if (tablet.isWiped) continue;
    const outbox = new Map((await tablet.outbox()).map((entry) => [entry.mid, entry]));
    for (const { mid, seq, op, by } of tablet.saved) {
      const [there, here] = [known.get(mid)?.state, outbox.get(mid)?.state];
      demand(here, 'everySavedMutationIsThereOnce', () => `${tablet.name}: ${op} (seq ${seq}) is gone from the outbox`);
      const isUntold = here === 'held' && life.left?.person.id === by; // who has left is told no more
      demand(!there || here === there || isUntold, 'everySavedMutationIsThereOnce', () => `${tablet.name}: ${op} (seq ${seq}) is ${there} on the server and ${here} on the tablet`);
    }
  }
}

async function effectsAreThereOnce({ life }: Ended, kept: Kept[]): Promise<void> {
  const tables = new Set(life.world.operations.filter(({ kind }) => kind === 'insert').map(({ entity }) => entity));
  const inserts = kept.filter(({ mutation }) => mutation.base_v === undefined && tables.has(mutation.row?.t));
  const ids = inserts.map(({ mutation }) => mutation.row.id);
  const { rows } = await life.world.owner.query([...tables].map((table) => `select id from ${table} where id = any ($1)`).join(' union all '), [ids]);
  const there = new Set(rows.map(({ id }) => id));
  const gone = new Set(life.office.log.filter(({ isGone }) => isGone).map(({ id }) => id));
  for (const one of inserts) {
    const { id, t } = one.mutation.row;
    const others = inserts.filter(({ mutation }) => mutation.row.id === id).some(isEffective);
    demand(!isEffective(one) || there.has(id) || gone.has(id), 'effectsAreThereOnce', () => `${one.mutation.op} of ${t} ${short(id)} is ${one.state} and the row is not there`);
    demand(isEffective(one) || others || !there.has(id), 'effectsAreThereOnce', () => `${one.mutation.op} of ${t} ${short(id)} is ${one.state} and the row is there`);
  }
}

// 2 ------------------------------------------------------------------------------------------------

async function eachTabletHoldsItsScope({ life }: Ended): Promise<void> {
  for (const tablet of life.tablets) {
    if (tablet.isWiped) continue;
    const wrong = differences(await tablet.rows(), await scopeOf(life.world.owner, tablet));
    demand(!wrong, 'eachTabletHoldsItsScope', () => `${tablet.name}: ${wrong}`);
  }
}

async function askDigests(life: Life, tablet: Tablet): Promise<Reply> {
  const { cursor, scope } = await tablet.state();
  return life.world.servers[0]!.api(tablet.person.token).post('/api/v1/sync/pull', { device: tablet.device, cursor, scope, digests: true, limit: 20_000 });
}

/** Tablet and server sum up what the tablet holds, each for itself, and come to the same. */
async function digestsAreEqual({ life }: Ended): Promise<void> {
  for (const tablet of life.tablets) {
    if (tablet.isWiped) continue;
    let { status, body } = await askDigests(life, tablet);
    if (status === 410) {
      await tablet.sync(false); // another life has purged the tombstones of all
      ({ status, body } = await askDigests(life, tablet));
    }
    const sums = new Map(Object.keys(body.digests ?? {}).map((bucket) => [bucket, emptySum()]));
    demand(sums.size > 0, 'digestsAreEqual', () => `${tablet.name} is told no digests: ${JSON.stringify(body).slice(0, 200)}`);
    for (const { t, id, d, buckets } of await tablet.rows())
      for (const bucket of buckets) if (sums.has(bucket)) addTo(sums.get(bucket)!, rowDigest(t, id, d));
    for (const [bucket, sum] of sums)
      demand(`${digestOf(sum)}` === `${body.digests[bucket]}`, 'digestsAreEqual', () => `${tablet.name}: ${bucket} sums up to ${digestOf(sum)} here and ${body.digests[bucket]} there`);
  }
}

// 3 and 4 ------------------------------------------------------------------------------------------

/** The rows that the model knows, and what of them is compared. */
export const modelled: Record<string, string[]> = {
  task: ['title', 'description', 'category', 'state', 'priority', 'planned_on', 'done_note', 'assignee_id', 'started_at', 'progress', 'visits', 'access_note', 'done_at'],
  key_loan: ['in_at', 'in_name', 'in_note'],
  inspection: ['state', 'finished_at', 'keys', 'note'],
};

async function eventsOf(life: Life, kept: Kept[]): Promise<Map<string, Event[]>> {
  const loans = await life.world.owner.query('select l.id, l.out_at from key_loan l where l.key_id = any ($1)', [life.slice.keys]);
  const made = new Map<string, Task>(loans.rows.map(({ id, out_at }) => [id, texts({ out_at: out_at.toISOString() })]));
  const events = new Map<string, Event[]>();
  const add = (id: string, event: Event): void => void (events.get(id)?.push(event) ?? events.set(id, [event]));
  for (const { set, ...write } of life.office.log) add(write.id, { kind: 'office', ...write, set: texts(set) });
  for (const [i, id] of [...life.slice.tasks, ...life.slice.twins].entries())
    add(id, { kind: 'office', t: 'task', v: 1, set: { title: `Oppdrag ${i}` }, isNew: true, isGone: false });
  for (const one of kept)
    if (isEffective(one) && one.mutation.row.t in modelled && one.v !== null)
      add(one.mutation.row.id, { kind: 'mutation', v: one.v, mutation: one.mutation, author: one.author, made: made.get(one.mutation.row.id) ?? {} });
  return events;
}

const texts = (set: Fields): Task => Object.fromEntries(Object.entries(set).map(([field, value]) => [field, canonical(field, value)]));

async function replayGivesTheDatabase({ life }: Ended, kept: Kept[]): Promise<void> {
  const events = await eventsOf(life, kept);
  const { rows } = await life.world.owner.query(
    `select id, 'task' as t, to_jsonb(x) || jsonb_build_object('done_at', device_done_at) as d from task x where id = any ($1)
     union all select id, 'key_loan', to_jsonb(x) from key_loan x where id = any ($1)
     union all select id, 'inspection', to_jsonb(x) from inspection x where id = any ($1)`,
    [[...events.keys()]],
  );
  const there = new Map(rows.map(({ id, t, d }) => [id, { t, d } as { t: string; d: Fields }]));
  for (const [id, list] of events) {
    const { task } = replay(list);
    const is = there.get(id);
    demand(!task === !is, 'replayGivesTheDatabase', () => `row ${short(id)} is ${is ? '' : 'not '}there and should ${task ? '' : 'not '}be`);
    if (!task || !is) continue;
    for (const field of modelled[is.t]!)
      demand((task[field] ?? null) === canonical(field, is.d[field]), 'replayGivesTheDatabase', () => `${field} of ${is.t} ${short(id)} is ${JSON.stringify(is.d[field])} and should be ${JSON.stringify(task[field] ?? null)}`);
  }
}

async function eachMeetingOfValuesIsTold({ life }: Ended, kept: Kept[]): Promise<void> {
  const { rows } = await life.world.owner.query(
    `select mid, field, base #>> '{}' as base, mine #>> '{}' as mine, theirs #>> '{}' as theirs, chosen, policy from sync_conflict where kind = 'field' and device_id = any ($1)`,
    [life.slice.devices],
  );
  const told = new Map<string, string[]>();
  for (const { mid, ...met } of rows) (told.get(mid) ?? told.set(mid, []).get(mid)!).push(line(met));
  const events = await eventsOf(life, kept);
  for (const one of kept) {
    // It changed nothing, and so it made no version: some state of the task must explain why.
    if (!isEffective(one) || !(one.mutation.row.t in modelled) || one.v !== null) continue;
    const is = (told.get(one.mid) ?? []).sort().join();
    const isExplained = replay(events.get(one.mutation.row.id) ?? []).states.some((state) => {
      const { met, isChanged } = applied(state, one.mutation, one.author);
      return !isChanged && met.map(line).sort().join() === is;
    });
    demand(isExplained, 'eachMeetingOfValuesIsTold', () => `${one.mutation.row.t} ${short(one.mutation.row.id)}, mutation ${one.mid}: is ${one.state}, changed nothing, and was told ${is || 'nothing'}`);
  }
  for (const [id, list] of events)
    for (const [mid, met] of replay(list).met) {
      const [is, should] = [(told.get(mid) ?? []).sort(), met.map(line).sort()];
      demand(is.join() === should.join(), 'eachMeetingOfValuesIsTold', () => `row ${short(id)}, mutation ${mid}: told ${is.join('; ') || 'nothing'}, should be ${should.join('; ') || 'nothing'}`);
    }
}

const line = ({ field, base, mine, theirs, chosen, policy }: Met): string => JSON.stringify([field, ...[base, mine, theirs].map((value) => canonical(field, value)), chosen, policy]);

// 5 ------------------------------------------------------------------------------------------------

/** What is shown is one moment's truth: the twins are alike, and work that is done has its answers. */
async function wholeStatesAreConsistent(life: Life, tablet: Tablet): Promise<void> {
  const rows = new Map((await tablet.rows()).map((row) => [row.id, row]));
  const [one, other] = life.slice.twins.map((id) => rows.get(id)?.d.description);
  demand(one === other, 'wholeStatesAreConsistent', () => `${tablet.name} shows one twin as «${one}» and the other as «${other}»`);
  for (const entry of await tablet.outbox())
    if (entry.mutation.op === 'task.close@1' && entry.overlay === 0 && entry.state !== 'quarantined' && entry.mutation.by === tablet.person.id) answersAreThere(tablet, rows, entry);
}

function answersAreThere(tablet: Tablet, rows: Map<string, StoredRow>, close: OutboxEntry): void {
  if (!rows.has(close.mutation.row.id)) return;
  const group = tablet.saved.filter(({ grp, op }) => grp === close.mutation.grp && op === 'answer.add@1');
  for (const { row } of group)
    demand(rows.has(row.id), 'wholeStatesAreConsistent', () => `${tablet.name} shows task ${short(close.mutation.row.id)} as closed without its answer ${short(row.id)}`);
}

// 6 ------------------------------------------------------------------------------------------------

/** What a person wrote is shown until the server's rows hold it; it never goes and comes back. */
async function ownWritesStayVisible(tablet: Tablet): Promise<void> {
  const [outbox, rows] = [await tablet.outbox(), new Map((await tablet.rows()).map((row) => [row.key, row]))];
  const seen = new Map((await tablet.seen('task')).map(({ id, d }) => [id, d]));
  const last = new Map<string, { entry: OutboxEntry; field: string }>();
  for (const entry of outbox)
    for (const field of Object.keys(entry.mutation.set)) if (entry.mutation.row.t === 'task') last.set(`${entry.row_key} ${field}`, { entry, field });
  for (const { entry, field } of last.values()) {
    const { row, set, base_v } = entry.mutation;
    const shown = seen.get(row.id);
    if (entry.overlay && !isAdded(row.t, field) && (shown || base_v === undefined))
      demand(shown && shown[field] === set[field]!.n, 'ownWritesStayVisible', () => `${tablet.name} wrote ${field} of task ${short(row.id)} and shows ${JSON.stringify(shown?.[field])}`);
  }
  for (const { overlay, mutation, result, row_key, state } of outbox) {
    demand(!overlay || mutation.by === tablet.person.id, 'ownWritesStayVisible', () => `${tablet.name} shows ${tablet.person.name} what another person wrote to ${row_key}`);
    if (mutation.by !== tablet.person.id) continue;
    const stored = rows.get(row_key);
    if (!overlay && result?.v && stored && (state === 'applied' || state === 'merged'))
      demand(stored.v >= result.v, 'ownWritesStayVisible', () => `${tablet.name} holds version ${stored.v} of ${row_key}, and its own change made ${result.v}`);
  }
  for (const { mid, op, seq } of tablet.saved)
    demand(outbox.some((entry) => entry.mid === mid), 'ownWritesStayVisible', () => `${tablet.name}: ${op} (seq ${seq}) is gone from the outbox`);
}

// 7 ------------------------------------------------------------------------------------------------

/** Every entry of the feed that is visible in the cursor's snapshot has been taken. */
async function nothingVisibleIsMissing(life: Life, tablet: Tablet): Promise<void> {
  const { cursor, buckets, staged, reset, compared_at } = await tablet.state();
  const at = cursor && (JSON.parse(Buffer.from(cursor.split('.')[1]!, 'base64').toString()) as { hi?: string; ip?: string; to?: string });
  if (!at || !at.hi || at.to || staged || reset) return;
  const { rows } = await life.world.owner.query(
    `select b.bucket, e.row_id, e.op, e.row_v::int as v from sync_entry e join sync_bucket b using (bucket_no)
      where b.bucket = any ($1) and e.tbl not in (6, 7, 8, 9, 12) and not (e.xid >= $2::xid8 or e.xid = any ($3::xid8[]))`,
    [buckets, at.hi, at.ip],
  );
  const held = new Map((await tablet.rows()).map((row) => [row.id, row]));
  for (const { bucket, row_id, op, v } of rows) {
    const row = held.get(row_id);
    if (op === 'P') demand(row?.buckets.includes(bucket) && (row.v >= v || (compared_at !== null && (await isAsItIs(life, tablet, row)))), 'nothingVisibleIsMissing', () => `${tablet.name} is past version ${v} of row ${short(row_id)} in ${bucket} and holds ${row?.v ?? 'nothing'}`);
    else demand(!row?.buckets.includes(bucket), 'nothingVisibleIsMissing', () => `${tablet.name} still holds row ${short(row_id)}, which left ${bucket}`);
  }
}

/** A comparison is of contents: a row that was written and did not become another keeps the version that it was told with. */
async function isAsItIs(life: Life, tablet: Tablet, row: StoredRow): Promise<boolean> {
  const truth = await scopeOf(life.world.owner, tablet);
  return truth.has(row.key) && !differences([row], new Map([[row.key, truth.get(row.key)!]]));
}

// 8 ------------------------------------------------------------------------------------------------

/** Without faults, everything has its answer within two rounds, whatever stands before it. */
async function poisonDelaysNothing({ rounds }: Ended): Promise<void> {
  demand(rounds <= 4, 'poisonDelaysNothing', () => `at rest only after ${rounds} rounds without faults`);
}

// 10 -----------------------------------------------------------------------------------------------

/** Each photo is at the server, with the bytes that it was taken with; an upload goes on from where it was, and never back. */
async function uploadsAreWhole({ life }: Ended): Promise<void> {
  const steps = await life.world.owner.query(
    `select s.upload, s.was::int, s.is_now::int, u.state, u.length::int from upload_step s join upload u on u.id = s.upload where u.person_id = any ($1) order by s.n`,
    [life.slice.people.map(({ id }) => id)],
  );
  const at = new Map<string, number>();
  for (const { upload, was, is_now } of steps.rows) {
    demand(was === (at.get(upload) ?? 0) && is_now >= was, 'uploadsAreWhole', () => `upload ${upload} stood at ${at.get(upload) ?? 0} and went from ${was} to ${is_now}`);
    at.set(upload, is_now);
  }
  for (const { upload, state, length } of steps.rows)
    demand(state !== 'done' || at.get(upload) === length, 'uploadsAreWhole', () => `upload ${upload} of ${length} bytes is done at ${at.get(upload)}`);
  for (const tablet of life.tablets.filter(({ isWiped }) => !isWiped)) {
    const left = new Map((await tablet.photosLeft()).map((photo) => [photo.sha256, photo]));
    for (const { sha256 } of tablet.photos) {
      const photo = left.get(sha256);
      demand(photo?.state === 'uploaded', 'uploadsAreWhole', () => `${tablet.name}: photo ${sha256.slice(0, 8)} is ${photo?.state ?? 'gone'}`);
      const { person } = tablet.uses.find(({ device }) => device === photo!.device)!;
      const bytes = await (life.hasLeft(person) ? life.world.stored(person, sha256) : fetched(life, person, sha256));
      demand(bytes && sha256Of(bytes) === sha256, 'uploadsAreWhole', () => `${tablet.name}: photo ${sha256.slice(0, 8)} is uploaded, and the server has ${bytes ? sha256Of(bytes).slice(0, 8) : 'none'}`);
    }
  }
}

async function fetched(life: Life, { token }: Person, sha256: string): Promise<Uint8Array | null> {
  const file = await fetch(`${life.world.servers[0]!.url}/api/v1/files/${sha256}`, { headers: { authorization: `Bearer ${token}` } });
  const bytes = new Uint8Array(await file.arrayBuffer());
  return file.status === 200 ? bytes : null;
}

// 11 -----------------------------------------------------------------------------------------------

async function revokedTabletGetsNothing({ life }: Ended): Promise<void> {
  for (const [name, at] of life.revokedAt) {
    const tablet = life.tablets.find((one) => one.name === name)!;
    const late = tablet.network.pulls.filter(({ askedAt }) => askedAt > at);
    demand(!late.length, 'revokedTabletGetsNothing', () => `${tablet.name} was told ${late[0]!.rows} rows after it was revoked`);
    demand(tablet.isWiped && !(await tablet.rows()).length, 'revokedTabletGetsNothing', () => `${tablet.name} is revoked and not wiped`);
  }
}

// 12 -----------------------------------------------------------------------------------------------

/** The servers keep nothing about a tablet: each tells the same. */
async function anyServerAnswersAlike({ life }: Ended): Promise<void> {
  const tablet = life.tablets.find(({ isWiped }) => !isWiped);
  if (!tablet || life.seed % 5) return;
  const told = await Promise.all(
    life.world.servers.map(async (s) => {
      const { body } = await s.api(tablet.person.token).post('/api/v1/sync/pull', { device: tablet.device, limit: 20_000 });
      return JSON.stringify(body.rows);
    }),
  );
  demand(new Set(told).size === 1, 'anyServerAnswersAlike', () => `${tablet.name} is told differently by different servers`);
}
