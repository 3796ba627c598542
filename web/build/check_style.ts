/* The parts of docs/style.md that a machine can see: no default exports, no `any`, no inline styles, files within 500 lines. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LINES_MAX = 500;
const FOLDERS = ['build', 'shared', 'public', 'minside', 'field', 'office', 'supplier'];
const RULES: [RegExp, string][] = [
  [/^export default /m, 'default export'],
  [/(:|<|as) any\b/, 'any'],
  [/\sstyle=\{/, 'inline style'],
  [/dangerouslySetInnerHTML|\.innerHTML\s*=/, 'HTML from a string'],
  [/\bTODO\b|\bFIXME\b/, 'unfinished work'],
];

export function faultsOf(text: string): string[] {
  const faults = RULES.filter(([pattern]) => pattern.test(text)).map(([, name]) => name);
  return text.split('\n').length > LINES_MAX ? [...faults, `more than ${LINES_MAX} lines`] : faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  let count = 0;
  for (const folder of FOLDERS) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name) || /\.gen\.ts$|check_style|checks\.test/.test(name)) continue;
      for (const fault of faultsOf(readFileSync(join(root, folder, name), 'utf8'))) {
        console.error(`${folder}/${name}: ${fault}`);
        count++;
      }
    }
  }
  process.exit(count > 0 ? 1 : 0);
}
