/* Texts by typed key in three languages. nb.json is the list of keys; build/check_i18n.ts fails the build when another language lacks one. */
import type nb from './i18n/nb.json';

export type TextKey = keyof typeof nb;

/** Keys that come in two forms, `cases.count.one` and `cases.count.other`, are named without the ending. */
export type PluralKey = TextKey extends infer K ? (K extends `${infer Stem}.other` ? Stem : never) : never;

export type Dictionary = Record<TextKey, string>;
export type Params = Record<string, string | number>;

export const languages = ['nb', 'nn', 'en'] as const;
export type Language = (typeof languages)[number];

export interface Texts {
  language: Language;
  t(key: TextKey, params?: Params): string;
  /** The form for `count`; the text may use {n}. */
  tn(key: PluralKey, count: number, params?: Params): string;
}

export function fill(text: string, params?: Params): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

export function makeTexts(language: Language, dictionary: Dictionary): Texts {
  return {
    language,
    t: (key, params) => fill(dictionary[key], params),
    tn(key, count, params) {
      const form = `${key}.${count === 1 ? 'one' : 'other'}` as TextKey;
      return fill(dictionary[form], { n: count, ...params });
    },
  };
}

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value);
}

/** The first of the browser's languages that we have; "no" and Danish and Swedish readers get bokmål. */
export function languageOf(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (isLanguage(language)) return language;
    if (language === 'no' || language === 'da' || language === 'sv') return 'nb';
  }
  return wanted.length > 0 ? 'en' : 'nb';
}

/** What a row calls itself in a language: rows from the server carry name_nb, name_nn and name_en. */
export function nameIn(row: { name_nb: string; name_nn?: string | null; name_en?: string | null }, language: Language): string {
  if (language === 'nn') return row.name_nn ?? row.name_nb;
  if (language === 'en') return row.name_en ?? row.name_nb;
  return row.name_nb;
}
