import type { Change } from '../sync/outbox.ts';
import type { Fields } from '../sync/types.ts';
import { uuid7 } from '../sync/uuid.ts';
import type { Row } from '../sync/view.ts';

/** What is odd about a reading. It is asked about and never refused; the office sees it marked. */
export type Doubt = 'lower' | 'rollover' | 'jump' | 'digits';

const NUMBER = /^\d+([.,]\d+)?$/;
const MAX = 1_000_000_000_000;
/** More than so many times what is usual a day is a jump, as the office reckons it (docs/meters.md). */
const JUMP = 3;
/** Shorter stretches say little of what is usual. */
const MIN_STRETCH_MS = 20 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

/** The newest first. */
export function newestFirst(readings: Row[]): Row[] {
  return readings.toSorted((a, b) => atOf(b) - atOf(a) || (a.id < b.id ? 1 : -1));
}

/** Readings that count: not those that wait for somebody at the office to look at them. */
export function counting(readings: Row[]): Row[] {
  return newestFirst(readings.filter(({ d }) => d.state !== 'flagged'));
}

/** What is written, as the database takes it: "12 345,60" is "12345.60"; null when it is no number that a meter shows. */
export function readingValue(text: string): string | null {
  const plain = text.replace(/\s/g, '');
  if (!NUMBER.test(plain)) return null;
  const value = plain.replace(',', '.');
  return Number(value) <= MAX ? value : null;
}

/** What the counter has moved, over its last number when the way there is at most a tenth of it; negative when it went back. */
export function stepOf(before: number, after: number, digits: number | null): number {
  if (after >= before || digits === null) return after - before;
  const whole = 10 ** digits;
  return after + whole - before <= whole / 10 ? after + whole - before : after - before;
}

/** What to ask about before a value is saved. */
export function doubtsOf(meter: Fields, readings: Row[], value: number, now: Date): Doubt[] {
  const known = counting(readings);
  const last = known[0];
  const digits = meter.digits == null ? null : Number(meter.digits);
  const doubts: Doubt[] = [];

  if (digits !== null && value >= 10 ** digits) doubts.push('digits');
  if (!last) return doubts;
  const step = stepOf(valueOf(last), value, digits);
  if (step < 0) return [...doubts, 'lower'];
  if (value < valueOf(last)) doubts.push('rollover');
  const base = known.find((row) => now.getTime() - atOf(row) >= MIN_STRETCH_MS);
  const usual = usualPerDay(known, digits);
  if (!base || usual === null) return doubts;
  const perDay = (stepOf(valueOf(base), value, digits) * DAY_MS) / (now.getTime() - atOf(base));
  return perDay > JUMP * usual ? [...doubts, 'jump'] : doubts;
}

/** The median of what was used a day between neighbouring readings; null when nothing was, or nobody has read it twice. */
function usualPerDay(known: Row[], digits: number | null): number | null {
  const rates: number[] = [];

  for (const [i, row] of known.slice(0, -1).entries()) {
    const before = known[i + 1]!;
    const span = atOf(row) - atOf(before);
    if (span >= MIN_STRETCH_MS) rates.push((Math.max(0, stepOf(valueOf(before), valueOf(row), digits)) * DAY_MS) / span);
  }
  rates.sort((a, b) => a - b);
  const middle = rates.length / 2;
  const median = rates.length % 2 ? rates[Math.floor(middle)]! : ((rates[middle - 1] ?? 0) + (rates[middle] ?? 0)) / 2;
  return median > 0 ? median : null;
}

/** The reading itself: a fact, at the tablet's time. `value` as `readingValue` gives it. */
export function readingChange(meter_id: string, value: string, note: string, label: string, now: Date): Change {
  return {
    op: 'reading.add@1',
    t: 'meter_reading',
    id: uuid7(now.getTime()),
    isNew: true,
    set: { meter_id, value, at: now.toISOString(), note: note.trim() || null },
    label,
  };
}

export function valueOf({ d }: Row): number {
  return Number(d.value);
}

function atOf({ d }: Row): number {
  return Date.parse(String(d.at));
}
