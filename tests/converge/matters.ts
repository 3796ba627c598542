// What waits, and what is told to the office beside fields that met: docs/sync-protocol.md, «What waits for what» and «Who wins».
import { demand, short } from './broken.ts';
import { isEffective, type Ended, type Kept } from './invariants.ts';

const clockMs = 300_000; // so wrong a clock is told
const roundingMs = 1_000;

/** Held is what needs something that never came or is held itself, and nothing else; nothing goes before what it needs. */
export async function heldWaitsForSomething(kept: Kept[]): Promise<void> {
  const known = new Map(kept.map((one) => [one.mid, one]));
  const isHeld = (mid: string): boolean => known.get(mid)?.state === 'held';
  for (const [i, one] of kept.entries()) {
    const { needs, row, grp, op } = one.mutation;
    const before = kept.slice(0, i).filter(({ mutation }) => mutation.grp === grp || mutation.row?.id === row?.id);
    const waits = needs?.some((mid) => !known.has(mid) || isHeld(mid)) || before.some(({ mid }) => isHeld(mid));
    demand(one.state !== 'held' || waits, 'heldWaitsForSomething', () => `${op} of ${short(row.id)} is held, and all that it needs is there`);
    if (!isEffective(one)) continue;
    const late = needs.find((mid) => kept.findIndex((other) => other.mid === mid) > i);
    demand(!late, 'heldWaitsForSomething', () => `${op} of ${short(row.id)} is ${one.state} and came before what it needs, ${late}`);
    demand(!needs.some(isHeld), 'heldWaitsForSomething', () => `${op} of ${short(row.id)} is ${one.state}, and what it needs is held`);
    for (const { mutation, v } of needs.flatMap((mid) => known.get(mid) ?? []))
      demand(mutation.row.id !== row.id || v === null || one.v === null || v < one.v, 'heldWaitsForSomething', () => `${op} of ${short(row.id)} made version ${one.v}, and what it needs made ${v}`);
  }
}

type Answer = { mid: string; person: string; item: string; said: string };

/** Two people who answer one item otherwise are told to the office; one who corrects themselves is not. */
export async function eachReviewIsTold({ life }: Ended, kept: Kept[]): Promise<void> {
  const { rows } = await life.world.owner.query(
    `select m.mid, x.person::text, x.about || ' ' || x.item_id as item, jsonb_build_object('value', x.value, 'is_ok', x.is_ok)::text as said
       from sync_mutation m
       join (select id, answered_by as person, task_id as about, item_id, value, is_ok from answer
             union all select id, answered_by, inspection_id, item_id, value, is_ok from inspection_answer) x on x.id = (m.payload #>> '{row,id}')::uuid
      where m.mid = any ($1)`,
    [kept.filter((one) => isEffective(one) && /^(answer\.add|inspection\.answer)@/.test(one.mutation.op)).map(({ mid }) => mid)],
  );
  const told = await life.world.owner.query(
    `select mid, chosen, severity, jsonb_build_object('value', mine -> 'value', 'is_ok', mine -> 'is_ok')::text as mine,
            jsonb_build_object('value', theirs -> 'value', 'is_ok', theirs -> 'is_ok')::text as theirs
       from sync_conflict where kind = 'review' and field = 'answer' and device_id = any ($1)`,
    [life.slice.devices],
  );
  const byItem = new Map<string, Answer[]>();
  for (const answer of rows as Answer[]) (byItem.get(answer.item) ?? byItem.set(answer.item, []).get(answer.item)!).push(answer);
  const itemOf = new Map((rows as Answer[]).map(({ mid, item }) => [mid, item]));
  for (const { mid, chosen, severity, mine, theirs } of told.rows) {
    const answers = byItem.get(itemOf.get(mid) ?? '') ?? [];
    const own = answers.find((one) => one.mid === mid);
    const isTrue = own?.said === mine && mine !== theirs && answers.some(({ person, said }) => person !== own?.person && said === theirs);
    demand(isTrue && chosen === 'both' && severity === 'hard', 'eachReviewIsTold', () => `${mid} is told to have met ${theirs} with ${mine}: ${JSON.stringify(answers)}`);
  }
  const reviewed = new Set(told.rows.map(({ mid }) => itemOf.get(mid)));
  for (const [item, answers] of byItem) {
    const pairs = answers.flatMap((one) => answers.filter(({ person }) => person !== one.person).map((other) => [one.said, other.said]));
    const mustBe = pairs.length > 0 && pairs.every(([one, other]) => one !== other);
    demand(!mustBe || reviewed.has(item), 'eachReviewIsTold', () => `two people answered one item otherwise and nobody was told: ${JSON.stringify(answers)}`);
  }
}

