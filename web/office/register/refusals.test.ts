import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { type Dictionary, makeTexts } from '../../shared/i18n.ts';
import { ApiError } from '../../shared/problem.ts';
import { REFUSALS, refusalText } from './refusals.ts';

const { t } = makeTexts('nb', JSON.parse(readFileSync(new URL('../../shared/i18n/nb.json', import.meta.url), 'utf8')) as Dictionary);
const refused = (detail: string): string | null => refusalText(new ApiError({ type: 'about:blank', title: '', status: 400, detail }), t);

test('every refusal that has words of its own is one that the database gives', () => {
  const folder = new URL('../../../schema/migrations/', import.meta.url);
  const schema = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
  for (const [pattern] of REFUSALS) {
    const plain = pattern.source.replace(/^\^|\$$/g, '').replace(/\(\\w\+\)|\(\.\*\)/g, '%');
    const given = plain.replace('%', '%s%s');
    const named = plain.replaceAll(' ', '_');
    assert.ok([plain, plain.replace('%', '%s'), given, named].some((each) => schema.includes(each)), plain);
  }
});

test('a refusal is told in words, with the number it is about', () => {
  assert.equal(refused('the storey is H02'), 'Bolignummeret passer ikke: etasjen er H02.');
  assert.equal(refused('«hei» is no number of a property (1505-12/34)'), '«hei» er ikke et eiendomsnummer. Skriv for eksempel 1505-12/34.');
  assert.equal(refused('some of what lies below it is in areas that are not yours'), 'Noe av dette ligger i områder som du ikke har tilgang til.');
  assert.equal(refused('division by zero'), null);
});
