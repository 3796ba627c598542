import { changeDevice, setWho, type Who } from '../sync/state.ts';
import { Refused, type Told } from '../sync/device.ts';
import { overlayOnly } from '../sync/outbox.ts';
import { recordDrafts } from '../logic/drafts.ts';
import { UNTOLD } from '../sync/lease.ts';
import { getMeta } from '../sync/store.ts';
import type { Session } from '../../shared/types.ts';
import { markEnrolled } from './marker.ts';
import { send } from './network.ts';
import type { Tablet } from './tablet.ts';

let underWay: Promise<void> | null = null;

/** Makes the tablet a person's, by a code from the office. Needs the network; done once. */
export function enrolByCode(tablet: Tablet, code: string): Promise<void> {
  return once(async () => keepWho(tablet, await tablet.device.enrol({ code })));
}

/** The demo's way: whoever is logged in works with this tablet, unless they do already. */
export function enrol(tablet: Tablet, session: Session): Promise<void> {
  return once(async () => {
    const known = await tablet.store.read(['meta'], (tx) => getMeta<Who>(tx, `who:${session.person_id}`));
    if (known && !(await tablet.device.isSignedOut(known.device))) await keep(tablet, known);
    else await keepWho(tablet, await enrolNamed(tablet, session));
  });
}

/** Without HTTPS a browser has no keys: then the tablet lives by the log-in alone. */
async function enrolNamed(tablet: Tablet, session: Session): Promise<Told> {
  const name = deviceName(navigator.userAgent);
  if (globalThis.isSecureContext) return tablet.device.enrol({ name });

  const reply = await send('/api/v1/devices', { name });
  if (reply.status !== 201) throw new Refused(reply);
  const { id } = reply.body as { id: string };
  return { id, name, person_id: session.person_id!, person_name: session.name ?? '', language: session.language ?? 'nb', lease: UNTOLD };
}

function once(work: () => Promise<void>): Promise<void> {
  underWay ??= work().finally(() => {
    underWay = null;
  });
  return underWay;
}

/** What this person wrote here before under another device goes on under this one. */
async function keepWho(tablet: Tablet, { id, name, person_id, person_name, language }: Told): Promise<void> {
  const known = await tablet.store.read(['meta'], (tx) => getMeta<Who>(tx, `who:${person_id}`));
  await keep(tablet, { person_id, name: person_name, language, device: known?.device ?? id, device_name: name });
  if (known) await tablet.store.write(['outbox', 'meta'], (tx) => changeDevice(tx, id));
}

async function keep({ store }: Tablet, who: Who): Promise<void> {
  const before = await store.read(['meta'], (tx) => getMeta<Who>(tx, 'who'));
  if (before && before.person_id !== who.person_id) await recordDrafts(store, new Date()); // while they are still theirs

  await store.write(['rows', 'outbox', 'staged', 'meta'], async (tx) => {
    await tx.put('meta', { key: `who:${who.person_id}`, value: who });
    await setWho(tx, who);
    await overlayOnly(tx, who.person_id);
  });
  markEnrolled();
  await navigator.storage?.persist?.();
}

/** Gets a new device where the server no longer knows the old one, as the demo's log-in can. False when it cannot. */
export async function enrolAgain(tablet: Tablet): Promise<boolean> {
  try {
    await keepWho(tablet, await tablet.device.enrol({ name: deviceName(navigator.userAgent) }));
    return true;
  } catch {
    return false;
  }
}

/** What the office calls it until somebody gives it a better name. */
export function deviceName(userAgent: string): string {
  const system = /iPad|iPhone|Android|Windows|Macintosh|CrOS|Linux/.exec(userAgent)?.[0] ?? '';
  const browser = /Edg|Firefox|Chrome|Safari/.exec(userAgent)?.[0] ?? '';
  return [system, browser].filter(Boolean).join(' ') || 'FDVU';
}
