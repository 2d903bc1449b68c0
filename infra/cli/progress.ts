/** The progress of a run, on a terminal as a bar, elsewhere as a line now and then. */
import { SingleBar } from 'cli-progress';

export interface Progress {
  start(total: number, done: number): void;
  advance(commands: number): void;
  /** Lines that make no command. */
  skip(): void;
  stop(): void;
}

const FORMAT = '  {bar} {percentage} %  {value}/{total} commands  {rate}/s  {status}';
const QUIET_MS = 3_000;
const LOOK_MS = 500;
const LINE_EVERY_MS = 5_000;

export function openProgress(): Progress {
  const bar = new SingleBar({
    format: FORMAT,
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stderr,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
    // Ctrl-C is the command's to handle.
    gracefulExit: false,
  });
  let total = 0;
  let value = 0;
  let first = 0;
  let startedAt = 0;
  let advancedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const show = (): void => {
    const seconds = (performance.now() - startedAt) / 1_000;
    const rate = Math.round((value - first) / Math.max(seconds, 0.001)).toLocaleString('en-US');
    const quietMs = performance.now() - advancedAt;
    const status = quietMs < QUIET_MS ? '' : `no answer for ${Math.round(quietMs / 1_000)} s`;
    bar.update(Math.min(value, total), { rate, status });
  };

  return {
    start: (lines, done) => {
      total = lines;
      value = done;
      first = done;
      startedAt = performance.now();
      advancedAt = startedAt;
      bar.start(total, value, { rate: '0', status: '' });
      timer = setInterval(show, LOOK_MS);
    },
    advance: (commands) => {
      value += commands;
      advancedAt = performance.now();
    },
    skip: () => {
      total -= 1;
      bar.setTotal(total);
    },
    stop: () => {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      show();
      bar.stop();
    },
  };
}
