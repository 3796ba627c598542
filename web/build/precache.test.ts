import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BuiltChunk, filesOf } from './precache.ts';

function chunk(imports: string[], dynamicImports: string[] = [], css: string[] = []): BuiltChunk {
  return { imports, dynamicImports, viteMetadata: { importedCss: new Set(css), importedAssets: new Set() } };
}

test('the page starts offline with all that it imports, its styles, its languages and its map, and no other page', () => {
  const chunks = new Map([
    ['field.js', chunk(['shared.js'], ['nb.js', 'map.js'], ['field.css'])],
    ['shared.js', chunk([], [], ['base.css'])],
    ['nb.js', chunk([])],
    ['map.js', chunk(['shared.js'], [], ['map.css'])],
    ['office.js', chunk(['shared.js'])],
  ]);
  assert.deepEqual([...filesOf('field.js', chunks)].sort(), ['base.css', 'field.css', 'field.js', 'map.css', 'map.js', 'nb.js', 'shared.js']);
});

test('chunks that import each other are listed once', () => {
  const chunks = new Map([['a.js', chunk(['b.js'])], ['b.js', chunk(['a.js'])]]);
  assert.deepEqual([...filesOf('a.js', chunks)], ['a.js', 'b.js']);
});
