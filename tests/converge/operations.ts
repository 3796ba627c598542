// What people do: changes on the tablets, writes in the office. Few tasks, so that they meet.
import { picture, sha256 } from '../integration/helpers.ts';
import type { Change, Fields, StoredPhoto, Value } from './core.ts';
import { oneIn, weighted } from './dice.ts';
import type { Life } from './life.ts';
import type { Open } from './office.ts';
import type { Tablet } from './tablet.ts';
import type { Field } from './world.ts';

const days = ['2026-12-01', '2026-12-24', '2027-01-15'];
const words = ['valve', 'filter', 'door', 'lamp', 'æøå «x» 😀'];

const label = 'x';

type Shown = { id: string; d: Fields };

/** What the database holds for every task. */
const neverEmpty = ['title', 'description', 'state', 'priority'];
const mostAtOnce = 100; // of numbers: they shall meet
const minuteMs = 60_000;
const tooLate = 'FD409';

/** A value of the kind that the server declares; what refers to another row is in `refs`. */
function value(life: Life, field: Field, refs: Fields): Fields[string] {
  const { dice } = life;
  const [min, max] = [field.min ?? 0, field.max ?? 0];
  const isOptional = !field.required && field.policy !== 'add' && !neverEmpty.includes(field.name);
  if (field.name in refs) return refs[field.name]!;
  if (isOptional && oneIn(dice, 4)) return null;
  switch (field.type) {
    case 'code':
      return field.values ? dice.pick(field.values) : dice.pick(life.world.categories);
    case 'int':
    case 'number':
      return min + dice.below(Math.min(max - min + 1, mostAtOnce));
    case 'bool':
      return oneIn(dice, 2);
    case 'date':
      return dice.pick(days);
    case 'time':
      return new Date(Date.now() - dice.below(600) * minuteMs).toISOString();
    case 'text':
      return `${dice.pick(words)} ${dice.below(100)}`.slice(0, max);
    default:
      throw new Error(`${field.name}: values of the type ${field.type} are not made here`);
  }
}

/** Some of an operation's fields: what it needs, what refers to another row, and a third of the rest. */
function some(life: Life, op: string, refs: Fields, but: string[] = []): Fields {
  const { fields } = life.world.operations.find((one) => one.op === op)!;
  const able = fields.filter(({ name, type }) => !but.includes(name) && (type !== 'uuid' || name in refs));
  const chosen = able.filter(({ name, required }) => required || name in refs || oneIn(life.dice, 3));
  return Object.fromEntries((chosen.length ? chosen : [life.dice.pick(able)]).map((field) => [field.name, value(life, field, refs)]));
}

/** An operation on a row, a new one when no id is given. */
function does(life: Life, op: string, refs: Fields, id?: string): Change {
  const { entity } = life.world.operations.find((one) => one.op === op)!;
  return { op, t: entity, id: id ?? life.newId(), isNew: id === undefined, set: some(life, op, refs, 'sha256' in refs ? [] : ['sha256']), label };
}

/** One of these, most often one that the tablet shows. */
async function known(life: Life, tablet: Tablet, ids: string[]): Promise<string> {
  const shown = new Set((await tablet.rows()).map(({ id }) => id));
  const here = ids.filter((id) => shown.has(id));
  return life.dice.pick(here.length && !oneIn(life.dice, 10) ? here : ids);
}

/** A fact about a task or where it lies. */
async function fact(life: Life, tablet: Tablet, { id, d }: Shown): Promise<Change> {
  const { dice, slice } = life;
  const about: Fields = oneIn(dice, 2) ? { task_id: id } : { place_id: d.place_id! };
  const facts: [string, Fields][] = [
    ['time.add@1', about],
    ['material.add@1', about],
    ['signature.add@1', { task_id: id }],
    ['condition.set@1', { component_id: await known(life, tablet, slice.components) }],
    ['reading.add@1', { meter_id: await known(life, tablet, slice.meters) }],
  ];
  if (d.case_id) facts.push(['comment.add@1', { case_id: d.case_id }]);
  return does(life, ...dice.pick(facts));
}

/** A key goes out, with or without a drawn signature, or comes in. */
async function handling(life: Life, tablet: Tablet): Promise<Change[]> {
  const { dice, slice } = life;
  const loans = (await tablet.seen('key_loan')).filter(({ d }) => !d.in_at);
  if (loans.length && !oneIn(dice, 3)) return [does(life, 'key.in@1', {}, dice.pick(loans).id)];
  const out = does(life, 'key.out@1', { key_id: await known(life, tablet, slice.keys), holder_id: dice.pick(slice.people).id });
  return oneIn(dice, 2) ? [out] : [out, does(life, 'signature.add@1', { loan_id: out.id })];
}

