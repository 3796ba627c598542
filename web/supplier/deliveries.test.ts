import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalOf, titleOf, typeOf } from './deliveries.ts';

test('refuses what the server would refuse, and says why', () => {
  assert.equal(refusalOf({ name: 'a.pdf', type: 'application/pdf', size: 100 }), null);
  assert.equal(refusalOf({ name: 'a.pdf', type: 'application/pdf', size: 0 }), 'supplier.empty_file');
  assert.equal(refusalOf({ name: 'a.pdf', type: 'application/pdf', size: 25_000_001 }), 'supplier.too_large');
  assert.equal(refusalOf({ name: 'a.exe', type: 'application/x-msdownload', size: 5 }), 'supplier.wrong_type');
  assert.equal(refusalOf({ name: 'a.pdf', type: 'text/html', size: 5 }), 'supplier.wrong_type');
});

test('a file without type is known by its ending', () => {
  assert.equal(typeOf({ name: 'IMG_1.HEIC', type: '' }), 'image/heic');
  assert.equal(typeOf({ name: 'notes', type: '' }), null);
});

test('a title is the name people would read', () => {
  assert.equal(titleOf('FDV_blandebatteri_2026.pdf'), 'FDV blandebatteri 2026');
  assert.equal(titleOf('.pdf'), '.pdf');
});
