// What a tablet should hold, from the tables themselves and not from the change feed.
import type pg from 'pg';
import type { Fields, StoredRow } from './core.ts';
import type { Tablet } from './tablet.ts';

export type Truth = Map<string, Fields>;

const site = (alias: string): string => `exists (select from place s where s.id = ${alias}.site_id and s.area_no = any ($1))`;
const recent = (alias: string, done = 'done_at'): string => `(${alias}.${done} is null or ${alias}.${done} > now() - interval '90 days')`;

const scopeSql = `
  select 'place' as t, x.id, to_jsonb(x) as d from place x where ${site('x')} and x.removed_at is null
  union all select 'component', x.id, to_jsonb(x) from component x where ${site('x')} and x.removed_at is null
  union all select 'task', x.id, to_jsonb(x) from task x where ${site('x')} and ${recent('x')}
  union all select 'answer', x.id, to_jsonb(x) from answer x join task k on k.id = x.task_id where ${site('k')} and ${recent('k')}
  union all select 'document', x.id, to_jsonb(x) || jsonb_build_object('sha256', encode(x.sha256, 'hex')) from document x where ${site('x')}
  union all select 'photo_mark', x.id, to_jsonb(x) from photo_mark x where ${site('x')}
  union all select 'inspection', x.id, to_jsonb(x) from inspection x where ${site('x')} and ${recent('x', 'finished_at')}
  union all select 'inspection_answer', x.id, to_jsonb(x) from inspection_answer x where ${site('x')}
  union all select 'meter', x.id, to_jsonb(x) from meter x where ${site('x')} and x.removed_on is null
  union all select 'meter_reading', x.id, to_jsonb(x) from meter_reading x join meter m on m.id = x.meter_id
             where ${site('m')} and x.source <> 'automatic' and x.state <> 'superseded' and x.at > now() - interval '400 days'
  union all select 'key', x.id, to_jsonb(x) || jsonb_build_object('place_id', y.place_id, 'system', y.name)
              from key x join key_system y on y.id = x.system_id join place p on p.id = y.place_id where ${site('p')} and x.state <> 'retired'
  union all select 'key_loan', x.id, to_jsonb(x) || case when exists (select from person_role r where r.person_id = h.id)
                                          then jsonb_build_object('holder', h.name, 'holder_kind', 'employee')
                                          else jsonb_build_object('holder', null, 'holder_kind', 'tenant') end
              from key_loan x join person h on h.id = x.holder_id join key k on k.id = x.key_id join key_system y on y.id = k.system_id
              join place p on p.id = y.place_id where ${site('p')} and x.in_at is null
  union all select 'time_entry', x.id, to_jsonb(x) from time_entry x where ${site('x')}
  union all select 'material_use', x.id, to_jsonb(x) from material_use x where ${site('x')}
  union all select 'signature', x.id, to_jsonb(x) || jsonb_build_object('sha256', encode(x.sha256, 'hex')) from signature x where ${site('x')}
  union all select 'checklist', x.id, to_jsonb(x) from checklist x
  union all select 'checklist_item', x.id, to_jsonb(x) from checklist_item x
  union all select 'category', x.id, to_jsonb(x) from category x
  union all select 'conflict', x.id, to_jsonb(x) from sync_conflict x where x.device_id = $2`;

export async function scopeOf(owner: pg.Pool, { person, device }: Tablet): Promise<Truth> {
  const areas = await owner.query('select array_agg(area_no) as areas from person_role where person_id = $1', [person.id]);
  const { rows } = await owner.query(scopeSql, [areas.rows[0].areas ?? [], device]);
  return new Map(rows.map(({ t, id, d }) => [`${t}:${id}`, d]));
}

const isTime = /^\d{4}-\d\d-\d\dT/;
// Worked out by the feed, and no columns of their tables.
const computed = new Set(['warning_kinds', 'x', 'y', 'theirs_by']);

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string' && isTime.test(a) && isTime.test(b)) return Date.parse(a) === Date.parse(b);
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** The first thing in which a tablet's rows are not the truth; '' when they are. */
export function differences(rows: StoredRow[], truth: Truth): string {
  const held = new Map(rows.map((row) => [row.key, row]));
  for (const [key, d] of truth) {
    const row = held.get(key);
    if (!row) return `${key} is missing («${d.title ?? d.name ?? ''}», version ${d.row_v})`;
    for (const [field, value] of Object.entries(row.d))
      if (!computed.has(field) && field in d && !same(value, d[field]))
        return `${field} of ${key} is ${JSON.stringify(value)} and should be ${JSON.stringify(d[field])} (held version ${row.v}, true version ${d.row_v})`;
  }
  for (const key of held.keys()) if (!truth.has(key)) return `${key} is held and should not be`;
  return '';
}
