import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from '../sync/view.ts';
import { isFar, layersOf, markChange, pathOf, shapeOf, type Layer, type Point } from './marks.ts';

const photo: Row = { t: 'document', id: 'd', v: 1, d: { sha256: 'x' }, isPending: false };
const mark = (layer: unknown): Row => ({ t: 'photo_mark', id: 'm', v: 1, d: { layer: layer as Layer & Record<string, unknown> }, isPending: false });

test('an arrow and a circle are their two ends, a line all of its way, a slip nothing', () => {
  const path: Point[] = [[10, 10], [15, 12], [50, 40]];
  assert.deepEqual(shapeOf('arrow', path, '', '#f00')?.points, [[10, 10], [50, 40]]);
  assert.deepEqual(shapeOf('circle', path, '', '#f00')?.points, [[10, 10], [50, 40]]);
  assert.deepEqual(shapeOf('line', path, '', '#f00')?.points, path);
  assert.equal(shapeOf('arrow', [[10, 10], [10, 10]], '', '#f00'), null);
  assert.equal(shapeOf('line', [], '', '#f00'), null);
});

test('text stands where the finger left, and only when there is some', () => {
  assert.equal(shapeOf('text', [[5, 5]], ' ', '#f00'), null);
  assert.deepEqual(shapeOf('text', [[5, 5]], ' Lekkasje ', '#f00'), { kind: 'text', points: [[5, 5]], text: 'Lekkasje', color: '#f00' });
});

test('shapes are drawn in the photo’s own dots', () => {
  assert.equal(pathOf({ kind: 'circle', points: [[50, 50], [80, 90]], color: '' }, 100), 'M50 50m-50.0 0a50.0 50.0 0 1 0 100 0a50.0 50.0 0 1 0 -100 0');
  assert.equal(pathOf({ kind: 'line', points: [[1, 2], [3, 4]], color: '' }, 100), 'M1 2L3 4');
  assert.equal(pathOf({ kind: 'arrow', points: [[0, 0], [100, 0]], color: '' }, 1000), 'M0 0L100 0M100 0L68.5 15.2M100 0L68.5 -15.2');
});

test('a finger that trembles adds no points', () => {
  assert.equal(isFar([[100, 100]], [101, 101], 1600), false);
  assert.equal(isFar([[100, 100]], [106, 100], 1600), true);
});

test('a layer is kept apart from its photo, and one that cannot be read harms nothing', () => {
  const layer: Layer = { w: 640, h: 480, shapes: [{ kind: 'arrow', points: [[0, 0], [9, 9]], color: '#d00000' }] };
  const { op, set } = markChange(photo, layer, '', 'Bytt filter', new Date('2026-11-27T09:00:00Z'));
  assert.deepEqual([op, set.document_id, set.layer, set.note], ['photo.mark@1', 'd', layer, null]);
  assert.deepEqual(layersOf([mark(layer), mark({}), mark(null), mark({ w: 0, h: 0, shapes: [] })]), [layer]);
});
