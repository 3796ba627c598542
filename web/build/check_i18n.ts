/* Fails when a language lacks a text, has one too many, or uses other {names} than bokmål; or when keys are out of order. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Texts = Record<string, string>;

export function namesIn(text: string): string {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ');
}

export function faultsOf(language: string, texts: Texts, model: Texts): string[] {
  const faults: string[] = [];
  const keys = Object.keys(texts);
  for (const key of Object.keys(model)) if (!(key in texts)) faults.push(`${language}: ${key} is missing`);
  for (const [key, text] of Object.entries(texts)) {
    if (!(key in model)) faults.push(`${language}: ${key} is not in nb`);
    else if (namesIn(text) !== namesIn(model[key]!)) faults.push(`${language}: ${key} uses other names than nb`);
    if (!text.trim()) faults.push(`${language}: ${key} is empty`);
  }
  const sorted = keys.toSorted();
  const first = keys.findIndex((key, i) => key !== sorted[i]);
  if (first >= 0) faults.push(`${language}: keys are out of order at ${keys[first]}`);
  return faults;
}

function read(language: string): Texts {
  return JSON.parse(readFileSync(new URL(`../shared/i18n/${language}.json`, import.meta.url), 'utf8')) as Texts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const nb = read('nb');
  const faults = ['nb', 'nn', 'en'].flatMap((language) => faultsOf(language, read(language), nb));
  for (const fault of faults) console.error(fault);
  process.exit(faults.length > 0 ? 1 : 0);
}
