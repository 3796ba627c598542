import { api } from '../../shared/api.ts';
import type { Session } from '../../shared/types.ts';
import { changeDevice, setWho, type Who } from '../sync/state.ts';
import { getMeta } from '../sync/store.ts';
import { markEnrolled } from './marker.ts';
import type { Tablet } from './tablet.ts';

let underWay: Promise<void> | null = null;

/** Makes the tablet this person's, unless it is already. Needs the network; done once. */
export function enrol(tablet: Tablet, session: Session): Promise<void> {
  underWay ??= enrolNow(tablet, session).finally(() => {
    underWay = null;
  });
  return underWay;
}

async function enrolNow({ store }: Tablet, session: Session): Promise<void> {
  const known = await store.read(['meta'], (tx) => getMeta<Who>(tx, `who:${session.person_id}`));
  const device_name = deviceName(navigator.userAgent);
  const device = known?.device ?? (await api<{ id: string }>('POST', '/api/v1/devices', { name: device_name })).id;
  const who: Who = { person_id: session.person_id!, name: session.name ?? '', language: session.language ?? 'nb', device, device_name };

  await store.write(['rows', 'staged', 'meta'], async (tx) => {
    await tx.put('meta', { key: `who:${who.person_id}`, value: who });
    await setWho(tx, who);
  });
  markEnrolled();
  await navigator.storage?.persist?.();
}

/** Gets a new device where the server no longer knows the old one. False when it cannot. */
export async function enrolAgain({ store }: Tablet): Promise<boolean> {
  try {
    const { id } = await api<{ id: string }>('POST', '/api/v1/devices', { name: deviceName(navigator.userAgent) });
    await store.write(['outbox', 'meta'], (tx) => changeDevice(tx, id));
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
