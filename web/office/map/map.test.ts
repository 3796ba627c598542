import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ControlPoint, apply, fit, invert } from './affine.ts';
import { parseCoordinate } from './coordinates.ts';
import { GRADES, GRADE_COLORS, TONE_COLORS, WORK_TONES, toneOf } from './layers.ts';
import { FIRST, movedTo, rememberedOf, shownAs, stateOf } from './mapState.ts';
import { areaOf, areaText, lengthOf, lengthText, scaleAt } from './measure.ts';
import { barOf, mapOf, pixelsOf, resolutionOf } from './paper.ts';
import type { Xy } from './types.ts';

const near = (got: number, want: number, within: number): void => assert.ok(Math.abs(got - want) <= within, `${got} is not ${want} ± ${within}`);

test('a view survives its address', () => {
  const address = new URLSearchParams(Object.entries({ ...movedTo([437_778.14, 6_998_420.9], 1.23456), ...shownAs({ layers: ['case', 'building'], byCondition: true, crs: '3857' }) }) as string[][]);
  const state = stateOf(address);
  assert.deepEqual(state, { centre: [437_778.1, 6_998_420.9], resolution: 1.235, crs: '3857', layers: ['building', 'case'], byCondition: true });
});

test('no layer at all is a choice that survives too', () => {
  const patch = shownAs({ layers: [], byCondition: false, crs: '25832' });
  assert.deepEqual(stateOf(new URLSearchParams(patch as Record<string, string>)).layers, []);
});

test('what is wrong in an address is as if it were not there', () => {
  const state = stateOf(new URLSearchParams('c=1e99,drop&r=-5&crs=4326&layers=building,<script>'));
  assert.deepEqual(state, { centre: null, resolution: 4, crs: '25832', layers: ['building'], byCondition: false });
  assert.equal(stateOf(new URLSearchParams('c=437778')).centre, null);
  assert.equal(stateOf(new URLSearchParams('c=0,0')).centre, null);
});

test('the address goes before what is remembered, and a broken memory is none', () => {
  const remembered = rememberedOf('{"crs":"3857","layers":["task","nonsense"],"byCondition":true}');
  assert.deepEqual(remembered, { crs: '3857', layers: ['task'], byCondition: true });
  assert.equal(stateOf(new URLSearchParams('crs=25832'), remembered).crs, '25832');
  assert.equal(stateOf(new URLSearchParams(), remembered).crs, '3857');
  for (const text of [null, '', '{', '7', 'null', '{"layers":7}']) assert.deepEqual(rememberedOf(text), FIRST, String(text));
});

/* Lengths and areas worked out from the scale of the zone at their middle. */
test('a length is that on the ground, within a hundred thousandth', () => {
  const lines: [Xy[], number][] = [
    [[[500_000, 6_998_000], [501_000, 6_998_000]], 1000.4],
    [[[437_000, 6_998_000], [438_000, 6_999_000]], 1414.710],
    [[[262_000, 6_650_000], [263_000, 6_650_000]], 999.701],
  ];
  for (const [line, metres] of lines) near(lengthOf(line), metres, metres * 1e-5);
  near(lengthOf([[437_000, 6_998_000], [437_000, 6_998_000]]), 0, 1e-9);
  near(lengthOf([[437_000, 6_998_000], [438_000, 6_999_000], [437_000, 6_998_000]]), 2 * 1414.710, 0.03);
});

test('an area is that on the ground whichever way and wherever its ring begins', () => {
  const square: Xy[] = [[437_000, 6_998_000], [438_000, 6_998_000], [438_000, 6_999_000], [437_000, 6_999_000]];
  near(areaOf(square), 1_000_704, 20);
  near(areaOf(square.toReversed()), areaOf(square), 1e-3);
  near(areaOf([...square, square[0]!]), areaOf(square), 1e-3);
  assert.equal(areaOf(square.slice(0, 2)), 0);
});

test('the zone is 0.9996 at its middle and true some 180 km from it', () => {
  near(scaleAt(500_000), 0.9996, 1e-12);
  near(scaleAt(500_000 + 180_600), 1, 2e-6);
});

test('measures are said in the units people use', () => {
  assert.equal(lengthText(12.345, 'nb-NO'), '12,35 m');
  assert.equal(lengthText(1234.56, 'nb-NO').replace(/\s/g, ' '), '1 234,6 m');
  assert.equal(lengthText(12_345, 'en-GB'), '12.35 km');
  assert.equal(areaText(540.4, 'nb-NO', 'mål'), '540 m²');
  assert.equal(areaText(12_300, 'nb-NO', 'mål').replace(/\s/g, ' '), '12 300 m² (12,3 mål)');
});

const turned: ControlPoint[] = [[0, 0], [1000, 0], [0, 500], [900, 450]].map(([u, v]) => ({
  drawing: [u!, v!],
  map: [437_000 + 0.05 * (u! * Math.cos(0.3) + v! * Math.sin(0.3)), 6_998_000 + 0.05 * (u! * Math.sin(0.3) - v! * Math.cos(0.3))],
}));

