/** The progress of a run: on a terminal a bar, elsewhere a line now and then. */
import { SingleBar } from 'cli-progress';
import { canDraw, count, say } from './output.ts';

export interface Progress {
  start(lines: number, done: number): void;
  advance(commands: number): void;
  /** What is left of the lines were none that make a command. */
  complete(): void;
  stop(): void;
}

type State = {
  readonly value: number;
  readonly total: number;
  /** Of this part of the run. */
  readonly perSecond: number;
  /** Since the last answer. */
  readonly quietMs: number;
  /** What keeps the system from its work. */
  readonly trouble: string | undefined;
};

/** How a state is shown. */
interface View {
  readonly everyMs: number;
  show(state: State): void;
  stop(): void;
}

const BAR_EVERY_MS = 250;
const LINE_EVERY_MS = 5_000;
/** Silence is worth a word only after this long. */
const QUIET_MS = 3_000;

export function openProgress(
  troubleNow: () => string | undefined = () => undefined,
  isTerminal: boolean = canDraw(process.stderr),
): Progress {
  const view = isTerminal ? openBar() : LINES;
  let total = 0;
  let value = 0;
  let first = 0;
  let startedAt = 0;
  let advancedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const show = (): void => {
    const now = performance.now();
    const perSecond = (value - first) / Math.max((now - startedAt) / 1_000, 0.001);
    view.show({
      value: Math.min(value, total),
      total,
      perSecond,
      quietMs: now - advancedAt,
      trouble: troubleNow(),
    });
  };

  return {
    start: (lines, done) => {
      total = lines;
      value = done;
      first = done;
      startedAt = performance.now();
      advancedAt = startedAt;
      timer = setInterval(show, view.everyMs);
    },
    advance: (commands) => {
      value += commands;
      advancedAt = performance.now();
    },
    complete: () => {
      total = value;
    },
    stop: () => {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      show();
      view.stop();
    },
  };
}

/** One line, to be read in a log. Pure. */
export function renderProgress({ value, total, perSecond, quietMs, trouble }: State): string {
  const percent = total === 0 ? 100 : Math.floor((value / total) * 100);
  const status =
    quietMs < QUIET_MS
      ? ''
      : `, no answer for ${Math.round(quietMs / 1_000)} s${trouble === undefined ? '' : `. ${trouble}`}`;
  const rate = count(Math.round(perSecond));
  return `  ${percent} %  ${count(value)} of ${count(total)} commands, ${rate} a second${status}`;
}

const LINES: View = {
  everyMs: LINE_EVERY_MS,
  show: (state) => say(renderProgress(state)),
  stop: () => undefined,
};

function openBar(): View {
  const bar = new SingleBar({
    format: '  {bar}{text}',
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stderr,
    hideCursor: true,
    // Ctrl-C is the command's to handle.
    gracefulExit: false,
  });
  let isStarted = false;
  return {
    everyMs: BAR_EVERY_MS,
    show: (state) => {
      const text = renderProgress(state);
      if (!isStarted) bar.start(state.total, state.value, { text });
      isStarted = true;
      bar.setTotal(state.total);
      bar.update(state.value, { text });
    },
    stop: () => bar.stop(),
  };
}
