// Programs of others that do one thing of ours, for the benches only: installed into
// peers/node_modules by the first bench that asks, no part of the product.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installed } from './tools.ts';

const startWaitMs = 30_000;

export type Peer = { url: string; pid: number; stop(): void };

/** Starts `peers/NAME.mjs`, which writes its port when it listens. */
export async function startPeer(name: string, args: string[]): Promise<Peer> {
  const folder = installed('peers');
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
