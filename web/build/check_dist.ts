/* What the Content-Security-Policy forbids must not be in a page, and a page's first load stays under 200 kB compressed. */
import { readFileSync, statSync } from 'node:fs';

const FIRST_LOAD_MAX = 200_000;
const PAGES = ['index', 'minside', 'field', 'office', 'supplier', 'q', 'docs'];
const dist = new URL('../dist/', import.meta.url);

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}

const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8')) as Record<string, Chunk>;

function filesOf(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const next of chunk.imports ?? []) filesOf(next, seen);
  return seen;
}

function sent(file: string): number {
  const packed = statSync(new URL(`${file}.br`, dist), { throwIfNoEntry: false });
  return packed?.size ?? statSync(new URL(file, dist)).size;
}

let failed = false;
for (const page of PAGES) {
  const html = readFileSync(new URL(`${page}.html`, dist), 'utf8');
  if (/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/.test(html)) {
    console.error(`${page}.html: inline script or style`);
    failed = true;
  }
  const files = [...filesOf(`${page}.html`), ...filesOf('shared/i18n/nb.json')];
  const size = files.reduce((sum, file) => sum + sent(file), sent(`${page}.html`));
  console.log(`${page.padEnd(9)} first load ${(size / 1000).toFixed(1)} kB`);
  if (size > FIRST_LOAD_MAX) {
    console.error(`${page}: first load over ${FIRST_LOAD_MAX / 1000} kB`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
