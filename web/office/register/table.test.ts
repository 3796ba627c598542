import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, endYear, filtered, sorted } from './table.ts';
import type { ComponentItem } from './types.ts';

const component = (name: string, more: Partial<ComponentItem> = {}): ComponentItem => ({
  id: name, place_id: 'p', name, element: null, element_name: null, tag: null, maker: null, model: null, installed_on: null,
  service_life_years: null, condition_grade: null, code: null, ...more,
});
const all = [
  component('Vifte 10', { element: '364', maker: 'Systemair', installed_on: '2010-05-01', service_life_years: 20, condition_grade: 'TG2' }),
  component('Vifte 9', { element: '364', installed_on: '2015-05-01', service_life_years: 10 }),
  component('Panelovn', { element: '452', maker: 'Adax', condition_grade: 'TG1' }),
];
const names = (list: ComponentItem[]): string => list.map((each) => each.name).join(', ');
const by = (column: Column, isDown = false): string => names(sorted(all, { column, isDown }));

test('numbers in names are sorted as numbers', () => {
  assert.equal(by('name'), 'Panelovn, Vifte 9, Vifte 10');
});

test('what is not given comes last, whichever way', () => {
  assert.equal(by('maker'), 'Panelovn, Vifte 10, Vifte 9');
  assert.equal(by('maker', true), 'Vifte 10, Panelovn, Vifte 9');
});

test('the end of life follows from installation and service life', () => {
  assert.equal(endYear(all[0]!), 2030);
  assert.equal(endYear(all[2]!), null);
  assert.equal(by('ends_on'), 'Vifte 9, Vifte 10, Panelovn');
});

test('every word must be there, and an element takes those below it along', () => {
  assert.equal(names(filtered(all, 'vifte sys', '', '')), 'Vifte 10');
  assert.equal(names(filtered(all, '', '36', '')), 'Vifte 10, Vifte 9');
  assert.equal(names(filtered(all, '', '', 'TG1')), 'Panelovn');
});
