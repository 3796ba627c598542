// Makes what a seeded bug needs: a server of our sources with a patch on them, a patched copy of the
// tablets' core, or a script for the database.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../integration/harness.ts';

const home = join(root, 'build/mutants');
const tree = join(home, 'tree');
const libraries = join(home, 'node_modules'); // where a copy of the core looks for them
const sources = ['CMakeLists.txt', 'CMakePresets.json', 'server', 'geo', 'fieldapi', 'importers', 'schema', 'tests/unit', 'tests/fuzz/*.[ch]', 'web/field/sync'];

/** Makes the copy what the sources are; only what differs is written, so that little is built again. */
function copySources(): void {
  const list = execFileSync('git', ['-C', root, 'ls-files', '-co', '--exclude-standard', '--', ...sources], { maxBuffer: 64 << 20 });
  for (const name of list.toString().trim().split('\n')) {
    const [from, to] = [join(root, name), join(tree, name)];
    if (!existsSync(from)) continue;
    const is = readFileSync(from);
    if (existsSync(to) && readFileSync(to).equals(is)) continue;
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, is);
  }
}

function build(): void {
  if (!existsSync(join(tree, 'build/debug/build.ninja'))) execFileSync('cmake', ['--preset', 'debug'], { cwd: tree, stdio: 'pipe' });
  execFileSync('cmake', ['--build', '--preset', 'debug', '-j', '2', '--target', 'fdvu'], { cwd: tree, stdio: 'pipe' });
}

/** The environment in which a run has this bug. Throws when its patch no longer fits the sources. */
export function mutant(name: string): Record<string, string> {
  const file = join(import.meta.dirname, 'bugs', name);
  if (existsSync(`${file}.sql`)) return { FDVU_MUTANT_SQL: `${file}.sql` };
  copySources();
  const patch = readFileSync(`${file}.patch`, 'utf8');
  try {
    execFileSync('patch', ['-p1', '-s', '--no-backup-if-mismatch', '-F0', '-d', tree], { input: patch, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    const said = String((error as { stdout?: Buffer }).stdout ?? error);
    copySources();
    throw new Error(`the bug ${name} no longer fits the sources: ${said}`);
  }
  try {
    const made = join(home, name);
    if (/^\+\+\+ b\/web\//m.test(patch)) {
      rmSync(made, { recursive: true, force: true });
      cpSync(join(tree, 'web/field/sync'), made, { recursive: true });
      if (!existsSync(libraries)) symlinkSync(join(root, 'web/node_modules'), libraries);
      return { FDVU_SYNC_CORE: made };
    }
    build();
    copyFileSync(join(tree, 'build/debug/fdvu'), made);
    return { FDVU_MUTANT: made };
  } finally {
    copySources();
  }
}
