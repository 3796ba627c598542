import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FILE_BYTES_MAX, refusalOf, titleOf, typeOf } from './deliveries.ts';

test('refuses what the server would refuse, and says why', () => {
  assert.equal(refusalOf({ name: 'a.pdf', size: 100 }), null);
  assert.equal(refusalOf({ name: 'a.pdf', size: 0 }), 'supplier.empty_file');
  assert.equal(refusalOf({ name: 'a.pdf', size: FILE_BYTES_MAX }), null);
  assert.equal(refusalOf({ name: 'a.pdf', size: FILE_BYTES_MAX + 1 }), 'supplier.too_large');
  assert.equal(refusalOf({ name: 'a.exe', size: 5 }), 'supplier.wrong_type');
  assert.equal(refusalOf({ name: 'notes', size: 5 }), 'supplier.wrong_type');
});

test('a file is known by its ending, whatever its case', () => {
  assert.equal(typeOf({ name: 'IMG_1.HEIC' }), 'image/heic');
  assert.equal(typeOf({ name: 'plan.DWG' }), 'image/vnd.dwg');
});

test('a title is the name people would read', () => {
  assert.equal(titleOf('FDV_blandebatteri_2026.pdf'), 'FDV blandebatteri 2026');
  assert.equal(titleOf('.pdf'), '.pdf');
});
