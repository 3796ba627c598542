// The tablet's operations as docs/sync-protocol.md tells them are the ones that the program has.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { world } from './harness.ts';

const w = await world({ demo: true });
const s = await w.server();

type Field = { name: string; type: string; required: boolean; policy: string; severity: string | null; values?: string[]; min?: number; max?: number };
type Operation = { op: string; entity: string; kind: string; fields: Field[] };

function limits({ type, values, min, max }: Field): string {
  if (values) return values.join(' ');
  if (max === undefined) return '';
  if (type === 'text') return min ? `${min}–${max}` : `≤ ${max}`;
  return type === 'json' || type === 'code' ? `≤ ${max}` : `${min}–${max}`;
}

function lines(operations: Operation[]): string[] {
  return operations.flatMap(({ op, entity, fields }) =>
    fields.map((f, i) =>
      `| ${[i ? '' : `\`${op}\``, i ? '' : entity, f.name + (f.required ? ' *' : ''), f.type, limits(f), f.policy, f.severity ?? ''].join(' | ')} |`.replace(/ {2,}/g, ' '),
    ),
  );
}

test('are written down as they are declared', async () => {
  const caretaker = await s.login('caretaker');
  const { body } = await caretaker.get('/api/v1/sync/operations');
  const expected = lines(body.items);
  const text = await readFile(new URL('../../docs/sync-protocol.md', import.meta.url), 'utf8');
  const [, table = ''] = text.split('<!-- operations -->');
  const found = table.trim().split('\n').slice(2);
  assert.deepEqual(found, expected, `the table in docs/sync-protocol.md should be\n${expected.join('\n')}`);
});