/** Somebody moves in or out: the inspection begins, goes on or ends. */
async function inspecting(life: Life, tablet: Tablet): Promise<Change[]> {
  const { dice, slice } = life;
  const begun = (await tablet.seen('inspection')).sort((a, b) => (a.id < b.id ? -1 : 1)); // they meet at the first
  if (!begun.length || oneIn(dice, 8)) return [does(life, 'inspection.start@1', { place_id: await known(life, tablet, slice.dwellings) })];
  const { id } = oneIn(dice, 2) ? begun[0]! : dice.pick(begun);
  return weighted<() => Change[]>(dice, [
    [3, () => [does(life, 'inspection.answer@1', { inspection_id: id, item_id: dice.pick([slice.items[0]!, slice.items[0]!, ...slice.items]) })]],
    [1, () => [does(life, 'signature.add@1', { inspection_id: id })]],
    [2, () => [does(life, 'inspection.finish@1', {}, id)]],
  ])();
}

const task = (op: string, id: string, set: Fields, isNew = false): Change => ({ op, t: 'task', id, isNew, set, label });

function answer(life: Life, id: string): Change {
  const set = { task_id: id, item_id: life.dice.pick(life.slice.items), value: `${life.dice.below(1000)}`, is_ok: oneIn(life.dice, 2) };
  return { op: 'answer.add@1', t: 'answer', id: life.newId(), isNew: true, set, label };
}

/** What no server takes: it must end in quarantine and hold up nothing. */
function poison(life: Life, id: string): Change {
  return life.dice.pick([
    task('task.explode@1', id, { title: 'x' }),
    task('task.update@1', id, { number: '1' }),
    task('task.update@1', id, { title: 'x'.repeat(500) }),
    task('task.create@1', life.newId(), { title: 'x', place_id: life.newId() }, true),
    answer(life, life.newId()),
  ]);
}

const largePhotoOneIn = 4;

/** A picture of its own; a large one goes in several requests. */
function taken(life: Life): StoredPhoto {
  const bytes = picture(oneIn(life.dice, largePhotoOneIn) ? 300_000 + life.dice.below(300_000) : 1_000 + life.dice.below(20_000));
  const blob = new Blob([new Uint8Array(bytes)]);
  return { sha256: sha256(bytes), blob, mime: 'image/png', captured_at: new Date().toISOString(), state: 'waiting', uploaded_at: null };
}

/** What a person does at one go; its photos, which follow later, are with the work that they are of, closed or not. */
export async function work(life: Life, tablet: Tablet): Promise<{ changes: Change[]; photos: StoredPhoto[] }> {
  const changes = await change(life, tablet);
  const at = changes.find(({ t, isNew }) => t === 'task' && !isNew);
  if (!at || !oneIn(life.dice, 3)) return { changes, photos: [] };
  const photo = taken(life);
  const add = does(life, 'photo.add@1', { task_id: at.id, sha256: photo.sha256, mime: photo.mime, size: photo.blob.size });
  const drawn = does(life, 'photo.mark@1', { document_id: add.id, layer: { w: 10, h: 10, shapes: [] } as unknown as Value });
  const more = oneIn(life.dice, 3) ? [drawn] : [];
  return { changes: [...changes, { ...add, att: [photo.sha256] }, ...more].map((one) => (one === at ? { ...one, att: [photo.sha256] } : one)), photos: [photo] };
}

/** One group of changes that a person makes to what the tablet shows them. */
async function change(life: Life, tablet: Tablet): Promise<Change[]> {
  const { dice, slice } = life;
  const shown = (await tablet.seen('task')).filter(({ id }) => !slice.twins.includes(id));
  if (!shown.length) return [];
  const at = (oneIn(dice, 3) ? shown.find((one) => one.id === slice.tasks[0]) : null) ?? dice.pick(shown); // they meet at the first
  const { id, d } = at;
  return weighted<() => Change[] | Promise<Change[]>>(dice, [
    [10, () => [task('task.update@1', id, some(life, 'task.update@1', oneIn(dice, 3) ? { assignee_id: dice.pick(slice.people).id } : {}))]],
    [1, () => [task('task.reopen@1', id, some(life, 'task.reopen@1', {}))]],
    [6, async () => [await fact(life, tablet, at)]],
    [3, () => handling(life, tablet)],
    [4, () => inspecting(life, tablet)],
    [4, () => [answer(life, id), answer(life, id), task('task.close@1', id, { state: 'done', done_note: `ferdig ${dice.below(100)}` })]],
    [3, () => [task('task.create@1', life.newId(), some(life, 'task.create@1', { place_id: d.place_id! }), true)]],
    [3, () => [answer(life, id)]],
    [1, () => [poison(life, id)]],
    [1, () => [task('task.update@1', id, { title: 'a\u0000b' })]],
  ])();
}

