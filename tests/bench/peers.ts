// Programs of others that do one thing of ours, for the benches only: installed into
// peers/node_modules by the first bench that asks, no part of the product.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { here } from './tools.ts';

const folder = join(here, 'peers');
const startWaitMs = 30_000;

function install(): void {
  const want = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json'))).digest('hex');
  const stamp = join(folder, 'node_modules/.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-timeout=60000'];
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 });
  writeFileSync(stamp, want);
}

export type Peer = { url: string; pid: number; stop(): void };

/** Starts `peers/NAME.mjs`, which writes its port when it listens. */
export async function startPeer(name: string, args: string[]): Promise<Peer> {
  install();
  const child = spawn(process.execPath, [join(folder, `${name}.mjs`), ...args], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`${name} did not start`)), startWaitMs);
    child.once('exit', (code) => failed(new Error(`${name} ended with ${code}`)));
    child.stdout.once('data', (text: Buffer) => {
      clearTimeout(timer);
      done(text.toString().trim());
    });
  });
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => void child.kill('SIGTERM') };
}
