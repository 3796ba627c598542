import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing, newDraft, titleFrom, toCase } from './draft.ts';

test('an empty report lacks place, category and description, in the order of the page', () => {
  assert.deepEqual(missing(newDraft()), ['place', 'category', 'description']);
  assert.equal(toCase(newDraft()), null);
});

test('blanks are no description', () => {
  const draft = { ...newDraft(), place: { id: 'p', label: 'x' }, category: 'water', description: '  \n ' };
  assert.deepEqual(missing(draft), ['description']);
  assert.equal(toCase(draft), null);
});

test('a whole report is sent with its photos and its own id', () => {
  const draft = {
    ...newDraft(), place: { id: 'p', label: 'x' }, category: 'water', description: ' Det drypper ',
    position: [436500.5, 6999500] as [number, number], photos: [{ sha256: 'ab', preview: 'data:' }],
  };
  assert.deepEqual(toCase(draft), {
    id: draft.id, place: 'p', category: 'water', title: 'Det drypper', description: 'Det drypper', position: [436500.5, 6999500], photos: ['ab'],
  });
});

test('the title is the first sentence, cut at a word', () => {
  assert.equal(titleFrom('Det drypper fra kranen. Mest om natta.'), 'Det drypper fra kranen');
  assert.equal(titleFrom('Er døra åpen? Ja'), 'Er døra åpen?');
  assert.equal(titleFrom('Lys borte\ni gangen'), 'Lys borte');
  assert.ok(titleFrom('ord '.repeat(100)).length <= 82);
  assert.match(titleFrom('ord '.repeat(100)), / …$/);
});
