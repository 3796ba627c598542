import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marked } from './marks.ts';

const shown = (text: string, words: string): string => marked(text, words).map((piece) => (piece.isHit ? `[${piece.text}]` : piece.text)).join('');

test('the beginnings of words are marked, in any case and spelling', () => {
  assert.equal(shown('Kirkegata 4B, Kristiansund rådhus', 'kirkeg 4 RAADH'), '[Kirkeg]ata [4]B, Kristiansund [rådh]us');
  assert.equal(shown('Kirkegata 40', 'kirkegata 4'), '[Kirkegata] 40');
  assert.equal(shown('Øvre Enggate barnehage', 'oevre barn'), '[Øvre] Enggate [barn]ehage');
  assert.equal(shown('Ærfuglvegen 3', 'aerf 3'), '[Ærf]uglvegen [3]');
  assert.equal(shown('Kirkegata 15', 'kirkegt. 15'), '[Kirkeg]ata [15]');
  assert.equal(shown('+0027=360.001-JV005', 'jv005'), '+0027=360.001-[JV005]');
});

test('what is in the midst of a word is not', () => {
  assert.equal(shown('Rådhusbakken', 'hus'), 'Rådhusbakken');
  assert.equal(shown('Vaskerom', ''), 'Vaskerom');
});

test('nothing of the text is lost', () => {
  for (const text of ['', '🏠 Åsen', 'aaa', 'Noesvei', 'æøå']) assert.equal(marked(text, 'a o 🏠').map((piece) => piece.text).join(''), text);
});
