import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begun, choices, choose, doubled, missing, nameOf, proposed, sent } from './mapping.ts';
import type { Look, Profile } from './types.ts';

const look = {
  may_choose: true, earlier: null, missing: [],
  columns: [{ header: 'gnr', name: 'gardsnummer' }, { header: 'Hvor', name: null }, { header: 'Hvor', name: null }, { header: 'By', name: 'poststed' }],
} as unknown as Look;
const profile = { columns: [{ name: 'gardsnummer', is_required: true }, { name: 'poststed', is_required: false }, { name: 'fil', is_required: true }] } as Profile;

test('begins with what the names decide, or with what was chosen for the same header before', () => {
  assert.deepEqual(begun(look), { gardsnummer: 'gnr', poststed: 'By' });
  assert.deepEqual(begun({ ...look, earlier: { fil: 'By' } }), { fil: 'By' });
});

test('goes by the headers of a file whose columns stand in other places than they should', () => {
  const places = [{ header: 'Fag', name: 'fil', told: 'fag' }, { header: 'Hvor', name: 'fag' }];
  assert.deepEqual(begun({ ...look, columns: places }), { fag: 'Fag' });
  assert.deepEqual(begun({ ...look, columns: [{ header: 'Fag', name: 'fag', told: 'fag' }, { header: 'Hvor', name: 'fil' }] }), { fag: 'Fag', fil: 'Hvor' });
});

test('gives a header to one column only', () => {
  const moved = choose(proposed(look.columns), 'fil', 'By');
  assert.deepEqual(moved, { gardsnummer: 'gnr', fil: 'By' });
  assert.equal(nameOf(moved, 'By'), 'fil');
  assert.deepEqual(choose(moved, 'fil', ''), { gardsnummer: 'gnr' });
});

test('sends nothing when the names decide the same', () => {
  assert.equal(sent(profile, proposed(look.columns), look), undefined);
  assert.deepEqual(sent(profile, { fil: 'By' }, look), { fil: 'By' });
  assert.equal(sent(profile, { fil: 'By' }, { ...look, may_choose: false }), undefined);
});

test('offers of XML and JSON the columns as the profile reads them, and the paths that none of them reads', () => {
  const tree = { ...look, is_tree: true, unused: 'Part/Name, Part/@type, …', columns: [{ header: 'fil', name: 'fil' }, { header: 'poststed', name: 'poststed' }, { header: 'gardsnummer', name: 'gardsnummer' }] };
  assert.deepEqual(choices(tree), ['fil', 'poststed', 'gardsnummer', 'Part/Name', 'Part/@type']);
  assert.deepEqual(choices(look), ['gnr', 'Hvor', 'By']);
  const own = begun(tree);
  assert.equal(sent(profile, own, tree), undefined);
  const chosen = choose(own, 'fil', 'Part/Name');
  assert.deepEqual(sent(profile, chosen, { ...tree, columns: [{ header: 'Part/Name', name: 'fil' }] }), chosen, 'also when the rows have been read by it');
});

test('says which columns are missing and which headers stand twice', () => {
  assert.deepEqual(missing(profile, proposed(look.columns), look), ['fil']);
  assert.deepEqual(missing(profile, { gardsnummer: 'gnr', fil: 'By' }, look), []);
  assert.deepEqual(doubled({ fil: 'Hvor', gardsnummer: 'gnr' }, look), ['Hvor']);
});
