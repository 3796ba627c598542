// The reference model: what a task, a key's loan or an inspection becomes when the writes of the office and the mutations of
// the tablets are replayed in the order in which they were committed. Pure, and written from the
// protocol's text, not from the server's code.
import type { Mutation, Value } from './core.ts';

export type Task = Record<string, string | null>;
export type Policy = 'office_wins' | 'tablet_wins' | 'keep_both' | 'state_machine' | 'set_once' | 'max' | 'min' | 'add';

/** Of each field that a mutation may change, by table, as the server declares them. */
const policies: Record<string, Record<string, Policy>> = {};

export function learn(table: string, fields: { name: string; policy: Policy | 'fact' }[]): void {
  for (const { name, policy } of fields) if (policy !== 'fact') (policies[table] ??= {})[name] = policy;
}

/** Two values met. */
export type Met = { field: string; base: string | null; mine: string | null; theirs: string | null; chosen: string; policy: Policy };
export type Outcome = { value: string | null; isChanged: boolean; chosen?: string };

export type Event =
  | { kind: 'office'; t: string; v: number; set: Task; isNew: boolean; isGone: boolean }
  /** `made`: what the row was made with that only the server knows. */
  | { kind: 'mutation'; v: number; mutation: Mutation; author: string; made: Task };

const times = /^\d{4}-\d\d-\d\d[T ]/;
const fresh: Record<string, Task> = { task: { description: '', state: 'open', priority: '3', visits: '0' }, key_loan: {}, inspection: { state: 'started' } };

/** A value as text, in one form for each. */
export function canonical(field: string, value: Value | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (field.endsWith('_at')) return new Date(String(value)).toISOString();
  return typeof value === 'boolean' ? (value ? 't' : 'f') : String(value);
}

const isDone = (state: string | null): boolean => state === 'done' || state === 'done_after_cancel';

/** One field where the value of now, the one that the tablet saw and the one that it set meet. */
export function merge(policy: Policy, now: string | null, base: string | null, mine: string | null, signature: string): Outcome {
  const theirs: Outcome = { value: now, isChanged: false, chosen: 'theirs' };
  const ours: Outcome = { value: mine, isChanged: true, chosen: 'mine' };

  if (policy === 'add') return { value: String(Number(now ?? 0) + Number(mine ?? 0)), isChanged: mine !== null };
  if (now === mine) return { value: now, isChanged: false };
  if (now === base) return { value: mine, isChanged: true };
  switch (policy) {
    case 'office_wins':
      return theirs;
    case 'tablet_wins':
      return ours;
    case 'set_once':
      return now === null ? { value: mine, isChanged: true } : theirs;
    case 'keep_both':
      if (mine === null) return theirs;
      if (now === null) return { value: mine, isChanged: true };
      return { value: `${now}\n— ${signature}: ${mine}`, isChanged: true, chosen: 'both' };
    case 'state_machine':
      if (isDone(mine) && now === 'cancelled') return { value: 'done_after_cancel', isChanged: true, chosen: 'both' };
      if (isDone(mine)) return isDone(now) ? { value: now, isChanged: false } : ours;
      return theirs;
    case 'max':
    case 'min': {
      if (now === null) return { value: mine, isChanged: true };
      const isFurther = mine !== null && sizeOf(mine) > sizeOf(now) === (policy === 'max');
      return isFurther ? ours : theirs;
    }
  }
}

/** Of a number or a time. */
function sizeOf(value: string): number {
  return times.test(value) ? Date.parse(value) : Number(value);
}

/** What a mutation of a row makes of it, and where values met. */
export function applied(task: Task, { row, set, captured_at }: Mutation, author: string): { task: Task; met: Met[]; isChanged: boolean } {
  const next = { ...task };
  const met: Met[] = [];
  let isChanged = false;
  for (const [field, { o, n }] of Object.entries(set)) {
    const [now, base, mine] = [task[field] ?? null, canonical(field, o), canonical(field, n)];
    const policy = policies[row.t]![field]!;
    const outcome = merge(policy, now, base, mine, `${author}, ${captured_at}`);
    next[field] = field === 'description' ? (outcome.value ?? '') : outcome.value;
    isChanged ||= outcome.isChanged;
    if (row.t === 'key_loan' && field === 'in_at') next[field] = later(outcome.value, task.out_at!); // no key comes in before it went out
    if (row.t === 'inspection' && field === 'finished_at' && next[field]) next.state = 'finished';
    if (outcome.chosen) met.push({ field, base, mine, theirs: now, chosen: outcome.chosen, policy });
  }
  return { task: next, met, isChanged };
}

const later = (one: string | null, other: string | null): string | null => (one && other && one < other ? other : one);

function made(table: string, set: Task, person: string | null): Task {
  const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== null));
  return { ...fresh[table], ...(person ? { assignee_id: person } : {}), ...given };
}

/** Replays the events of one row, in the order of the versions that they made. `states`: what it was after each. */
export function replay(events: Event[]): { task: Task | null; met: Map<string, Met[]>; states: Task[] } {
  const waiting = [...events].sort((a, b) => a.v - b.v);
  const states: Task[] = [];
  const met = new Map<string, Met[]>();
  let task: Task | null = null;
  while (waiting.length) {
    const same = waiting.filter((event) => event.v === waiting[0]!.v);
    const event = same.find((one) => changes(task, one)) ?? same[0]!;
    waiting.splice(waiting.indexOf(event), 1);
    if (event.kind === 'office') {
      task = event.isGone ? null : event.isNew ? made(event.t, event.set, null) : { ...(task as Task | null), ...event.set };
    } else if (event.mutation.base_v === undefined) {
      const set = Object.entries(event.mutation.set).map(([field, { n }]) => [field, canonical(field, n)]);
      task = made(event.mutation.row.t, { ...(Object.fromEntries(set) as Task), ...event.made }, event.mutation.by);
    } else if (task) {
      const done = applied(task, event.mutation, event.author);
      task = done.task;
      met.set(event.mutation.mid, done.met);
    }
    if (task) states.push(task);
  }
  return { task, met, states };
}

// Of the events that tell one version, one made it and the others changed nothing.
function changes(task: Task | null, event: Event): boolean {
  if (event.kind === 'office' || event.mutation.base_v === undefined) return true;
  return task !== null && applied(task, event.mutation, event.author).isChanged;
}