/** A clock that is wrong is told once, and what it stamped is put right by as much as it was wrong. */
export async function wrongClocksAreTold({ life }: Ended): Promise<void> {
  const { rows } = await life.world.owner.query(
    `select m.mid, m.device_id, m.skew_s, m.captured_at, m.happened_at from sync_mutation m where m.device_id = any ($1)`,
    [life.slice.devices],
  );
  for (const { mid, skew_s, captured_at, happened_at } of rows) {
    const put = captured_at - happened_at;
    const isRight = skew_s === null ? Math.abs(put) <= clockMs + roundingMs : Math.abs(put - skew_s * 1000) <= roundingMs;
    demand(isRight, 'wrongClocksAreTold', () => `${mid} came with a clock ${skew_s ?? 'not'} s wrong, and its time was put right by ${put / 1000} s`);
  }
  const told = await life.world.owner.query(
    `select device_id, mid, (mine #>> '{}')::timestamptz as mine, (theirs #>> '{}')::timestamptz as theirs from sync_conflict where kind = 'clock' and device_id = any ($1)`,
    [life.slice.devices],
  );
  for (const device of life.slice.devices) {
    const wrong = new Map(rows.filter(({ device_id, skew_s }) => device_id === device && skew_s !== null).map(({ mid, skew_s }) => [mid, skew_s]));
    const clocks = told.rows.filter(({ device_id }) => device_id === device);
    demand(clocks.length === (wrong.size ? 1 : 0), 'wrongClocksAreTold', () => `${short(device)} sent ${wrong.size} changes with a wrong clock and was told of ${clocks.length} times`);
    for (const { mid, mine, theirs } of clocks)
      demand(Math.abs(mine - theirs - wrong.get(mid)! * 1000) <= roundingMs, 'wrongClocksAreTold', () => `${mid} is told to be ${(mine - theirs) / 1000} s off, and was ${wrong.get(mid)}`);
  }
}

const toleranceMs = 240_000; // the server's, less what a life takes
const nameless = ['not_found', 'forbidden', 'edit_after_delete'];

/** Nothing that comes of a person who has left is applied, and of work where they had a right the answer says that they have it no more. */
export async function whoHasLeftIsAnsweredByName({ life }: Ended, kept: Kept[]): Promise<void> {
  if (!life.left) return;
  const { person, areas, at } = life.left;
  const late = kept.filter((one) => one.person === person.id && one.received > at);
  const { rows } = await life.world.owner.query(
    'select id, site_id, area_no from task where id = any ($1) union all select id, site_id, area_no from inspection where id = any ($1)',
    [late.map(({ mutation }) => mutation.row?.id)],
  );
  const lies = new Map(rows.map(({ id, site_id, area_no }) => [id, { site: site_id as string, area: area_no as number }]));
  for (const { state, reason, mutation, fast } of late) {
    const { op, row, captured_at } = mutation;
    demand(state === 'held' || state === 'quarantined', 'whoHasLeftIsAnsweredByName', () => `${op} of ${short(row.id)} came when ${person.name} had left and is ${state}`);
    const it = lies.get(row.id);
    const isTheirs = it && areas.includes(it.area) && !life.unsteady.has(it.area) && !life.moved.has(it.site) && !life.moved.has(row.id);
    if (isTheirs && Date.parse(captured_at) - fast < at + toleranceMs)
      demand(!reason || !nameless.includes(reason), 'whoHasLeftIsAnsweredByName', () => `${op} of ${short(row.id)}, which ${person.name} might write until they left, is ${reason}`);
  }
}
