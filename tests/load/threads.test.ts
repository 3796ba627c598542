// The server under load with ThreadSanitizer in it (bin/test tsan): no data race, and a stop in the
// midst of it ends with status 0.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { sleep, world } from '../integration/harness.ts';

const seconds = Number(process.env.FDVU_LOAD_SECONDS ?? 10);
const run = promisify(execFile);
const w = await world({ demo: true });

// Both kinds of reading at once, each with its own rights, and someone who looks at the figures.
test('has no data race under load', async () => {
  const s = await w.server({ env: { FDVU_POOL_SIZE: '4', FDVU_JOBS: 'true' } });
  const manager = await s.login('manager');
  const paths: [string, string][] = [
    ['/api/v1/categories', ''],
    ['/api/v1/buildings?limit=20', manager.token],
    ['/api/v1/cases?limit=20', manager.token],
    ['/metrics', ''],
  ];
  const said = await Promise.all(
    paths.map(([path, token]) =>
      run('wrk', [
        ...['-t1', '-c4', `-d${seconds}s`],
        ...(token ? ['-H', `Authorization: Bearer ${token}`] : []),
        s.url + path,
      ]),
    ),
  );
  for (const { stdout } of said) {
    assert.match(stdout, /Requests\/sec: +[1-9]/);
    assert.doesNotMatch(stdout, /Socket errors: .*(connect|read) [1-9]/);
  }
  await s.stop();
  assert.doesNotMatch(s.log(), /ThreadSanitizer/);
});

test('has no data race when it stops under load', async () => {
  const s = await w.server();
  const load = run('wrk', ['-t1', '-c8', '-d4s', `${s.url}/api/v1/categories`]);
  await sleep(1500);
  await s.stop();
  await load;
  assert.doesNotMatch(s.log(), /ThreadSanitizer/);
});
