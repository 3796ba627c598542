/* Tells field's service worker which files make up the page, so that it starts with no network. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const ENTRY = 'field.html';
/* Files of static/ that the page or its installation uses. */
const STATIC = /^(icon.*\.(svg|png)|manifest\.webmanifest)$/;
const MARK = '__PRECACHE__';

export interface BuiltChunk {
  imports: string[];
  dynamicImports: string[];
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
}

/** A chunk with all that it needs, and all it may ask for afterwards (languages, the map). */
export function filesOf(entry: string, chunks: Map<string, BuiltChunk>, seen = new Set<string>()): Set<string> {
  const chunk = chunks.get(entry);
  if (!chunk || seen.has(entry)) return seen;
  seen.add(entry);
  for (const file of chunk.viteMetadata?.importedCss ?? []) seen.add(file);
  for (const file of chunk.viteMetadata?.importedAssets ?? []) seen.add(file);
  for (const next of [...chunk.imports, ...chunk.dynamicImports]) filesOf(next, chunks, seen);
  return seen;
}

export function precache(): Plugin {
  let staticFolder = '';
  return {
    name: 'fdvu-precache',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      staticFolder = config.publicDir;
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle['sw.js'];
        if (worker?.type !== 'chunk') return;
        const chunks = new Map<string, BuiltChunk>();
        let entry = '';
        for (const [name, file] of Object.entries(bundle)) {
          if (file.type !== 'chunk') continue;
          chunks.set(name, file as unknown as BuiltChunk);
          if (file.facadeModuleId?.endsWith(`/${ENTRY}`)) entry = name;
        }
        const statics = readdirSync(staticFolder).filter((name) => STATIC.test(name));
        const files = ['field', ...filesOf(entry, chunks), ...statics].map((name) => `/${name}`).sort();
        const hash = createHash('sha256').update(JSON.stringify(files));
        for (const name of statics) hash.update(readFileSync(join(staticFolder, name)));
        const page = bundle[ENTRY];
        if (page?.type === 'asset') hash.update(page.source);
        const list = JSON.stringify({ version: hash.digest('hex').slice(0, 12), files });
        if (!worker.code.includes(MARK)) this.error('the service worker does not ask for its list of files');
        worker.code = worker.code.replaceAll(MARK, () => list);
      },
    },
  };
}
