// What was written down as a fact stands as it was written, by whom and when (docs/sync-protocol.md, «Push»).
import { demand, short } from './broken.ts';
import type { Value } from './core.ts';
import { isEffective, modelled, type Ended, type Kept } from './invariants.ts';
import { canonical } from './model.ts';
import type { World } from './world.ts';

type Fact = { t: string; d: Record<string, Value> };

const roundingMs = 2;
/** When it happened by the server's clock, of the tables where the tablet's own word is not enough. */
const happened: Record<string, string> = { meter_reading: 'at', key_loan: 'out_at', condition: 'noted_at' };
const authors = ['answered_by', 'person_id', 'author_id', 'noted_by', 'by_id', 'created_by', 'out_by', 'started_by'];
const hashes = ['document', 'signature'];

async function factsOf(world: World, ids: string[]): Promise<Map<string, Fact>> {
  const tables = new Set(world.operations.filter(({ kind, entity }) => kind === 'insert' && entity !== 'task').map(({ entity }) => entity));
  const hex = (table: string): string => (hashes.includes(table) ? ` || jsonb_build_object('sha256', encode(x.sha256, 'hex'))` : '');
  const each = [...tables].map((table) => `select id, '${table}' as t, to_jsonb(x)${hex(table)} as d from ${table} x where id = any ($1)`);
  const { rows } = await world.owner.query(each.join(' union all '), [ids]);
  return new Map(rows.map(({ id, t, d }) => [id, { t, d }]));
}

/** Each field of a fact is what its author wrote, and it is theirs, whoever sent it. */
export async function factsAreAsWritten({ life }: Ended, kept: Kept[]): Promise<void> {
  const inserts = kept.filter((one) => isEffective(one) && one.mutation.base_v === undefined && one.mutation.row.t !== 'task');
  const facts = await factsOf(life.world, inserts.map(({ mutation }) => mutation.row.id));
  for (const { mutation, person } of inserts) {
    const fact = facts.get(mutation.row.id);
    if (!fact) continue; // effectsAreThereOnce says whether it may be gone
    const changed = [...(modelled[fact.t] ?? []), happened[fact.t]];
    for (const [field, { n }] of Object.entries(mutation.set)) {
      if (n === null || changed.includes(field)) continue;
      const [is, should] = [text(field, fact.d[field]), text(field, n)];
      demand(is === should, 'factsAreAsWritten', () => `${field} of ${fact.t} ${short(mutation.row.id)} is ${is}, and ${should} was written`);
    }
    const author = authors.find((name) => name in fact.d);
    demand(!author || fact.d[author] === person, 'factsAreAsWritten', () => `${fact.t} ${short(mutation.row.id)} is by ${String(fact.d[author!])}, and ${person} wrote it`);
  }
}

const text = (field: string, value: Value | undefined): string | null =>
  value !== null && typeof value === 'object' ? JSON.stringify(Object.entries(value).sort()) : canonical(field, value);

/** Readings, loans and grades stand at the time when they happened, whatever the tablet's clock said; none in the future. */
export async function factsAreInTheirTime({ life }: Ended, kept: Kept[]): Promise<void> {
  const stamped = kept.filter((one) => isEffective(one) && one.mutation.base_v === undefined && one.mutation.row.t in happened);
  const facts = await factsOf(life.world, stamped.map(({ mutation }) => mutation.row.id));
  for (const { mutation, fast, received } of stamped) {
    const { t, id } = mutation.row;
    const field = happened[t]!;
    const fact = facts.get(id);
    if (!fact) continue;
    const told = Date.parse(String(mutation.set[field]?.n ?? mutation.captured_at)) - fast;
    const should = t === 'meter_reading' ? told : Math.min(told, received);
    const off = Date.parse(String(fact.d[field])) - should;
    demand(Math.abs(off) <= roundingMs, 'factsAreInTheirTime', () => `${field} of ${t} ${short(id)} is ${off / 1000} s off, of a tablet whose clock was ${fast / 1000} s fast`);
  }
  const grades = await life.world.owner.query(
    `select c.id, c.condition_grade as is, (select h.grade from condition h where h.component_id = c.id order by h.noted_at desc, h.id desc limit 1) as should
       from component c where c.id = any ($1)`,
    [life.slice.components],
  );
  for (const { id, is, should } of grades.rows)
    demand(is === should, 'factsAreInTheirTime', () => `component ${short(id)} has the grade ${is}, and the newest is ${should}`);
}
