import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid7 } from './uuid.ts';

test('ids are UUIDv7, sort by time and do not repeat', () => {
  const early = uuid7(1_700_000_000_000);
  const late = uuid7(1_700_000_000_001);
  assert.match(early, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(early < late);
  assert.equal(parseInt(early.replaceAll('-', '').slice(0, 12), 16), 1_700_000_000_000);
  assert.equal(new Set(Array.from({ length: 1000 }, () => uuid7())).size, 1000);
});
