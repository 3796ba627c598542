import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerAddressOf } from './address.ts';

const of = (search: string): ReturnType<typeof registerAddressOf> => registerAddressOf(new URLSearchParams(search));
const ID = '0197b1c2-0000-7000-8000-00000000000a';

test('the address says what is shown', () => {
  assert.deepEqual(of(`place=${ID}&tab=history&at=2019-01-01`), { place: ID, component: null, tab: 'history', at: '2019-01-01', isBulk: false });
  assert.deepEqual(of(''), { place: null, component: null, tab: 'facts', at: null, isBulk: false });
});

test('a component goes before the place, and what makes no sense is left out', () => {
  assert.deepEqual(of(`place=${ID}&component=${ID.toUpperCase()}`).component, ID);
  assert.equal(of(`place=${ID}&component=${ID}`).place, null);
  assert.deepEqual(of('place=../x&tab=none&at=i%20fjor'), { place: null, component: null, tab: 'facts', at: null, isBulk: false });
});
