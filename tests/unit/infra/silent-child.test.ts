/** The supervisor replaces a silent process, but not one to which it could not listen. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startChild, type Child } from '../../../infra/supervisor/child.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { until } from '../../support/until.ts';

const SILENCE_MAX_MS = 1_000;
/** Sends a heartbeat 20 times a second, until a file with its name ends the heartbeats of that process. */
const BEATING = `
import { existsSync } from 'node:fs';
setInterval(() => {
  if (!existsSync(process.argv[1] + '.' + process.pid)) process.send({ type: 'heartbeat' });
}, 50);
process.send({ type: 'ready' });
`;

/** Is heard once, loads for longer than a ready process may be silent, and then is ready. */
const STARTING = `
process.send({ type: 'heartbeat' }, () => {
  for (const endAt = performance.now() + ${2 * SILENCE_MAX_MS}; performance.now() < endAt;);
  process.send({ type: 'ready' });
});
setInterval(() => process.send({ type: 'heartbeat' }), 50);
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-silent-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a process is replaced for its own silence, not for a pause of the supervisor', async () => {
  const main = join(folder, 'beating.mjs');
  writeFileSync(main, BEATING);
  let heard = 0;
  const child: Child = startChild({
    ...{ name: 'beating', main: () => main, env: { PATH: process.env['PATH'] } },
    ...{ logFolder: folder, silenceMaxMs: SILENCE_MAX_MS, log: recordingLogger() },
    onReady: () => undefined,
    onMessage: () => (heard += 1),
  });
  await child.ready();
  const pid = child.pid();

  // While this loop runs, messages of the process wait unread.
  for (const endAt = performance.now() + 2 * SILENCE_MAX_MS; performance.now() < endAt;);
  const before = heard;
  await until(() => heard > before + 2, { what: 'it is heard again' });
  expect(child.pid()).toBe(pid);
  expect(child.restarts()).toBe(0);

  writeFileSync(`${main}.${pid ?? 0}`, '');
  await until(() => child.restarts() === 1, { what: 'it is replaced' });
  expect([...child.breaches()]).toEqual([['heartbeat', 1]]);
  await child.stop();
});

test('a process that is busy while it starts is not replaced', async () => {
  const main = join(folder, 'starting.mjs');
  writeFileSync(main, STARTING);
  const child: Child = startChild({
    ...{ name: 'starting', main: () => main, env: { PATH: process.env['PATH'] } },
    ...{ logFolder: folder, silenceMaxMs: SILENCE_MAX_MS, log: recordingLogger() },
    onReady: () => undefined,
  });
  await child.ready();
  expect([child.restarts(), ...child.breaches()]).toEqual([0]);
  await child.stop();
});