/** Something that the office does; `short` leaves no transaction open. */
export async function officeWrite(life: Life, how: 'any' | 'short' = 'any'): Promise<void> {
  const { dice, office, slice } = life;
  const locked = new Set(office.opened.flatMap(({ rows }) => [...rows]));
  const free = slice.tasks.filter((id) => !locked.has(id));
  const id = dice.pick(free.length ? free : slice.tasks);
  if (!free.length) return;
  const isAlone = !office.opened.length && how === 'any';
  await weighted<() => Promise<void>>(dice, [
    [10, () => office.now((open) => edit(life, open, id, some(life, 'task.update@1', oneIn(dice, 3) ? { assignee_id: dice.pick(slice.people).id } : {}, ['state', 'done_at', 'visits'])))],
    [3, () => office.now((open) => edit(life, open, id, { state: dice.pick(['cancelled', 'cancelled', 'open', 'in_progress', 'done']) }))],
    [3, () => office.now((open) => create(life, open))],
    [3, () => transfer(life)],
    [3, () => counter(life)],
    [1, () => settle(life)],
    [isAlone ? 3 : 0, () => {
      life.moved.add(id);
      return office.now((open) => edit(life, open, id, { place_id: dice.pick(slice.buildings) }));
    }],
    [isAlone ? 2 : 0, async () => {
      const [building, area] = [dice.pick(slice.buildings), dice.pick(slice.areas)];
      life.moved.add(building);
      await office.moveBuilding(building, area);
      life.tell(`office moves building ${slice.buildings.indexOf(building)} to area ${area}`);
    }],
    [isAlone ? 2 : 0, async () => life.tell(`task ${id.slice(-2)} is ${(await office.destroy(id)) ? '' : 'not '}taken out`)],
    [how === 'any' && office.opened.length < 3 ? 5 : 0, () => leaveOpen(life, free)],
  ])();
}

async function edit(life: Life, open: Open, id: string, set: Fields): Promise<void> {
  await life.office.edit(open, id, set);
  life.tell(`office edits ${id.slice(-2)} ${JSON.stringify(set)}`);
}

async function create(life: Life, open: Open): Promise<void> {
  const id = life.newId();
  await life.office.create(open, id, { place_id: life.dice.pick(life.slice.buildings), title: `nytt ${life.dice.below(100)}` });
  life.tell(`office makes ${id.slice(-2)}`);
}

/** Over the counter a key goes out or comes in; a tablet may do the same, and then one of them is too late. */
async function counter(life: Life): Promise<void> {
  const { dice, office, slice } = life;
  const [key, holder, isOut] = [dice.pick(slice.keys), dice.pick(slice.people).id, oneIn(dice, 2)];
  const words = { in_name: `Skranken ${dice.below(100)}`, in_note: `slitt ${dice.below(100)}` };
  let isDone = false;
  await office
    .now(async (open) => void (isDone = await (isOut ? office.lend(open, life.newId(), key, holder) : office.takeIn(open, key, words))))
    .catch((error: { code?: string }) => {
      if (error.code !== tooLate) throw error;
      isDone = false;
    });
  life.tell(`office ${isOut ? 'lends' : 'takes in'} key ${key.slice(-2)}: ${isDone ? 'done' : 'it cannot'}`);
}

/** What an inspection says of keys and in its note is settled by the office. */
async function settle(life: Life): Promise<void> {
  const { rows } = await life.world.owner.query('select id from inspection where place_id = any ($1) order by id', [life.slice.dwellings]);
  if (!rows.length) return;
  const { id } = life.dice.pick(rows as { id: string }[]);
  const set: Fields = oneIn(life.dice, 2) ? { note: `avklart ${life.dice.below(100)}` } : { keys: life.dice.below(mostAtOnce) };
  await life.office.inspect(id, set);
  life.tell(`office settles inspection ${id.slice(-2)}: ${JSON.stringify(set)}`);
}

/** Two tasks that a person must never see apart. */
async function transfer(life: Life): Promise<void> {
  const [one, other] = life.slice.twins;
  const description = `sammen ${life.dice.below(10_000)}`;
  await life.office.now(async (open) => {
    await life.office.edit(open, one, { description });
    await life.office.edit(open, other, { description });
  });
  life.tell(`office changes the twins to ${description}`);
}

/** As an import does: many rows, and committed only later, after others that began after it. */
async function leaveOpen(life: Life, free: string[]): Promise<void> {
  const open = await life.office.begin();
  for (let i = life.dice.below(6); i >= 0; i--) await create(life, open);
  if (oneIn(life.dice, 5)) await edit(life, open, life.dice.pick(free), { title: 'under arbeid' });
  life.office.opened.push(open);
  life.tell('office leaves that open');
}
