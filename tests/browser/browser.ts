// Debian's Chromium without its window (a third less work than with) through Playwright, and a picture when a test fails:
//
//   const b = await browser();
//   await b.with({ name: 'tenant', at: s.url }, async (page) => { … });
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after } from 'node:test';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { root } from '../integration/harness.ts';

const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';
const pictures = join(root, 'build/test/screenshots');
const actionWaitMs = 10_000;

export type Visit = {
  /** Names the picture of a failure. */
  name: string;
  /** Address of the server. */
  at: string;
  viewport?: { width: number; height: number };
  language?: string;
};

export type Browser = {
  /** A visitor of their own: own cookies, storage and service worker. Closed after the file. */
  open(visit: Visit): Promise<{ context: BrowserContext; page: Page }>;
  /** The same for one piece of work; keeps a picture if it fails. */
  with<T>(visit: Visit, work: (page: Page, context: BrowserContext) => Promise<T>): Promise<T>;
};

/** A picture of what a test has come to, for who asks for them: FDVU_PICTURES is the directory. They cost half a second each. */
export async function picture(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  const dir = process.env.FDVU_PICTURES;
  if (dir) await page.screenshot({ path: join(resolve(root, dir), `${name}.png`), ...options });
}

export async function browser(): Promise<Browser> {
  const program = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox', // the tests may run as root, where Chromium has no sandbox
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  after(() => program.close());

  async function open(visit: Visit): Promise<{ context: BrowserContext; page: Page }> {
    const context = await program.newContext({
      baseURL: visit.at,
      viewport: visit.viewport ?? { width: 1280, height: 800 },
      locale: visit.language ?? 'nb-NO',
      timezoneId: 'Europe/Oslo',
    });
    context.setDefaultTimeout(actionWaitMs);
    return { context, page: await context.newPage() };
  }

  return {
    open,
    async with(visit, work) {
      const { context, page } = await open(visit);
      try {
        return await work(page, context);
      } catch (e) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${visit.name}.png`) }).catch(() => undefined);
        throw e;
      } finally {
        await context.close();
      }
    },
  };
}