test('two pairs place a picture, turned and scaled, with no residual', () => {
  const found = fit(turned.slice(0, 2), 'similarity', true);
  assert.ok(found);
  near(found.rms, 0, 1e-6);
  near(found.scale[0], 0.05, 1e-9);
  near(found.scale[1], 0.05, 1e-9);
  near(found.turned, (-0.3 * 180) / Math.PI, 1e-6);
  const [x, y] = apply(found.transform, [900, 450]);
  near(x, turned[3]!.map[0], 1e-6);
  near(y, turned[3]!.map[1], 1e-6);
});

test('a drawing whose axis goes up is placed without being mirrored', () => {
  const found = fit([{ drawing: [0, 0], map: [10, 20] }, { drawing: [1000, 0], map: [11, 20] }], 'similarity', false);
  assert.ok(found);
  assert.deepEqual(apply(found.transform, [0, 1000]).map((value) => Math.round(value * 1e6) / 1e6), [10, 21]);
});

test('a wrong pair shows in its own residual', () => {
  const wrong = turned.map((pair, i): ControlPoint => (i === 2 ? { ...pair, map: [pair.map[0] + 2, pair.map[1]] } : pair));
  const found = fit(wrong, 'similarity', true);
  assert.ok(found);
  assert.equal(found.residuals.indexOf(Math.max(...found.residuals)), 2);
  assert.ok(found.rms > 0.3 && found.rms < 2);
});

test('an affine fit takes a scan that is stretched one way', () => {
  const stretched = turned.map((pair): ControlPoint => ({ ...pair, drawing: [pair.drawing[0] * 1.02, pair.drawing[1]] }));
  const even = fit(stretched, 'similarity', true);
  const both = fit(stretched, 'affine', true);
  assert.ok(even && both);
  near(both.rms, 0, 1e-6);
  assert.ok(even.rms > 0.05);
});

test('too few pairs, or pairs in one spot or on a line, place nothing', () => {
  assert.equal(fit(turned.slice(0, 1), 'similarity', true), null);
  assert.equal(fit(turned.slice(0, 2), 'affine', true), null);
  assert.equal(fit([turned[0]!, turned[0]!], 'similarity', true), null);
  assert.equal(fit([0, 1, 2].map((n) => ({ drawing: [n, n], map: [n, n] })), 'affine', true), null);
});

test('a placing can be turned round, and a flat one cannot', () => {
  const found = fit(turned, 'similarity', true);
  const back = found && invert(found.transform);
  assert.ok(found && back);
  const [u, v] = apply(back, apply(found.transform, [123, 45]));
  near(u, 123, 1e-4);
  near(v, 45, 1e-4);
  assert.equal(invert([1, 2, 2, 4, 0, 0]), null);
});

test('a coordinate is understood in the ways people write it', () => {
  const same = (at: Xy): Xy => at;
  for (const text of ['437778 6998420', '437778,6998420', '437778; 6998420', '6998420 437778', 'N 6998420 E 437778', 'Ø=437778 N=6998420', '437 778 6 998 420', '437778.0, 6998420.0', '437778,0; 6998420,0'])
    assert.deepEqual(parseCoordinate(text, '25832', same), [437_778, 6_998_420], text);
  for (const text of ['', '437778', 'hei', '1 2', '437778 6998420 12', '62,3 5,1']) assert.equal(parseCoordinate(text, '25832', same), null, text);
});

test('degrees are understood as people write them, latitude first or not', () => {
  const told: string[] = [];
  const from = (at: Xy, crs: string): Xy => {
    told.push(crs);
    return at;
  };
  for (const text of ['63.11070 7.72790', '63,1107 7,7279', '63,1107, 7,7279', '63.1107,7.7279', '63.1107° N, 7.7279° Ø', 'N63.1107 E7.7279', '7.7279 63.1107']) {
    assert.deepEqual(parseCoordinate(text, '25832', from), [7.7279, 63.1107], text);
    assert.deepEqual(parseCoordinate(text, '3857', from), [7.7279, 63.1107], text);
  }
  assert.deepEqual(new Set(told), new Set(['4326']));
  for (const text of ['63.1107', '43.1107 7.7279', '63.1107 93.1107', '63.11 7.72']) assert.equal(parseCoordinate(text, '25832', from), null, text);
});

test('a sheet is true to scale: a metre on it is the scale in metres on the ground', () => {
  for (const scale of [500, 1000, 10_000]) near(resolutionOf(scale) * pixelsOf(1000), scale, scale * 0.001);
  assert.deepEqual(mapOf('a4', 'landscape'), [277, 150]);
  assert.deepEqual(mapOf('a3', 'portrait'), [277, 360]);
  assert.deepEqual(barOf(1000), { metres: 20, mm: 20 });
  assert.deepEqual(barOf(500), { metres: 20, mm: 40 });
});

test('late goes before waiting, and what is ended is never late', () => {
  assert.equal(toneOf('waiting', true), 'late');
  assert.equal(toneOf('waiting', false), 'waiting');
  assert.equal(toneOf('done', true), 'ended');
  assert.equal(toneOf('new', false), 'open');
});

test('each look has a colour of its own, and late is red', () => {
  assert.equal(new Set(GRADES.map((grade) => GRADE_COLORS[grade])).size, GRADES.length);
  assert.equal(new Set(WORK_TONES.map((tone) => TONE_COLORS[tone])).size, WORK_TONES.length);
  assert.match(TONE_COLORS.late, /^#b3/);
});
