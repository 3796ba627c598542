/* How time and money are said to people. All times are shown in the municipality's own zone. */
import type { Language } from './i18n.ts';

const ZONE = 'Europe/Oslo';
const LOCALE: Record<Language, string> = { nb: 'nb-NO', nn: 'nn-NO', en: 'en-GB' };

const WORDS: Record<Language, { today: string; yesterday: string; tomorrow: string }> = {
  nb: { today: 'i dag', yesterday: 'i går', tomorrow: 'i morgen' },
  nn: { today: 'i dag', yesterday: 'i går', tomorrow: 'i morgon' },
  en: { today: 'today', yesterday: 'yesterday', tomorrow: 'tomorrow' },
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a hundred times as long as using it, and lists use many. */
function dates(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format;
}

function partsOf(date: Date): { day: string; year: number; clock: string } {
  const parts = dates('en-CA', {
    timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(date);
  const get = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { day: `${get('year')}-${get('month')}-${get('day')}`, year: Number(get('year')), clock: `${get('hour')}.${get('minute')}` };
}

/** Whole days from `now` to the date `day` ("2026-03-01") on the calendar, so that summer time does not matter. */
function daysBetween(now: string, day: string): number {
  return Math.round((Date.parse(`${day}T12:00:00Z`) - Date.parse(`${now}T12:00:00Z`)) / 86_400_000);
}

function nameOfDay(day: string, now: Date, language: Language): string {
  const today = partsOf(now);
  const words = WORDS[language];
  const away = daysBetween(today.day, day);
  if (away === 0) return words.today;
  if (away === -1) return words.yesterday;
  if (away === 1) return words.tomorrow;
  const noon = new Date(`${day}T12:00:00Z`);
  const sameYear = day.startsWith(String(today.year));
  return dates(LOCALE[language], {
    timeZone: 'UTC', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }),
  }).format(noon);
}

/** "i går 14.10", "3. mars 09.00", "3. mars 2024 09.00"; English has "yesterday 14:10". */
export function formatTime(iso: string, language: Language, now = new Date()): string {
  const { day, clock } = partsOf(new Date(iso));
  return `${nameOfDay(day, now, language)} ${language === 'en' ? clock.replace('.', ':') : clock}`;
}

/** The day alone; takes dates ("2026-03-01") and times. */
export function formatDay(iso: string, language: Language, now = new Date()): string {
  const day = iso.length === 10 ? iso : partsOf(new Date(iso)).day;
  return nameOfDay(day, now, language);
}

/** The date with its year and nothing else: "1. januar 2019"; `isShort`: "01.01.2019". */
export function formatDate(iso: string, language: Language, isShort = false): string {
  const day = iso.length === 10 ? iso : partsOf(new Date(iso)).day;
  return dates(LOCALE[language], { timeZone: 'UTC', ...(isShort ? { day: '2-digit', month: '2-digit', year: 'numeric' } : { dateStyle: 'long' }) })
    .format(new Date(`${day}T12:00:00Z`));
}

/** The whole date, for what hovers and what screen readers say. */
export function formatFull(iso: string, language: Language): string {
  if (iso.length === 10)
    return dates(LOCALE[language], { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(`${iso}T12:00:00Z`));
  return dates(LOCALE[language], { dateStyle: 'full', timeStyle: 'short', timeZone: ZONE }).format(new Date(iso));
}

/** Øre as "1 250,50 kr"; whole kroner go without decimals. Digits are grouped with a no-break space. */
export function formatMoney(ore: number, language: Language): string {
  const whole = Math.trunc(Math.abs(ore) / 100);
  const rest = Math.abs(ore) % 100;
  const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, language === 'en' ? ',' : '\u00a0');
  const decimals = rest === 0 ? '' : (language === 'en' ? '.' : ',') + String(rest).padStart(2, '0');
  const sign = ore < 0 ? '\u2212' : '';
  return language === 'en' ? `${sign}NOK\u00a0${grouped}${decimals}` : `${sign}${grouped}${decimals}\u00a0kr`;
}

export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALE[language], { maximumFractionDigits: 2 }).format(value);
}

/** "412 kB", "1,3 MB". */
export function formatSize(bytes: number, language: Language): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${new Intl.NumberFormat(LOCALE[language], { maximumFractionDigits: 1 }).format(bytes / 1_000_000)} MB`;
}

/** Local wall clock for an <input type="datetime-local">, and back. */
export function toInputTime(iso: string): string {
  const { day, clock } = partsOf(new Date(iso));
  return `${day}T${clock.replace('.', ':')}`;
}

/** The instant of a wall clock time in the municipality's zone, with or without seconds; of an hour that comes twice, the first. */
export function fromInputTime(value: string): string {
  const minute = value.slice(0, 16);
  const asUtc = Date.parse(`${value}${value === minute ? ':00' : ''}Z`);
  for (const offset_h of [2, 1]) {
    const instant = new Date(asUtc - offset_h * 3_600_000);
    if (toInputTime(instant.toISOString()) === minute) return instant.toISOString();
  }
  return new Date(asUtc - 3_600_000).toISOString();
}
