/** A start that cannot continue says what it waits for, and ends. The processes are real; the test moves the clock. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runTool } from '../../../infra/host/private-process.ts';
import { startChild, type Child } from '../../../infra/supervisor/child.ts';
import { runStep, STALL_MAX_MS, trackWaits, type Wait } from '../../../infra/host/start-step.ts';
import { manualTimers } from '../../support/manual-timers.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { until } from '../../support/until.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-step-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { signal } = new AbortController();
const NAMED_MAX_MS = 15_000;

function startHanging(): Child {
  const main = join(folder, 'hanging.mjs');
  writeFileSync(
    main,
    `console.log('{"timestamp":"t","level":"info","message":"waiting for a lock"}');
     setInterval(() => {}, 1000);`,
  );
  writeFileSync(join(folder, 'quote-1.log'), 'what an earlier run said\n');
  return startChild({
    ...{ name: 'quote-1', main: () => main, env: { PATH: process.env['PATH'] } },
    ...{ logFolder: folder, logTo: 'stdout' as const, silenceMaxMs: 0 },
    ...{ log: recordingLogger(), onReady: () => undefined },
  });
}

test('a process that hangs is named within 15 s, and given up if nothing progresses', async () => {
  const [timers, said] = [manualTimers(), [] as string[]];
  const child = startHanging();
  try {
    await until(() => child.lastLine() === 'waiting for a lock', { what: 'it has said something' });
    const waits = (): readonly Wait[] => [
      { name: child.name, why: () => `its log: ${child.lastLine()}` },
    ];
    const say = (line: string): void => void said.push(line);
    const step = runStep(() => child.ready(), { waits, signal, say, timers });
    const ended = expect(step).rejects.toThrow(
      /nothing went on for 120 s.*\n.*quote-1 … \(its log: waiting for a lock\)/,
    );
    await timers.advance(NAMED_MAX_MS);
    expect(said).toContain('Waiting for quote-1 … (its log: waiting for a lock)');
    await timers.advance(STALL_MAX_MS);
    await ended;
    expect(timers.pending()).toBe(0);
  } finally {
    await child.stop();
  }
});

test('a slow start that progresses is not given up', async () => {
  const timers = manualTimers();
  const { waits, track } = trackWaits();
  const parts = Array.from({ length: 5 }, (_, index) =>
    track(
      { name: `process ${index}`, why: () => 'it starts' },
      new Promise<void>((resolve) => timers.after((index + 1) * 100_000, resolve)),
    ),
  );
  const step = runStep(() => Promise.all(parts), { waits, signal, say: () => undefined, timers });
  await timers.advance(500_000);
  await step;
});

test('a program that hangs is killed when its step is given up', async () => {
  const timers = manualTimers();
  const tool = { command: 'sleep', args: ['600'], env: { PATH: process.env['PATH'] }, cwd: '/' };
  let running: Promise<void> | undefined;
  const step = runStep((given) => (running = runTool(tool, given)), {
    waits: () => [{ name: 'initdb', why: () => 'it makes the database' }],
    ...{ signal, say: () => undefined, timers },
  });
  const ended = expect(step).rejects.toThrow('Waiting for initdb … (it makes the database)');
  await timers.advance(STALL_MAX_MS + NAMED_MAX_MS);
  await ended;
  await expect(running).rejects.toThrow('given up');
});
